// Attention as one operation, and rotary positions.
#include <rondo/autograd/kernels/attention.h>
#include <rondo/autograd/ops/attention.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/recompute.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace rondo {
namespace {

using kernels::Attention;
using kernels::AttentionOperand;

// 4 dimensions: batch, heads, rows, columns.
AttentionOperand operand_of(const Tensor& x) {
  const auto stride = [&](int64_t d) { return x.size(d) == 1 ? 0 : x.stride(d); };
  return {x.data_ptr(), stride(0), stride(1), x.stride(2)};
}
// A tensor of these sizes in memory as `like` is: heads may lie within rows.
Tensor made_like(const Tensor& like, IntArrayRef sizes) {
  if (like.stride(1) >= like.stride(2)) return tensor_data::make(sizes, like.dtype());
  return tensor_data::make({sizes[0], sizes[2], sizes[1], sizes[3]}, like.dtype()).transpose(1, 2);
}
// Rows that the kernel can read: unit column stride.
Tensor readable(const Tensor& x) { return x.stride(-1) == 1 || x.size(-1) <= 1 ? x : x.contiguous(); }

Tensor composed(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask, const Tensor& kept, bool causal,
                double scale) {
  Tensor scores = matmul(q, k.transpose(-2, -1)) * scale;
  if (causal) {
    const Tensor hidden = ones({q.size(-2), k.size(-2)}, kBool).triu(1);
    scores = scores.masked_fill(hidden, -std::numeric_limits<double>::infinity());
  }
  if (mask.defined()) scores = scores + mask;
  const Tensor weights = scores.softmax(-1);
  return matmul(kept.defined() ? weights * kept : weights, v);
}

struct ScaledDotProductAttentionBackward final : ops::Rule {
  ops::Saved q, k, v, y, log_sums, mask, kept;
  Attention shape;

  std::string name() const override { return "ScaledDotProductAttentionBackward0"; }
  static Tensor value_of(const ops::Saved& saved, const Node& owner) {
    return saved.holds() ? saved.peek(owner) : Tensor();
  }
  void backward(ops::Backward& step) override {
    const Tensor added = value_of(mask, *this), factors = value_of(kept, *this);
    if (step.create_graph()) {
      ops::backward_by_recomputation(step, {q.get(*this), k.get(*this), v.get(*this)}, [&](const variable_list& in) {
        return variable_list{composed(in[0], in[1], in[2], added, factors, shape.causal, shape.scale)};
      });
      return;
    }
    const Tensor query = readable(q.peek(*this)), key = readable(k.peek(*this)), value = readable(v.peek(*this));
    const Tensor gy = readable(step.gy()), &out = y.peek(*this);
    Tensor gq = made_like(query, query.sizes()), gk = made_like(key, key.sizes()), gv = made_like(value, value.sizes());
    if (shape.queries == 0 || shape.keys == 0 || shape.width == 0) {
      for (const Tensor* gradient : {&gq, &gk, &gv}) gradient->zero_();
    } else {
      shape.q = operand_of(query);
      shape.k = operand_of(key);
      shape.v = operand_of(value);
      if (added.defined()) shape.mask = operand_of(added);
      shape.kept = factors.defined() ? factors.data_ptr() : nullptr;
      kernels::attention_backward(out.dtype(), shape, operand_of(out), operand_of(gy), log_sums.peek(*this).data_ptr(),
                                  operand_of(gq), operand_of(gk), operand_of(gv));
    }
    step[0] = std::move(gq);
    step[1] = std::move(gk);
    step[2] = std::move(gv);
  }
  void release_variables() override { release(q, k, v, y, log_sums, mask, kept); }
};

// q, k, v of 4 dimensions and the same leading ones; mask of 4 that expand to theirs, kept dense.
Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask, const Tensor& kept, bool causal,
              double scale) {
  Attention shape;
  shape.batch = q.size(0);
  shape.heads = q.size(1);
  shape.queries = q.size(2);
  shape.keys = k.size(2);
  shape.depth = q.size(3);
  shape.width = v.size(3);
  shape.scale = scale;
  shape.causal = causal;
  const ScalarType type = q.dtype();
  Tensor y, log_sums, added;
  {
    NoGradGuard guard;
    const Tensor query = readable(q), key = readable(k), value = readable(v);
    y = made_like(query, {shape.batch, shape.heads, shape.queries, shape.width});
    log_sums = tensor_data::make(shape.batch * shape.heads * shape.queries, type);
    if (mask.defined()) {
      const Tensor wide =
          mask.size(-1) == shape.keys ? mask : mask.expand({mask.size(0), mask.size(1), mask.size(2), shape.keys});
      added = readable(wide).expand({shape.batch, shape.heads, shape.queries, shape.keys});
    }
    if (shape.keys == 0) {
      y.zero_();
    } else if (y.numel() > 0) {
      shape.q = operand_of(query);
      shape.k = operand_of(key);
      shape.v = operand_of(value);
      if (added.defined()) shape.mask = operand_of(added);
      if (kept.defined()) shape.kept = kept.data_ptr();
      kernels::attention(type, shape, operand_of(y), log_sums.data_ptr());
    }
  }
  if (auto* node = ops::record<ScaledDotProductAttentionBackward>(y, q, k, v)) {
    node->q.save_input(q);
    node->k.save_input(k);
    node->v.save_input(v);
    node->y.save_output(y);
    node->log_sums.save_input(log_sums);
    if (added.defined()) node->mask.save_input(added);
    if (kept.defined()) node->kept.save_input(kept);
    node->shape = shape;
  }
  return y;
}

// The leading dimensions as two.
Tensor folded(const Tensor& x) {
  const int64_t rows = x.size(-2), columns = x.size(-1);
  switch (x.dim()) {
    case 2:
      return x.unsqueeze(0).unsqueeze(0);
    case 3:
      return x.unsqueeze(1);
    case 4:
      return x;
    default:
      return x.reshape({-1, x.size(-3), rows, columns});
  }
}

[[noreturn]] void refuse(const std::string& text) { fail("scaled_dot_product_attention", text); }

// [..., n, m] with these leading dimensions.
Tensor with_leading(const Tensor& x, IntArrayRef leading) {
  Dims sizes(leading);
  sizes.push_back(x.size(-2));
  sizes.push_back(x.size(-1));
  return x.sizes() == IntArrayRef(sizes) ? x : x.expand(sizes);
}
IntArrayRef leading_of(const Tensor& x) { return x.sizes().slice(0, x.sizes().size() - 2); }

}  // namespace

Tensor by_name::scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                             const std::optional<Tensor>& attn_mask, double dropout_p, bool is_causal,
                                             std::optional<double> scale) {
  const Tensor mask = attn_mask.value_or(Tensor());
  const auto shapes = [&] {
    return fmt::format("query is {}, key is {}, value is {}", to_string(query.sizes()), to_string(key.sizes()),
                       to_string(value.sizes()));
  };
  if (query.dim() < 2 || key.dim() < 2 || value.dim() < 2) {
    refuse(shapes() + "; need at least 2 dimensions each");
  }
  const ScalarType type = query.dtype();
  if (!is_floating_point(type) || key.dtype() != type || value.dtype() != type) {
    refuse(fmt::format("query, key and value are {}, {} and {}; need one floating point dtype", dtype_name(type),
                       dtype_name(key.dtype()), dtype_name(value.dtype())));
  }
  if (query.size(-1) != key.size(-1) || key.size(-2) != value.size(-2)) {
    refuse(shapes() + "; need (..., queries, depth), (..., keys, depth) and (..., keys, width)");
  }
  if (mask.defined() && is_causal) refuse("Explicit attn_mask should not be set when is_causal=True");
  if (mask.defined() && mask.dtype() != kBool && mask.dtype() != type) {
    refuse(fmt::format("attn_mask is {}; need bool or the query's {}", dtype_name(mask.dtype()), dtype_name(type)));
  }
  if (!(dropout_p >= 0 && dropout_p <= 1)) {
    refuse(fmt::format("dropout probability has to be between 0 and 1, but got {}", dropout_p));
  }
  if (is_reduced_floating(type)) {
    const Tensor wide_mask = mask.defined() && mask.dtype() != kBool ? mask.to(kFloat) : mask;
    return scaled_dot_product_attention(query.to(kFloat), key.to(kFloat), value.to(kFloat), wide_mask, dropout_p,
                                        is_causal, scale)
        .to(type);
  }
  const int64_t queries = query.size(-2), keys = key.size(-2);
  const char* const name = "scaled_dot_product_attention";
  const Dims leading =
      broadcast_shapes(name, broadcast_shapes(name, leading_of(query), leading_of(key)), leading_of(value));
  Dims scores = leading;
  scores.push_back(queries);
  scores.push_back(keys);
  Tensor added = mask;
  if (mask.defined()) {
    if (mask.dim() > static_cast<int64_t>(scores.size()) || !(broadcast_shapes(name, mask.sizes(), scores) == scores)) {
      refuse(fmt::format("attn_mask is {}; need a shape that broadcasts to {}", to_string(mask.sizes()),
                         to_string(IntArrayRef(scores))));
    }
    if (mask.dtype() == kBool) {
      added = zeros(mask.sizes(), type).masked_fill(mask.logical_not(), -std::numeric_limits<double>::infinity());
    }
    while (added.dim() < 2) added = added.unsqueeze(0);
  }
  const double factor = scale.value_or(query.size(-1) == 0 ? 1 : 1 / std::sqrt(static_cast<double>(query.size(-1))));
  Tensor kept;
  if (dropout_p > 0) {
    NoGradGuard guard;
    kept = dropout(ones(scores, type), dropout_p, true);
  }
  if (added.defined() && added.requires_grad()) return composed(query, key, value, added, kept, is_causal, factor);
  const Tensor q = folded(with_leading(query, leading)), k = folded(with_leading(key, leading)),
               v = folded(with_leading(value, leading));
  if (added.defined()) {
    if (scores.size() > 4 && added.dim() > 3) added = folded(added.expand(scores));
    if (scores.size() == 3 && added.dim() == 3) added = added.unsqueeze(1);
    while (added.dim() < 4) added = added.unsqueeze(0);
  }
  const Tensor y = attend(q, k, v, added, kept, is_causal, factor);
  if (leading.size() == 2) return y;
  Dims sizes = leading;
  sizes.push_back(queries);
  sizes.push_back(value.size(-1));
  return y.reshape(sizes);
}

namespace {

struct RotaryEmbeddingBackward final : ops::Rule {
  double base = 0, direction = 1;
  int64_t offset = 0;
  bool interleaved = true;

  std::string name() const override { return "RotaryEmbeddingBackward0"; }
  void backward(ops::Backward& step) override;
};

// Turned by direction times the angles.
Tensor rotated(const Tensor& x, double base, int64_t offset, bool interleaved, double direction) {
  const int64_t time = x.size(-2), depth = x.size(-1), half = depth / 2;
  Tensor dense, y = tensor_data::make(x.sizes(), x.dtype());
  {
    NoGradGuard guard;
    dense = x.contiguous();
  }
  std::vector<double> cosines, sines;
  for (int64_t t = 0; t < time; ++t) {
    for (int64_t i = 0; i < half; ++i) {
      const double angle =
          static_cast<double>(offset + t) * std::pow(base, -2 * static_cast<double>(i) / static_cast<double>(depth));
      cosines.push_back(std::cos(angle));
      sines.push_back(direction * std::sin(angle));
    }
  }
  if (y.numel() > 0) {
    kernels::rotate_pairs(x.dtype(), x.numel() / depth, time, depth, interleaved, cosines.data(), sines.data(),
                          dense.data_ptr(), y.data_ptr());
  }
  if (auto* node = ops::record<RotaryEmbeddingBackward>(y, x)) {
    node->base = base;
    node->direction = direction;
    node->offset = offset;
    node->interleaved = interleaved;
  }
  return y;
}

void RotaryEmbeddingBackward::backward(ops::Backward& step) {
  step[0] = rotated(step.gy(), base, offset, interleaved, -direction);
}

}  // namespace

Tensor by_name::rotary_embedding(const Tensor& x, double base, int64_t offset, bool interleaved) {
  if (x.dim() < 2 || x.size(-1) % 2 != 0 || !is_floating_point(x.dtype())) {
    fail("rotary_embedding",
         fmt::format("x is {} of {}; need (..., time, depth) of a floating point dtype with an even "
                     "depth",
                     to_string(x.sizes()), dtype_name(x.dtype())));
  }
  if (!(base > 0)) fail_value("rotary_embedding", fmt::format("base is {}; need a positive number", base));
  if (is_reduced_floating(x.dtype())) {
    return rotary_embedding(x.to(kFloat), base, offset, interleaved).to(x.dtype());
  }
  return rotated(x, base, offset, interleaved, 1);
}

RONDO_OP(
    scaled_dot_product_attention, .name = "scaled_dot_product_attention",
    .doc = "softmax(scale q k^T + mask) v; a primitive: block by block, without the matrix of all scores",
    .samples = [](ops::Samples& s) {
      const auto plain = RONDO_SAMPLE(scaled_dot_product_attention(in[0], in[1], in[2]));
      const auto causal = RONDO_SAMPLE(scaled_dot_product_attention(in[0], in[1], in[2], {}, 0, true));
      s.add("matrices", {s.real({3, 2}), s.real({4, 2}), s.real({4, 3})}, plain);
      s.add("heads", {s.real({2, 3, 3, 2}), s.real({2, 3, 2, 2}), s.real({2, 3, 2, 2})}, plain);
      s.add("leading dimensions broadcast", {s.real({2, 1, 3, 2}), s.real({3, 2, 2}), s.real({2, 2})}, plain);
      s.add("five dimensions", {s.real({2, 1, 2, 2, 2}), s.real({2, 1, 2, 2, 2}), s.real({2, 1, 2, 2, 2})}, plain);
      s.add("causal", {s.real({2, 4, 2}), s.real({2, 4, 2}), s.real({2, 4, 2})}, causal);
      s.add("causal, fewer queries", {s.real({2, 2}), s.real({4, 2}), s.real({4, 2})}, causal);
      s.add("causal, fewer keys", {s.real({4, 2}), s.real({2, 2}), s.real({2, 2})}, causal);
      s.add("mask and its gradient", {s.real({2, 3, 2}), s.real({2, 4, 2}), s.real({2, 4, 2}), s.real({3, 4})},
            RONDO_SAMPLE(scaled_dot_product_attention(in[0], in[1], in[2], in[3])));
      s.add("fixed mask", {s.real({2, 2, 3, 2}), s.real({2, 2, 4, 2}), s.real({2, 2, 4, 2})},
            RONDO_SAMPLE(scaled_dot_product_attention(in[0], in[1], in[2],
                                                      linspace(-1, 1, 8).view({2, 1, 1, 4}).to(in[0].dtype()))));
      s.add(
          "choice of keys", {s.real({2, 3, 2}), s.real({2, 3, 2}), s.real({2, 3, 2})},
          RONDO_SAMPLE(scaled_dot_product_attention(in[0], in[1], in[2], ones({3, 3}, kBool).tril(1), 0, false, 0.3)));
      s.add("heads within rows", {s.real({2, 3, 2, 2}), s.real({2, 3, 2, 2}), s.real({2, 3, 2, 2})},
            RONDO_SAMPLE(
                scaled_dot_product_attention(in[0].transpose(1, 2), in[1].transpose(1, 2), in[2].transpose(1, 2))));
      s.add("more than a block", {s.real({70, 3}), s.real({33, 3}), s.real({33, 5})}, plain);
      s.add("no queries", {s.real({0, 2}), s.real({3, 2}), s.real({3, 2})}, plain);
      s.error("depth", "need (..., queries, depth)", [] {
        scaled_dot_product_attention(ones({2, 3}), ones({2, 4}), ones({2, 4}));
      });
      s.error("two masks", "should not be set when is_causal", [] {
        scaled_dot_product_attention(ones({2, 2}), ones({2, 2}), ones({2, 2}), ones({2, 2}), 0, true);
      });
      s.error("mask", "need a shape that broadcasts to (2, 2)", [] {
        scaled_dot_product_attention(ones({2, 2}), ones({2, 2}), ones({2, 2}), ones({2, 2, 2}));
      });
    });
RONDO_OP(
    rotary_embedding, .name = "rotary_embedding",
    .doc = "pairs of numbers turned by an angle that grows with the position; a primitive: one pass",
    .samples = [](ops::Samples& s) {
      s.add("neighbours", {s.real({2, 3, 4})}, RONDO_SAMPLE(rotary_embedding(in[0])));
      s.add("halves, later positions", {s.real({3, 6})}, RONDO_SAMPLE(rotary_embedding(in[0], 100, 5, false)));
      s.error("odd", "even depth", [] { rotary_embedding(ones({2, 3})); });
      s.error("base", "need a positive number", [] { rotary_embedding(ones({2, 2}), 0); });
    });

}  // namespace rondo
