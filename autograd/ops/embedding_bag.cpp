// Rows of a table, summed bag by bag.
#include <rondo/autograd/ops/embedding_bag.h>

#include <rondo/autograd/kernels/embedding_bag.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace {

using kernels::BagMode;

constexpr const char* kBag = "embedding_bag";

struct EmbeddingBagBackward final : ops::Rule {
  // borders: where the bags begin, and the last one ends; factors: of each index, by its bag's size and its row's
  // frequency.
  ops::Saved table, sample_weights, indices, borders, bag_of, factors, max_rows, sizes;
  int64_t vocabulary = 0, padding_idx = -1;
  BagMode mode = BagMode::Sum;

  std::string name() const override { return "EmbeddingBagBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    const int64_t width = gy.size(1);
    if (mode == BagMode::Max) {
      const Tensor kept = gy.masked_fill((sizes.peek(*this) == 0).unsqueeze(1), 0);
      step[0] = zeros({vocabulary, width}, gy.dtype());
      if (vocabulary > 0) step[0] = step[0].scatter_add(0, max_rows.peek(*this), kept);
      return;
    }
    const Tensor& rows = indices.peek(*this);
    if (step.wants(0)) {
      Tensor scale = factors.peek(*this);
      if (sample_weights.holds()) scale = scale * sample_weights.get(*this);
      if (step.create_graph()) {
        const Tensor g = index_select(gy, 0, bag_of.peek(*this)) * scale.unsqueeze(1);
        step[0] = index_add(zeros({vocabulary, width}, gy.dtype()), 0, rows, g);
      } else {
        const Tensor dense = gy.contiguous(), dense_scale = scale.contiguous();
        const kernels::Bags bags{gy.size(0), width, padding_idx, rows.data_ptr<int64_t>(),
                                 borders.peek(*this).data_ptr<int64_t>()};
        Tensor gx = zeros({vocabulary, width}, gy.dtype());
        kernels::embedding_bag_backward(gy.dtype(), bags, dense_scale.data_ptr(), dense.data_ptr(), gx.data_ptr());
        step[0] = std::move(gx);
      }
    }
    if (step.wants(1)) {
      const Tensor dots = (index_select(gy, 0, bag_of.peek(*this)) * index_select(table.get(*this), 0, rows)).sum(1);
      step[1] = padding_idx < 0 ? dots : dots.masked_fill(rows == padding_idx, 0);
    }
  }
  void release_variables() override {
    release(table, sample_weights, indices, borders, bag_of, factors, max_rows, sizes);
  }
};

// The bags' borders within `count` indices.
Tensor checked_borders(const Tensor& offsets, int64_t count, bool include_last_offset) {
  if (offsets.dim() != 1 || (include_last_offset && offsets.numel() == 0)) {
    fail(kBag, fmt::format("offsets has to be a 1D Tensor{}; got {}", include_last_offset ? " of at least one" : "",
                           to_string(offsets.sizes())));
  }
  const Tensor given = ops::index_numbers(kBag, offsets);
  const int64_t bags = offsets.numel() - (include_last_offset ? 1 : 0);
  Tensor borders = tensor_data::make(bags + 1, kLong);
  auto* to = borders.data_ptr<int64_t>();
  const auto* from = given.data_ptr<int64_t>();
  for (int64_t b = 0; b < offsets.numel(); ++b) to[b] = from[b];
  if (!include_last_offset) to[bags] = count;
  if (offsets.numel() > 0 && to[0] != 0) {
    fail(kBag, fmt::format("offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from "
                           "position 0. However, got {}",
                           to[0]));
  }
  if (bags == 0) to[0] = 0;
  for (int64_t b = 0; b < bags; ++b) {
    if (to[b] <= to[b + 1] && to[b + 1] <= count) continue;
    fail(kBag, fmt::format("offsets must not decrease, and offsets[-1] can not be greater than input's length ({}), "
                           "but got {} after {}",
                           count, to[b + 1], to[b]));
  }
  return borders;
}

void check(const Tensor& weight, const Tensor& indices, int64_t mode, const Tensor& per_sample_weights,
           bool scale_grad_by_freq) {
  if (weight.dim() != 2) fail(kBag, "weight has to be a 2D Tensor; got " + to_string(weight.sizes()));
  if (!is_floating_point(weight.dtype())) {
    fail_type(kBag, fmt::format("weight is {}; need a floating point dtype", dtype_name(weight.dtype())));
  }
  if (indices.dim() != 1) fail(kBag, "input has to be a 1D Tensor; got " + to_string(indices.sizes()));
  if (mode < 0 || mode > 2) fail_value(kBag, fmt::format("mode is {}; need 0 (sum), 1 (mean) or 2 (max)", mode));
  if (mode == 2 && scale_grad_by_freq) {
    fail(kBag, "max mode does not support scaling the gradient by the frequency");
  }
  if (!per_sample_weights.defined()) return;
  if (mode != 0) fail(kBag, "per_sample_weights is only supported for mode 0 (sum)");
  if (per_sample_weights.sizes() != indices.sizes() || per_sample_weights.dtype() != weight.dtype()) {
    fail(kBag, fmt::format("per_sample_weights {} of {} must have the same shape as the input {} and the dtype of "
                           "weight, {}",
                           to_string(per_sample_weights.sizes()), dtype_name(per_sample_weights.dtype()),
                           to_string(indices.sizes()), dtype_name(weight.dtype())));
  }
}

// What each index's row counts in its bag's gradient, but for its own weight.
Tensor factors_of(const Tensor& rows, const Tensor& bag_of, const Tensor& sizes, BagMode mode, bool by_frequency,
                  int64_t padding_idx, int64_t vocabulary, ScalarType type) {
  Tensor factors = ones({rows.numel()}, type);
  if (mode == BagMode::Mean) factors = factors / index_select(sizes, 0, bag_of).clamp_min(1).to(type);
  if (by_frequency) {
    const Tensor counts = index_add(zeros({vocabulary}, kLong), 0, rows, ones_like(rows));
    factors = factors / index_select(counts, 0, rows).to(type);
  }
  return padding_idx < 0 ? factors : factors.masked_fill(rows == padding_idx, 0);
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices,
                                                         const Tensor& offsets, bool scale_grad_by_freq, int64_t mode,
                                                         bool sparse, const Tensor& per_sample_weights,
                                                         bool include_last_offset, std::optional<int64_t> padding_idx) {
  check(weight, indices, mode, per_sample_weights, scale_grad_by_freq);
  const ScalarType type = weight.dtype();
  if (is_reduced_floating(type)) {
    const Tensor wide = per_sample_weights.defined() ? per_sample_weights.to(kFloat) : per_sample_weights;
    auto [y, bag_of, sizes, rows] = embedding_bag(weight.to(kFloat), indices, offsets, scale_grad_by_freq, mode, sparse,
                                                  wide, include_last_offset, padding_idx);
    return {y.to(type), bag_of, sizes, rows};
  }
  const int64_t vocabulary = weight.size(0), width = weight.size(1);
  int64_t padding = padding_idx.value_or(-1);
  if (padding_idx) {
    if (padding < -vocabulary || padding >= vocabulary) {
      fail(kBag, fmt::format("padding_idx must be within the number of embeddings, -{} through {} but got {}",
                             vocabulary, vocabulary - 1, padding));
    }
    if (padding < 0) padding += vocabulary;
  }
  const Tensor borders = checked_borders(offsets, indices.numel(), include_last_offset);
  const int64_t count = borders.numel() - 1;
  const auto* border = borders.data_ptr<int64_t>();
  // Indices behind the last border belong to no bag.
  const Tensor rows = ops::index_numbers(kBag, indices).narrow(0, 0, border[count]);
  ops::check_range(kBag, rows, 0, vocabulary);
  const auto how = static_cast<BagMode>(mode);
  Tensor table = weight, weights = per_sample_weights;
  {
    NoGradGuard guard;
    table = table.contiguous();
    if (weights.defined()) weights = weights.contiguous();
  }
  Tensor y = tensor_data::make({count, width}, type), sizes = tensor_data::make(count, kLong);
  Tensor max_rows = tensor_data::make(how == BagMode::Max ? Dims{count, width} : Dims{0}, kLong);
  const kernels::Bags bags{count, width, padding, rows.data_ptr<int64_t>(), border};
  kernels::embedding_bag(type, bags, how, table.data_ptr(), weights.defined() ? weights.data_ptr() : nullptr,
                         y.data_ptr(), sizes.data_ptr<int64_t>(), max_rows.data_ptr<int64_t>());
  Tensor bag_of = tensor_data::make(rows.numel(), kLong);
  for (int64_t b = 0; b < count; ++b)
    std::fill(bag_of.data_ptr<int64_t>() + border[b], bag_of.data_ptr<int64_t>() + border[b + 1], b);
  Tensor samples = per_sample_weights;
  if (samples.defined() && samples.numel() != rows.numel()) samples = samples.narrow(0, 0, rows.numel());
  if (auto* node = ops::record<EmbeddingBagBackward>(y, weight, samples)) {
    node->vocabulary = vocabulary;
    node->padding_idx = padding;
    node->mode = how;
    node->indices.save_input(rows);
    node->borders.save_input(borders);
    node->bag_of.save_input(bag_of);
    node->sizes.save_input(sizes);
    if (how == BagMode::Max) {
      node->max_rows.save_input(max_rows);
    } else {
      node->factors.save_input(factors_of(rows, bag_of, sizes, how, scale_grad_by_freq, padding, vocabulary, type));
    }
    if (samples.defined()) {
      node->sample_weights.save_input(samples);
      if (node->wants(1)) node->table.save_input(weight);
    }
  }
  return {y, bag_of, sizes, max_rows};
}

std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices,
                                                         const Tensor& offsets, bool scale_grad_by_freq, int64_t mode,
                                                         bool sparse, const Tensor& per_sample_weights,
                                                         bool include_last_offset) {
  return embedding_bag(weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights,
                       include_last_offset, std::nullopt);
}

namespace {

Tensor first_of(const std::tuple<Tensor, Tensor, Tensor, Tensor>& all) { return std::get<0>(all); }

}  // namespace

#define RONDO_CASE(...) RONDO_SAMPLE(first_of(embedding_bag(in[0], in[1], tensor({0, 2, 2, 5}), __VA_ARGS__)))
#define RONDO_BAGS \
  { s.real({5, 3}), s.index({6}, 5) }

RONDO_OP(
    embedding_bag, .name = "embedding_bag",
    .doc = "rows of a table joined bag by bag; a primitive: no copy of the rows", .samples = [](ops::Samples& s) {
      s.add("sum", RONDO_BAGS, RONDO_CASE(false, 0));
      s.add("mean", RONDO_BAGS, RONDO_CASE(false, 1));
      s.add("max", RONDO_BAGS, RONDO_CASE(false, 2));
      s.add("weights", {s.real({5, 3}), s.index({6}, 5), s.real({6})}, RONDO_CASE(false, 0, false, in[2]));
      s.add("last offset", RONDO_BAGS, RONDO_CASE(false, 1, false, {}, true));
      s.add("last offset and weights", {s.real({5, 3}), s.index({6}, 5), s.real({6})},
            RONDO_CASE(false, 0, false, in[2], true));
      s.add("no bags", {s.real({5, 3})},
            RONDO_SAMPLE(first_of(embedding_bag(in[0], zeros({0}, kLong), zeros({0}, kLong)))));
      s.error("first offset", "offsets[0] has to be 0", [] {
        embedding_bag(zeros({2, 2}), zeros({2}, kLong), ones({1}, kLong));
      });
      s.error("last offset", "can not be greater than input's length", [] {
        embedding_bag(zeros({2, 2}), zeros({2}, kLong), tensor({0, 3}));
      });
      s.error("index", "index 2 is out of bounds", [] {
        embedding_bag(zeros({2, 2}), full({1}, 2), zeros({1}, kLong));
      });
      s.error("mode", "need 0 (sum)", [] {
        embedding_bag(zeros({2, 2}), zeros({1}, kLong), zeros({1}, kLong), false, 3);
      });
      s.error("weights", "only supported for mode 0", [] {
        embedding_bag(zeros({2, 2}), zeros({1}, kLong), zeros({1}, kLong), false, 1, false, ones({1}));
      });
      s.error("padding", "padding_idx must be within", [] {
        embedding_bag(zeros({2, 2}), zeros({1}, kLong), zeros({1}, kLong), false, 0, false, {}, false, 2);
      });
    });

#undef RONDO_CASE
#undef RONDO_BAGS

}  // namespace rondo
