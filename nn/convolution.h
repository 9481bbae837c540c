// Convolutions and their transposes.
#pragma once

#include <rondo/nn/any_module.h>
#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/convolution.h>

#include <optional>
#include <vector>

namespace rondo::nn {

// What all of them keep. weight (out, in / groups, kernel ...), of transposed ones (in, out / groups, kernel ...), and
// bias (out,) begin uniform in +-1 / sqrt(fan_in). Throws Error unless groups divide both numbers of channels.
template <size_t D, class Derived>
class ConvNdImpl : public Cloneable<Derived> {
 public:
  explicit ConvNdImpl(detail::ConvNdOptions<D> options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;

  detail::ConvNdOptions<D> options;
  Tensor weight, bias;  // bias: undefined without one

 protected:
  // Around each dimension from the last one on, for the modes that pad first.
  std::vector<int64_t> _reversed_padding_repeated_twice;
};

#define RONDO_CONV(D)                                                                                        \
  class Conv##D##dImpl : public ConvNdImpl<D, Conv##D##dImpl> {                                              \
   public:                                                                                                   \
    Conv##D##dImpl(int64_t input_channels, int64_t output_channels, ExpandingArray<D> kernel_size);          \
    explicit Conv##D##dImpl(Conv##D##dOptions options);                                                      \
    Tensor forward(const Tensor& input);                                                                     \
                                                                                                             \
   protected:                                                                                                \
    Tensor _conv_forward(const Tensor& input, const Tensor& weight);                                         \
  };                                                                                                         \
  RONDO_MODULE(Conv##D##d);                                                                                  \
                                                                                                             \
  class ConvTranspose##D##dImpl : public ConvNdImpl<D, ConvTranspose##D##dImpl> {                            \
   public:                                                                                                   \
    ConvTranspose##D##dImpl(int64_t input_channels, int64_t output_channels, ExpandingArray<D> kernel_size); \
    explicit ConvTranspose##D##dImpl(ConvTranspose##D##dOptions options);                                    \
    Tensor forward(const Tensor& input, const std::optional<IntArrayRef>& output_size = std::nullopt);       \
                                                                                                             \
   protected:                                                                                                \
    RONDO_DECLARE_DEFAULT_ARGS                                                                               \
  };                                                                                                         \
  RONDO_MODULE(ConvTranspose##D##d);
// ConvNd: (N, in, ...) -> (N, out, ...), N may be missing. ConvTransposeNd: output_size (the last D dimensions or all)
// chooses among the sizes that convolve to the input's, in place of output_padding.
RONDO_CONV(1)
RONDO_CONV(2)
RONDO_CONV(3)
#undef RONDO_CONV

}  // namespace rondo::nn
