// The state of a module as a dictionary, by the names that PyTorch gives it.
#pragma once

#include <rondo/autograd/serialize/safetensors.h>
#include <rondo/nn/module.h>

namespace rondo::nn {

// Module's methods of these names, as functions.
inline StateDict state_dict(const Module& module) { return module.state_dict(); }
inline IncompatibleKeys load_state_dict(Module& module, const StateDict& state, bool strict = true) {
  return module.load_state_dict(state, strict);
}
template <class Contained>
StateDict state_dict(const ModuleHolder<Contained>& holder) {
  return holder->state_dict();
}
template <class Contained>
IncompatibleKeys load_state_dict(ModuleHolder<Contained>& holder, const StateDict& state, bool strict = true) {
  return holder->load_state_dict(state, strict);
}

}  // namespace rondo::nn
