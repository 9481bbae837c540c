// The base of modules that can be cloned.
#pragma once

#include <rondo/nn/module.h>

namespace rondo::nn {

// Derived registers everything in reset(), which its constructor calls; clone() copies the object, calls reset() on the
// copy and then copies the values of all parameters and buffers. Throws Error if reset() registers something else than
// the original has.
template <class Derived>
class Cloneable : public Module {
 public:
  using Module::Module;

  // Registers parameters, buffers and submodules, and initializes them.
  virtual void reset() = 0;

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override {
    std::shared_ptr<Derived> copy(new Derived(static_cast<const Derived&>(*this)));
    Cloneable& base = *copy;
    base.clear_registered();
    base.reset();
    base.copy_registered(*this, device);
    return copy;
  }

 private:
  void assign_clone(const Module& other, const std::optional<Device>& device) final {
    const std::shared_ptr<Module> copy = other.clone(device);
    auto* same = dynamic_cast<Derived*>(copy.get());
    if (!same) {
      fail("clone",
           "Attempted to clone submodule, but it is of a different type than the submodule it was to be cloned into");
    }
    static_cast<Derived&>(*this) = std::move(*same);
  }
};

}  // namespace rondo::nn
