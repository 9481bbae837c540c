// A list of modules.
#pragma once

#include <rondo/nn/cloneable.h>

namespace rondo::nn {

// Modules, registered by their place, that a forward of the user's own goes through; the list has no forward. It takes
// holders, modules and shared_ptrs to modules.
class ModuleListImpl : public Cloneable<ModuleListImpl> {
 public:
  using Iterator = std::vector<std::shared_ptr<Module>>::iterator;
  using ConstIterator = std::vector<std::shared_ptr<Module>>::const_iterator;

  ModuleListImpl();
  template <class Head, class... Tail>
  requires(sizeof...(Tail) > 0 ||
           !std::is_same_v<std::decay_t<Head>, ModuleListImpl>) explicit ModuleListImpl(Head&& head, Tail&&... tail)
      : ModuleListImpl() {
    modules_.reserve(1 + sizeof...(Tail));
    push_back(std::forward<Head>(head));
    (push_back(std::forward<Tail>(tail)), ...);
  }

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;

  void push_back(std::shared_ptr<Module> module);
  template <class M>
  requires(std::is_base_of_v<Module, std::decay_t<M>>) void push_back(M&& module) {
    push_back(shared(std::forward<M>(module)));
  }
  template <class M>
  void push_back(const ModuleHolder<M>& holder) {
    push_back(std::shared_ptr<Module>(holder.ptr()));
  }
  // Appends all modules of a container.
  template <class Container>
  void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }
  // Puts the module before the one at `index`. Throws IndexError ("Index out of range") beyond the end.
  void insert(size_t index, std::shared_ptr<Module> module);
  template <class M>
  requires(std::is_base_of_v<Module, std::decay_t<M>>) void insert(size_t index, M&& module) {
    insert(index, shared(std::forward<M>(module)));
  }
  template <class M>
  void insert(size_t index, const ModuleHolder<M>& holder) {
    insert(index, std::shared_ptr<Module>(holder.ptr()));
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }

  // Throw IndexError ("Index out of range"); at throws TypeError if the module is no M, where ptr<M> gives null.
  template <class M>
  M& at(size_t index) {
    return const_cast<M&>(std::as_const(*this).template at<M>(index));
  }
  template <class M>
  const M& at(size_t index) const {
    static_assert(std::is_base_of_v<Module, M>, "Can only call ModuleList::at with an nn::Module type");
    const Module& module = *checked(index);
    if (const M* typed = module.as<M>()) return *typed;
    detail::wrong_module("ModuleList", module, typeid(M));
  }
  std::shared_ptr<Module> ptr(size_t index) const { return checked(index); }
  template <class M>
  std::shared_ptr<M> ptr(size_t index) const {
    static_assert(std::is_base_of_v<Module, M>, "Can only call ModuleList::ptr with an nn::Module type");
    return std::dynamic_pointer_cast<M>(checked(index));
  }
  std::shared_ptr<Module> operator[](size_t index) const { return checked(index); }

 private:
  template <class M>
  static std::shared_ptr<Module> shared(M&& module) {
    return std::shared_ptr<std::decay_t<M>>(new std::decay_t<M>(std::forward<M>(module)));
  }
  const std::shared_ptr<Module>& checked(size_t index) const;

  std::vector<std::shared_ptr<Module>> modules_;
};
RONDO_MODULE(ModuleList);

}  // namespace rondo::nn
