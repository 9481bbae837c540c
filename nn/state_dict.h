// The state of a module as a dictionary, by the names that PyTorch gives it.
#pragma once

#include <rondo/autograd/serialize/safetensors.h>
#include <rondo/nn/module.h>

namespace rondo::nn {

// Parameters and buffers of the module and of all below it, each module's own before those of its submodules. The
// tensors share the module's memory and have no history.
StateDict state_dict(const Module& module);

// Names that only one side has.
struct IncompatibleKeys {
  std::vector<std::string> missing_keys, unexpected_keys;
};
// Copies the tensors into the module's own, which keep their dtype. Throws Error with a list of all that is wrong,
// before anything is changed: tensors of other shapes, and, where `strict` is true, names that only one side has.
IncompatibleKeys load_state_dict(Module& module, const StateDict& state, bool strict = true);

template <class Contained>
StateDict state_dict(const ModuleHolder<Contained>& holder) {
  return state_dict(*holder);
}
template <class Contained>
IncompatibleKeys load_state_dict(ModuleHolder<Contained>& holder, const StateDict& state, bool strict = true) {
  return load_state_dict(*holder, state, strict);
}

}  // namespace rondo::nn
