#include <rondo/nn/functional/channel_norm.h>

#include <rondo/autograd/ops/channel_norm.h>
#include <rondo/autograd/ops/methods.h>

#include <fmt/format.h>

namespace rondo::nn::functional {

Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormFuncOptions& options) {
  if (options.training() && input.dim() > 1) {
    int64_t values = input.size(0);
    for (int64_t d = 2; d < input.dim(); ++d) values *= input.size(d);
    if (values == 1) {
      fail("batch_norm", fmt::format("Expected more than 1 value per channel when training, got input size {}",
                                     to_string(input.sizes())));
    }
  }
  if (!options.momentum()) fail("batch_norm", "momentum is nullopt; need a number (modules take the plain mean)");
  return rondo::batch_norm(input, options.weight(), options.bias(), running_mean, running_var, options.training(),
                           *options.momentum(), options.eps());
}

Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& options) {
  return rondo::instance_norm(input, options.weight(), options.bias(), options.running_mean(), options.running_var(),
                              options.use_input_stats(), options.momentum(), options.eps());
}

Tensor group_norm(const Tensor& input, const GroupNormFuncOptions& options) {
  return rondo::group_norm(input, options.num_groups(), options.weight(), options.bias(), options.eps());
}

Tensor rms_norm(const Tensor& input, const RMSNormFuncOptions& options) {
  return rondo::rms_norm(input, options.normalized_shape(), options.weight(), options.eps());
}

Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& options) {
  const int64_t size = options.size();
  return response_norm(input, size / 2, (size - 1) / 2, options.alpha() / static_cast<double>(size), options.k(),
                       options.beta());
}

}  // namespace rondo::nn::functional
