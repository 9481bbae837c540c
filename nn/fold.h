// Fold, Unfold.
#pragma once

#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/convolution.h>

namespace rondo::nn {

// Columns of windows (N, C * kernel, windows) to the image (N, C, output_size) of their sums; N may be missing.
class FoldImpl : public Cloneable<FoldImpl> {
 public:
  FoldImpl(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size);
  explicit FoldImpl(const FoldOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  FoldOptions options;
};
RONDO_MODULE(Fold);

// An image (N, C, H, W) to columns of its windows (N, C * kernel, windows).
class UnfoldImpl : public Cloneable<UnfoldImpl> {
 public:
  UnfoldImpl(ExpandingArray<2> kernel_size);
  explicit UnfoldImpl(const UnfoldOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  UnfoldOptions options;
};
RONDO_MODULE(Unfold);

}  // namespace rondo::nn
