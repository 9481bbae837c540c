#include <rondo/nn/layer_norm.h>

#include <rondo/autograd/tensor/factory.h>
#include <rondo/nn/expanding_array.h>
#include <rondo/nn/init.h>

#include <ostream>

namespace rondo::nn {

LayerNormImpl::LayerNormImpl(std::vector<int64_t> normalized_shape)
    : LayerNormImpl(LayerNormOptions(std::move(normalized_shape))) {}

LayerNormImpl::LayerNormImpl(LayerNormOptions options_) : options(std::move(options_)) { LayerNormImpl::reset(); }

void LayerNormImpl::reset() {
  if (options.elementwise_affine()) {
    weight = register_parameter("weight", rondo::empty(options.normalized_shape()));
    bias = register_parameter("bias", rondo::empty(options.normalized_shape()));
  } else {
    weight = register_parameter("weight", {}, false);
    bias = register_parameter("bias", {}, false);
  }
  reset_parameters();
}

void LayerNormImpl::reset_parameters() {
  if (!options.elementwise_affine()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

void LayerNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LayerNorm(" << list_text(options.normalized_shape()) << ", eps=" << options.eps()
         << ", elementwise_affine=" << std::boolalpha << options.elementwise_affine() << ")";
}

Tensor LayerNormImpl::forward(const Tensor& input) {
  return rondo::layer_norm(input, options.normalized_shape(), weight, bias, options.eps());
}

}  // namespace rondo::nn
