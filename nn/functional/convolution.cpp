#include <rondo/nn/functional/convolution.h>

#include <rondo/autograd/ops/convolution.h>

namespace rondo::nn::functional {

#define RONDO_CONV(D)                                                                                                 \
  Tensor conv##D##d(const Tensor& input, const Tensor& weight, const Conv##D##dFuncOptions& options) {                \
    const auto& padding = options.padding();                                                                          \
    if (padding.is_same() || padding.is_valid()) {                                                                    \
      return rondo::conv##D##d(input, weight, options.bias(), options.stride(), padding.is_same() ? "same" : "valid", \
                               options.dilation(), options.groups());                                                 \
    }                                                                                                                 \
    return rondo::conv##D##d(input, weight, options.bias(), options.stride(), IntArrayRef(padding.values()),          \
                             options.dilation(), options.groups());                                                   \
  }                                                                                                                   \
  Tensor conv_transpose##D##d(const Tensor& input, const Tensor& weight,                                              \
                              const ConvTranspose##D##dFuncOptions& options) {                                        \
    return rondo::conv_transpose##D##d(input, weight, options.bias(), options.stride(), options.padding(),            \
                                       options.output_padding(), options.groups(), options.dilation());               \
  }
RONDO_CONV(1)
RONDO_CONV(2)
RONDO_CONV(3)
#undef RONDO_CONV

Tensor unfold(const Tensor& input, const UnfoldFuncOptions& options) {
  if (input.dim() != 4) {
    fail("unfold", "Input Error: Only 4D input Tensors are supported (got " + std::to_string(input.dim()) + "D)");
  }
  return im2col(input, options.kernel_size(), options.dilation(), options.padding(), options.stride());
}

Tensor fold(const Tensor& input, const FoldFuncOptions& options) {
  if (input.dim() != 3 && input.dim() != 2) {
    fail("fold", "Input Error: Only unbatched (2D) or batched (3D) input Tensors are supported (got " +
                     std::to_string(input.dim()) + "D)");
  }
  return col2im(input, options.output_size(), options.kernel_size(), options.dilation(), options.padding(),
                options.stride());
}

}  // namespace rondo::nn::functional
