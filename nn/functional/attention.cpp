#include <rondo/nn/functional/attention.h>

#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace rondo::nn::functional {
namespace {

using Options = MultiheadAttentionForwardFuncOptions;

[[noreturn]] void refuse(const std::string& text) { fail("multi_head_attention_forward", text); }

Tensor part(const Tensor& t, int64_t start, int64_t length) { return t.defined() ? t.narrow(0, start, length) : t; }

struct Projected {
  Tensor q, k, v;
};

// The inputs by their projections; one product where they share their input.
Projected project(const Tensor& query, const Tensor& key, const Tensor& value, const Options& o, int64_t width) {
  const Tensor& bias = o.in_proj_bias();
  if (o.use_separate_proj_weight()) {
    const auto one = [&](const char* what, const Tensor& input, const Tensor& weight, int64_t index) {
      if (!weight.defined() || weight.dim() != 2 || weight.size(0) != width || weight.size(1) != input.size(-1)) {
        refuse(fmt::format("{} is {}; need ({}, {})", what, weight.defined() ? to_string(weight.sizes()) : "undefined",
                           width, input.size(-1)));
      }
      return rondo::linear(input, weight, part(bias, index * width, width));
    };
    return {one("q_proj_weight", query, o.q_proj_weight(), 0), one("k_proj_weight", key, o.k_proj_weight(), 1),
            one("v_proj_weight", value, o.v_proj_weight(), 2)};
  }
  const Tensor& weight = o.in_proj_weight();
  if (query.is_same(key) && key.is_same(value)) {
    const std::vector<Tensor> all = rondo::linear(query, weight, bias).chunk(3, -1);
    return {all[0], all[1], all[2]};
  }
  const Tensor q = rondo::linear(query, part(weight, 0, width), part(bias, 0, width));
  if (key.is_same(value)) {
    const std::vector<Tensor> both =
        rondo::linear(key, part(weight, width, 2 * width), part(bias, width, 2 * width)).chunk(2, -1);
    return {q, both[0], both[1]};
  }
  return {q, rondo::linear(key, part(weight, width, width), part(bias, width, width)),
          rondo::linear(value, part(weight, 2 * width, width), part(bias, 2 * width, width))};
}

// A mask with `more` columns that hide nothing.
Tensor widened(const Tensor& mask, int64_t more) {
  if (!mask.defined() || more == 0) return mask;
  Dims sizes(mask.sizes());
  sizes.back() = more;
  return cat({mask, zeros(sizes, mask.options())}, -1);
}

// What hides keys, as numbers to be added: infinity below where a mask of bool is true.
Tensor numbers_of(const Tensor& mask, ScalarType type) {
  if (mask.dtype() != kBool) return mask.to(type);
  return zeros(mask.sizes(), type).masked_fill(mask, -std::numeric_limits<double>::infinity());
}

// [length, batch, width] as [batch, heads, length, depth], a view.
Tensor by_heads(const Tensor& x, int64_t batch, int64_t heads, int64_t depth) {
  return x.reshape({x.size(0), batch, heads, depth}).permute({1, 2, 0, 3});
}

Tensor static_heads(const char* what, const Tensor& x, int64_t batch, int64_t heads, int64_t depth) {
  if (x.dim() != 3 || x.size(0) != batch * heads || x.size(2) != depth) {
    refuse(fmt::format("{} is {}; need ({}, keys, {})", what, to_string(x.sizes()), batch * heads, depth));
  }
  return x.reshape({batch, heads, x.size(1), depth});
}

// Both masks as one that broadcasts to [batch, heads, queries, keys]; undefined where there is none.
Tensor joined_mask(const Options& o, int64_t batch, int64_t queries, int64_t keys, int64_t more, ScalarType type) {
  Tensor attn = widened(o.attn_mask(), more), padding = widened(o.key_padding_mask(), more);
  if (attn.defined()) {
    const bool whole = attn.dim() == 3 && attn.size(0) == batch * o.num_heads();
    const bool shared = attn.dim() == 2;
    if (!(whole || shared) || attn.size(-1) != keys || attn.size(-2) != queries) {
      refuse(fmt::format("attn_mask is {}; need ({}, {}), or as many for each of {} heads", to_string(attn.sizes()),
                         queries, keys, batch * o.num_heads()));
    }
    attn = numbers_of(attn, type);
    if (whole) attn = attn.view({batch, o.num_heads(), queries, keys});
  }
  if (padding.defined()) {
    if (padding.dim() != 2 || padding.size(0) != batch || padding.size(1) != keys) {
      refuse(fmt::format("key_padding_mask is {}; need ({}, {})", to_string(padding.sizes()), batch, keys));
    }
    padding = numbers_of(padding.dtype() == kByte ? padding.to(kBool) : padding, type).view({batch, 1, 1, keys});
  }
  if (!attn.defined()) return padding;
  return padding.defined() ? attn + padding : attn;
}

}  // namespace

std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                        const Options& o) {
  if (query.dim() != 3 || key.dim() != 3 || value.dim() != 3) {
    refuse(fmt::format("query is {}, key is {}, value is {}; need 3 dimensions each", to_string(query.sizes()),
                       to_string(key.sizes()), to_string(value.sizes())));
  }
  const int64_t queries = query.size(0), batch = query.size(1), width = query.size(2), heads = o.num_heads();
  if (width != o.embed_dim_to_check()) {
    refuse(fmt::format("was expecting embedding dimension of {}, but got {}", o.embed_dim_to_check(), width));
  }
  if (key.size(0) != value.size(0) || key.size(1) != value.size(1) || key.size(1) != batch) {
    refuse(fmt::format("query is {}, key is {}, value is {}; need as many keys as values and one batch",
                       to_string(query.sizes()), to_string(key.sizes()), to_string(value.sizes())));
  }
  if (heads <= 0 || width % heads != 0) {
    refuse(fmt::format("embed_dim must be divisible by num_heads; got {} and {}", width, heads));
  }
  const int64_t depth = width / heads;
  auto [q, k, v] = project(query, key, value, o, width);
  if (o.bias_k().defined() != o.bias_v().defined()) refuse("bias_k and bias_v must be given both or neither");
  int64_t more = 0;
  if (o.bias_k().defined()) {
    if (o.static_k().defined()) refuse("bias cannot be added to static key.");
    if (o.static_v().defined()) refuse("bias cannot be added to static value.");
    k = cat({k, o.bias_k().expand({1, batch, width})});
    v = cat({v, o.bias_v().expand({1, batch, width})});
    ++more;
  }
  q = by_heads(q, batch, heads, depth);
  k = o.static_k().defined() ? static_heads("static_k", o.static_k(), batch, heads, depth)
                             : by_heads(k, batch, heads, depth);
  v = o.static_v().defined() ? static_heads("static_v", o.static_v(), batch, heads, depth)
                             : by_heads(v, batch, heads, depth);
  if (o.add_zero_attn()) {
    const Tensor nothing = zeros({batch, heads, 1, depth}, k.options());
    k = cat({k, nothing}, 2);
    v = cat({v, nothing}, 2);
    ++more;
  }
  const Tensor mask = joined_mask(o, batch, queries, k.size(2), more, q.dtype());
  const double dropout_p = o.training() ? o.dropout_p() : 0;
  const auto finish = [&](const Tensor& attended) {
    return rondo::linear(attended.permute({2, 0, 1, 3}).reshape({queries, batch, width}), o.out_proj_weight(),
                         o.out_proj_bias());
  };
  if (!o.need_weights()) {
    const std::optional<Tensor> given = mask.defined() ? std::optional<Tensor>(mask) : std::nullopt;
    return {finish(rondo::scaled_dot_product_attention(q, k, v, given, dropout_p)), Tensor()};
  }
  Tensor scores = matmul(q / std::sqrt(static_cast<double>(depth)), k.transpose(2, 3));
  if (mask.defined()) scores = scores + mask;
  const Tensor weights = rondo::dropout(scores.softmax(-1), dropout_p, true);
  Tensor output = finish(matmul(weights, v));
  return {std::move(output), o.average_attn_weights() ? weights.sum(1) / heads : weights};
}

}  // namespace rondo::nn::functional
