// The rounding tutorial as a user writes it: what a file of this kind costs to compile, link and carry is limited.
#include <rondo/models.h>

#include <iostream>

int main() {
  namespace models = rondo::models;
  namespace layers = rondo::layers;
  rondo::manual_seed(1);
  auto data = rondo::rand({200, 1});
  auto labels = data.round().to(rondo::kInt64).squeeze(1);
  models::Sequential model({
      layers::Dense(8, {.activation = "relu", .input_shape = {1}}),
      layers::Dense(2, {.activation = "softmax"}),
  });
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.summary();
  auto history = model.fit(data, labels, {.epochs = 2, .verbose = 2, .validation_split = 0.1});
  auto predictions = model.predict(rondo::linspace(0, 1, 10).view({10, 1}));
  std::cout << argmax(predictions, 1) << '\n' << history.history["val_accuracy"].back() << '\n';
}
