#include <rondo/nn/functional/pooling.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/pooling.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo::nn::functional {
namespace {

// The sizes that are asked for; those that are missing, from the input.
Dims sizes_for(const Tensor& input, IntArrayRef asked) {
  static_cast<void>(input);
  return Dims(asked);
}
Dims sizes_for(const Tensor& input, ArrayRef<std::optional<int64_t>> asked) {
  const int64_t first = input.dim() - static_cast<int64_t>(asked.size());
  if (first < 0) {
    fail("adaptive_pool",
         fmt::format("input is {}; need {} dimensions or more", to_string(input.sizes()), asked.size()));
  }
  Dims sizes(input.sizes().slice(static_cast<size_t>(first)));
  for (size_t d = 0; d < asked.size(); ++d) {
    if (asked[d]) sizes[static_cast<int32_t>(d)] = *asked[d];
  }
  return sizes;
}

// What the poolings of a dimension may have begun as: what the windows cover, give or take a stride.
template <size_t D>
std::vector<int64_t> unpooled_size(const Tensor& input, const MaxUnpoolFuncOptions<D>& options) {
  const char* op = "max_unpool";
  const int64_t first = input.dim() - static_cast<int64_t>(D);
  if (first != 1 && first != 2) {
    fail(op, fmt::format("input is {}; need {} or {} dimensions", to_string(input.sizes()), D + 1, D + 2));
  }
  const auto &kernel = *options.kernel_size(), &stride = *options.stride(), &padding = *options.padding();
  std::vector<int64_t> covered;
  for (size_t d = 0; d < D; ++d) {
    covered.push_back((input.size(first + static_cast<int64_t>(d)) - 1) * stride[d] + kernel[d] - 2 * padding[d]);
  }
  if (!options.output_size()) return covered;
  IntArrayRef asked(*options.output_size());
  if (asked.size() == static_cast<size_t>(input.dim())) asked = asked.slice(static_cast<size_t>(first));
  if (asked.size() != D) {
    fail(op, fmt::format("output_size should be a sequence containing {} or {} elements, but it has a length of '{}'",
                         D, input.dim(), options.output_size()->size()));
  }
  for (size_t d = 0; d < D; ++d) {
    const int64_t low = covered[d] - stride[d], high = covered[d] + stride[d];
    if (asked[d] < low || asked[d] > high) {
      fail(op,
           fmt::format("invalid output_size {} (dim {} must be between {} and {})", to_string(asked), d, low, high));
    }
  }
  return std::vector<int64_t>(asked.begin(), asked.end());
}

// The p-norm of each window from the mean of its p-th powers. Where that is 0, so is the gradient, as in norm().
Tensor power_mean(const Tensor& mean, double p, IntArrayRef kernel) {
  double count = 1;
  for (const int64_t size : kernel) count *= static_cast<double>(size);
  const Tensor zero = mean == 0;
  return mean.masked_fill(zero, 1).mul(count).pow(1 / p).masked_fill(zero, 0);
}

template <size_t D>
std::tuple<Tensor, Tensor> fractional(const char* op, const Tensor& input, const FractionalMaxPoolOptions<D>& options,
                                      decltype(&rondo::fractional_max_pool2d) call) {
  const int64_t first = input.dim() - static_cast<int64_t>(D);
  if (first != 1 && first != 2) {
    fail(op, fmt::format("input is {}; need {} or {} dimensions", to_string(input.sizes()), D + 1, D + 2));
  }
  Dims sizes(input.sizes().slice(static_cast<size_t>(first)));
  if (options.output_size()) {
    sizes = Dims(IntArrayRef(*options.output_size()));
  } else if (options.output_ratio()) {
    const auto& ratio = **options.output_ratio();
    for (size_t d = 0; d < D; ++d) {
      int64_t& size = sizes[static_cast<int32_t>(d)];
      size = static_cast<int64_t>(static_cast<double>(size) * ratio[d]);
    }
  } else {
    fail(op, fmt::format("{} requires specifying either an output_size or an output_ratio", op));
  }
  Tensor samples = options._random_samples();
  if (!samples.defined()) {
    samples = rondo::rand({first == 1 ? 1 : input.size(0), input.size(first - 1), static_cast<int64_t>(D)},
                          TensorOptions(input.dtype()));
  }
  return call(input, options.kernel_size(), sizes, samples);
}

}  // namespace

#define RONDO_DEFINE(D)                                                                                            \
  Tensor max_pool##D##d(const Tensor& input, const MaxPool##D##dFuncOptions& o) {                                  \
    return rondo::max_pool##D##d(input, o.kernel_size(), o.stride(), o.padding(), o.dilation(), o.ceil_mode());    \
  }                                                                                                                \
  std::tuple<Tensor, Tensor> max_pool##D##d_with_indices(const Tensor& input, const MaxPool##D##dFuncOptions& o) { \
    return rondo::max_pool##D##d_with_indices(input, o.kernel_size(), o.stride(), o.padding(), o.dilation(),       \
                                              o.ceil_mode());                                                      \
  }                                                                                                                \
  Tensor adaptive_max_pool##D##d(const Tensor& input, const AdaptiveMaxPool##D##dFuncOptions& o) {                 \
    return std::get<0>(adaptive_max_pool##D##d_with_indices(input, o));                                            \
  }                                                                                                                \
  std::tuple<Tensor, Tensor> adaptive_max_pool##D##d_with_indices(const Tensor& input,                             \
                                                                  const AdaptiveMaxPool##D##dFuncOptions& o) {     \
    return rondo::adaptive_max_pool##D##d(input, sizes_for(input, o.output_size()));                               \
  }                                                                                                                \
  Tensor adaptive_avg_pool##D##d(const Tensor& input, const AdaptiveAvgPool##D##dFuncOptions& o) {                 \
    return rondo::adaptive_avg_pool##D##d(input, sizes_for(input, o.output_size()));                               \
  }                                                                                                                \
  Tensor lp_pool##D##d(const Tensor& input, const LPPool##D##dFuncOptions& o) {                                    \
    const double p = o.norm_type();                                                                                \
    return power_mean(rondo::avg_pool##D##d(input.pow(p), o.kernel_size(), o.stride(), 0, o.ceil_mode()), p,       \
                      o.kernel_size());                                                                            \
  }
RONDO_DEFINE(1)
RONDO_DEFINE(2)
RONDO_DEFINE(3)
#undef RONDO_DEFINE

Tensor avg_pool1d(const Tensor& input, const AvgPool1dFuncOptions& o) {
  return rondo::avg_pool1d(input, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad());
}
Tensor avg_pool2d(const Tensor& input, const AvgPool2dFuncOptions& o) {
  return rondo::avg_pool2d(input, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad(),
                           o.divisor_override());
}
Tensor avg_pool3d(const Tensor& input, const AvgPool3dFuncOptions& o) {
  return rondo::avg_pool3d(input, o.kernel_size(), o.stride(), o.padding(), o.ceil_mode(), o.count_include_pad(),
                           o.divisor_override());
}

// Rows are images one number wide.
Tensor max_unpool1d(const Tensor& input, const Tensor& indices, const MaxUnpool1dFuncOptions& options) {
  return rondo::max_unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), {unpooled_size(input, options)[0], 1})
      .squeeze(-1);
}
Tensor max_unpool2d(const Tensor& input, const Tensor& indices, const MaxUnpool2dFuncOptions& options) {
  return rondo::max_unpool2d(input, indices, unpooled_size(input, options));
}
Tensor max_unpool3d(const Tensor& input, const Tensor& indices, const MaxUnpool3dFuncOptions& options) {
  return rondo::max_unpool3d(input, indices, unpooled_size(input, options), options.stride(), options.padding());
}

#define RONDO_DEFINE(D)                                                                                      \
  Tensor fractional_max_pool##D##d(const Tensor& input, const FractionalMaxPool##D##dFuncOptions& options) { \
    return std::get<0>(fractional_max_pool##D##d_with_indices(input, options));                              \
  }                                                                                                          \
  std::tuple<Tensor, Tensor> fractional_max_pool##D##d_with_indices(                                         \
      const Tensor& input, const FractionalMaxPool##D##dFuncOptions& options) {                              \
    return fractional<D>("fractional_max_pool" #D "d", input, options, &rondo::fractional_max_pool##D##d);   \
  }
RONDO_DEFINE(2)
RONDO_DEFINE(3)
#undef RONDO_DEFINE

}  // namespace rondo::nn::functional
