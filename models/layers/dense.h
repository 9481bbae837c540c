// Dense: y = activation(x kernel + bias).
#pragma once

#include <rondo/models/activations.h>
#include <rondo/models/initializers.h>
#include <rondo/models/layers/layer.h>

namespace rondo::layers {

struct DenseOptions {
  activations::Activation activation = {};
  bool use_bias = true;
  initializers::Initializer kernel_initializer = initializers::GlorotUniform();
  initializers::Initializer bias_initializer = initializers::Zeros();
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::string dtype = {};
};

// (..., in) -> (..., units); kernel (in, units), bias (units,). Throws ValueError unless units is positive.
class Dense : public Layer {
 public:
  explicit Dense(int64_t units, DenseOptions options = {});
};

}  // namespace rondo::layers
