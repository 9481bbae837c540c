// A dictionary of parameters.
#pragma once

#include <rondo/nn/cloneable.h>

namespace rondo::nn {

// Tensors by name, in the order of insertion, registered as parameters by these names; each keeps its requires_grad.
class ParameterDictImpl : public Cloneable<ParameterDictImpl> {
 public:
  using Dict = OrderedDict<std::string, Tensor>;
  using Iterator = Dict::Iterator;
  using ConstIterator = Dict::ConstIterator;

  ParameterDictImpl();
  explicit ParameterDictImpl(const Dict& parameters);

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;

  // Throws Error if the key is there already.
  Tensor& insert(std::string key, Tensor parameter);
  // Takes the parameter out and returns it. Throws Error if the key is not there.
  Tensor pop(const std::string& key);
  // Adds parameters, which replace those of the same names.
  template <class Container>
  void update(const Container& container) {
    for (const auto& item : container) put(item.key(), item.value());
  }
  void clear();

  std::vector<std::string> keys() const { return parameters_.keys(); }
  std::vector<Tensor> values() const { return parameters_.values(); }
  Iterator begin() { return parameters_.begin(); }
  ConstIterator begin() const { return parameters_.begin(); }
  Iterator end() { return parameters_.end(); }
  ConstIterator end() const { return parameters_.end(); }
  size_t size() const noexcept { return parameters_.size(); }
  bool empty() const noexcept { return parameters_.is_empty(); }
  bool contains(const std::string& key) const noexcept { return parameters_.contains(key); }

  // Throw Error if the key is not there.
  Tensor& get(const std::string& key) { return parameters_[key]; }
  const Tensor& get(const std::string& key) const { return parameters_[key]; }
  Tensor& operator[](const std::string& key) { return parameters_[key]; }
  const Tensor& operator[](const std::string& key) const { return parameters_[key]; }

 private:
  void put(const std::string& key, const Tensor& parameter);
};
RONDO_MODULE(ParameterDict);

}  // namespace rondo::nn
