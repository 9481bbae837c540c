// Options of the convolutions. Lists hold one number for all dimensions or one for each.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/enums.h>
#include <rondo/nn/expanding_array.h>

namespace rondo::nn {

namespace detail {

using conv_padding_mode_t =
    enumtype::OneOf<enumtype::kZeros, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;

// Zeros on both sides: numbers, kValid (none) or kSame (as many as keep the sizes).
template <size_t D>
class ConvPadding {
 public:
  ConvPadding(std::initializer_list<int64_t> values) : values_(values) {}
  template <class T>
  requires(std::is_convertible_v<const T&, ExpandingArray<D>>) ConvPadding(const T& values) : values_(values) {}
  ConvPadding(enumtype::kValid) : values_(0), kind_(Kind::Valid) {}
  ConvPadding(enumtype::kSame) : values_(0), kind_(Kind::Same) {}

  // The numbers; of kValid and kSame they are zeros.
  const ExpandingArray<D>& values() const { return values_; }
  bool is_valid() const { return kind_ == Kind::Valid; }
  bool is_same() const { return kind_ == Kind::Same; }

 private:
  enum class Kind : uint8_t { Values, Valid, Same };
  ExpandingArray<D> values_;
  Kind kind_ = Kind::Values;
};
template <size_t D>
using conv_padding_t = ConvPadding<D>;

// What the modules keep; output_padding and transposed belong to the transposed ones.
template <size_t D>
struct ConvNdOptions {
  using padding_t = conv_padding_t<D>;
  ConvNdOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  RONDO_ARG(int64_t, in_channels);
  RONDO_ARG(int64_t, out_channels);
  RONDO_ARG(ExpandingArray<D>, kernel_size);
  RONDO_ARG(ExpandingArray<D>, stride) = 1;
  RONDO_ARG(padding_t, padding) = 0;
  RONDO_ARG(ExpandingArray<D>, dilation) = 1;
  RONDO_ARG(bool, transposed) = false;
  RONDO_ARG(ExpandingArray<D>, output_padding) = 0;
  RONDO_ARG(int64_t, groups) = 1;
  RONDO_ARG(bool, bias) = true;
  RONDO_ARG(conv_padding_mode_t, padding_mode) = kZeros;
};

}  // namespace detail

// padding_mode: what stands beyond the border.
template <size_t D>
struct ConvOptions {
  using padding_mode_t = detail::conv_padding_mode_t;
  using padding_t = detail::conv_padding_t<D>;
  ConvOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  RONDO_ARG(int64_t, in_channels);
  RONDO_ARG(int64_t, out_channels);
  RONDO_ARG(ExpandingArray<D>, kernel_size);
  RONDO_ARG(ExpandingArray<D>, stride) = 1;
  RONDO_ARG(padding_t, padding) = 0;
  RONDO_ARG(ExpandingArray<D>, dilation) = 1;
  RONDO_ARG(int64_t, groups) = 1;
  RONDO_ARG(bool, bias) = true;
  RONDO_ARG(padding_mode_t, padding_mode) = kZeros;
};
using Conv1dOptions = ConvOptions<1>;
using Conv2dOptions = ConvOptions<2>;
using Conv3dOptions = ConvOptions<3>;

// padding_mode: kZeros alone.
template <size_t D>
struct ConvTransposeOptions {
  using padding_mode_t = detail::conv_padding_mode_t;
  ConvTransposeOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  RONDO_ARG(int64_t, in_channels);
  RONDO_ARG(int64_t, out_channels);
  RONDO_ARG(ExpandingArray<D>, kernel_size);
  RONDO_ARG(ExpandingArray<D>, stride) = 1;
  RONDO_ARG(ExpandingArray<D>, padding) = 0;
  RONDO_ARG(ExpandingArray<D>, output_padding) = 0;
  RONDO_ARG(int64_t, groups) = 1;
  RONDO_ARG(bool, bias) = true;
  RONDO_ARG(ExpandingArray<D>, dilation) = 1;
  RONDO_ARG(padding_mode_t, padding_mode) = kZeros;
};
using ConvTranspose1dOptions = ConvTransposeOptions<1>;
using ConvTranspose2dOptions = ConvTransposeOptions<2>;
using ConvTranspose3dOptions = ConvTransposeOptions<3>;

namespace functional {

template <size_t D>
struct ConvFuncOptions {
  using padding_t = nn::detail::conv_padding_t<D>;
  RONDO_ARG(Tensor, bias) = {};
  RONDO_ARG(ExpandingArray<D>, stride) = 1;
  RONDO_ARG(padding_t, padding) = 0;
  RONDO_ARG(ExpandingArray<D>, dilation) = 1;
  RONDO_ARG(int64_t, groups) = 1;
};
using Conv1dFuncOptions = ConvFuncOptions<1>;
using Conv2dFuncOptions = ConvFuncOptions<2>;
using Conv3dFuncOptions = ConvFuncOptions<3>;

template <size_t D>
struct ConvTransposeFuncOptions {
  RONDO_ARG(Tensor, bias) = {};
  RONDO_ARG(ExpandingArray<D>, stride) = 1;
  RONDO_ARG(ExpandingArray<D>, padding) = 0;
  RONDO_ARG(ExpandingArray<D>, output_padding) = 0;
  RONDO_ARG(int64_t, groups) = 1;
  RONDO_ARG(ExpandingArray<D>, dilation) = 1;
};
using ConvTranspose1dFuncOptions = ConvTransposeFuncOptions<1>;
using ConvTranspose2dFuncOptions = ConvTransposeFuncOptions<2>;
using ConvTranspose3dFuncOptions = ConvTransposeFuncOptions<3>;

}  // namespace functional
}  // namespace rondo::nn
