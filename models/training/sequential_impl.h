// What a Sequential is made of.
#pragma once

#include <rondo/models/layers/layer_impl.h>
#include <rondo/models/options.h>
#include <rondo/models/sequential.h>

namespace rondo::models {

// What compile decided.
struct Compiled {
  optimizers::Optimizer optimizer;
  losses::Loss loss;
  std::vector<metrics::Metric> metrics, weighted_metrics;
};

class Trainer;

struct SequentialImpl {
  std::string name;
  std::shared_ptr<layers::LayerImpl> input;  // null where no Input was given
  std::vector<Layer> layers;
  std::vector<layers::LayerImpl*> stack;  // the layers without their handles
  std::shared_ptr<nn::Module> module;
  Dims input_shape;
  bool built = false, stop_training = false;
  std::optional<Compiled> compiled;
  std::shared_ptr<Trainer> trainer;  // made with the first data after compile

  ScalarType dtype() const;
  void build(IntArrayRef shape);
  // The shape of the output for an input of `shape`.
  Dims output_shape(IntArrayRef shape) const;
  std::vector<Tensor> trainable_weights() const;

  // The output; the output before the last activation.
  Tensor forward(Tensor x, bool training) const;
  Tensor forward_before_ending(Tensor x, bool training) const;

  // x as the layers want it: in the model's type, contiguous, with the rank that the input's shape has. Builds the
  // model if need be. Throws ValueError, which begins with `call`, for data that is empty, and as the layers do.
  Tensor fit_input(const char* call, const Tensor& x);
};

}  // namespace rondo::models
