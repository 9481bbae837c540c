// Normalizations by channel as modules: BatchNorm, InstanceNorm, GroupNorm, RMSNorm, LocalResponseNorm, CrossMapLRN2d.
#pragma once

#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/channel_norm.h>

namespace rondo::nn {

// What BatchNorm and InstanceNorm share: weight and bias where affine (else undefined), begin as 1 and 0; running_mean,
// running_var and num_batches_tracked (int64) where statistics are tracked (else undefined), begin as 0, 1 and 0.
#define RONDO_TRACKED_NORM(Name, Options)                   \
  class Name##Impl : public Cloneable<Name##Impl> {         \
   public:                                                  \
    explicit Name##Impl(int64_t num_features);              \
    explicit Name##Impl(const Options& options);            \
    void reset() override;                                  \
    void reset_parameters();                                \
    void reset_running_stats();                             \
    void pretty_print(std::ostream& stream) const override; \
    Tensor forward(const Tensor& input);                    \
                                                            \
    Options options;                                        \
    Tensor weight, bias;                                    \
    Tensor running_mean, running_var, num_batches_tracked;  \
                                                            \
   private:                                                 \
    void check_dim(const Tensor& input) const;              \
  };                                                        \
  RONDO_MODULE(Name);

// Of (N, C) or (N, C, L); of (N, C, H, W); of (N, C, D, H, W). Throw Error for inputs of other dimensions.
RONDO_TRACKED_NORM(BatchNorm1d, BatchNormOptions)
RONDO_TRACKED_NORM(BatchNorm2d, BatchNormOptions)
RONDO_TRACKED_NORM(BatchNorm3d, BatchNormOptions)
// The same without a batch, (C, L), (C, H, W), (C, D, H, W), or with one, of which each element stands by itself.
RONDO_TRACKED_NORM(InstanceNorm1d, InstanceNormOptions)
RONDO_TRACKED_NORM(InstanceNorm2d, InstanceNormOptions)
RONDO_TRACKED_NORM(InstanceNorm3d, InstanceNormOptions)
#undef RONDO_TRACKED_NORM

// Statistics by groups of channels of (N, C, ...).
class GroupNormImpl : public Cloneable<GroupNormImpl> {
 public:
  GroupNormImpl(int64_t num_groups, int64_t num_channels);
  explicit GroupNormImpl(const GroupNormOptions& options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  GroupNormOptions options;
  Tensor weight, bias;
};
RONDO_MODULE(GroupNorm);

// x / sqrt(mean(x^2) + eps) over the last dimensions, times a weight that begins as 1.
class RMSNormImpl : public Cloneable<RMSNormImpl> {
 public:
  explicit RMSNormImpl(std::vector<int64_t> normalized_shape);
  explicit RMSNormImpl(RMSNormOptions options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  RMSNormOptions options;
  Tensor weight;
};
RONDO_MODULE(RMSNorm);

#define RONDO_RESPONSE_NORM(Name)                           \
  class Name##Impl : public Cloneable<Name##Impl> {         \
   public:                                                  \
    explicit Name##Impl(int64_t size);                      \
    explicit Name##Impl(const Name##Options& options);      \
    void reset() override;                                  \
    void pretty_print(std::ostream& stream) const override; \
    Tensor forward(const Tensor& input);                    \
                                                            \
    Name##Options options;                                  \
  };                                                        \
  RONDO_MODULE(Name);

// input / (k + alpha * mean of squares over neighbouring channels)^beta.
RONDO_RESPONSE_NORM(LocalResponseNorm)
// The same as Torch7 had it: for an even size the window has one channel less, and the sum is still divided by the
// size.
RONDO_RESPONSE_NORM(CrossMapLRN2d)
#undef RONDO_RESPONSE_NORM

}  // namespace rondo::nn
