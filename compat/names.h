// Names of libtorch's older namespaces: what torch:: and c10:: have of the standard library, c10::irange.
#pragma once

#include <rondo/autograd/base/demangle.h>
#include <rondo/autograd/base/dims.h>
#include <rondo/autograd/functional/dict.h>
#include <rondo/autograd/functional/list.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/enums.h>
#include <rondo/nn/options/convolution.h>

#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace rondo::base {

// The address, as a std::shared_ptr is printed.
template <class C, class Traits, class T>
std::basic_ostream<C, Traits>& operator<<(std::basic_ostream<C, Traits>& out, const Ref<T>& object) {
  return out << static_cast<const void*>(object.get());
}

}  // namespace rondo::base

namespace rondo {

using enumtype::holds_alternative;
using std::bad_optional_access;
using std::get;
using std::get_if;
using std::holds_alternative;
using std::in_place;
using std::in_place_t;
using std::make_optional;
using std::monostate;
using std::nullopt;
using std::nullopt_t;
using std::optional;
using std::string_view;
using std::variant;
using std::visit;

// f of the choice of an option, as of a variant's.
template <class F, class... Choices>
decltype(auto) visit(F&& f, const enumtype::OneOf<Choices...>& option) {
  std::variant<Choices...> choice;
  static_cast<void>(((option.kind() == Choices::kind && (choice = Choices(), true)) || ...));
  return std::visit(std::forward<F>(f), choice);
}

// The type in which sums are carried; and that of an operation's steps.
template <class T, bool is_cuda>
using acc_type = std::conditional_t<
    std::is_integral_v<T>, std::conditional_t<std::is_same_v<T, bool>, bool, int64_t>,
    std::conditional_t<std::is_same_v<T, double> || (std::is_same_v<T, float> && !is_cuda), double, float>>;
template <class T>
using opmath_type = std::conditional_t<std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>, float, T>;

// Whether both are undefined, or equal.
inline bool equal_if_defined(const Tensor& a, const Tensor& b) {
  return a.defined() == b.defined() && (!a.defined() || a.equal(b));
}

namespace enumtype {
// The name of the choice that a variant holds.
template <class... Choices>
std::string get_enum_name(const std::variant<Choices...>& choice) {
  return std::visit([](auto chosen) { return std::string(name_of(decltype(chosen)::kind)); }, choice);
}
}  // namespace enumtype

// The choice of an option if it is this one, else null.
template <class Choice, class... Choices>
const Choice* get_if(const enumtype::OneOf<Choices...>* option) {
  static constexpr Choice chosen;
  return option && option->template is<Choice>() ? &chosen : nullptr;
}

// A convolution's padding as the variant that it is in libtorch: of ExpandingArray<D>, kValid and kSame.
template <class Choice, size_t D>
const Choice* get_if(const nn::detail::ConvPadding<D>* padding) {
  if constexpr (std::is_same_v<Choice, ExpandingArray<D>>) {
    return padding && !padding->is_valid() && !padding->is_same() ? &padding->values() : nullptr;
  } else {
    static_assert(std::is_same_v<Choice, enumtype::kValid> || std::is_same_v<Choice, enumtype::kSame>);
    static constexpr Choice chosen;
    constexpr bool kIsSame = std::is_same_v<Choice, enumtype::kSame>;
    return padding && (kIsSame ? padding->is_same() : padding->is_valid()) ? &chosen : nullptr;
  }
}
template <class Choice, size_t D>
bool holds_alternative(const nn::detail::ConvPadding<D>& padding) {
  return get_if<Choice>(&padding) != nullptr;
}
template <class Choice, size_t D>
const Choice& get(const nn::detail::ConvPadding<D>& padding) {
  if (const Choice* choice = get_if<Choice>(&padding)) return *choice;
  throw std::bad_variant_access();
}
template <class Visitor, size_t D>
decltype(auto) visit(Visitor&& visitor, const nn::detail::ConvPadding<D>& padding) {
  if (padding.is_same()) return std::forward<Visitor>(visitor)(kSame);
  if (padding.is_valid()) return std::forward<Visitor>(visitor)(kValid);
  return std::forward<Visitor>(visitor)(padding.values());
}

template <class T>
using OptionalArrayRef =
    std::conditional_t<std::is_same_v<T, int64_t>, OptionalIntArrayRef, std::optional<ArrayRef<T>>>;

inline constexpr DeviceType kHIP = DeviceType::HIP, kXLA = DeviceType::XLA, kVulkan = DeviceType::Vulkan,
                            kMetal = DeviceType::Metal, kXPU = DeviceType::XPU, kMPS = DeviceType::MPS,
                            kMeta = DeviceType::Meta;

template <bool kCondition, class T = void>
using disable_if_t = std::enable_if_t<!kCondition, T>;

template <class T>
ArrayRef<T> makeArrayRef(const T* data, size_t size) {
  return ArrayRef<T>(data, size);
}
template <class T, size_t N>
ArrayRef<T> makeArrayRef(const T (&list)[N]) {
  return ArrayRef<T>(list, N);
}
template <class List>
auto makeArrayRef(const List& list) {
  return ArrayRef<std::decay_t<decltype(*list.data())>>(list.data(), list.size());
}

// The optional's value, else what the function makes.
template <class T, class F>
T value_or_else(const std::optional<T>& value, F make) {
  return value ? *value : make();
}
// A number as a tensor of its own kind: int64, float64 or bool.
inline Tensor scalar_to_tensor(const Scalar& number, Device = kCPU) { return scalar_tensor(number, number.type()); }

using IntList = IntArrayRef;
using base::demangle;
using TensorBase = Tensor;
using std::make_unique;

// The dtype of a C++ type, and the C++ type of a dtype.
template <class T>
struct CppTypeToScalarType : std::integral_constant<ScalarType, scalar_type_of<T>> {};
inline ScalarType get_default_dtype_as_scalartype() { return default_dtype(); }
inline int64_t maybe_wrap_dim(int64_t dim, int64_t ndim, bool = true) { return wrap_dim("maybe_wrap_dim", dim, ndim); }
inline std::vector<int64_t> infer_size(IntArrayRef a, IntArrayRef b) {
  const Dims sizes = broadcast_shapes("infer_size", a, b);
  return IntArrayRef(sizes).vec();
}

// Writes the tensor to std::cout, in lines of so many columns.
void print(const Tensor& tensor, int64_t line_size = 80);

namespace jit {
using rondo::IValue;
}
namespace impl {
using rondo::GenericDict;
using GenericList = List<IValue>;
}  // namespace impl

namespace compat {

// begin, ..., end - 1.
template <class T>
class IntegerRange {
 public:
  struct Iterator {
    T value;
    T operator*() const { return value; }
    Iterator& operator++() {
      ++value;
      return *this;
    }
    bool operator!=(Iterator other) const { return value != other.value; }
    bool operator==(Iterator other) const { return value == other.value; }
  };
  IntegerRange(T begin, T end) : begin_(begin), end_(end < begin ? begin : end) {}
  Iterator begin() const { return {begin_}; }
  Iterator end() const { return {end_}; }

 private:
  T begin_, end_;
};

}  // namespace compat

// For loops: `for (auto i : irange(n))`, of the type of the end; empty where the end is below the begin.
template <class T>
requires(std::is_integral_v<T>) compat::IntegerRange<T> irange(T end) { return {T(0), end}; }
template <class A, class B>
requires(std::is_integral_v<A>&& std::is_integral_v<B>) compat::IntegerRange<B> irange(A begin, B end) {
  return {static_cast<B>(begin), end};
}

}  // namespace rondo

namespace caffe2 {
using rondo::scalarTypeToTypeMeta;
using rondo::TypeMeta;
using rondo::typeMetaToScalarType;
}  // namespace caffe2
