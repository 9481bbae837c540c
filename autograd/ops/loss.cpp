// What the losses share, and nll_loss.
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/loss_parts.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace ops {

void check_reduction(const char* operation, int64_t reduction) {
  if (reduction < Reduction::None || reduction > Reduction::Sum) {
    fail_value(operation,
               fmt::format("{} is not a valid value for reduction; need Reduction::None, Mean or Sum", reduction));
  }
}

Tensor reduce_losses(const Tensor& losses, int64_t reduction) {
  if (reduction == Reduction::None) return losses;
  return reduction == Reduction::Mean ? losses.mean() : losses.sum();
}

void fail_target(const char* operation, int64_t target, int64_t row, int64_t classes) {
  fail_index(operation,
             fmt::format("target {} at row {} is out of bounds; need 0 <= target < {}", target, row, classes));
}

ClassRows class_rows(const char* operation, const Tensor& input, const Tensor& target, const Tensor& weight) {
  if (target.dtype() == kByte) return class_rows(operation, input, target.to(kLong), weight);
  const IntArrayRef x = input.sizes(), t = target.sizes();
  if (target.dtype() != kLong) {
    fail_type(operation, fmt::format("expected scalar type Long but found {}: target is {} of {}; need class indices",
                                     toString(target.dtype()), to_string(t), dtype_name(target.dtype())));
  }
  const bool one_row = x.size() == 1;
  const auto refuse = [&](const std::string& why) {
    fail(operation, fmt::format("{}: input is {}, target is {}; need (N, C) and (N,), (C,) and (), or (N, C, d1, ...) "
                                "and (N, d1, ...)",
                                why, to_string(x), to_string(t)));
  };
  if (x.empty()) refuse("input has no dimension of classes");
  const int64_t classes = one_row ? x[0] : x[1];
  if (weight.defined() && (weight.dim() != 1 || weight.numel() != classes)) {
    fail(operation, fmt::format("weight tensor should be defined either for all {} classes or no classes but got "
                                "weight tensor of shape: {}",
                                classes, to_string(weight.sizes())));
  }
  if (one_row) {
    if (target.numel() != 1 || t.size() > 1) refuse("size mismatch");
    return {input.unsqueeze(0), t.empty() ? target.unsqueeze(0) : target};
  }
  if (t.empty() || t[0] != x[0]) {
    refuse(fmt::format("Expected input batch_size ({}) to match target batch_size ({})", x[0], t.empty() ? 1 : t[0]));
  }
  if (t.size() != x.size() - 1 || t.slice(1) != x.slice(2)) refuse("size mismatch");
  if (x.size() == 2) return {input, target};
  return {input.movedim(1, -1).reshape({target.numel(), classes}), target.reshape({target.numel()})};
}

}  // namespace ops

namespace {

// Calls f(row, class, weight) for the rows that count; returns the sum of the weights.
template <class T, class F>
double each_target(const char* operation, const Tensor& target, const Tensor& weight, int64_t classes, int64_t ignored,
                   const F& f) {
  const auto* chosen = static_cast<const int64_t*>(target.data_ptr());
  const T* weights = weight.defined() ? static_cast<const T*>(weight.data_ptr()) : nullptr;
  double total = 0;
  for (int64_t row = 0; row < target.numel(); ++row) {
    const int64_t t = chosen[row];
    if (t == ignored) continue;
    if (t < 0 || t >= classes) ops::fail_target(operation, t, row, classes);
    const T w = weights ? weights[t] : T(1);
    f(row, t, w);
    total += static_cast<double>(w);
  }
  return total;
}

struct NllLossBackward final : ops::Rule {
  ops::Saved target, weight;
  Dims sizes;
  int64_t reduction = Reduction::Mean, ignore_index = -100;
  double total = 1;

  std::string name() const override { return "NllLossBackward0"; }
  // d(sum_row scale * rows[row] * loss)/dx; rows may be undefined, for ones.
  template <class T>
  Tensor slope(ScalarType type, double scale, const Tensor& rows) const {
    Tensor gx = zeros(sizes, type);
    T* out = static_cast<T*>(gx.data_ptr());
    const T* of_row = rows.defined() ? rows.data_ptr<T>() : nullptr;
    each_target<T>("nll_loss", target.peek(*this), weight.holds() ? weight.peek(*this) : Tensor(), sizes[1],
                   ignore_index, [&](int64_t row, int64_t t, T w) {
                     out[row * sizes[1] + t] = static_cast<T>(-scale * w) * (of_row ? of_row[row] : T(1));
                   });
    return gx;
  }
  Traits traits() const override { return {.flat_slope = true}; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    const bool each = reduction == Reduction::None, direct = !step.create_graph();
    const double scale = (direct && !each ? ops::number_of(gy) : 1.0) / total;
    const Tensor rows = direct && each ? gy.contiguous() : Tensor();
    const Tensor gx = gy.dtype() == kDouble ? slope<double>(kDouble, scale, rows) : slope<float>(kFloat, scale, rows);
    step[0] = direct ? gx : gx * (each ? gy.unsqueeze(1) : gy);
  }
  void release_variables() override { release(target, weight); }
};

template <class T>
double nll_forward(const Tensor& x, const Tensor& target, const Tensor& weight, int64_t reduction, int64_t ignored,
                   Tensor& y) {
  const int64_t classes = x.sizes()[1], row_step = x.strides()[0], step = x.strides()[1];
  const T* scores = static_cast<const T*>(x.data_ptr());
  T* out = static_cast<T*>(y.data_ptr());
  const bool each = reduction == Reduction::None;
  if (each) std::fill_n(out, y.numel(), T(0));
  double sum = 0;
  const double total = each_target<T>("nll_loss", target, weight, classes, ignored, [&](int64_t row, int64_t t, T w) {
    const T loss = -w * scores[row * row_step + t * step];
    if (each) out[row] = loss;
    sum += static_cast<double>(loss);
  });
  const double divisor = reduction == Reduction::Mean ? total : 1;
  if (!each) *out = static_cast<T>(sum / divisor);
  return divisor;
}

}  // namespace

Tensor nll_loss(const Tensor& self, const Tensor& target, const Tensor& weight, int64_t reduction,
                int64_t ignore_index) {
  ops::check_reduction("nll_loss", reduction);
  const ScalarType type = self.dtype();
  if (!is_floating_point(type)) {
    fail_type("nll_loss", fmt::format("input is {}; need a floating point dtype", dtype_name(type)));
  }
  if (is_reduced_floating(type)) {
    return nll_loss(self.to(kFloat), target, weight, reduction, ignore_index).to(type);
  }
  const ops::ClassRows rows = ops::class_rows("nll_loss", self, target, weight);
  const Tensor chosen = rows.target.contiguous();
  const Tensor weights = weight.defined() ? weight.detach().to(type).contiguous() : weight;
  Tensor y = reduction == Reduction::None ? tensor_data::make(chosen.numel(), type) : tensor_data::make({}, type);
  const double divisor = type == kDouble ? nll_forward<double>(rows.scores, chosen, weights, reduction, ignore_index, y)
                                         : nll_forward<float>(rows.scores, chosen, weights, reduction, ignore_index, y);
  if (auto* node = ops::record<NllLossBackward>(y, rows.scores)) {
    node->target.save_input(chosen);
    if (weights.defined()) node->weight.save_input(weights);
    node->sizes = Dims(rows.scores.sizes());
    node->reduction = reduction;
    node->ignore_index = ignore_index;
    node->total = divisor;
  }
  return reduction == Reduction::None && y.sizes() != target.sizes() ? y.reshape(target.sizes()) : y;
}

#define RONDO_CASE(...) RONDO_SAMPLE(nll_loss(in[0], in[1], __VA_ARGS__))

RONDO_OP(
    nll_loss, .name = "nll_loss",
    .doc = "-weight[t] * x[t] for each row of log-probabilities; a primitive: it reads one number of each row",
    .samples = [](ops::Samples& s) {
      s.add("mean", {s.real({4, 3}), s.index({4}, 3)}, RONDO_CASE({}));
      s.add("sum", {s.real({4, 3}), s.index({4}, 3)}, RONDO_CASE({}, Reduction::Sum));
      s.add("each", {s.real({4, 3}), s.index({4}, 3)}, RONDO_CASE({}, Reduction::None));
      s.add("one row", {s.real({3}), s.index({}, 3)}, RONDO_CASE({}));
      s.add("further dimensions", {s.real({2, 3, 4}), s.index({2, 4}, 3)}, RONDO_CASE({}, Reduction::None));
      s.add("transposed", {s.real({3, 4}), s.index({4}, 3)}, RONDO_SAMPLE(nll_loss(in[0].t(), in[1])));
      s.add("ignored class", {s.real({6, 3}), s.index({6}, 3)}, RONDO_CASE({}, Reduction::Sum, 1));
      s.add("weights", {s.real({4, 3}), s.index({4}, 3)},
            RONDO_CASE(full({3}, 0.5, in[0].dtype()) + arange(3, in[0].dtype()), Reduction::Mean));
      s.error("class too large", "nll_loss: target 5 at row 1 is out of bounds; need 0 <= target < 2", [] {
        nll_loss(zeros({2, 2}), tensor({0, 5}));
      });
      s.error("float classes", "expected scalar type Long but found Float", [] {
        nll_loss(zeros({2, 2}), zeros({2}));
      });
      s.error("batch sizes", "Expected input batch_size (3) to match target batch_size (2)", [] {
        nll_loss(zeros({3, 2}), zeros({2}, kLong));
      });
      s.error("reduction", "not a valid value for reduction", [] {
        nll_loss(zeros({2, 2}), zeros({2}, kLong), {}, 3);
      });
    });

#undef RONDO_CASE

}  // namespace rondo
