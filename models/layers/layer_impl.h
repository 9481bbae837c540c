// The base of layers: what a layer of one's own derives from.
//
//   struct ScaleImpl : layers::LayerImpl {
//     ScaleImpl() : LayerImpl("Scale", {}) {}
//     void make_weights(IntArrayRef in) override { factor_ = add_weight("factor", {in[in.size() - 1]}, "ones"); }
//     Tensor call(const Tensor& x, bool) override { return x * factor_; }
//     Tensor factor_;
//   };
//   ... layers::Layer(std::make_shared<ScaleImpl>())
#pragma once

#include <rondo/models/initializers.h>
#include <rondo/models/layers/layer.h>
#include <rondo/nn/module.h>

namespace rondo::layers {

// The activation that ends a layer, where losses have a better form before it.
enum class Ending : uint8_t { kOther, kSoftmax, kSigmoid };

// What all layers' options have in common.
struct CommonOptions {
  Shape input_shape;
  std::string name;  // empty: made from the class
  bool trainable = true;
  std::string dtype;  // empty: models::floatx()
};

// Weights are parameters of the module, under the names that add_weight was given.
class LayerImpl : public nn::Module {
 public:
  LayerImpl(std::string class_name, const CommonOptions& options);

  // ---- to be defined by a layer ----
  // Called once, with the shape of the input, batch in front.
  virtual void make_weights(IntArrayRef input_shape);
  virtual Tensor call(const Tensor& x, bool training) = 0;
  // The shape of the output, batch in front; the input's unless overridden.
  virtual Dims output_shape(IntArrayRef input_shape) const;
  // Throws ValueError for an input that does not suit a built layer; call itself need not check.
  virtual void check_input(IntArrayRef shape) const;
  // The last activation, and the output without it.
  virtual Ending ending() const { return Ending::kOther; }
  virtual Tensor call_before_ending(const Tensor& x, bool training) { return call(x, training); }

  // ---- for models ----
  const std::string& layer_name() const { return name(); }
  const std::string& class_name() const { return class_name_; }
  const Shape& input_shape() const { return input_shape_; }
  ScalarType dtype() const { return dtype_; }
  bool built() const { return built_; }
  void build(IntArrayRef input_shape);
  const std::vector<Tensor>& weights() const { return weights_; }
  void set_weights(const std::vector<Tensor>& weights);
  bool trainable() const { return trainable_; }
  void set_trainable(bool trainable);

 protected:
  // A new weight, drawn from the initializer; its gradient is wanted while the layer is trainable.
  Tensor add_weight(const std::string& name, IntArrayRef sizes, const initializers::Initializer& initializer);
  // Throws ValueError "Input 0 of layer ... is incompatible with the layer: <text>".
  [[noreturn]] void reject_input(const std::string& text) const;

 private:
  std::string class_name_;
  Shape input_shape_;
  ScalarType dtype_;
  bool trainable_, built_ = false;
  std::vector<Tensor> weights_;
};

}  // namespace rondo::layers
