// arange, linspace and their kin.
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <cmath>

namespace rondo {
namespace {

// The number of steps, as libtorch counts them.
int64_t range_size(Scalar start, Scalar end, Scalar step, ScalarType type) {
  const double first = start.to<double>(), last = end.to<double>(), stride = step.to<double>();
  const auto complain = [&](const char* text) {
    fail_value("arange", fmt::format("{}: start {}, end {}, step {}", text, first, last, stride));
  };
  if (!(stride > 0 || stride < 0)) complain("step must be nonzero");
  if (!std::isfinite(first) || !std::isfinite(last)) complain("unsupported range");
  if ((stride > 0 && last < first) || (stride < 0 && last > first)) {
    complain("upper bound and larger bound inconsistent with step sign");
  }
  if (type == kLong) {
    // Exact beyond 2^53. The difference of two int64 fits an unsigned number.
    const auto a = static_cast<uint64_t>(start.to<int64_t>()), b = static_cast<uint64_t>(end.to<int64_t>());
    const auto s = static_cast<uint64_t>(step.to<int64_t>());
    const uint64_t distance = stride > 0 ? b - a : a - b, pace = stride > 0 ? s : 0 - s;
    const uint64_t count = distance / pace + (distance % pace != 0);
    if (count > static_cast<uint64_t>(INT64_MAX)) complain("invalid size, possible overflow");
    return static_cast<int64_t>(count);
  }
  const double count = std::ceil((last - first) / stride);
  if (!(count <= 0x1p62)) complain("invalid size, possible overflow");
  return static_cast<int64_t>(count);
}

}  // namespace

Tensor arange(Scalar end, TensorOptions options) { return arange(0, end, 1, options); }
Tensor arange(Scalar start, Scalar end, TensorOptions options) { return arange(start, end, 1, options); }

Tensor arange(Scalar start, Scalar end, Scalar step, TensorOptions options) {
  if (!options.has_dtype() && !start.isFloatingPoint() && !end.isFloatingPoint() && !step.isFloatingPoint()) {
    options = options.dtype(kLong);
  }
  tensor_data::check_options("arange", options);
  if (options.dtype() == kBool) fail_type("arange", "not implemented for bool; need a number type");
  if (options.dtype() == kLong) {  // as libtorch: whole numbers from the beginning
    for (Scalar* number : {&start, &end, &step}) *number = number->to<int64_t>();
  }
  Tensor result = tensor_data::make(range_size(start, end, step, options.dtype()), options.dtype());
  visit_dtype(options.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    using Wide = std::conditional_t<std::is_integral_v<T>, int64_t, double>;
    auto* out = static_cast<T*>(result.data_ptr());
    const auto first = start.to<Wide>(), stride = step.to<Wide>();
    const int64_t n = result.numel();
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(first + static_cast<Wide>(i) * stride);
  });
  return tensor_data::finish(std::move(result), options);
}

// From both ends, so that the last number is `end` itself and the list is symmetric.
Tensor linspace(Scalar start, Scalar end, int64_t steps, TensorOptions options) {
  if (steps < 0) fail_value("linspace", fmt::format("number of steps must be non-negative, got {}", steps));
  tensor_data::check_options("linspace", options);
  if (options.dtype() == kBool) fail_type("linspace", "not implemented for bool; need a number type");
  Tensor result = tensor_data::make(steps, options.dtype());
  visit_dtype(options.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    // Integers step in double. 16-bit numbers are rounded after each operation, as in libtorch.
    using Wide = std::conditional_t<std::is_integral_v<T> || std::is_same_v<T, double>, double, float>;
    const auto rounded = [](Wide value) { return std::is_integral_v<T> ? value : static_cast<Wide>(T(value)); };
    const auto number = [&](int64_t n) { return rounded(static_cast<Wide>(n)); };
    const auto first = static_cast<Wide>(start.to<T>()), last = static_cast<Wide>(end.to<T>());
    const Wide step = steps > 1 ? rounded(rounded(last - first) / number(steps - 1)) : Wide(0);
    auto* out = static_cast<T*>(result.data_ptr());
    for (int64_t i = 0; i < steps; ++i) {
      out[i] = static_cast<T>(i < steps / 2 || steps == 1 ? first + rounded(step * number(i))
                                                          : last - rounded(step * number(steps - 1 - i)));
    }
  });
  return tensor_data::finish(std::move(result), options);
}

Tensor logspace(Scalar start, Scalar end, int64_t steps, double base, TensorOptions options) {
  if (steps < 0) fail_value("logspace", fmt::format("number of steps must be non-negative, got {}", steps));
  tensor_data::check_options("logspace", options);
  if (options.dtype() == kBool) fail_type("logspace", "not implemented for bool; need a number type");
  Tensor result = tensor_data::make(steps, options.dtype());
  visit_dtype(options.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    using Wide = std::conditional_t<std::is_same_v<T, double> || std::is_integral_v<T>, double, float>;
    const auto first = static_cast<Wide>(start.to<T>()), last = static_cast<Wide>(end.to<T>());
    const Wide step = steps > 1 ? (last - first) / static_cast<Wide>(steps - 1) : Wide(0);
    auto* out = static_cast<T*>(result.data_ptr());
    for (int64_t i = 0; i < steps; ++i) {
      const Wide exponent = i < steps / 2 || steps == 1 ? first + step * static_cast<Wide>(i)
                                                        : last - step * static_cast<Wide>(steps - 1 - i);
      out[i] = static_cast<T>(std::pow(static_cast<Wide>(base), exponent));
    }
  });
  return tensor_data::finish(std::move(result), options);
}

Tensor range(Scalar start, Scalar end, TensorOptions options) { return range(start, end, 1, options); }

Tensor range(Scalar start, Scalar end, Scalar step, TensorOptions options) {
  const double first = start.to<double>(), last = end.to<double>(), stride = step.to<double>();
  const auto complain = [&](const char* text) {
    fail_value("range", fmt::format("{}: start {}, end {}, step {}", text, first, last, stride));
  };
  if (!(stride > 0 || stride < 0)) complain("step must be nonzero");
  if (!std::isfinite(first) || !std::isfinite(last)) complain("unsupported range");
  if ((stride > 0 && last < first) || (stride < 0 && last > first)) {
    complain("upper bound and larger bound inconsistent with step sign");
  }
  tensor_data::check_options("range", options);
  if (options.dtype() == kBool) fail_type("range", "not implemented for bool; need a number type");
  const double count = std::floor((last - first) / stride) + 1;
  if (!(count <= 0x1p62)) complain("invalid size, possible overflow");
  Tensor result = tensor_data::make(static_cast<int64_t>(count), options.dtype());
  visit_dtype(options.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    using Wide = std::conditional_t<std::is_integral_v<T>, int64_t, double>;
    auto* out = static_cast<T*>(result.data_ptr());
    const auto from = start.to<Wide>(), by = step.to<Wide>();
    for (int64_t i = 0; i < result.numel(); ++i) out[i] = static_cast<T>(from + static_cast<Wide>(i) * by);
  });
  return tensor_data::finish(std::move(result), options);
}

}  // namespace rondo
