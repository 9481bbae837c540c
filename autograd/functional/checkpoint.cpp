#include <rondo/autograd/functional/checkpoint.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/generator.h>

#include <fmt/format.h>

#include <mutex>

namespace rondo::autograd::detail {
namespace {

// Thrown out of the second run when it has saved everything: it never leaves this file.
struct Enough {};

}  // namespace

// Taken again by a thread that holds it when the function itself goes back through what it was given.
struct Checkpoint::Lock : std::recursive_mutex {};

Checkpoint::Checkpoint() : lock_(new Lock) {}
Checkpoint::~Checkpoint() { delete lock_; }

variable_list Checkpoint::run(const variable_list& inputs) {
  inputs_ = inputs;
  for (const Tensor& input : inputs) {
    requires_grad_.push_back(input.requires_grad());
    versions_.push_back(input.is_inference() ? 0 : input._version());
  }
  random_state_ = default_generator().get_state();
  const base::Ref<Checkpoint> self(this);
  SavedTensorHooks hooks(
      [this](const Tensor& tensor) {
        shapes_.push_back({Dims(tensor.sizes()), tensor.dtype()});
        return shapes_.size() - 1;
      },
      [self](size_t place) { return self->value(place); });
  return call(inputs);
}

void Checkpoint::recompute() {
  variable_list again;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (!inputs_[i].is_inference() && inputs_[i]._version() != versions_[i]) {
      fail("checkpoint", fmt::format("input {} has been modified by an inplace operation since the forward pass: its "
                                     "version is {}, and was {}",
                                     i, inputs_[i]._version(), versions_[i]));
    }
    again.push_back(inputs_[i].detach());
    if (requires_grad_[i]) again.back().requires_grad_();
  }
  const std::vector<uint8_t> state = default_generator().get_state();
  struct Restore {
    const std::vector<uint8_t>& state;
    ~Restore() { default_generator().set_state(state); }
  } restore{state};
  default_generator().set_state(random_state_);

  std::vector<Tensor> found;
  AutoGradMode mode(true);
  try {
    SavedTensorHooks hooks(
        [&](const Tensor& tensor) {
          const size_t place = found.size();
          if (place == shapes_.size()) fail("checkpoint", "the function caught what was to end its second run");
          if (tensor.sizes() != IntArrayRef(shapes_[place].sizes) || tensor.dtype() != shapes_[place].dtype) {
            fail("checkpoint",
                 fmt::format("Recomputed values have different metadata than during the forward pass: saved tensor {} "
                             "was {} of {}, now it is {} of {}",
                             place, to_string(shapes_[place].sizes), dtype_name(shapes_[place].dtype),
                             to_string(tensor.sizes()), dtype_name(tensor.dtype())));
          }
          found.push_back(tensor);
          if (found.size() == shapes_.size()) throw Enough{};
          return tensor;
        },
        [](const Tensor& tensor) { return tensor; });
    call(again);
  } catch (const Enough&) {}
  if (found.size() != shapes_.size()) {
    fail("checkpoint", fmt::format("A different number of tensors was saved during the original forward and "
                                   "recomputation: {} in the forward, {} in recomputation",
                                   shapes_.size(), found.size()));
  }
  values_ = std::move(found);
}

Tensor Checkpoint::value(size_t place) {
  const std::lock_guard<std::recursive_mutex> lock(*lock_);
  if (values_.empty() || !values_[place].defined()) recompute();
  // Handed over, not kept: each is asked for once in a backward.
  return std::move(values_[place]);
}

}  // namespace rondo::autograd::detail
