// What torch::tensor makes of numbers, lists in braces, vectors and spans, as an object that can be looked into.
#pragma once

#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/stream.h>

#include <initializer_list>
#include <ostream>
#include <type_traits>
#include <vector>

namespace rondo::detail {

class TensorDataContainer {
 public:
  TensorDataContainer() : kind_(Kind::List) {}
  template <class T>
  requires(std::is_arithmetic_v<T>) TensorDataContainer(T value)
      : kind_(Kind::Number), number_(value), type_(scalar_type_of<T>) {}
  TensorDataContainer(std::initializer_list<TensorDataContainer> list) : kind_(Kind::List), list_(list) {
    if (!list_.empty()) type_ = list_.front().type_;
  }
  template <class T>
  requires(std::is_arithmetic_v<T>) TensorDataContainer(ArrayRef<T> values)
      : kind_(Kind::Tensor),
        tensor_(rondo::tensor(tensor_data::Nested(values), rondo::dtype(scalar_type_of<T>))),
        type_(scalar_type_of<T>) {}
  template <class T>
  requires(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) TensorDataContainer(const std::vector<T>& values)
      : TensorDataContainer(ArrayRef<T>(values)) {}

  bool is_scalar() const { return kind_ == Kind::Number; }
  bool is_init_list() const { return kind_ == Kind::List; }
  bool is_tensor() const { return kind_ == Kind::Tensor; }
  const Scalar& scalar() const {
    need(Kind::Number, "scalar()", "is_scalar()");
    return number_;
  }
  const std::vector<TensorDataContainer>& init_list() const {
    need(Kind::List, "init_list()", "is_init_list()");
    return list_;
  }
  const Tensor& tensor() const {
    need(Kind::Tensor, "tensor()", "is_tensor()");
    return tensor_;
  }
  // Of the C++ type of the numbers.
  ScalarType scalar_type() const { return type_; }
  std::vector<int64_t> sizes() const {
    if (is_tensor()) return tensor_.sizes().vec();
    std::vector<int64_t> all;
    if (is_scalar()) return all;
    all.push_back(static_cast<int64_t>(list_.size()));
    if (list_.empty()) return all;
    for (int64_t size : list_.front().sizes()) all.push_back(size);
    return all;
  }

  Tensor convert_to_tensor(TensorOptions options = {}) const {
    if (!options.has_dtype() && type_ != ScalarType::Undefined) {
      options = options.dtype(is_floating_point(type_) ? default_dtype() : type_ == kBool ? kBool : kLong);
    }
    if (is_tensor()) return tensor_.to(options.dtype());
    if (is_scalar()) return full({}, number_, options);
    if (list_.empty()) return empty({0}, options);
    std::vector<Tensor> rows;
    for (const TensorDataContainer& each : list_) rows.push_back(each.convert_to_tensor(options));
    return stack(rows);
  }

  friend std::ostream& operator<<(std::ostream& out, const TensorDataContainer& data) {
    if (data.is_scalar()) return write(out, data.number_);
    const char* between = "";
    out << '{';
    for (const TensorDataContainer& each : data.list_) {
      out << between << each;
      between = ", ";
    }
    for (int64_t i = 0; data.is_tensor() && i < data.tensor_.numel(); ++i) {
      write(out << between, data.tensor_[i].item());
      between = ", ";
    }
    return out << '}';
  }

 private:
  static std::ostream& write(std::ostream& out, const Scalar& number) {
    return number.isFloatingPoint() ? out << number.toDouble() : out << number.toLong();
  }

  enum class Kind : uint8_t { Number, List, Tensor };
  void need(Kind kind, const char* accessor, const char* question) const {
    if (kind_ == kind) return;
    fail("TensorDataContainer",
         std::string("Can only call `") + accessor + "` on a TensorDataContainer that has `" + question + " == true`");
  }

  Kind kind_;
  Scalar number_;
  std::vector<TensorDataContainer> list_;
  Tensor tensor_;
  ScalarType type_ = ScalarType::Undefined;
};

}  // namespace rondo::detail
