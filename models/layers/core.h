// Layers without weights: Activation, Dropout, Flatten; and Input.
#pragma once

#include <rondo/models/activations.h>
#include <rondo/models/layers/layer.h>

namespace rondo::layers {

struct LayerOptions {
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::string dtype = {};
};

class Activation : public Layer {
 public:
  explicit Activation(activations::Activation activation, LayerOptions options = {});
};

// In training, each number is zeroed with probability `rate` and the others are scaled by 1 / (1 - rate). Throws
// ValueError unless 0 <= rate <= 1.
class Dropout : public Layer {
 public:
  explicit Dropout(double rate, LayerOptions options = {});
};

// (batch, a, b, ...) -> (batch, a * b * ...); (batch,) -> (batch, 1).
class Flatten : public Layer {
 public:
  explicit Flatten(LayerOptions options = {});
};

struct InputOptions {
  Shape shape = {};
  int64_t batch_size = -1;
  std::string name = {};
  std::string dtype = {};
};

// Says what shape a sample has, so that the model can be built at once; stands first and is not among layers().
class Input : public Layer {
 public:
  explicit Input(Shape shape) : Input(InputOptions{.shape = std::move(shape)}) {}
  explicit Input(InputOptions options);
};

}  // namespace rondo::layers
