// A dictionary of modules.
#pragma once

#include <rondo/nn/cloneable.h>

namespace rondo::nn {

// Modules by name, in the order of insertion, registered by these names. The dictionary has no forward.
class ModuleDictImpl : public Cloneable<ModuleDictImpl> {
 public:
  using Dict = OrderedDict<std::string, std::shared_ptr<Module>>;
  using Items = std::vector<std::pair<std::string, std::shared_ptr<Module>>>;
  using Iterator = Dict::Iterator;
  using ConstIterator = Dict::ConstIterator;

  ModuleDictImpl();
  explicit ModuleDictImpl(const Items& modules);
  explicit ModuleDictImpl(const Dict& modules);

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;

  Items items() const { return modules_.pairs(); }
  std::vector<std::string> keys() const { return modules_.keys(); }
  std::vector<std::shared_ptr<Module>> values() const { return modules_.values(); }
  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  size_t size() const noexcept { return modules_.size(); }
  bool empty() const noexcept { return modules_.is_empty(); }
  bool contains(const std::string& key) const noexcept { return modules_.contains(key); }

  // Modules that are taken out are no submodules any more.
  void clear();
  // Takes the module out and returns it. Throws Error if the key is not there.
  std::shared_ptr<Module> pop(const std::string& key);
  // Adds modules, which replace those of the same names.
  void update(const Items& modules);
  template <class Container>
  void update(const Container& container) {
    for (const auto& item : container) insert(item.key(), item.value());
  }

  // Throw Error if the key is not there; at throws TypeError if the module is no M.
  std::shared_ptr<Module> operator[](const std::string& key) const { return modules_[key]; }
  template <class M>
  M& at(const std::string& key) {
    return const_cast<M&>(std::as_const(*this).template at<M>(key));
  }
  template <class M>
  const M& at(const std::string& key) const {
    static_assert(std::is_base_of_v<Module, M>, "Can only call ModuleDict::at with an nn::Module type");
    const Module& module = *modules_[key];
    if (const M* typed = module.as<M>()) return *typed;
    detail::wrong_module("ModuleDict", module, typeid(M));
  }

 private:
  void insert(const std::string& key, std::shared_ptr<Module> module);

  Dict modules_;
};
RONDO_MODULE(ModuleDict);

}  // namespace rondo::nn
