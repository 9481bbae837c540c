// A value of one of a few types: what custom functions keep beside tensors, what files hold beside them.
#pragma once

#include <rondo/autograd/base/ref.h>
#include <rondo/autograd/functional/list.h>
#include <rondo/autograd/tensor/tensor.h>

#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace rondo {

class IValue;
class DictTable;
template <class Key, class Value>
class Dict;
// From dict.h.
using GenericDict = Dict<IValue, IValue>;

namespace ivalue {
class Tuple;
// What toString() gives, as libtorch's pointer to a string is used.
struct ConstantString {
  const std::string& string() const { return text; }
  const ConstantString* operator->() const { return this; }
  const ConstantString& operator*() const { return *this; }
  const std::string& text;
};
}  // namespace ivalue

// Nothing, a number, a string, a tensor, or lists, tuples and dictionaries of them. Copies share what they
// hold. The accessors throw Error for another kind. What it is made of stays in value.cpp: a variant costs every user's
// file a tenth of a second.
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
  // A list of any values; other lists of what values are made from become one too.
  IValue(std::vector<IValue> value);
  IValue(List<Tensor> value);
  IValue(List<int64_t> value);
  IValue(List<double> value);
  IValue(List<IValue> value);
  template <class T>
  requires(std::is_constructible_v<IValue, T>) IValue(const List<T>& values) : IValue(values.vec()) {}
  template <class T>
  requires(std::is_constructible_v<IValue, T>) IValue(const std::vector<T>& values)
      : IValue(std::vector<IValue>(values.begin(), values.end())) {}
  template <class T>
  requires(std::is_constructible_v<IValue, std::vector<T>>) IValue(ArrayRef<T> values) : IValue(values.vec()) {}
  IValue(base::Ref<ivalue::Tuple> value);
  IValue(base::Ref<DictTable> value);
  IValue(Scalar value);
  template <class T>
  requires(std::is_constructible_v<IValue, T>) IValue(std::optional<T> value) {
    if (value) *this = IValue(std::move(*value));
  }
  template <class... T>
  requires(std::is_constructible_v<IValue, T>&&...) IValue(std::tuple<T...> values);
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
  // Whether it is a list of any kind; the three above are lists of one type.
  bool isList() const;
  bool isTuple() const;
  bool isGenericDict() const;
  bool isScalar() const { return isDouble() || isInt() || isBool(); }

  double toDouble() const;
  int64_t toInt() const;
  bool toBool() const;
  const std::string& toStringRef() const;
  ivalue::ConstantString toString() const { return {toStringRef()}; }
  Scalar toScalar() const;
  const Tensor& toTensor() const;
  const std::vector<Tensor>& toTensorVector() const;
  List<Tensor> toTensorList() const;
  const std::vector<int64_t>& toIntVector() const;
  List<int64_t> toIntList() const;
  const std::vector<double>& toDoubleVector() const;
  List<double> toDoubleList() const;
  // The values of a list of any kind; a list of IValue is shared, others are copied.
  List<IValue> toList() const;
  std::vector<IValue> toListRef() const { return toList().vec(); }
  const base::Ref<ivalue::Tuple>& toTuple() const;
  const ivalue::Tuple& toTupleRef() const { return *toTuple(); }
  // Shares the entries.
  GenericDict toGenericDict() const;
  const base::Ref<DictTable>& toDictTable() const;

  // The value as T: a number, a string, a tensor, a list or a Dict.
  template <class T>
  T to() const;
  // None where it holds nothing.
  template <class T>
  std::optional<T> toOptional() const {
    return isNone() ? std::nullopt : std::optional<T>(to<T>());
  }

  // "Int", "Tensor", ...: the kind of what it holds.
  const char* tagKind() const;

  // Whether both hold the same object, or equal numbers, strings or nothing.
  bool is(const IValue& other) const;
  // Of the same kind with equal contents; tensors with equal elements.
  friend bool operator==(const IValue& a, const IValue& b);
  // As libtorch prints it: 1, 2., text, [1, 2], (1, 2), {a: 1}, None.
  friend std::ostream& operator<<(std::ostream& stream, const IValue& value);

 private:
  struct Content;
  IValue(int64_t value, int);
  void drop() noexcept;
  template <class T>
  bool holds() const;
  template <class T>
  const T& get(const char* wanted) const;

  Content* content_ = nullptr;  // null: nothing
};

namespace ivalue {

// Values of which each place has its own kind.
class Tuple : public base::RefCounted {
 public:
  explicit Tuple(std::vector<IValue> elements) : elements_(std::move(elements)) {}
  static base::Ref<Tuple> create(std::vector<IValue> elements) {
    return base::Ref<Tuple>(new Tuple(std::move(elements)));
  }
  static base::Ref<Tuple> create(std::initializer_list<IValue> elements) {
    return create(std::vector<IValue>(elements));
  }
  static void dispose(Tuple* tuple) noexcept { delete tuple; }
  const std::vector<IValue>& elements() const { return elements_; }
  size_t size() const { return elements_.size(); }

 private:
  std::vector<IValue> elements_;
};

}  // namespace ivalue

template <class... T>
requires(std::is_constructible_v<IValue, T>&&...) IValue::IValue(std::tuple<T...> values)
    : IValue(std::apply([](T&... each) { return ivalue::Tuple::create({IValue(std::move(each))...}); }, values)) {}

template <class T>
inline constexpr bool is_std_tuple = false;
template <class... T>
inline constexpr bool is_std_tuple<std::tuple<T...>> = true;

template <class T>
T IValue::to() const {
  if constexpr (std::is_same_v<T, IValue>) {
    return *this;
  } else if constexpr (std::is_same_v<T, bool>) {
    return toBool();
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(toInt());
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(toDouble());
  } else if constexpr (std::is_same_v<T, std::string>) {
    return toStringRef();
  } else if constexpr (std::is_same_v<T, Tensor>) {
    return toTensor();
  } else if constexpr (std::is_same_v<T, Scalar>) {
    return toScalar();
  } else if constexpr (is_std_tuple<T>) {
    const std::vector<IValue>& from = toTupleRef().elements();
    return [&]<size_t... I>(std::index_sequence<I...>) {
      return T(from.at(I).template to<std::tuple_element_t<I, T>>()...);
    }
    (std::make_index_sequence<std::tuple_size_v<T>>());
  } else if constexpr (requires { typename T::mapped_type; }) {
    return T(toDictTable());
  } else {
    T list;
    for (const IValue& each : toList()) list.push_back(each.to<typename T::value_type>());
    return list;
  }
}

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
