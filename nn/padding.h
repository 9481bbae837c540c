// The paddings as modules. padding: one number for all sides, or before and after the last dimension, then the one
// before it, ...; negative numbers cut.
#pragma once

#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/padding.h>

namespace rondo::nn {

#define RONDO_PAD(Name, D)                                  \
  class Name##Impl : public Cloneable<Name##Impl> {         \
   public:                                                  \
    Name##Impl(ExpandingArray<D * 2> padding);              \
    explicit Name##Impl(const Name##Options& options);      \
    void reset() override;                                  \
    void pretty_print(std::ostream& stream) const override; \
    Tensor forward(const Tensor& input);                    \
                                                            \
    Name##Options options;                                  \
  };                                                        \
  RONDO_MODULE(Name);
// Mirrored at the border, which is not repeated; the border repeated; zeros. Of (N, C, ...) or (C, ...) with D
// dimensions behind the channels; zeros around the last D dimensions of any tensor.
RONDO_PAD(ReflectionPad1d, 1)
RONDO_PAD(ReflectionPad2d, 2)
RONDO_PAD(ReflectionPad3d, 3)
RONDO_PAD(ReplicationPad1d, 1)
RONDO_PAD(ReplicationPad2d, 2)
RONDO_PAD(ReplicationPad3d, 3)
RONDO_PAD(ZeroPad1d, 1)
RONDO_PAD(ZeroPad2d, 2)
RONDO_PAD(ZeroPad3d, 3)
#undef RONDO_PAD

// A number around the last dimensions.
#define RONDO_PAD(Name, D)                                   \
  class Name##Impl : public Cloneable<Name##Impl> {          \
   public:                                                   \
    Name##Impl(ExpandingArray<D * 2> padding, double value); \
    explicit Name##Impl(const Name##Options& options);       \
    void reset() override;                                   \
    void pretty_print(std::ostream& stream) const override;  \
    Tensor forward(const Tensor& input);                     \
                                                             \
    Name##Options options;                                   \
  };                                                         \
  RONDO_MODULE(Name);
RONDO_PAD(ConstantPad1d, 1)
RONDO_PAD(ConstantPad2d, 2)
RONDO_PAD(ConstantPad3d, 3)
#undef RONDO_PAD

}  // namespace rondo::nn
