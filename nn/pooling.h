// The poolings as modules.
#pragma once

#include <rondo/nn/any_module.h>
#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/pooling.h>

namespace rondo::nn {

// Each stands with the windows' size, or with its options.
#define RONDO_POOL(Name, D, members)                        \
  class Name##Impl : public Cloneable<Name##Impl> {         \
   public:                                                  \
    Name##Impl(ExpandingArray<D> kernel_size);              \
    explicit Name##Impl(const Name##Options& options);      \
    void reset() override;                                  \
    void pretty_print(std::ostream& stream) const override; \
    members Name##Options options;                          \
  };                                                        \
  RONDO_MODULE(Name);
#define RONDO_FORWARD Tensor forward(const Tensor& input);
#define RONDO_WITH_INDICES RONDO_FORWARD std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);
// The places are those that max_pool's forward_with_indices gave; output_size as in MaxUnpoolFuncOptions.
#define RONDO_UNPOOL                                                                     \
  Tensor forward(const Tensor& input, const Tensor& indices,                             \
                 const std::optional<std::vector<int64_t>>& output_size = std::nullopt); \
                                                                                         \
 protected:                                                                              \
  RONDO_DECLARE_DEFAULT_ARGS                                                             \
                                                                                         \
 public:

// The mean of windows; the largest number of windows, with its place.
RONDO_POOL(AvgPool1d, 1, RONDO_FORWARD)
RONDO_POOL(AvgPool2d, 2, RONDO_FORWARD)
RONDO_POOL(AvgPool3d, 3, RONDO_FORWARD)
RONDO_POOL(MaxPool1d, 1, RONDO_WITH_INDICES)
RONDO_POOL(MaxPool2d, 2, RONDO_WITH_INDICES)
RONDO_POOL(MaxPool3d, 3, RONDO_WITH_INDICES)
RONDO_POOL(MaxUnpool1d, 1, RONDO_UNPOOL)
RONDO_POOL(MaxUnpool2d, 2, RONDO_UNPOOL)
RONDO_POOL(MaxUnpool3d, 3, RONDO_UNPOOL)
// Windows at random places. The buffer _random_samples says them; where it is undefined they are drawn at each call.
// Throws Error unless either output_size or an output_ratio between 0 and 1 is given.
RONDO_POOL(FractionalMaxPool2d, 2, RONDO_WITH_INDICES Tensor _random_samples;)
RONDO_POOL(FractionalMaxPool3d, 3, RONDO_WITH_INDICES Tensor _random_samples;)
#undef RONDO_UNPOOL
#undef RONDO_POOL

// As many windows as output_size says; a size that is missing stays.
#define RONDO_POOL(Name, Sizes, members)                    \
  class Name##Impl : public Cloneable<Name##Impl> {         \
   public:                                                  \
    Name##Impl(Sizes output_size);                          \
    explicit Name##Impl(const Name##Options& options);      \
    void reset() override;                                  \
    void pretty_print(std::ostream& stream) const override; \
    members Name##Options options;                          \
  };                                                        \
  RONDO_MODULE(Name);
RONDO_POOL(AdaptiveAvgPool1d, ExpandingArray<1>, RONDO_FORWARD)
RONDO_POOL(AdaptiveAvgPool2d, ExpandingArrayWithOptionalElem<2>, RONDO_FORWARD)
RONDO_POOL(AdaptiveAvgPool3d, ExpandingArrayWithOptionalElem<3>, RONDO_FORWARD)
RONDO_POOL(AdaptiveMaxPool1d, ExpandingArray<1>, RONDO_WITH_INDICES)
RONDO_POOL(AdaptiveMaxPool2d, ExpandingArrayWithOptionalElem<2>, RONDO_WITH_INDICES)
RONDO_POOL(AdaptiveMaxPool3d, ExpandingArrayWithOptionalElem<3>, RONDO_WITH_INDICES)
#undef RONDO_POOL
#undef RONDO_WITH_INDICES
#undef RONDO_FORWARD

// The p-norm of windows.
#define RONDO_POOL(Name, D)                                      \
  class Name##Impl : public Cloneable<Name##Impl> {              \
   public:                                                       \
    Name##Impl(double norm_type, ExpandingArray<D> kernel_size); \
    explicit Name##Impl(const Name##Options& options);           \
    void reset() override;                                       \
    void pretty_print(std::ostream& stream) const override;      \
    Tensor forward(const Tensor& input);                         \
                                                                 \
    Name##Options options;                                       \
  };                                                             \
  RONDO_MODULE(Name);
RONDO_POOL(LPPool1d, 1)
RONDO_POOL(LPPool2d, 2)
RONDO_POOL(LPPool3d, 3)
#undef RONDO_POOL

}  // namespace rondo::nn
