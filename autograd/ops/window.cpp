// Window functions of signal processing, computed in float64.
#include <rondo/autograd/kernels/special.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/window.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <cmath>

namespace rondo {
namespace {

constexpr double kTwoPi = 6.28318530717958647693;

// f(k, last) for k = 0, ..., length - 1, where last is the k of the window's other end.
template <class F>
Tensor window(const char* operation, int64_t length, bool periodic, const TensorOptions& options, F f) {
  if (!is_floating_point(options.dtype())) {
    fail(operation, fmt::format("expects floating point dtypes, got: {}", dtype_name(options.dtype())));
  }
  if (length < 0) fail(operation, fmt::format("requires non-negative window_length, got window_length={}", length));
  tensor_data::check_options(operation, options);
  if (length == 1) return ones({1}, options);
  const Tensor numbers = tensor_data::make({length}, kDouble);
  const auto last = static_cast<double>(periodic ? length : length - 1);
  for (int64_t k = 0; k < length; ++k) numbers.data_ptr<double>()[k] = f(static_cast<double>(k), last);
  return tensor_data::finish(numbers.to(options.dtype()), options);
}

}  // namespace

Tensor hamming_window(int64_t length, bool periodic, double alpha, double beta, TensorOptions options) {
  return window("hamming_window", length, periodic, options,
                [&](double k, double last) { return alpha - beta * std::cos(kTwoPi * k / last); });
}
Tensor hamming_window(int64_t length, bool periodic, double alpha, TensorOptions options) {
  return hamming_window(length, periodic, alpha, 0.46, options);
}
Tensor hamming_window(int64_t length, bool periodic, TensorOptions options) {
  return hamming_window(length, periodic, 0.54, options);
}
Tensor hamming_window(int64_t length, TensorOptions options) { return hamming_window(length, true, options); }

Tensor hann_window(int64_t length, bool periodic, TensorOptions options) {
  return window("hann_window", length, periodic, options,
                [](double k, double last) { return 0.5 - 0.5 * std::cos(kTwoPi * k / last); });
}
Tensor hann_window(int64_t length, TensorOptions options) { return hann_window(length, true, options); }

Tensor blackman_window(int64_t length, bool periodic, TensorOptions options) {
  return window("blackman_window", length, periodic, options, [](double k, double last) {
    const double angle = kTwoPi * k / last;
    return 0.42 - 0.5 * std::cos(angle) + 0.08 * std::cos(2 * angle);
  });
}
Tensor blackman_window(int64_t length, TensorOptions options) { return blackman_window(length, true, options); }

Tensor bartlett_window(int64_t length, bool periodic, TensorOptions options) {
  return window("bartlett_window", length, periodic, options,
                [](double k, double last) { return 1 - std::fabs(2 * k / last - 1); });
}
Tensor bartlett_window(int64_t length, TensorOptions options) { return bartlett_window(length, true, options); }

Tensor kaiser_window(int64_t length, bool periodic, double beta, TensorOptions options) {
  return window("kaiser_window", length, periodic, options, [&](double k, double last) {
    const double t = 2 * k / last - 1;
    return kernels::special::i0(beta * std::sqrt(1 - t * t)) / kernels::special::i0(beta);
  });
}
Tensor kaiser_window(int64_t length, bool periodic, TensorOptions options) {
  return kaiser_window(length, periodic, 12, options);
}
Tensor kaiser_window(int64_t length, TensorOptions options) { return kaiser_window(length, true, options); }

RONDO_OP(
    windows, .name = "hann_window, hamming_window, blackman_window, bartlett_window, kaiser_window",
    .doc = "window functions of signal processing", .differentiable = false, .any_layout = false,
    .samples = [](ops::Samples& s) {
      s.add("times a signal", {s.real({6})},
            RONDO_SAMPLE(in[0].detach() * hann_window(6, in[0].dtype()) * kaiser_window(6, false, in[0].dtype())));
      s.error("an integer dtype", "expects floating point dtypes", [] { hann_window(3, kLong); });
      s.error("a negative length", "non-negative window_length", [] { bartlett_window(-1); });
    })

}  // namespace rondo
