#include <rondo/nn/convolution.h>

#include <rondo/autograd/ops/convolution.h>
#include <rondo/autograd/ops/padding.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/nn/init.h>
#include <rondo/nn/init_parts.h>

#include <cmath>
#include <ostream>

namespace rondo::nn {
namespace {

void check_groups(const char* name, int64_t in_channels, int64_t out_channels, int64_t groups) {
  const auto refuse = [&](const char* text) {
    fail(name, std::string(text) + "; got in_channels=" + std::to_string(in_channels) +
                   ", out_channels=" + std::to_string(out_channels) + ", groups=" + std::to_string(groups));
  };
  if (groups < 1) refuse("in_channels, groups and out_channels must be a positive integer");
  if (in_channels % groups != 0) refuse("in_channels must be divisible by groups");
  if (out_channels % groups != 0) refuse("out_channels must be divisible by groups");
}

// The options that Conv1d and ConvTranspose1d share with all others.
template <size_t D, class Options>
detail::ConvNdOptions<D> common(const Options& options) {
  return detail::ConvNdOptions<D>(options.in_channels(), options.out_channels(), options.kernel_size())
      .stride(options.stride())
      .padding(options.padding())
      .dilation(options.dilation())
      .groups(options.groups())
      .bias(options.bias())
      .padding_mode(options.padding_mode());
}
template <size_t D>
detail::ConvNdOptions<D> nd(const ConvOptions<D>& options) {
  return common<D>(options).transposed(false).output_padding(0);
}
template <size_t D>
detail::ConvNdOptions<D> nd(const ConvTransposeOptions<D>& options) {
  return common<D>(options).transposed(true).output_padding(options.output_padding());
}

template <size_t D>
bool is(const ExpandingArray<D>& values, int64_t number) {
  return *values == *ExpandingArray<D>(number);
}

// The output_padding that gives `output_size`.
template <size_t D>
std::vector<int64_t> output_padding(const char* name, const detail::ConvNdOptions<D>& options, const Tensor& input,
                                    const std::optional<IntArrayRef>& output_size) {
  const std::array<int64_t, D>& given = *options.output_padding();
  if (!output_size) return {given.begin(), given.end()};
  IntArrayRef wanted = *output_size;
  if (wanted.size() == D + 2) wanted = wanted.slice(2);
  if (wanted.size() != D || input.dim() != static_cast<int64_t>(D) + 2) {
    fail(name, "output_size must have " + std::to_string(D) + " or " + std::to_string(D + 2) + " elements (got " +
                   std::to_string(output_size->size()) + ") and a batched input; the input is " +
                   to_string(input.sizes()));
  }
  std::vector<int64_t> result;
  for (size_t i = 0; i < D; ++i) {
    const int64_t stride = (*options.stride())[i];
    const int64_t least = (input.size(static_cast<int64_t>(i) + 2) - 1) * stride -
                          2 * (*options.padding().values())[i] + (*options.kernel_size())[i];
    if (wanted[i] < least || wanted[i] > least + stride - 1) {
      fail(name, "requested an output size of " + to_string(*output_size) + ", but valid sizes at dimension " +
                     std::to_string(i + 2) + " range from " + std::to_string(least) + " to " +
                     std::to_string(least + stride - 1) + " (for an input of " + to_string(input.sizes()) + ")");
    }
    result.push_back(wanted[i] - least);
  }
  return result;
}

}  // namespace

template <size_t D, class Derived>
ConvNdImpl<D, Derived>::ConvNdImpl(detail::ConvNdOptions<D> options_) : options(std::move(options_)) {
  ConvNdImpl::reset();
}

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset() {
  const std::string name = std::string(options.transposed() ? "ConvTranspose" : "Conv") + std::to_string(D) + "d";
  const int64_t in = options.in_channels(), out = options.out_channels(), groups = options.groups();
  check_groups(name.c_str(), in, out, groups);
  _reversed_padding_repeated_twice.assign(2 * D, 0);
  for (size_t i = 0; i < D; ++i) {
    int64_t* pads = _reversed_padding_repeated_twice.data() + 2 * (D - 1 - i);
    if (options.padding().is_same()) {
      if ((*options.stride())[i] != 1) fail(name, "padding='same' is not supported for strided convolutions");
      const int64_t total = (*options.dilation())[i] * ((*options.kernel_size())[i] - 1);
      pads[0] = total / 2;
      pads[1] = total - total / 2;
    } else {
      pads[0] = pads[1] = (*options.padding().values())[i];
    }
  }
  std::vector<int64_t> sizes =
      options.transposed() ? std::vector<int64_t>{in, out / groups} : std::vector<int64_t>{out, in / groups};
  sizes.insert(sizes.end(), options.kernel_size()->begin(), options.kernel_size()->end());
  weight = this->register_parameter("weight", rondo::empty(IntArrayRef(sizes)));
  bias = options.bias() ? this->register_parameter("bias", empty({out})) : this->register_parameter("bias", {}, false);
  reset_parameters();
}

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset_parameters() {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const double bound = bias_bound(std::get<0>(init::_calculate_fan_in_and_fan_out(weight)));
  init::uniform_(bias, -bound, bound);
}

template <size_t D, class Derived>
void ConvNdImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Conv" << (options.transposed() ? "Transpose" : "") << D << "d(" << options.in_channels() << ", "
         << options.out_channels() << ", kernel_size=" << options.kernel_size() << ", stride=" << options.stride();
  if (options.padding().is_valid()) stream << ", padding='valid'";
  if (options.padding().is_same()) stream << ", padding='same'";
  if (!is(options.padding().values(), 0)) stream << ", padding=" << options.padding().values();
  if (!is(options.dilation(), 1)) stream << ", dilation=" << options.dilation();
  if (!is(options.output_padding(), 0)) stream << ", output_padding=" << options.output_padding();
  if (options.groups() != 1) stream << ", groups=" << options.groups();
  if (!options.bias()) stream << ", bias=" << std::boolalpha << false;
  if (!options.padding_mode().template is<enumtype::kZeros>()) {
    stream << ", padding_mode=" << enumtype::get_enum_name(options.padding_mode());
  }
  stream << ")";
}

#define RONDO_CONV(D)                                                                                                 \
  template class ConvNdImpl<D, Conv##D##dImpl>;                                                                       \
  template class ConvNdImpl<D, ConvTranspose##D##dImpl>;                                                              \
                                                                                                                      \
  Conv##D##dImpl::Conv##D##dImpl(int64_t input_channels, int64_t output_channels, ExpandingArray<D> kernel_size)      \
      : Conv##D##dImpl(Conv##D##dOptions(input_channels, output_channels, kernel_size)) {}                            \
  Conv##D##dImpl::Conv##D##dImpl(Conv##D##dOptions options_) : ConvNdImpl(nd(options_)) {}                            \
  Tensor Conv##D##dImpl::forward(const Tensor& input) { return _conv_forward(input, weight); }                        \
  Tensor Conv##D##dImpl::_conv_forward(const Tensor& input, const Tensor& kernel) {                                   \
    const auto& padding = options.padding();                                                                          \
    const char* mode = options.padding_mode().is<enumtype::kReflect>()     ? "reflect"                                \
                       : options.padding_mode().is<enumtype::kReplicate>() ? "replicate"                              \
                       : options.padding_mode().is<enumtype::kCircular>()  ? "circular"                               \
                                                                           : nullptr;                                  \
    if (mode) {                                                                                                       \
      return conv##D##d(pad(input, _reversed_padding_repeated_twice, mode), kernel, bias, options.stride(), 0,        \
                        options.dilation(), options.groups());                                                        \
    }                                                                                                                 \
    if (padding.is_same()) {                                                                                          \
      return conv##D##d(input, kernel, bias, options.stride(), "same", options.dilation(), options.groups());         \
    }                                                                                                                 \
    return conv##D##d(input, kernel, bias, options.stride(), IntArrayRef(padding.values()), options.dilation(),       \
                      options.groups());                                                                              \
  }                                                                                                                   \
                                                                                                                      \
  ConvTranspose##D##dImpl::ConvTranspose##D##dImpl(int64_t input_channels, int64_t output_channels,                   \
                                                   ExpandingArray<D> kernel_size)                                     \
      : ConvTranspose##D##dImpl(ConvTranspose##D##dOptions(input_channels, output_channels, kernel_size)) {}          \
  ConvTranspose##D##dImpl::ConvTranspose##D##dImpl(ConvTranspose##D##dOptions options_) : ConvNdImpl(nd(options_)) {} \
  Tensor ConvTranspose##D##dImpl::forward(const Tensor& input, const std::optional<IntArrayRef>& output_size) {       \
    if (!options.padding_mode().is<enumtype::kZeros>()) {                                                             \
      fail("ConvTranspose" #D "d", "Only `zeros` padding mode is supported for ConvTranspose" #D "d; got " +          \
                                       enumtype::get_enum_name(options.padding_mode()));                              \
    }                                                                                                                 \
    return conv_transpose##D##d(input, weight, bias, options.stride(), IntArrayRef(options.padding().values()),       \
                                output_padding<D>("ConvTranspose" #D "d", options, input, output_size),               \
                                options.groups(), options.dilation());                                                \
  }
RONDO_CONV(1)
RONDO_CONV(2)
RONDO_CONV(3)
#undef RONDO_CONV

RONDO_DEFAULT_ARGS(ConvTranspose1dImpl, {1, AnyValue(std::optional<IntArrayRef>())})
RONDO_DEFAULT_ARGS(ConvTranspose2dImpl, {1, AnyValue(std::optional<IntArrayRef>())})
RONDO_DEFAULT_ARGS(ConvTranspose3dImpl, {1, AnyValue(std::optional<IntArrayRef>())})

}  // namespace rondo::nn
