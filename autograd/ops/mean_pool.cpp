// Pooling by the mean: windows and adaptive windows.
#include <rondo/autograd/ops/pool_plan.h>
#include <rondo/autograd/ops/pooling.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

using kernels::MeanDivisor;
using kernels::PoolShape;

// The mean of each window, and, transposed, each number's share of all windows that hold it.
struct Means {
  PoolShape shape;
  MeanDivisor divisor;
  Dims large, small;
  const char* op;
};
Tensor apply_means(const Means& means, bool transposed, const Tensor& input);

struct MeanPoolBackward final : ops::Rule {
  Means means;
  bool transposed = false;

  std::string name() const override { return fmt::format("{}Backward0", means.op); }
  // Linear: the gradient is the transposed map, which can be differentiated in turn.
  Traits traits() const override { return {.flat_slope = true}; }
  void backward(ops::Backward& step) override { step[0] = apply_means(means, !transposed, step.gy()); }
};

Tensor apply_means(const Means& means, bool transposed, const Tensor& input) {
  const Tensor x = input.detach().contiguous();
  Tensor y = tensor_data::make(transposed ? means.large : means.small, input.dtype());
  const auto kernel = transposed ? &kernels::mean_pool_backward : &kernels::mean_pool;
  kernel(input.dtype(), means.shape, means.divisor, x.data_ptr(), y.data_ptr());
  if (auto* node = ops::record<MeanPoolBackward>(y, input)) {
    node->means = means;
    node->transposed = transposed;
  }
  return y;
}

Tensor pooled(const char* name, const ops::PoolPlan& plan, MeanDivisor divisor, const Tensor& input) {
  const ScalarType type = input.dtype();
  const Means means{plan.shape, divisor, Dims(input.sizes()), plan.sizes, name};
  if (is_reduced_floating(type)) return apply_means(means, false, input.to(kFloat)).to(type);
  return apply_means(means, false, input);
}

MeanDivisor divisor_of(const char* op, bool count_include_pad, std::optional<int64_t> fixed) {
  if (fixed && *fixed == 0) fail(op, "divisor must be not zero");
  return {count_include_pad, fixed.value_or(0)};
}

}  // namespace

Tensor avg_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,
                  bool count_include_pad) {
  return pooled("AvgPool1D",
                ops::plan_windows({"avg_pool1d", 1, kernel_size, stride, padding, 1, ceil_mode, true}, self),
                {count_include_pad, 0}, self);
}
Tensor avg_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,
                  bool count_include_pad, std::optional<int64_t> divisor_override) {
  return pooled("AvgPool2D",
                ops::plan_windows({"avg_pool2d", 2, kernel_size, stride, padding, 1, ceil_mode, true}, self),
                divisor_of("avg_pool2d", count_include_pad, divisor_override), self);
}
Tensor avg_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding, bool ceil_mode,
                  bool count_include_pad, std::optional<int64_t> divisor_override) {
  return pooled("AvgPool3D",
                ops::plan_windows({"avg_pool3d", 3, kernel_size, stride, padding, 1, ceil_mode, true}, self),
                divisor_of("avg_pool3d", count_include_pad, divisor_override), self);
}

#define RONDO_DEFINE(D)                                                                                               \
  Tensor adaptive_avg_pool##D##d(const Tensor& self, IntArrayRef output_size) {                                       \
    return pooled("AdaptiveAvgPool" #D "D", ops::plan_adaptive("adaptive_avg_pool" #D "d", D, self, output_size), {}, \
                  self);                                                                                              \
  }
RONDO_DEFINE(1)
RONDO_DEFINE(2)
RONDO_DEFINE(3)
#undef RONDO_DEFINE

#define RONDO_SIZES(...) IntArrayRef({__VA_ARGS__})
#define RONDO_POOL_OP(D, sizes_in, wide)                                                                            \
  RONDO_OP(                                                                                                         \
      avg_pool##D##d, .name = "avg_pool" #D "d", .doc = "the mean of each window", .samples = [](ops::Samples& s) { \
        s.add("plain", {s.real(sizes_in)}, RONDO_SAMPLE(avg_pool##D##d(in[0], 2)));                                 \
        s.add("padded", {s.real(sizes_in)}, RONDO_SAMPLE(avg_pool##D##d(in[0], 3, 2, 1, true)));                    \
        s.add("without padding", {s.real(sizes_in)}, RONDO_SAMPLE(avg_pool##D##d(in[0], 3, 2, 1, false, false)));   \
        s.error("small", "Output size is too small", [] { avg_pool##D##d(zeros(wide), 9); });                       \
        s.error("integers", "need a floating point dtype", [] { avg_pool##D##d(zeros(wide, kInt), 2); });           \
      });                                                                                                           \
  RONDO_OP(                                                                                                         \
      adaptive_avg_pool##D##d, .name = "adaptive_avg_pool" #D "d",                                                  \
      .doc = "the means of as many windows as are asked for", .samples = [](ops::Samples& s) {                      \
        s.add("three", {s.real(sizes_in)}, RONDO_SAMPLE(adaptive_avg_pool##D##d(in[0], 3)));                        \
        s.error("negative", "greater than or equal to 0", [] { adaptive_avg_pool##D##d(zeros(wide), -1); });        \
      });
RONDO_POOL_OP(1, RONDO_SIZES(2, 2, 7), RONDO_SIZES(1, 1, 4))
RONDO_POOL_OP(2, RONDO_SIZES(2, 5, 6), RONDO_SIZES(1, 1, 4, 4))
RONDO_POOL_OP(3, RONDO_SIZES(1, 4, 4, 5), RONDO_SIZES(1, 1, 4, 4, 4))
#undef RONDO_POOL_OP
#undef RONDO_SIZES

}  // namespace rondo
