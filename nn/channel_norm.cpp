#include <rondo/nn/channel_norm.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/channel_norm.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise_in_place.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/nn/expanding_array.h>
#include <rondo/nn/init.h>

#include <fmt/format.h>

#include <ostream>

namespace rondo::nn {
namespace {

template <class Norm>
void register_all(Norm& norm) {
  const int64_t features = norm.options.num_features();
  if (norm.options.affine()) {
    norm.weight = norm.register_parameter("weight", rondo::empty({features}));
    norm.bias = norm.register_parameter("bias", rondo::empty({features}));
  } else {
    norm.weight = norm.register_parameter("weight", {}, false);
    norm.bias = norm.register_parameter("bias", {}, false);
  }
  if (norm.options.track_running_stats()) {
    norm.running_mean = norm.register_buffer("running_mean", rondo::zeros({features}));
    norm.running_var = norm.register_buffer("running_var", rondo::ones({features}));
    norm.num_batches_tracked = norm.register_buffer("num_batches_tracked", rondo::zeros({}, kLong));
  } else {
    norm.running_mean = norm.register_buffer("running_mean", {});
    norm.running_var = norm.register_buffer("running_var", {});
    norm.num_batches_tracked = norm.register_buffer("num_batches_tracked", {});
  }
  norm.reset_parameters();
}

template <class Norm>
void begin_again(Norm& norm) {
  if (!norm.options.track_running_stats()) return;
  NoGradGuard no_grad;
  norm.running_mean.zero_();
  norm.running_var.fill_(1);
  norm.num_batches_tracked.zero_();
}

void begin_as_identity(Tensor& weight, Tensor& bias) {
  if (!weight.defined()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

template <class Options>
void print(std::ostream& stream, const char* name, const Options& options) {
  stream << "torch::nn::" << name << "(" << options.num_features() << ", eps=" << options.eps() << ", momentum=";
  if constexpr (std::is_same_v<Options, BatchNormOptions>) {
    if (options.momentum()) {
      stream << *options.momentum();
    } else {
      stream << "None";
    }
  } else {
    stream << options.momentum();
  }
  stream << ", affine=" << std::boolalpha << options.affine() << ", track_running_stats=" << std::boolalpha
         << options.track_running_stats() << ")";
}

void check_dims(const char* name, const Tensor& input, int64_t low, int64_t high) {
  if (input.dim() >= low && input.dim() <= high) return;
  const std::string needed = low == high ? fmt::format("{}D", low) : fmt::format("{}D or {}D", low, high);
  fail(name, fmt::format("expected {} input (got {}D input of {})", needed, input.dim(), to_string(input.sizes())));
}

Tensor normalized(const BatchNormOptions& options, bool training, const Tensor& input, const Tensor& weight,
                  const Tensor& bias, const Tensor& mean, const Tensor& variance, const Tensor& batches) {
  double momentum = options.momentum().value_or(0);
  if (training && batches.defined()) {
    NoGradGuard no_grad;
    batches.add_(1);
    if (!options.momentum()) momentum = 1 / static_cast<double>(batches.item<int64_t>());
  }
  return functional::batch_norm(input, mean, variance,
                                functional::BatchNormFuncOptions()
                                    .weight(weight)
                                    .bias(bias)
                                    .training(training || !options.track_running_stats())
                                    .momentum(momentum)
                                    .eps(options.eps()));
}

Tensor normalized(const InstanceNormOptions& options, bool training, const Tensor& input, const Tensor& weight,
                  const Tensor& bias, const Tensor& mean, const Tensor& variance, const Tensor&) {
  return functional::instance_norm(input, functional::InstanceNormFuncOptions()
                                              .running_mean(mean)
                                              .running_var(variance)
                                              .weight(weight)
                                              .bias(bias)
                                              .use_input_stats(training || !options.track_running_stats())
                                              .momentum(options.momentum())
                                              .eps(options.eps()));
}

}  // namespace

// `unbatched`: the dimension of inputs without a batch, which get one for the call; 0: there are none.
#define RONDO_TRACKED_NORM(Name, Options, low, high, unbatched)                                           \
  Name##Impl::Name##Impl(int64_t num_features) : Name##Impl(Options(num_features)) {}                     \
  Name##Impl::Name##Impl(const Options& options_) : options(options_) { Name##Impl::reset(); }            \
  void Name##Impl::reset() { register_all(*this); }                                                       \
  void Name##Impl::reset_parameters() {                                                                   \
    reset_running_stats();                                                                                \
    begin_as_identity(weight, bias);                                                                      \
  }                                                                                                       \
  void Name##Impl::reset_running_stats() { begin_again(*this); }                                          \
  void Name##Impl::pretty_print(std::ostream& stream) const { print(stream, #Name, options); }            \
  void Name##Impl::check_dim(const Tensor& input) const { check_dims(#Name, input, low, high); }          \
  Tensor Name##Impl::forward(const Tensor& input) {                                                       \
    check_dim(input);                                                                                     \
    const bool alone = input.dim() == unbatched;                                                          \
    const Tensor y = normalized(options, is_training(), alone ? input.unsqueeze(0) : input, weight, bias, \
                                running_mean, running_var, num_batches_tracked);                          \
    return alone ? y.squeeze(0) : y;                                                                      \
  }

RONDO_TRACKED_NORM(BatchNorm1d, BatchNormOptions, 2, 3, 0)
RONDO_TRACKED_NORM(BatchNorm2d, BatchNormOptions, 4, 4, 0)
RONDO_TRACKED_NORM(BatchNorm3d, BatchNormOptions, 5, 5, 0)
RONDO_TRACKED_NORM(InstanceNorm1d, InstanceNormOptions, 2, 3, 2)
RONDO_TRACKED_NORM(InstanceNorm2d, InstanceNormOptions, 3, 4, 3)
RONDO_TRACKED_NORM(InstanceNorm3d, InstanceNormOptions, 4, 5, 4)
#undef RONDO_TRACKED_NORM

GroupNormImpl::GroupNormImpl(int64_t num_groups, int64_t num_channels)
    : GroupNormImpl(GroupNormOptions(num_groups, num_channels)) {}
GroupNormImpl::GroupNormImpl(const GroupNormOptions& options_) : options(options_) { GroupNormImpl::reset(); }

void GroupNormImpl::reset() {
  if (options.affine()) {
    weight = register_parameter("weight", rondo::empty({options.num_channels()}));
    bias = register_parameter("bias", rondo::empty({options.num_channels()}));
  } else {
    weight = register_parameter("weight", {}, false);
    bias = register_parameter("bias", {}, false);
  }
  reset_parameters();
}

void GroupNormImpl::reset_parameters() { begin_as_identity(weight, bias); }

void GroupNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::GroupNorm(" << options.num_groups() << ", " << options.num_channels()
         << ", eps=" << options.eps() << ", affine=" << std::boolalpha << options.affine() << ")";
}

Tensor GroupNormImpl::forward(const Tensor& input) {
  return functional::group_norm(
      input, functional::GroupNormFuncOptions(options.num_groups()).weight(weight).bias(bias).eps(options.eps()));
}

RMSNormImpl::RMSNormImpl(std::vector<int64_t> normalized_shape)
    : RMSNormImpl(RMSNormOptions(std::move(normalized_shape))) {}
RMSNormImpl::RMSNormImpl(RMSNormOptions options_) : options(std::move(options_)) { RMSNormImpl::reset(); }

void RMSNormImpl::reset() {
  weight = options.elementwise_affine() ? register_parameter("weight", rondo::empty(options.normalized_shape()))
                                        : register_parameter("weight", {}, false);
  reset_parameters();
}

void RMSNormImpl::reset_parameters() {
  if (weight.defined()) init::ones_(weight);
}

void RMSNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::RMSNorm(" << list_text(options.normalized_shape()) << ", eps=";
  if (options.eps()) {
    stream << *options.eps();
  } else {
    stream << "None";
  }
  stream << ", elementwise_affine=" << std::boolalpha << options.elementwise_affine() << ")";
}

Tensor RMSNormImpl::forward(const Tensor& input) {
  return functional::rms_norm(
      input, functional::RMSNormFuncOptions(options.normalized_shape()).weight(weight).eps(options.eps()));
}

#define RONDO_RESPONSE_NORM(Name)                                                                          \
  Name##Impl::Name##Impl(int64_t size) : Name##Impl(Name##Options(size)) {}                                \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) {}                             \
  void Name##Impl::reset() {}                                                                              \
  void Name##Impl::pretty_print(std::ostream& stream) const {                                              \
    stream << std::boolalpha << "torch::nn::" #Name "(" << options.size() << ", alpha=" << options.alpha() \
           << ", beta=" << options.beta() << ", k=" << options.k() << ")";                                 \
  }
RONDO_RESPONSE_NORM(LocalResponseNorm)
RONDO_RESPONSE_NORM(CrossMapLRN2d)
#undef RONDO_RESPONSE_NORM

Tensor LocalResponseNormImpl::forward(const Tensor& input) { return functional::local_response_norm(input, options); }

Tensor CrossMapLRN2dImpl::forward(const Tensor& input) {
  if (input.dim() != 4) {
    fail("CrossMapLRN2d", fmt::format("CrossMapLRN2d: Expected input to be 4D, got {}D instead.", input.dim()));
  }
  const int64_t side = (options.size() - 1) / 2;
  return response_norm(input, side, side, options.alpha() / static_cast<double>(options.size()),
                       static_cast<double>(options.k()), options.beta());
}

}  // namespace rondo::nn
