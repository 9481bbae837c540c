// Sequential: a stack of layers that is trained as Keras trains it.
#pragma once

#include <rondo/models/callbacks.h>
#include <rondo/models/layers/layer.h>
#include <rondo/models/options.h>

namespace rondo::nn {
class Module;
}

namespace rondo::models {

using callbacks::History;
using layers::Layer;
struct SequentialImpl;

struct SequentialOptions {
  std::string name = {};  // empty: "sequential", "sequential_1", ...
};

// A handle: copies share the layers. Weights are made as soon as the shape of the input is known: from the first
// layer's input_shape, from build(), or from the first data. Wrong use throws ValueError naming the call or the layer.
class Sequential {
 public:
  Sequential() : Sequential(std::initializer_list<Layer>{}) {}
  Sequential(std::initializer_list<Layer> layers, SequentialOptions options = {});
  Sequential(const std::vector<Layer>& layers, SequentialOptions options = {});

  // ---- the stack ----
  const std::string& name() const;
  void add(const Layer& layer) const;
  // Removes the last layer.
  void pop() const;
  // Without the Input.
  const std::vector<Layer>& layers() const;
  Layer get_layer(std::string_view name) const;
  Layer get_layer(int64_t index) const;
  // Sizes with the batch in front, -1 for any length.
  void build(IntArrayRef input_shape) const;
  bool built() const;
  Dims input_shape() const;
  Dims output_shape() const;
  // Writes Keras' table to std::cout, or to a stream. Throws for a model that is not built.
  void summary() const;
  void summary(std::ostream& out) const;

  // ---- training ----
  void compile(CompileOptions options = {}) const;
  // Trains and returns the values of each epoch. x (N, ...), y (N,), (N, 1) or as the output.
  History fit(const Tensor& x, const Tensor& y, FitOptions options = {}) const;
  // The loss and the metrics, by name or by place.
  Logs evaluate(const Tensor& x, const Tensor& y, EvaluateOptions options = {}) const;
  // The outputs of all samples, without gradient.
  Tensor predict(const Tensor& x, PredictOptions options = {}) const;
  // One step on one batch; the loss and the metrics since the last reset.
  Logs train_on_batch(const Tensor& x, const Tensor& y, const Tensor& sample_weight = {},
                      bool reset_metrics = true) const;
  Logs test_on_batch(const Tensor& x, const Tensor& y, const Tensor& sample_weight = {},
                     bool reset_metrics = true) const;
  Tensor predict_on_batch(const Tensor& x) const;
  // The output, recorded: to differentiate by hand.
  Tensor operator()(const Tensor& x, bool training = false) const;

  const optimizers::Optimizer& optimizer() const;
  // To be set by callbacks: fit ends after the batch or the epoch.
  bool stop_training() const;
  void set_stop_training(bool stop) const;
  // Keras' names of the values that fit and evaluate give: "loss", then the metrics.
  std::vector<std::string> metrics_names() const;

  // ---- weights ----
  // The tensors themselves, layer by layer; and copies of them.
  std::vector<Tensor> weights() const;
  std::vector<Tensor> trainable_weights() const;
  std::vector<Tensor> get_weights() const;
  void set_weights(const std::vector<Tensor>& weights) const;
  int64_t count_params() const;
  bool trainable() const;
  void set_trainable(bool trainable) const;

  // The layers as one module, whose parameters are named "dense.kernel", "dense.bias", ...
  std::shared_ptr<nn::Module> module() const;

 private:
  std::shared_ptr<SequentialImpl> impl_;
};

}  // namespace rondo::models
