// A value of one of a few types: what custom functions keep beside tensors.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace rondo {

// Nothing, a number, a string, a tensor, or a list of them. The accessors throw Error for another kind.
class IValue {
 public:
  IValue() = default;
  IValue(double value) : value_(value) {}
  IValue(float value) : value_(static_cast<double>(value)) {}
  IValue(bool value) : value_(value) {}
  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) IValue(T value) : value_(static_cast<int64_t>(value)) {}
  IValue(const char* value) : value_(std::string(value)) {}
  IValue(std::string value) : value_(std::move(value)) {}
  IValue(Tensor value) : value_(std::move(value)) {}
  IValue(std::vector<Tensor> value) : value_(std::move(value)) {}
  IValue(std::vector<int64_t> value) : value_(std::move(value)) {}
  IValue(std::vector<double> value) : value_(std::move(value)) {}
  IValue(Scalar value);

  bool isNone() const { return is<std::monostate>(); }
  bool isDouble() const { return is<double>(); }
  bool isInt() const { return is<int64_t>(); }
  bool isBool() const { return is<bool>(); }
  bool isString() const { return is<std::string>(); }
  bool isTensor() const { return is<Tensor>(); }
  bool isTensorList() const { return is<std::vector<Tensor>>(); }
  bool isIntList() const { return is<std::vector<int64_t>>(); }
  bool isDoubleList() const { return is<std::vector<double>>(); }
  bool isScalar() const { return isDouble() || isInt() || isBool(); }

  double toDouble() const { return get<double>("Double"); }
  int64_t toInt() const { return get<int64_t>("Int"); }
  bool toBool() const { return get<bool>("Bool"); }
  const std::string& toStringRef() const { return get<std::string>("String"); }
  Scalar toScalar() const;
  const Tensor& toTensor() const { return get<Tensor>("Tensor"); }
  const std::vector<Tensor>& toTensorVector() const { return get<std::vector<Tensor>>("TensorList"); }
  const std::vector<Tensor>& toTensorList() const { return toTensorVector(); }
  const std::vector<int64_t>& toIntVector() const { return get<std::vector<int64_t>>("IntList"); }
  const std::vector<int64_t>& toIntList() const { return toIntVector(); }
  const std::vector<double>& toDoubleVector() const { return get<std::vector<double>>("DoubleList"); }
  const std::vector<double>& toDoubleList() const { return toDoubleVector(); }

  // "Int", "Tensor", ...: the kind of what it holds.
  const char* tagKind() const;

 private:
  template <class T>
  bool is() const {
    return std::holds_alternative<T>(value_);
  }
  template <class T>
  const T& get(const char* wanted) const {
    if (!is<T>()) wrong_kind(wanted);
    return *std::get_if<T>(&value_);
  }
  [[noreturn]] void wrong_kind(const char* wanted) const;

  std::variant<std::monostate, double, int64_t, bool, std::string, Tensor, std::vector<Tensor>, std::vector<int64_t>,
               std::vector<double>>
      value_;
};

// Values by name, in the order in which they came.
class ValueMap {
 public:
  using Entry = std::pair<std::string, IValue>;

  // The value of that name, a new one that holds nothing where there is none.
  IValue& operator[](const std::string& name) {
    for (Entry& entry : entries_) {
      if (entry.first == name) return entry.second;
    }
    return entries_.emplace_back(name, IValue()).second;
  }
  // Throws Error where there is none.
  const IValue& at(const std::string& name) const {
    for (const Entry& entry : entries_) {
      if (entry.first == name) return entry.second;
    }
    fail("saved_data", "no value is named '" + name + "'");
  }
  size_t count(const std::string& name) const {
    for (const Entry& entry : entries_) {
      if (entry.first == name) return 1;
    }
    return 0;
  }
  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<Entry> entries_;
};

}  // namespace rondo
