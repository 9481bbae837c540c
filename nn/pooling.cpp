#include <rondo/nn/pooling.h>

#include <fmt/format.h>

#include <ostream>

namespace rondo::nn {
namespace {

template <size_t D>
void print(std::ostream& stream, const AvgPoolOptions<D>& o) {
  stream << "kernel_size=" << o.kernel_size() << ", stride=" << o.stride() << ", padding=" << o.padding();
}
template <size_t D>
void print(std::ostream& stream, const MaxPoolOptions<D>& o) {
  stream << "kernel_size=" << o.kernel_size() << ", stride=" << o.stride() << ", padding=" << o.padding()
         << ", dilation=" << o.dilation() << ", ceil_mode=" << std::boolalpha << o.ceil_mode();
}
template <size_t D>
void print(std::ostream& stream, const MaxUnpoolOptions<D>& o) {
  stream << std::boolalpha << "kernel_size=" << o.kernel_size() << ", stride=" << o.stride()
         << ", padding=" << o.padding();
}
template <size_t D>
void print(std::ostream&, const FractionalMaxPoolOptions<D>&) {}
template <class Sizes>
void print(std::ostream& stream, const AdaptiveAvgPoolOptions<Sizes>& o) {
  stream << "output_size=" << o.output_size();
}
template <class Sizes>
void print(std::ostream& stream, const AdaptiveMaxPoolOptions<Sizes>& o) {
  stream << "output_size=" << o.output_size();
}
template <size_t D>
void print(std::ostream& stream, const LPPoolOptions<D>& o) {
  stream << "norm_type=" << o.norm_type() << ", kernel_size=" << o.kernel_size() << ", stride=" << o.stride()
         << ", ceil_mode=" << std::boolalpha << o.ceil_mode();
}

template <size_t D>
void check(const char* name, const FractionalMaxPoolOptions<D>& o) {
  if (!o.output_size() && !o.output_ratio()) {
    fail(name, fmt::format("{} requires specifying either an output size, or a pooling ratio", name));
  }
  if (o.output_size() && o.output_ratio()) fail(name, "only one of output_size and output_ratio may be specified");
  if (!o.output_ratio()) return;
  for (const double ratio : **o.output_ratio()) {
    if (!(ratio > 0 && ratio < 1)) {
      fail(name, fmt::format("output_ratio must be between 0 and 1 (got {})", to_text(*o.output_ratio())));
    }
  }
}

template <size_t D>
functional::MaxUnpoolFuncOptions<D> unpool_options(const MaxUnpoolOptions<D>& o,
                                                   const std::optional<std::vector<int64_t>>& output_size) {
  return functional::MaxUnpoolFuncOptions<D>(o.kernel_size())
      .stride(o.stride())
      .padding(o.padding())
      .output_size(output_size);
}

}  // namespace

#define RONDO_PRINTED(Name)                                   \
  void Name##Impl::pretty_print(std::ostream& stream) const { \
    print(stream << "torch::nn::" #Name "(", options);        \
    stream << ")";                                            \
  }
#define RONDO_COMMON(Name)                                                     \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) {} \
  void Name##Impl::reset() {}                                                  \
  RONDO_PRINTED(Name)
#define RONDO_FORWARD(Name, function) \
  Tensor Name##Impl::forward(const Tensor& input) { return functional::function(input, options); }
#define RONDO_WITH_INDICES(Name, function)                                           \
  RONDO_FORWARD(Name, function)                                                      \
  std::tuple<Tensor, Tensor> Name##Impl::forward_with_indices(const Tensor& input) { \
    return functional::function##_with_indices(input, options);                      \
  }

#define RONDO_DEFINE(D)                                                                             \
  AvgPool##D##dImpl::AvgPool##D##dImpl(ExpandingArray<D> kernel_size) : options(kernel_size) {}     \
  RONDO_COMMON(AvgPool##D##d)                                                                       \
  RONDO_FORWARD(AvgPool##D##d, avg_pool##D##d)                                                      \
  MaxPool##D##dImpl::MaxPool##D##dImpl(ExpandingArray<D> kernel_size) : options(kernel_size) {}     \
  RONDO_COMMON(MaxPool##D##d)                                                                       \
  RONDO_WITH_INDICES(MaxPool##D##d, max_pool##D##d)                                                 \
  MaxUnpool##D##dImpl::MaxUnpool##D##dImpl(ExpandingArray<D> kernel_size) : options(kernel_size) {} \
  RONDO_COMMON(MaxUnpool##D##d)                                                                     \
  Tensor MaxUnpool##D##dImpl::forward(const Tensor& input, const Tensor& indices,                   \
                                      const std::optional<std::vector<int64_t>>& output_size) {     \
    return functional::max_unpool##D##d(input, indices, unpool_options(options, output_size));      \
  }                                                                                                 \
  LPPool##D##dImpl::LPPool##D##dImpl(double norm_type, ExpandingArray<D> kernel_size)               \
      : options(norm_type, kernel_size) {}                                                          \
  RONDO_COMMON(LPPool##D##d)                                                                        \
  RONDO_FORWARD(LPPool##D##d, lp_pool##D##d)
RONDO_DEFINE(1)
RONDO_DEFINE(2)
RONDO_DEFINE(3)
#undef RONDO_DEFINE

#define RONDO_DEFINE(D, Sizes)                                                                      \
  AdaptiveAvgPool##D##dImpl::AdaptiveAvgPool##D##dImpl(Sizes output_size) : options(output_size) {} \
  RONDO_COMMON(AdaptiveAvgPool##D##d)                                                               \
  RONDO_FORWARD(AdaptiveAvgPool##D##d, adaptive_avg_pool##D##d)                                     \
  AdaptiveMaxPool##D##dImpl::AdaptiveMaxPool##D##dImpl(Sizes output_size) : options(output_size) {} \
  RONDO_COMMON(AdaptiveMaxPool##D##d)                                                               \
  RONDO_WITH_INDICES(AdaptiveMaxPool##D##d, adaptive_max_pool##D##d)
RONDO_DEFINE(1, ExpandingArray<1>)
RONDO_DEFINE(2, ExpandingArrayWithOptionalElem<2>)
RONDO_DEFINE(3, ExpandingArrayWithOptionalElem<3>)
#undef RONDO_DEFINE

#define RONDO_DEFINE(Name, D, function)                                                                         \
  Name##Impl::Name##Impl(ExpandingArray<D> kernel_size) : Name##Impl(Name##Options(kernel_size)) {}             \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) { Name##Impl::reset(); }            \
  void Name##Impl::reset() {                                                                                    \
    check(#Name, options);                                                                                      \
    _random_samples = register_buffer("_random_samples", options._random_samples());                            \
  }                                                                                                             \
  RONDO_PRINTED(Name)                                                                                           \
  Tensor Name##Impl::forward(const Tensor& input) { return std::get<0>(forward_with_indices(input)); }          \
  std::tuple<Tensor, Tensor> Name##Impl::forward_with_indices(const Tensor& input) {                            \
    return functional::function##_with_indices(input, Name##Options(options)._random_samples(_random_samples)); \
  }
RONDO_DEFINE(FractionalMaxPool2d, 2, fractional_max_pool2d)
RONDO_DEFINE(FractionalMaxPool3d, 3, fractional_max_pool3d)
#undef RONDO_DEFINE

RONDO_DEFAULT_ARGS(MaxUnpool1dImpl, {2, AnyValue(std::optional<std::vector<int64_t>>())})
RONDO_DEFAULT_ARGS(MaxUnpool2dImpl, {2, AnyValue(std::optional<std::vector<int64_t>>())})
RONDO_DEFAULT_ARGS(MaxUnpool3dImpl, {2, AnyValue(std::optional<std::vector<int64_t>>())})

}  // namespace rondo::nn
