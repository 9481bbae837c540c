// A parameter that is computed from others before each forward: what weight_norm and spectral_norm share.
#pragma once

#include <rondo/nn/module.h>

#include <concepts>

namespace rondo::nn::utils::detail {

// A tensor that modules of one type have as a member.
struct TensorMember {
  virtual ~TensorMember() = default;
  virtual Tensor& of(Module& module) const = 0;
};
template <class M>
struct TensorMemberOf final : TensorMember {
  explicit TensorMemberOf(Tensor M::*pointer_) : pointer(pointer_) {}
  Tensor& of(Module& module) const override { return static_cast<M&>(module).*pointer; }
  Tensor M::*pointer;
};
template <class M>
std::shared_ptr<const TensorMember> member_of(Tensor M::*pointer) {
  return std::shared_ptr<const TensorMember>(new TensorMemberOf<M>(pointer));
}

// A tensor that a module finds by name, as recurrent layers do (RNNImpl::weight).
template <class M>
concept HasNamedWeights = requires(M& module, const std::string& name) {
  { module.weight(name) } -> std::same_as<Tensor&>;
};
template <HasNamedWeights M>
struct NamedTensor final : TensorMember {
  explicit NamedTensor(std::string name_) : name(std::move(name_)) {}
  Tensor& of(Module& module) const override { return static_cast<M&>(module).weight(name); }
  std::string name;
};
template <HasNamedWeights M>
std::shared_ptr<const TensorMember> named_member(std::string name) {
  return std::shared_ptr<const TensorMember>(new NamedTensor<M>(std::move(name)));
}

class Reparametrization : public ForwardHook {
 public:
  void before(Module& module, ForwardValues inputs) final;
  std::shared_ptr<ForwardHook> for_clone(Module& copy) final;
  void values_changed(Module& module) final;

 protected:
  Reparametrization(const char* operation, std::shared_ptr<const TensorMember> member)
      : operation_(operation), member_(std::move(member)) {}
  Reparametrization(const Reparametrization&) = default;

  // The parameter that the member holds; its name is known from then on. Throws Error if it is none, or if the module
  // has a tensor of that name and one of the `parts` already.
  Tensor find(Module& module, std::initializer_list<const char*> parts);
  // Registers what it is made from.
  virtual void install(Module& module) = 0;
  // The member's new value; `step`: for a forward, which may go on with an iteration.
  virtual Tensor computed(bool step) = 0;
  // Takes off the lists what install registered.
  virtual void uninstall(Module& module) = 0;
  virtual std::shared_ptr<Reparametrization> copy() const = 0;

  const std::string& name() const { return name_; }

  friend void attach(Module& module, const std::shared_ptr<Reparametrization>& hook);
  friend void detach(Module& module, const char* operation, const TensorMember& member);

 private:
  const char* operation_;
  std::shared_ptr<const TensorMember> member_;
  std::string name_;  // of the parameter
};

void attach(Module& module, const std::shared_ptr<Reparametrization>& hook);
// The member becomes a parameter again, of the value that it has. Throws Error if `operation` was not applied to it.
void detach(Module& module, const char* operation, const TensorMember& member);

}  // namespace rondo::nn::utils::detail
