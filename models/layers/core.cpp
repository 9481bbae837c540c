#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/models/layers/core.h>
#include <rondo/models/layers/layer_impl.h>
#include <rondo/models/session.h>

#include <fmt/format.h>

namespace rondo::layers {
namespace {

CommonOptions common(const LayerOptions& options) {
  return {options.input_shape, options.name, options.trainable, options.dtype};
}

class ActivationImpl final : public LayerImpl {
 public:
  ActivationImpl(activations::Activation activation, const LayerOptions& options)
      : LayerImpl("Activation", common(options)), activation_(std::move(activation)) {}

  Tensor call(const Tensor& x, bool) override { return activation_(x); }
  Tensor call_before_ending(const Tensor& x, bool) override { return x; }
  Ending ending() const override {
    if (activation_.is_softmax()) return Ending::kSoftmax;
    return activation_.is_sigmoid() ? Ending::kSigmoid : Ending::kOther;
  }

 private:
  activations::Activation activation_;
};

class DropoutImpl final : public LayerImpl {
 public:
  DropoutImpl(double rate, const LayerOptions& options) : LayerImpl("Dropout", common(options)), rate_(rate) {
    if (!(rate >= 0 && rate <= 1)) fail_value(layer_name(), fmt::format("rate is {}; need 0 <= rate <= 1", rate));
  }
  Tensor call(const Tensor& x, bool training) override { return training ? dropout(x, rate_, true) : x; }

 private:
  double rate_;
};

class FlattenImpl final : public LayerImpl {
 public:
  explicit FlattenImpl(const LayerOptions& options) : LayerImpl("Flatten", common(options)) {}
  Tensor call(const Tensor& x, bool) override { return reshape(x, output_shape(x.sizes())); }
  Dims output_shape(IntArrayRef in) const override {
    int64_t width = 1;
    for (size_t i = 1; i < in.size(); ++i) width = in[i] < 0 || width < 0 ? -1 : width * in[i];
    return {in[0], width};
  }
};

class InputImpl final : public LayerImpl {
 public:
  explicit InputImpl(const InputOptions& options)
      : LayerImpl("InputLayer", {options.shape, options.name, true, options.dtype}) {
    if (!options.shape.given()) fail_value("Input", "got no shape; need the shape of one sample");
  }
  Tensor call(const Tensor& x, bool) override { return x; }
};

}  // namespace

Activation::Activation(activations::Activation activation, LayerOptions options)
    : Layer(std::make_shared<ActivationImpl>(std::move(activation), options)) {}
Dropout::Dropout(double rate, LayerOptions options) : Layer(std::make_shared<DropoutImpl>(rate, options)) {}
Flatten::Flatten(LayerOptions options) : Layer(std::make_shared<FlattenImpl>(options)) {}
Input::Input(InputOptions options) : Layer(std::make_shared<InputImpl>(options)) {}

}  // namespace rondo::layers
