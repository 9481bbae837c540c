// Tensors of random numbers: the streams of libtorch's CPU generator.
#include <rondo/autograd/kernels/random.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <limits>

namespace rondo {
namespace {

using tensor_data::check_options;
using tensor_data::finish;
using tensor_data::make;
using tensor_data::make_like;
using OptionalGenerator = std::optional<Generator>;

const Generator& chosen(const OptionalGenerator& generator) { return generator ? *generator : default_generator(); }

void check_real(const char* operation, const TensorOptions& options) {
  check_options(operation, options);
  if (!is_floating_point(options.dtype())) {
    fail_type(operation,
              fmt::format("not implemented for {}; need a floating point type", dtype_name(options.dtype())));
  }
}

Tensor fill_uniform(const Tensor& tensor, const OptionalGenerator& generator) {
  const GeneratorLock lock(chosen(generator));
  kernels::uniform(lock.source(), tensor.dtype(), tensor.numel(), tensor.data_ptr(), 0, 1);
  return tensor;
}

Tensor fill_normal(const Tensor& tensor, const OptionalGenerator& generator) {
  const GeneratorLock lock(chosen(generator));
  kernels::normal(lock.source(), tensor.dtype(), tensor.numel(), tensor.data_ptr(), 0, 1, tensor.is_contiguous());
  return tensor;
}

}  // namespace

namespace tensor_data {

uint64_t check_random_range(const char* operation, ScalarType type, int64_t low, int64_t high) {
  if (low >= high) {
    fail_value(operation, fmt::format("expects 'from' to be less than 'to', but got from={} >= to={}", low, high));
  }
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (std::is_integral_v<T>) {
      const auto least = static_cast<int64_t>(std::numeric_limits<T>::min());
      const auto most = static_cast<int64_t>(std::numeric_limits<T>::max());
      if (low < least || high - 1 > most) {
        fail_value(operation,
                   fmt::format("{} is out of bounds for {}", low < least ? "from" : "to - 1", dtype_name(type)));
      }
    }
  });
  return static_cast<uint64_t>(high) - static_cast<uint64_t>(low);
}

}  // namespace tensor_data

Tensor rand(IntArrayRef sizes, TensorOptions options) { return rand(sizes, std::nullopt, options); }
Tensor rand(IntArrayRef sizes, std::optional<Generator> generator, TensorOptions options) {
  check_real("rand", options);
  return finish(fill_uniform(make(sizes, options.dtype()), generator), options);
}

Tensor randn(IntArrayRef sizes, TensorOptions options) { return randn(sizes, std::nullopt, options); }
Tensor randn(IntArrayRef sizes, std::optional<Generator> generator, TensorOptions options) {
  check_real("randn", options);
  return finish(fill_normal(make(sizes, options.dtype()), generator), options);
}

Tensor rand_like(const Tensor& like, TensorOptions options) {
  options = tensor_data::options_like(like, options);
  check_real("rand_like", options);
  return finish(fill_uniform(make_like(like, options.dtype(), options.memory_format_opt()), std::nullopt), options);
}

Tensor randn_like(const Tensor& like, TensorOptions options) {
  options = tensor_data::options_like(like, options);
  check_real("randn_like", options);
  return finish(fill_normal(make_like(like, options.dtype(), options.memory_format_opt()), std::nullopt), options);
}

Tensor randint(int64_t high, IntArrayRef sizes, TensorOptions options) { return randint(0, high, sizes, options); }

Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, TensorOptions options) {
  if (!options.has_dtype()) options = options.dtype(kLong);
  check_options("randint", options);
  const uint64_t range = tensor_data::check_random_range("randint", options.dtype(), low, high);
  Tensor result = make(sizes, options.dtype());
  {
    const GeneratorLock lock(default_generator());
    kernels::random_range(lock.source(), result.dtype(), result.numel(), result.data_ptr(), low, range);
  }
  return finish(std::move(result), options);
}

Tensor randperm(int64_t n, TensorOptions options) { return randperm(n, std::nullopt, options); }

Tensor randperm(int64_t n, std::optional<Generator> generator, TensorOptions options) {
  if (n < 0) fail_value("randperm", fmt::format("n must be non-negative, got {}", n));
  if (!options.has_dtype()) options = options.dtype(kLong);
  check_options("randperm", options);
  if (options.dtype() == kBool) fail_type("randperm", "not implemented for bool; need a number type");
  visit_dtype(options.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    // The numbers up to which every integer has its own value.
    constexpr int64_t most = std::is_same_v<T, double>     ? int64_t{1} << 53
                             : std::is_same_v<T, float>    ? int64_t{1} << 24
                             : std::is_same_v<T, Half>     ? int64_t{1} << 11
                             : std::is_same_v<T, BFloat16> ? int64_t{1} << 8
                                                           : static_cast<int64_t>(std::numeric_limits<T>::max());
    if (n - 1 > most) {
      fail_value("randperm", fmt::format("n is too large for {}: got {}", dtype_name(options.dtype()), n));
    }
  });
  Tensor result = make(n, options.dtype());
  {
    const GeneratorLock lock(chosen(generator));
    kernels::random_permutation(lock.source(), result.dtype(), n, result.data_ptr());
  }
  return finish(std::move(result), options);
}

}  // namespace rondo
