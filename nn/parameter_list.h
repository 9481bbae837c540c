// A list of parameters.
#pragma once

#include <rondo/nn/cloneable.h>

namespace rondo::nn {

// Tensors, registered as parameters by their place. Each keeps its own requires_grad.
class ParameterListImpl : public Cloneable<ParameterListImpl> {
 public:
  using Item = OrderedDict<std::string, Tensor>::Item;
  using Iterator = OrderedDict<std::string, Tensor>::Iterator;
  using ConstIterator = OrderedDict<std::string, Tensor>::ConstIterator;

  ParameterListImpl();
  template <class... Tensors>
  requires((std::is_convertible_v<Tensors, Tensor> && ...)) explicit ParameterListImpl(Tensors&&... parameters)
      : ParameterListImpl() {
    parameters_.reserve(sizeof...(Tensors));
    (append(std::forward<Tensors>(parameters)), ...);
  }

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;

  void append(const Tensor& parameter);
  void append(const Item& item);
  // Appends all tensors of a container: of tensors, or of items of a dictionary or another list.
  template <class Container>
  void extend(const Container& container) {
    for (const auto& parameter : container) append(parameter);
  }
  template <class Container>
  ParameterListImpl& operator+=(const Container& other) {
    extend(other);
    return *this;
  }

  Iterator begin() { return parameters_.begin(); }
  ConstIterator begin() const { return parameters_.begin(); }
  Iterator end() { return parameters_.end(); }
  ConstIterator end() const { return parameters_.end(); }
  size_t size() const noexcept { return parameters_.size(); }
  bool is_empty() const noexcept { return parameters_.is_empty(); }

  // Throw IndexError ("Index out of range").
  Tensor& at(size_t index) { return parameters_[checked(index)].value(); }
  const Tensor& at(size_t index) const { return parameters_[checked(index)].value(); }
  Tensor& operator[](size_t index) { return at(index); }
  const Tensor& operator[](size_t index) const { return at(index); }

 private:
  size_t checked(size_t index) const;
};
RONDO_MODULE(ParameterList);

}  // namespace rondo::nn
