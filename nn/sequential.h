// A chain of modules.
#pragma once

#include <rondo/nn/any_module.h>
#include <rondo/nn/cloneable.h>

namespace rondo::nn {

// Each module gets what the one before it gives. Modules are named by their place, unless they are given names. They
// may be holders, modules or shared_ptrs to modules, with any forward that AnyModule can hold.
class SequentialImpl : public Cloneable<SequentialImpl> {
 public:
  using Iterator = std::vector<AnyModule>::iterator;
  using ConstIterator = std::vector<AnyModule>::const_iterator;

  SequentialImpl();
  template <class... Modules>
  requires((detail::is_module<Modules> || detail::is_holder<Modules> ||
            std::is_constructible_v<AnyModule, Modules>)&&...) explicit SequentialImpl(Modules&&... modules)
      : SequentialImpl() {
    modules_.reserve(sizeof...(Modules));
    (push_back(std::forward<Modules>(modules)), ...);
  }
  explicit SequentialImpl(const OrderedDict<std::string, AnyModule>& modules);
  explicit SequentialImpl(std::initializer_list<NamedAnyModule> modules);

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;

  // The first module gets the arguments. Throws Error if there is no module, and TypeError if the last one gives
  // something else than a ReturnType.
  template <class ReturnType = Tensor, class... Inputs>
  ReturnType forward(Inputs&&... inputs) {
    if constexpr (std::is_same_v<ReturnType, Tensor> && sizeof...(Inputs) == 1 &&
                  (std::is_same_v<std::decay_t<Inputs>, Tensor> && ...)) {
      return forward_tensor(inputs...);
    } else {
      std::vector<AnyValue> values;
      values.reserve(sizeof...(Inputs));
      (values.push_back(AnyValue(std::forward<Inputs>(inputs))), ...);
      AnyValue result = forward_values(0, std::move(values));
      if (auto* value = result.template try_get<ReturnType>()) return std::move(*value);
      wrong_return(result.type_info(), typeid(ReturnType));
    }
  }

  void push_back(AnyModule module);
  void push_back(std::string name, AnyModule module);
  template <class M>
  requires(detail::is_module<M> || detail::is_holder<M>) void push_back(M&& module) {
    push_back(AnyModule(std::forward<M>(module)));
  }
  template <class M>
  requires(detail::is_module<M> || detail::is_holder<M>) void push_back(std::string name, M&& module) {
    push_back(std::move(name), AnyModule(std::forward<M>(module)));
  }
  template <class M>
  void push_back(std::shared_ptr<M> module) {
    push_back(AnyModule(std::move(module)));
  }
  template <class M>
  void push_back(std::string name, std::shared_ptr<M> module) {
    push_back(std::move(name), AnyModule(std::move(module)));
  }
  // Appends all modules of a container, a Sequential's or a vector.
  template <class Container>
  void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }

  // Throw IndexError ("Index out of range"), and TypeError if the module is of another type.
  template <class M>
  M& at(size_t index) {
    return checked(index).template get<M>();
  }
  template <class M>
  const M& at(size_t index) const {
    return checked(index).template get<M>();
  }
  std::shared_ptr<Module> ptr(size_t index) const { return checked(index).ptr(); }
  template <class M>
  std::shared_ptr<M> ptr(size_t index) const {
    return checked(index).template ptr<M>();
  }
  std::shared_ptr<Module> operator[](size_t index) const { return ptr(index); }

 private:
  Tensor forward_tensor(const Tensor& input);
  // From module `first` on.
  AnyValue forward_values(size_t first, std::vector<AnyValue>&& values);
  [[noreturn]] static void wrong_return(const std::type_info& got, const std::type_info& wanted);
  const AnyModule& checked(size_t index) const;
  AnyModule& checked(size_t index) { return const_cast<AnyModule&>(std::as_const(*this).checked(index)); }

  std::vector<AnyModule> modules_;
};

class Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using ModuleHolder<SequentialImpl>::ModuleHolder;
  Sequential() : ModuleHolder() {}
  Sequential(std::initializer_list<NamedAnyModule> modules);
};

}  // namespace rondo::nn
