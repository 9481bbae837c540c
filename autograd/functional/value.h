// A value of one of a few types: what custom functions keep beside tensors.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <string>
#include <utility>
#include <vector>

namespace rondo {

// Nothing, a number, a string, a tensor, or a list of them. Copies share what they hold. The accessors throw Error for
// another kind. What it is made of stays in value.cpp: a variant costs every user's file a tenth of a second.
class IValue {
 public:
  IValue() = default;
  IValue(double value);
  IValue(float value) : IValue(static_cast<double>(value)) {}
  IValue(bool value);
  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) IValue(T value)
      : IValue(static_cast<int64_t>(value), 0) {}
  IValue(const char* value) : IValue(std::string(value)) {}
  IValue(std::string value);
  IValue(Tensor value);
  IValue(std::vector<Tensor> value);
  IValue(std::vector<int64_t> value);
  IValue(std::vector<double> value);
  IValue(Scalar value);
  IValue(const IValue& other) noexcept;
  IValue(IValue&& other) noexcept : content_(std::exchange(other.content_, nullptr)) {}
  IValue& operator=(IValue other) noexcept {
    std::swap(content_, other.content_);
    return *this;
  }
  ~IValue() {
    if (content_) drop();
  }

  bool isNone() const { return content_ == nullptr; }
  bool isDouble() const;
  bool isInt() const;
  bool isBool() const;
  bool isString() const;
  bool isTensor() const;
  bool isTensorList() const;
  bool isIntList() const;
  bool isDoubleList() const;
  bool isScalar() const { return isDouble() || isInt() || isBool(); }

  double toDouble() const;
  int64_t toInt() const;
  bool toBool() const;
  const std::string& toStringRef() const;
  Scalar toScalar() const;
  const Tensor& toTensor() const;
  const std::vector<Tensor>& toTensorVector() const;
  const std::vector<Tensor>& toTensorList() const { return toTensorVector(); }
  const std::vector<int64_t>& toIntVector() const;
  const std::vector<int64_t>& toIntList() const { return toIntVector(); }
  const std::vector<double>& toDoubleVector() const;
  const std::vector<double>& toDoubleList() const { return toDoubleVector(); }

  // "Int", "Tensor", ...: the kind of what it holds.
  const char* tagKind() const;

 private:
  struct Content;
  IValue(int64_t value, int);
  void drop() noexcept;
  template <class T>
  bool is() const;
  template <class T>
  const T& get(const char* wanted) const;

  Content* content_ = nullptr;  // null: nothing
};

// Values by name, in the order in which they came.
class ValueMap {
 public:
  using Entry = std::pair<std::string, IValue>;

  // The value of that name, a new one that holds nothing where there is none.
  IValue& operator[](const std::string& name);
  // Throws Error where there is none.
  const IValue& at(const std::string& name) const;
  size_t count(const std::string& name) const;
  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<Entry> entries_;
};

}  // namespace rondo
