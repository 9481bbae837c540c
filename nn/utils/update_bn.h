// The statistics of batch norms for weights that were not trained as they are, such as averages.
#pragma once

#include <rondo/autograd/graph/mode.h>
#include <rondo/nn/module.h>

#include <optional>
#include <utility>
#include <vector>

namespace rondo::nn::utils {

namespace detail {

// While it lives, the module trains and its batch norms gather the mean statistics of what they see, from none on.
class BatchNormUpdate {
 public:
  explicit BatchNormUpdate(Module& module);
  ~BatchNormUpdate();
  BatchNormUpdate(const BatchNormUpdate&) = delete;
  BatchNormUpdate& operator=(const BatchNormUpdate&) = delete;
  bool any() const { return !momenta_.empty(); }

 private:
  Module& module_;
  std::vector<std::pair<Module*, bool>> training_;  // each module's mode before
  std::vector<std::pair<std::optional<double>*, std::optional<double>>> momenta_;
};

}  // namespace detail

// Sets the running statistics of all batch norms of a module (or its holder) to the means over the batches: one forward
// for each of them, without gradients. A batch is a tensor, or has the tensor as `data`, as a loader's examples have.
// Needed after stochastic weight averaging, whose weights never saw a batch (Izmailov and others, 2018).
//
//   swa.apply();
//   nn::utils::update_bn(*loader, net);
template <class Batches, class Model>
void update_bn(Batches&& batches, Model&& model) {
  detail::BatchNormUpdate update(*model);
  if (!update.any()) return;
  NoGradGuard no_grad;
  const auto forward = [&](const auto& input) {
    // A holder also passes the module's hooks.
    if constexpr (requires { model(input); }) {
      model(input);
    } else {
      model->forward(input);
    }
  };
  for (auto&& batch : batches) {
    if constexpr (requires { batch.data; }) {
      forward(batch.data);
    } else {
      forward(batch);
    }
  }
}

}  // namespace rondo::nn::utils
