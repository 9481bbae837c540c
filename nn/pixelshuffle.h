// PixelShuffle and PixelUnshuffle.
#pragma once

#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/pixelshuffle.h>

namespace rondo::nn {

// (..., C r^2, H, W) -> (..., C, H r, W r), r being the factor.
class PixelShuffleImpl : public Cloneable<PixelShuffleImpl> {
 public:
  explicit PixelShuffleImpl(const PixelShuffleOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  PixelShuffleOptions options;
};
RONDO_MODULE(PixelShuffle);

// (..., C, H r, W r) -> (..., C r^2, H, W).
class PixelUnshuffleImpl : public Cloneable<PixelUnshuffleImpl> {
 public:
  explicit PixelUnshuffleImpl(const PixelUnshuffleOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  PixelUnshuffleOptions options;
};
RONDO_MODULE(PixelUnshuffle);

}  // namespace rondo::nn
