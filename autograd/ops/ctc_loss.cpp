// Connectionist temporal classification.
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/kernels/ctc.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/likelihood_loss.h>
#include <rondo/autograd/ops/loss_parts.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace rondo {
namespace {

constexpr const char* kCtc = "ctc_loss";
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kFloor = -1e30;  // stands for the logarithm of 0 where derivatives are taken

struct Alignment {
  std::vector<int64_t> labels, first, label_counts, step_counts;
  int64_t blank = 0, most_states = 1;

  kernels::CtcShape shape(IntArrayRef sizes) const {
    return {sizes[0],          sizes[1], sizes[2], blank, most_states, labels.data(), first.data(), label_counts.data(),
            step_counts.data()};
  }
};

Tensor of_list(const std::vector<int64_t>& list, IntArrayRef sizes) {
  Tensor y = tensor_data::make(sizes, kLong);
  std::copy(list.begin(), list.end(), y.data_ptr<int64_t>());
  return y;
}

// The losses by public operations, for derivatives of any order: a step of all samples at a time.
Tensor composed(const Tensor& log_probs, const Alignment& of) {
  const int64_t steps = log_probs.size(0), batch = log_probs.size(1), states = of.most_states;
  std::vector<int64_t> classes(static_cast<size_t>(batch * states), of.blank);
  std::vector<int64_t> skips(static_cast<size_t>(batch * states), 0);
  for (int64_t n = 0; n < batch; ++n) {
    const int64_t* labels = of.labels.data() + of.first[static_cast<size_t>(n)];
    for (int64_t i = 0; i < of.label_counts[static_cast<size_t>(n)]; ++i) {
      const auto place = static_cast<size_t>(n * states + 2 * i + 1);
      classes[place] = labels[i];
      skips[place] = i > 0 && labels[i] != labels[i - 1];
    }
  }
  const Tensor skip = of_list(skips, {batch, states}) != 0;
  const Tensor index = of_list(classes, {1, batch, states}).expand({steps, batch, states});
  // -inf would make NaN of the derivatives.
  const Tensor emissions = gather(log_probs.clamp_min(kFloor), 2, index);
  const Tensor ends = of_list(of.step_counts, {batch, 1}), counts = of_list(of.label_counts, {batch, 1});
  const Tensor state = arange(states, kLong);
  const auto moved = [&](const Tensor& alpha, int64_t by) {
    return constant_pad_nd(alpha, {std::min(by, states), -std::min(by, states)}, kFloor);
  };
  Tensor alpha = where(state < 2, emissions.select(0, 0), Scalar(kFloor));
  for (int64_t t = 1; t < steps; ++t) {
    const Tensor two = where(skip, moved(alpha, 2), Scalar(kFloor));
    const Tensor next = logsumexp(stack({alpha, moved(alpha, 1), two}, 0), 0) + emissions.select(0, t);
    alpha = where(ends > t, next, alpha);
  }
  const Tensor last = (state >= counts * 2 - 1).logical_and(state <= counts * 2);
  const Tensor losses = -logsumexp(where(last, alpha, Scalar(kFloor)), 1);
  // No steps: no loss that depends on anything.
  return where(ends.squeeze(1) == 0, Scalar(0), losses);
}

struct CtcLossBackward final : ops::Rule {
  ops::Saved log_probs, losses, log_alpha;
  Alignment alignment;
  bool zero_infinity = false;

  std::string name() const override { return "CtcLossBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor& input = log_probs.peek(*this);
    const Tensor loss = losses.peek(*this);
    // Samples without any alignment have no derivatives.
    const Tensor scale = step.gy().masked_fill(loss.isinf(), zero_infinity ? 0 : kNaN);
    if (step.create_graph() && input.numel() > 0) {
      const Tensor x = log_probs.get(*this);
      step[0] = autograd::grad({composed(x, alignment)}, {x}, {scale}, true, true)[0];
      return;
    }
    const Tensor scales = scale.to(kDouble).contiguous(), alpha = log_alpha.peek(*this), x = input.contiguous();
    Tensor gx = tensor_data::make(input.sizes(), input.dtype());
    kernels::ctc_loss_backward(input.dtype(), alignment.shape(input.sizes()), x.data_ptr(), loss.data_ptr<double>(),
                               alpha.data_ptr<double>(), scales.data_ptr<double>(), gx.data_ptr());
    step[0] = std::move(gx);
  }
  void release_variables() override { release(log_probs, losses, log_alpha); }
};

// The lengths of one kind, checked.
std::vector<int64_t> checked_lengths(const char* what, IntArrayRef lengths, int64_t batch) {
  if (static_cast<int64_t>(lengths.size()) != batch) {
    fail(kCtc,
         fmt::format("{} must be of size batch_size; got {} lengths for {} samples", what, lengths.size(), batch));
  }
  for (int64_t length : lengths) {
    if (length < 0) fail(kCtc, fmt::format("{} must not be negative; got {}", what, length));
  }
  return std::vector<int64_t>(lengths.begin(), lengths.end());
}

// Of log_probs (T, N, C).
Alignment align(IntArrayRef sizes, const Tensor& targets, IntArrayRef input_lengths, IntArrayRef target_lengths,
                int64_t blank) {
  const int64_t steps = sizes[0], batch = sizes[1], classes = sizes[2];
  if (blank < 0 || blank >= classes) {
    fail(kCtc, fmt::format("blank must be in label range; got {} for {} classes", blank, classes));
  }
  if (!is_integral(targets.dtype())) {
    fail_type(kCtc, fmt::format("targets are {}; need integers", dtype_name(targets.dtype())));
  }
  Alignment of;
  of.blank = blank;
  of.step_counts = checked_lengths("input_lengths", input_lengths, batch);
  of.label_counts = checked_lengths("target_lengths", target_lengths, batch);
  int64_t most = 0, total = 0;
  for (size_t n = 0; n < of.step_counts.size(); ++n) {
    if (of.step_counts[n] > steps) {
      fail(kCtc,
           fmt::format("Expected input_lengths to have value at most {}, but got value {}", steps, of.step_counts[n]));
    }
    if (targets.dim() == 1 && of.label_counts[n] > targets.size(0) - total) {
      fail(kCtc, fmt::format("target_lengths ask for more than the {} labels of targets: {} of sample {} after {}",
                             targets.size(0), of.label_counts[n], n, total));
    }
    of.first.push_back(targets.dim() == 1 ? total : static_cast<int64_t>(n) * targets.size(1));
    most = std::max(most, of.label_counts[n]);
    if (targets.dim() == 1) total += of.label_counts[n];
  }
  const bool in_a_row = targets.dim() == 1;
  if (in_a_row ? targets.size(0) != total : targets.size(0) != batch || targets.size(1) < most) {
    if (!in_a_row && targets.size(0) == batch) {
      fail(kCtc, fmt::format("Expected tensor to have size at least {} at dimension 1, but got size {} for argument #2 "
                             "'targets'",
                             most, targets.size(1)));
    }
    fail(kCtc, fmt::format("targets are {}; need the {} labels of all samples, or ({}, S) with S at least {}",
                           to_string(targets.sizes()), total, batch, most));
  }
  of.most_states = 2 * most + 1;
  const Tensor numbers = targets.to(kLong).contiguous();
  const int64_t* labels = numbers.data_ptr<int64_t>();
  of.labels.assign(labels, labels + numbers.numel());
  for (size_t n = 0; n < of.first.size(); ++n) {
    for (int64_t i = 0; i < of.label_counts[n]; ++i) {
      const int64_t label = labels[of.first[n] + i];
      if (label >= 0 && label < classes) continue;
      fail_index(
          kCtc, fmt::format("label {} at {} of sample {} is out of range; need 0 <= label < {}", label, i, n, classes));
    }
  }
  return of;
}

std::vector<int64_t> list_of(const char* what, const Tensor& lengths) {
  if (!is_integral(lengths.dtype())) {
    fail_type(kCtc, fmt::format("{} must be integral; got {}", what, dtype_name(lengths.dtype())));
  }
  const Tensor numbers = lengths.to(kLong).contiguous();
  const int64_t* data = numbers.data_ptr<int64_t>();
  return std::vector<int64_t>(data, data + numbers.numel());
}

}  // namespace

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths, IntArrayRef target_lengths,
                int64_t blank, int64_t reduction, bool zero_infinity) {
  ops::check_reduction(kCtc, reduction);
  const ScalarType type = log_probs.dtype();
  if (!is_floating_point(type)) {
    fail_type(kCtc, fmt::format("log_probs are {}; need a floating point dtype", dtype_name(type)));
  }
  if (is_reduced_floating(type)) {
    return ctc_loss(log_probs.to(kFloat), targets, input_lengths, target_lengths, blank, reduction, zero_infinity)
        .to(type);
  }
  const bool batched = log_probs.dim() == 3;
  if ((!batched && log_probs.dim() != 2) || targets.dim() < 1 || targets.dim() > 2) {
    fail(kCtc, fmt::format("log_probs are {}, targets {}; need (T, N, C) or (T, C), and (N, S) or (labels,)",
                           to_string(log_probs.sizes()), to_string(targets.sizes())));
  }
  const Tensor x = batched ? log_probs : log_probs.unsqueeze(1);
  Alignment alignment = align(x.sizes(), targets, input_lengths, target_lengths, blank);
  const int64_t steps = x.size(0), batch = x.size(1);
  const Tensor dense = x.detach().contiguous(), losses = tensor_data::make(batch, kDouble);
  const Tensor log_alpha = tensor_data::make({batch, steps, alignment.most_states}, kDouble);
  kernels::ctc_loss(type, alignment.shape(x.sizes()), dense.data_ptr(), losses.data_ptr<double>(),
                    log_alpha.data_ptr<double>());
  Tensor y = losses.to(type, false, true);
  if (zero_infinity) y.masked_fill_(losses.isinf(), 0);
  const std::vector<int64_t> counts = alignment.label_counts;
  if (auto* node = ops::record<CtcLossBackward>(y, x)) {
    node->log_probs.save_input(x);
    node->losses.save_input(losses);
    node->log_alpha.save_input(log_alpha);
    node->alignment = std::move(alignment);
    node->zero_infinity = zero_infinity;
  }
  if (reduction == Reduction::Mean) return (y / of_list(counts, {batch}).clamp_min(1)).mean();
  if (reduction == Reduction::Sum) return y.sum();
  return batched ? y : y.squeeze(0);
}

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, int64_t blank, int64_t reduction, bool zero_infinity) {
  return ctc_loss(log_probs, targets, list_of("input_lengths", input_lengths),
                  list_of("target_lengths", target_lengths), blank, reduction, zero_infinity);
}

RONDO_OP(
    ctc_loss, .name = "ctc_loss",
    .doc = "-log of the labels' probability over all alignments; a primitive: one pass forward, one back",
    .samples = [](ops::Samples& s) {
      const auto rows = [&](IntArrayRef sizes) { return s.real(sizes, -3, -0.1); };
      s.add("mean", {rows({5, 3, 4})},
            RONDO_SAMPLE(ctc_loss(in[0], tensor({1, 2, 3, 3, 1, 0}).reshape({3, 2}), {5, 4, 5}, {2, 2, 1})));
      s.add("each", {rows({5, 3, 4})},
            RONDO_SAMPLE(
                ctc_loss(in[0], tensor({1, 2, 3, 3, 1, 0}).reshape({3, 2}), {5, 4, 3}, {2, 2, 0}, 0, Reduction::None)));
      s.add("in a row", {rows({6, 2, 4})},
            RONDO_SAMPLE(ctc_loss(in[0], tensor({1, 0, 0, 2}), tensor({6, 4}), tensor({3, 1}), 3, Reduction::Sum)));
      s.add("one", {rows({4, 3})}, RONDO_SAMPLE(ctc_loss(in[0], tensor({1, 2}), {4}, {2}, 0, Reduction::None)));
      s.add(
          "no alignment", {rows({3, 2, 3})},
          RONDO_SAMPLE(ctc_loss(in[0], tensor({1, 1, 2, 1}).reshape({2, 2}), {2, 3}, {2, 2}, 0, Reduction::Sum, true)));
      s.error("blank", "blank must be in label range", [] {
        ctc_loss(zeros({2, 1, 3}), ones({1, 1}, kLong), {2}, {1}, 3);
      });
      s.error("input lengths", "to have value at most 2", [] {
        ctc_loss(zeros({2, 1, 3}), ones({1, 1}, kLong), {3}, {1});
      });
      s.error("batch", "input_lengths must be of size batch_size", [] {
        ctc_loss(zeros({2, 1, 3}), ones({1, 1}, kLong), {2, 2}, {1});
      });
      s.error("targets", "need the 2 labels", [] { ctc_loss(zeros({2, 1, 3}), ones({3}, kLong), {2}, {2}); });
      s.error("label", "label 3 at 0 of sample 0 is out of range", [] {
        ctc_loss(zeros({2, 1, 3}), full({1, 1}, 3, kLong), {2}, {1});
      });
    });

}  // namespace rondo
