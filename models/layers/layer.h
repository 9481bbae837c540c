// A layer as models hold it.
#pragma once

#include <rondo/autograd/tensor/tensor.h>
#include <rondo/models/shape.h>

#include <memory>
#include <string>
#include <vector>

namespace rondo::layers {

using models::Shape;
class LayerImpl;

// A handle on a layer: copies share the layer and its weights. Layers make their weights when they first see the shape
// of their input (build).
class Layer {
 public:
  // See layer_impl.h for layers of your own.
  explicit Layer(std::shared_ptr<LayerImpl> impl);

  // "dense_1"; and the class, "Dense".
  const std::string& name() const;
  std::string class_name() const;
  bool built() const;
  // Makes the weights; sizes with the batch in front, -1 for any length.
  void build(IntArrayRef input_shape) const;
  // Builds the layer if need be. Throws ValueError naming the layer where the shape of x does not suit.
  Tensor operator()(const Tensor& x, bool training = false) const;

  // Kernel, bias, ...: the tensors themselves.
  std::vector<Tensor> weights() const;
  // Copies of the weights, and back; set_weights throws ValueError where number or shapes differ.
  std::vector<Tensor> get_weights() const;
  void set_weights(const std::vector<Tensor>& weights) const;
  // The number of elements of all weights.
  int64_t count_params() const;
  // Weights of a layer that is not trainable stay as they are; to be set before compile.
  bool trainable() const;
  void set_trainable(bool trainable) const;

  LayerImpl& impl() const { return *impl_; }
  const std::shared_ptr<LayerImpl>& ptr() const { return impl_; }

 private:
  std::shared_ptr<LayerImpl> impl_;
};

}  // namespace rondo::layers
