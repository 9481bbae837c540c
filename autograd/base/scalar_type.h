// The element types of tensors, with libtorch's names, numbering and promotion rules.
#pragma once

#include <rondo/autograd/base/half.h>

#include <cstddef>
#include <cstdint>

namespace rondo {

// The numbers are those of libtorch; the types between (complex, quantized) do not exist here.
enum class ScalarType : int8_t {
  Byte = 0,
  Char = 1,
  Short = 2,
  Int = 3,
  Long = 4,
  Half = 5,
  Float = 6,
  Double = 7,
  Bool = 11,
  BFloat16 = 15,
  Undefined = 20,
};
using Dtype = ScalarType;

inline constexpr ScalarType kByte = ScalarType::Byte, kUInt8 = kByte, kU8 = kByte;
inline constexpr ScalarType kChar = ScalarType::Char, kInt8 = kChar, kI8 = kChar;
inline constexpr ScalarType kShort = ScalarType::Short, kInt16 = kShort, kI16 = kShort;
inline constexpr ScalarType kInt = ScalarType::Int, kInt32 = kInt, kI32 = kInt;
inline constexpr ScalarType kLong = ScalarType::Long, kInt64 = kLong, kI64 = kLong;
inline constexpr ScalarType kHalf = ScalarType::Half, kFloat16 = kHalf, kF16 = kHalf;
inline constexpr ScalarType kFloat = ScalarType::Float, kFloat32 = kFloat, kF32 = kFloat;
inline constexpr ScalarType kDouble = ScalarType::Double, kFloat64 = kDouble, kF64 = kDouble;
inline constexpr ScalarType kBool = ScalarType::Bool;
inline constexpr ScalarType kBFloat16 = ScalarType::BFloat16;

// "Float", "Long", ...: libtorch's names.
const char* toString(ScalarType type);
// "float32", "int64", ...: the names that messages use.
const char* dtype_name(ScalarType type);

constexpr size_t element_size(ScalarType type) {
  switch (type) {
    case kByte:
    case kChar:
    case kBool:
      return 1;
    case kShort:
    case kHalf:
    case kBFloat16:
      return 2;
    case kInt:
    case kFloat:
      return 4;
    case kLong:
    case kDouble:
      return 8;
    default:
      return 0;
  }
}
inline size_t elementSize(ScalarType type) { return element_size(type); }

constexpr bool is_floating_point(ScalarType type) {
  return type == kFloat || type == kDouble || type == kHalf || type == kBFloat16;
}
constexpr bool is_reduced_floating(ScalarType type) { return type == kHalf || type == kBFloat16; }
// Integers; bool counts only where asked for.
constexpr bool is_integral(ScalarType type, bool include_bool = false) {
  return (type >= kByte && type <= kLong) || (include_bool && type == kBool);
}
constexpr bool isFloatingType(ScalarType type) { return is_floating_point(type); }
constexpr bool isIntegralType(ScalarType type, bool include_bool) { return is_integral(type, include_bool); }

// The type that holds both, as libtorch decides: bool < uint8 < int8 < ... < int64 < float16 < float32 < float64, but
// uint8 with a signed type of the same width gives the next wider one, and float16 with bfloat16 gives float32.
ScalarType promote_types(ScalarType a, ScalarType b);
inline ScalarType promoteTypes(ScalarType a, ScalarType b) { return promote_types(a, b); }

// Whether a result of type `from` may be written to one of type `to`: not floating to integral, nor a number to bool.
constexpr bool can_cast(ScalarType from, ScalarType to) {
  if (is_floating_point(from) && !is_floating_point(to)) return false;
  return !(to == kBool && from != kBool);
}
constexpr bool canCast(ScalarType from, ScalarType to) { return can_cast(from, to); }

// The dtype of factories that are given none, and of integers that become floating point: float32 until set.
ScalarType default_dtype();
// Throws TypeError for ScalarType::Undefined.
void set_default_dtype(ScalarType type);

// What x.dtype() gives: a ScalarType that prints as its C++ type ("float", "long int") and answers as libtorch's does.
class TypeMeta {
 public:
  constexpr explicit TypeMeta(ScalarType type) : type_(type) {}
  constexpr operator ScalarType() const { return type_; }
  constexpr ScalarType toScalarType() const { return type_; }
  constexpr size_t itemsize() const { return element_size(type_); }
  constexpr bool isScalarType() const { return type_ != ScalarType::Undefined; }
  constexpr bool isScalarType(ScalarType type) const { return type_ == type; }
  const char* name() const;
  static constexpr TypeMeta fromScalarType(ScalarType type) { return TypeMeta(type); }
  template <class T>
  static constexpr TypeMeta Make();

 private:
  ScalarType type_;
};
inline TypeMeta get_default_dtype() { return TypeMeta(default_dtype()); }
constexpr ScalarType typeMetaToScalarType(TypeMeta type) { return type; }
constexpr TypeMeta scalarTypeToTypeMeta(ScalarType type) { return TypeMeta(type); }

template <class T>
struct ScalarTypeOf {};
#define RONDO_SCALAR_TYPE_OF(cpp_type, scalar_type)  \
  template <>                                        \
  struct ScalarTypeOf<cpp_type> {                    \
    static constexpr ScalarType value = scalar_type; \
  };
RONDO_SCALAR_TYPE_OF(uint8_t, kByte)
RONDO_SCALAR_TYPE_OF(int8_t, kChar)
RONDO_SCALAR_TYPE_OF(int16_t, kShort)
RONDO_SCALAR_TYPE_OF(int32_t, kInt)
RONDO_SCALAR_TYPE_OF(long, kLong)
RONDO_SCALAR_TYPE_OF(long long, kLong)
RONDO_SCALAR_TYPE_OF(Half, kHalf)
RONDO_SCALAR_TYPE_OF(float, kFloat)
RONDO_SCALAR_TYPE_OF(double, kDouble)
RONDO_SCALAR_TYPE_OF(bool, kBool)
RONDO_SCALAR_TYPE_OF(BFloat16, kBFloat16)
#undef RONDO_SCALAR_TYPE_OF

// The ScalarType of a C++ type.
template <class T>
inline constexpr ScalarType scalar_type_of = ScalarTypeOf<T>::value;
template <class T>
constexpr TypeMeta TypeMeta::Make() {
  return TypeMeta(scalar_type_of<T>);
}

// A type as a value: what `visit_dtype` hands to its function.
template <class T>
struct TypeTag {
  using type = T;
};

// Calls f(TypeTag<T>{}) with the C++ type of `type`; an undefined type gives the call of uint8_t.
template <class F>
decltype(auto) visit_dtype(ScalarType type, F&& f) {
  switch (type) {
    case kChar:
      return f(TypeTag<int8_t>{});
    case kShort:
      return f(TypeTag<int16_t>{});
    case kInt:
      return f(TypeTag<int32_t>{});
    case kLong:
      return f(TypeTag<int64_t>{});
    case kHalf:
      return f(TypeTag<Half>{});
    case kFloat:
      return f(TypeTag<float>{});
    case kDouble:
      return f(TypeTag<double>{});
    case kBool:
      return f(TypeTag<bool>{});
    case kBFloat16:
      return f(TypeTag<BFloat16>{});
    default:
      return f(TypeTag<uint8_t>{});
  }
}

}  // namespace rondo
