// Cross entropy of logits: softmax, logarithm and the choice of the class in one pass, and one for the gradient.
#include <rondo/autograd/kernels/rows.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/loss_parts.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

using kernels::CrossEntropyOptions;

struct CrossEntropyBackward final : ops::Rule {
  ops::Saved logits, softmax, target, weight;
  int64_t reduction = Reduction::Mean, ignore_index = -100;
  double label_smoothing = 0, total = 1;  // total: what the mean divides by

  std::string name() const override { return "NllLossBackward0"; }

  CrossEntropyOptions options() const {
    return {weight.holds() ? weight.peek(*this).data_ptr() : nullptr, ignore_index, label_smoothing};
  }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    const Tensor& chosen = target.peek(*this);
    if (step.create_graph()) return backward_recorded(step);
    const Tensor& p = softmax.peek(*this);
    const int64_t rows = p.sizes()[0], classes = p.sizes()[1];
    Tensor gx = tensor_data::make(p.sizes(), p.dtype());
    const auto* indices = static_cast<const int64_t*>(chosen.data_ptr());
    if (reduction == Reduction::None) {
      const Tensor scales = gy.contiguous();
      kernels::cross_entropy_backward(p.dtype(), rows, classes, p.data_ptr(), indices, options(), 1, scales.data_ptr(),
                                      gx.data_ptr());
    } else {
      kernels::cross_entropy_backward(p.dtype(), rows, classes, p.data_ptr(), indices, options(),
                                      ops::number_of(gy) / total, nullptr, gx.data_ptr());
    }
    step[0] = std::move(gx);
  }
  // The gradient of a row is (sum t) softmax - t, where t is what the kernel subtracts: it gives -t for a softmax of 0.
  void backward_recorded(ops::Backward& step) {
    const Tensor scores = logits.get(*this);
    const int64_t rows = scores.sizes()[0], classes = scores.sizes()[1];
    Tensor t = zeros(scores.sizes(), scores.dtype());
    const Tensor none = zeros(scores.sizes(), scores.dtype());
    const auto* indices = static_cast<const int64_t*>(target.peek(*this).data_ptr());
    kernels::cross_entropy_backward(scores.dtype(), rows, classes, none.data_ptr(), indices, options(), -1, nullptr,
                                    t.data_ptr());
    const Tensor slope = rondo::softmax(scores, 1) * t.sum(1, true) - t;
    const Tensor& gy = step.gy();
    // Where no target counts the mean is NaN, its gradient 0.
    step[0] = slope * (reduction == Reduction::None ? gy.unsqueeze(1) : total == 0 ? gy * 0 : gy / total);
  }
  void release_variables() override { release(logits, softmax, target, weight); }
};

struct Arguments {
  const Tensor& weight;
  int64_t reduction, ignore_index;
  double label_smoothing;
};

// scores [rows, classes] of float32 or float64, target [rows].
Tensor fused(const Tensor& scores, const Tensor& target, const Arguments& arguments) {
  const ScalarType type = scores.dtype();
  const int64_t rows = scores.sizes()[0], classes = scores.sizes()[1];
  const bool recorded = ops::recording(scores), each = arguments.reduction == Reduction::None;
  Tensor x = scores, indices = target, weight = arguments.weight;
  {
    NoGradGuard guard;
    if (!x.is_contiguous()) x = x.contiguous();
    if (!indices.is_contiguous()) indices = indices.contiguous();
    if (weight.defined() && (weight.dtype() != type || !weight.is_contiguous())) weight = weight.to(type).contiguous();
  }
  const CrossEntropyOptions options{weight.defined() ? weight.data_ptr() : nullptr, arguments.ignore_index,
                                    arguments.label_smoothing};
  Tensor softmax;
  if (recorded) softmax = tensor_data::make(scores.sizes(), type);
  Tensor y = each ? tensor_data::make(rows, type) : tensor_data::make({}, type);
  const auto* chosen = static_cast<const int64_t*>(indices.data_ptr());
  const auto sums = kernels::cross_entropy(type, rows, classes, x.data_ptr(), chosen, options,
                                           each ? y.data_ptr() : nullptr, recorded ? softmax.data_ptr() : nullptr);
  if (sums.bad_row >= 0) ops::fail_target("cross_entropy", chosen[sums.bad_row], sums.bad_row, classes);
  const double total = arguments.reduction == Reduction::Mean ? sums.weight : 1;
  if (!each) {
    if (type == kDouble) {
      *static_cast<double*>(y.data_ptr()) = sums.loss / total;
    } else {
      *static_cast<float*>(y.data_ptr()) = static_cast<float>(sums.loss / total);
    }
  }
  if (auto* node = ops::record<CrossEntropyBackward>(y, scores)) {
    node->logits.save_input(scores);
    node->softmax.save_input(softmax);
    node->target.save_input(indices);
    if (weight.defined()) node->weight.save_input(weight.detach());
    node->reduction = arguments.reduction;
    node->ignore_index = arguments.ignore_index;
    node->label_smoothing = arguments.label_smoothing;
    node->total = total;
  }
  return y;
}

// The target gives the probabilities of the classes: dimension 1, or the only one.
Tensor from_probabilities(const Tensor& input, const Tensor& target, const Arguments& arguments) {
  if (input.sizes() != target.sizes() || input.dim() == 0) {
    fail("cross_entropy", fmt::format("input is {}, target of class probabilities is {}; need the same (N, C, ...)",
                                      to_string(input.sizes()), to_string(target.sizes())));
  }
  const int64_t dim = input.dim() == 1 ? 0 : 1, classes = input.size(dim);
  Tensor terms = log_softmax(input, dim);
  const double s = arguments.label_smoothing;
  terms = terms * (s > 0 ? target * (1 - s) + s / static_cast<double>(classes) : target);
  if (arguments.weight.defined()) {
    Dims sizes(static_cast<int32_t>(input.dim()), 1);
    sizes[dim] = classes;
    terms = terms * arguments.weight.reshape(sizes);
  }
  switch (arguments.reduction) {
    case Reduction::None:
      return -terms.sum(dim);
    case Reduction::Sum:
      return -terms.sum();
    default:
      return -terms.sum() / (static_cast<double>(input.numel()) / static_cast<double>(classes));
  }
}

}  // namespace

Tensor cross_entropy_loss(const Tensor& self, const Tensor& target, const Tensor& weight, int64_t reduction,
                          int64_t ignore_index, double label_smoothing) {
  ops::check_reduction("cross_entropy", reduction);
  if (!(label_smoothing >= 0 && label_smoothing <= 1)) {
    fail_value("cross_entropy", fmt::format("label_smoothing must be between 0.0 and 1.0. Got: {}", label_smoothing));
  }
  if (!self.is_floating_point()) {
    fail_type("cross_entropy", fmt::format("input is {}; need a floating point dtype", dtype_name(self.dtype())));
  }
  const Arguments arguments{weight, reduction, ignore_index, label_smoothing};
  if (is_reduced_floating(self.dtype())) {
    const Tensor wide = target.is_floating_point() ? target.to(kFloat) : target;
    return cross_entropy_loss(self.to(kFloat), wide, weight, reduction, ignore_index, label_smoothing).to(self.dtype());
  }
  if (target.is_floating_point() && self.sizes() == target.sizes()) {
    if (ignore_index >= 0) {
      fail("cross_entropy",
           fmt::format("ignore_index is not supported for floating point target; got {}", ignore_index));
    }
    if (weight.defined() && (weight.dim() != 1 || weight.numel() != self.size(self.dim() == 1 ? 0 : 1))) {
      fail("cross_entropy", fmt::format("weight tensor should be defined either for all {} classes or no classes but "
                                        "got weight tensor of shape: {}",
                                        self.size(self.dim() == 1 ? 0 : 1), to_string(weight.sizes())));
    }
    return from_probabilities(self, target, arguments);
  }
  const ops::ClassRows rows = ops::class_rows("cross_entropy", self, target, weight);
  const Tensor y = fused(rows.scores, rows.target, arguments);
  return reduction == Reduction::None && y.sizes() != target.sizes() ? y.reshape(target.sizes()) : y;
}

#define RONDO_CASE(...) RONDO_SAMPLE(cross_entropy_loss(in[0], in[1], __VA_ARGS__))

RONDO_OP(
    cross_entropy_loss, .name = "cross_entropy_loss",
    .doc = "weight[t] * (logsumexp(x) - x[t]) for each row; a primitive: one pass, which keeps the softmax",
    .samples = [](ops::Samples& s) {
      s.add("mean", {s.real({4, 3}), s.index({4}, 3)}, RONDO_CASE({}));
      s.add("sum", {s.real({4, 3}), s.index({4}, 3)}, RONDO_CASE({}, Reduction::Sum));
      s.add("each", {s.real({4, 3}), s.index({4}, 3)}, RONDO_CASE({}, Reduction::None));
      s.add("one row", {s.real({3}), s.index({}, 3)}, RONDO_CASE({}));
      s.add("one row, each", {s.real({3}), s.index({}, 3)}, RONDO_CASE({}, Reduction::None));
      s.add("further dimensions", {s.real({2, 3, 2, 2}), s.index({2, 2, 2}, 3)}, RONDO_CASE({}, Reduction::None));
      s.add("transposed", {s.real({3, 4}), s.index({4}, 3)}, RONDO_SAMPLE(cross_entropy_loss(in[0].t(), in[1])));
      s.add("ignored class", {s.real({6, 3}), s.index({6}, 3)}, RONDO_CASE({}, Reduction::Mean, 1));
      s.add("smoothing", {s.real({4, 3}), s.index({4}, 3)}, RONDO_CASE({}, Reduction::Mean, -100, 0.2));
      s.add("weights", {s.real({4, 3}), s.index({4}, 3)},
            RONDO_CASE(full({3}, 0.5, in[0].dtype()) + arange(3, in[0].dtype()), Reduction::Mean));
      s.add("weights, smoothing, ignored class", {s.real({6, 3}), s.index({6}, 3)},
            RONDO_CASE(full({3}, 0.5, in[0].dtype()) + arange(3, in[0].dtype()), Reduction::None, 2, 0.1));
      s.add("probabilities", {s.real({4, 3}), s.real({4, 3}, 0, 1)}, RONDO_CASE({}));
      s.add("probabilities, each", {s.real({2, 3, 2}), s.real({2, 3, 2}, 0, 1)}, RONDO_CASE({}, Reduction::None));
      s.add("probabilities, weights, smoothing", {s.real({4, 3}), s.real({4, 3}, 0, 1)},
            RONDO_CASE(full({3}, 0.5, in[0].dtype()) + arange(3, in[0].dtype()), Reduction::Sum, -100, 0.2));
      s.add("one row of probabilities", {s.real({3}), s.real({3}, 0, 1)}, RONDO_CASE({}));
      s.error("class too large", "cross_entropy: target 5 at row 1 is out of bounds; need 0 <= target < 2", [] {
        cross_entropy_loss(zeros({2, 2}), tensor({0, 5}));
      });
      s.error("class negative", "target -1 at row 0 is out of bounds", [] {
        cross_entropy_loss(zeros({2, 2}), tensor({-1, 0}));
      });
      s.error("float classes", "expected scalar type Long but found Float", [] {
        cross_entropy_loss(zeros({2, 2}), zeros({2}));
      });
      s.error("batch sizes", "batch_size", [] { cross_entropy_loss(zeros({3, 2}), zeros({2}, kLong)); });
      s.error("weights", "weight tensor should be defined either for all 2 classes or no classes", [] {
        cross_entropy_loss(zeros({2, 2}), zeros({2}, kLong), zeros({3}));
      });
      s.error("smoothing", "label_smoothing must be between 0.0 and 1.0", [] {
        cross_entropy_loss(zeros({2, 2}), zeros({2}, kLong), {}, Reduction::Mean, -100, 1.5);
      });
      s.error("integer logits", "need a floating point dtype", [] {
        cross_entropy_loss(zeros({2, 2}, kLong), zeros({2}, kLong));
      });
    });

#undef RONDO_CASE

}  // namespace rondo
