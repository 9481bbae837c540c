// The cross entropy of a probability of one class.
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/loss_parts.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

// -(t log p + (1 - t) log(1 - p)) element by element. The logarithms are limited, and so is the slope's denominator,
// so that p of 0 and 1 give large numbers instead of infinite ones.
constexpr double kLeastLog = -100, kLeastDenominator = 1e-12;

Tensor log_of(const Tensor& p) { return p.log().clamp_min(kLeastLog); }
Tensor log_of_rest(const Tensor& p) { return (-p).log1p().clamp_min(kLeastLog); }

struct BinaryCrossEntropyBackward final : ops::Rule {
  ops::Saved p, t;
  std::string name() const override { return "BinaryCrossEntropyBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    const Tensor probability = p.get(*this);
    if (step.wants(0)) {
      step[0] = gy * (probability - t.get(*this)) / ((1 - probability) * probability).clamp_min(kLeastDenominator);
    }
    if (step.wants(1)) step[1] = gy * (log_of_rest(probability) - log_of(probability));
  }
  void release_variables() override { release(p, t); }
};

template <class T>
bool all_within(const Tensor& x) {
  const T* p = static_cast<const T*>(x.data_ptr());
  bool within = true;
  for (int64_t i = 0; i < x.numel(); ++i) within = within & (p[i] >= T(0)) & (p[i] <= T(1));
  return within;
}

Tensor each_binary_cross_entropy(const Tensor& p, const Tensor& t) {
  Tensor y;
  {
    NoGradGuard guard;
    const Tensor dense = p.contiguous();
    if (!(p.dtype() == kDouble ? all_within<double>(dense) : all_within<float>(dense))) {
      fail_value("binary_cross_entropy", fmt::format("all elements of input should be between 0 and 1; got {} to {}",
                                                     dense.min().item<double>(), dense.max().item<double>()));
    }
    y = (t - 1) * log_of_rest(p) - t * log_of(p);
  }
  if (auto* node = ops::record<BinaryCrossEntropyBackward>(y, p, t)) {
    node->p.save_input(p);
    if (node->wants(0)) node->t.save_input(t);
  }
  return y;
}

}  // namespace

Tensor binary_cross_entropy(const Tensor& self, const Tensor& target, const Tensor& weight, int64_t reduction) {
  ops::check_reduction("binary_cross_entropy", reduction);
  const ScalarType type = self.dtype();
  if (!is_floating_point(type)) {
    fail_type("binary_cross_entropy", fmt::format("input is {}; need a floating point dtype", dtype_name(type)));
  }
  if (self.sizes() != target.sizes()) {
    // Sizes of 1 do not count: (n, 1) goes with (n,).
    const Tensor p = self.squeeze(), t = target.squeeze();
    if (!expands_to(t.sizes(), p.sizes())) {
      fail("binary_cross_entropy",
           fmt::format("Using a target size ({}) that is different to the input size ({}) is deprecated. Please ensure "
                       "they have the same size.",
                       to_string(target.sizes()), to_string(self.sizes())));
    }
    return binary_cross_entropy(self, t.expand(p.sizes()).reshape(self.sizes()), weight, reduction);
  }
  if (target.dtype() != type) {
    fail_type("binary_cross_entropy", fmt::format("Found dtype {} but expected {}: target and input must agree",
                                                  toString(target.dtype()), toString(type)));
  }
  if (is_reduced_floating(type)) {
    return binary_cross_entropy(self.to(kFloat), target.to(kFloat), weight, reduction).to(type);
  }
  const Tensor losses = each_binary_cross_entropy(self, target);
  return ops::reduce_losses(weight.defined() ? losses * weight : losses, reduction);
}

#define RONDO_CASE(f, ...) RONDO_SAMPLE(f(in[0], in[1], __VA_ARGS__))

RONDO_OP(
    binary_cross_entropy, .name = "binary_cross_entropy",
    .doc = "-(t log p + (1 - t) log(1 - p)), logarithms at least -100; a primitive: the slope is limited too",
    .samples = [](ops::Samples& s) {
      s.add("mean", {s.real({3, 4}, 0.1, 0.9), s.real({3, 4}, 0, 1)}, RONDO_CASE(binary_cross_entropy, {}));
      s.add("sum", {s.real({3, 4}, 0.1, 0.9), s.real({3, 4}, 0, 1)},
            RONDO_CASE(binary_cross_entropy, {}, Reduction::Sum));
      s.add("weights, each", {s.real({3, 4}, 0.1, 0.9), s.real({3, 4}, 0, 1), s.real({4}, 0.5, 2)},
            RONDO_CASE(binary_cross_entropy, in[2], Reduction::None));
      s.add("strided", {s.real({3, 4}, 0.1, 0.9), s.real({4, 3}, 0, 1)},
            RONDO_SAMPLE(binary_cross_entropy(in[0].t(), in[1])));
      s.error("no probability", "all elements of input should be between 0 and 1",
              [] { binary_cross_entropy(full({2}, 1.5), zeros({2})); });
      s.error("shapes", "that is different to the input size", [] { binary_cross_entropy(zeros({2}), zeros({3})); });
      s.error("dtypes", "Found dtype Long but expected Float",
              [] { binary_cross_entropy(zeros({2}), zeros({2}, kLong)); });
    });

#undef RONDO_CASE

}  // namespace rondo
