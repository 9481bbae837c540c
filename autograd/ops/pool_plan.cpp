#include <rondo/autograd/ops/pool_plan.h>

#include <fmt/format.h>

namespace rondo::ops {
namespace {

std::string by_x(IntArrayRef sizes) {
  std::string text;
  for (size_t i = 0; i < sizes.size(); ++i) text += (i == 0 ? "" : "x") + std::to_string(sizes[i]);
  return text;
}

int64_t windows(int64_t in, int64_t size, int64_t stride, int64_t pad, int64_t dilation, bool ceil_mode) {
  int64_t reach, padded;
  if (__builtin_mul_overflow(dilation, size - 1, &reach) || __builtin_add_overflow(pad, pad, &padded) ||
      __builtin_add_overflow(in, padded, &padded)) {
    return 0;
  }
  const int64_t room = padded - reach - 1;
  int64_t steps = room >= 0 ? room / stride : -((-(room + 1)) / stride) - 1;
  if (ceil_mode && steps * stride < room) ++steps;
  int64_t count = steps + 1;
  // No window begins behind the input and its left padding.
  if (ceil_mode && (count - 1) * stride >= in + pad) --count;
  return count;
}

}  // namespace

void check_pool_dtype(const char* op, const Tensor& input) {
  if (is_floating_point(input.dtype())) return;
  fail_type(op, fmt::format("input is {}; need a floating point dtype", dtype_name(input.dtype())));
}

void expand_numbers(const char* op, const char* what, int dims, IntArrayRef given, int64_t (&to)[3]) {
  if (given.size() != 1 && given.size() != static_cast<size_t>(dims)) {
    static constexpr const char* kCounts[] = {"", "one int", "two ints", "three ints"};
    fail(op, fmt::format("{} must either be a single int, or a tuple of {}; got {}", what, kCounts[dims],
                         to_string(given)));
  }
  for (int d = 0; d < dims; ++d) {
    to[3 - dims + d] = given.size() == 1 ? given[0] : given[static_cast<size_t>(d)];
  }
}

void set_planes(const char* op, int dims, const Tensor& input, PoolPlan& plan) {
  if (input.dim() != dims + 1 && input.dim() != dims + 2) {
    fail(op, fmt::format("Expected {}D or {}D (batch mode) tensor for input; got {}", dims + 1, dims + 2,
                         to_string(input.sizes())));
  }
  plan.shape.planes = 1;
  for (int64_t d = 0; d < input.dim() - dims; ++d) plan.shape.planes *= input.size(d);
  for (int64_t d = input.dim() - dims - (input.dim() == dims + 2 ? 1 : 0); d < input.dim(); ++d) {
    if (input.size(d) == 0) {
      fail(op,
           fmt::format("Expected input with non-zero size for non-batch dimensions; got {}", to_string(input.sizes())));
    }
  }
  for (int d = 0; d < dims; ++d) plan.shape.in[3 - dims + d] = input.size(input.dim() - dims + d);
  plan.sizes = Dims(input.sizes());
  for (int d = 0; d < dims; ++d) {
    plan.sizes[static_cast<int32_t>(input.dim() - dims + d)] = plan.shape.out[3 - dims + d];
  }
}

PoolPlan plan_windows(const PoolArguments& a, const Tensor& input) {
  if (!a.take_int64 || input.dtype() != kLong) check_pool_dtype(a.op, input);
  PoolPlan plan;
  kernels::PoolShape& s = plan.shape;
  expand_numbers(a.op, "kernel_size", a.dims, a.kernel_size, s.size);
  expand_numbers(a.op, "stride", a.dims, a.stride.empty() ? a.kernel_size : a.stride, s.stride);
  expand_numbers(a.op, "padding", a.dims, a.padding, s.pad);
  expand_numbers(a.op, "dilation", a.dims, a.dilation, s.dilation);
  set_planes(a.op, a.dims, input, plan);
  for (int d = 3 - a.dims; d < 3; ++d) {
    if (s.size[d] < 1) {
      fail(a.op, fmt::format("kernel size should be greater than zero, but got {}", to_string(a.kernel_size)));
    }
    if (s.stride[d] < 1) {
      fail(a.op, fmt::format("stride should be greater than zero, but got {}", to_string(a.stride)));
    }
    if (s.dilation[d] < 1) {
      fail(a.op, fmt::format("dilation should be greater than zero, but got {}", to_string(a.dilation)));
    }
    if (s.pad[d] < 0 || s.pad[d] > s.size[d] / 2) {
      fail(a.op,
           fmt::format("pad should be smaller than or equal to half of kernel size, but got pad={} and kernel_size={}",
                       to_string(a.padding), to_string(a.kernel_size)));
    }
    s.out[d] = windows(s.in[d], s.size[d], s.stride[d], s.pad[d], s.dilation[d], a.ceil_mode);
  }
  set_planes(a.op, a.dims, input, plan);
  for (int d = 3 - a.dims; d < 3; ++d) {
    if (s.out[d] < 1) {
      fail(a.op, fmt::format("Given input size: ({}). Calculated output size: ({}). Output size is too small",
                             by_x(input.sizes()), by_x(plan.sizes)));
    }
  }
  return plan;
}

PoolPlan plan_adaptive(const char* op, int dims, const Tensor& input, IntArrayRef output_size) {
  check_pool_dtype(op, input);
  PoolPlan plan;
  plan.shape.adaptive = true;
  expand_numbers(op, "output_size", dims, output_size, plan.shape.out);
  for (int64_t size : plan.shape.out) {
    if (size < 0) {
      fail(op, fmt::format("elements of output_size must be greater than or equal to 0, but got {}",
                           to_string(output_size)));
    }
  }
  set_planes(op, dims, input, plan);
  return plan;
}

}  // namespace rondo::ops
