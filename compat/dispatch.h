// AT_DISPATCH_...: code for the C++ type of a dtype, which it calls scalar_t.
//
//   AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "sum", [&] { total += *x.data_ptr<scalar_t>(); });
#pragma once

#include <rondo/autograd/base/error.h>
#include <rondo/autograd/base/scalar_type.h>
#include <rondo/compat/macros.h>
#include <rondo/compat/type_properties.h>

#include <string>

namespace rondo::compat {

template <ScalarType type>
struct TypeOf;
#define RONDO_TYPE_OF(cpp_type, scalar_type) \
  template <>                                \
  struct TypeOf<scalar_type> {               \
    using type = cpp_type;                   \
  };
RONDO_TYPE_OF(uint8_t, kByte)
RONDO_TYPE_OF(int8_t, kChar)
RONDO_TYPE_OF(int16_t, kShort)
RONDO_TYPE_OF(int32_t, kInt)
RONDO_TYPE_OF(int64_t, kLong)
RONDO_TYPE_OF(Half, kHalf)
RONDO_TYPE_OF(float, kFloat)
RONDO_TYPE_OF(double, kDouble)
RONDO_TYPE_OF(bool, kBool)
RONDO_TYPE_OF(BFloat16, kBFloat16)
#undef RONDO_TYPE_OF

[[noreturn]] inline void no_such_case(const char* name, ScalarType type) {
  throw NotImplementedError(std::string("\"") + name + "\" not implemented for '" + toString(type) + "'");
}

constexpr ScalarType scalar_type(ScalarType type) { return type; }
constexpr ScalarType scalar_type(const DeprecatedTypeProperties& type) { return type.scalarType(); }

}  // namespace rondo::compat

namespace rondo::impl {
template <ScalarType type>
using ScalarTypeToCPPTypeT = typename compat::TypeOf<type>::type;
}

#define AT_DISPATCH_CASE(type, ...)                                              \
  case type: {                                                                   \
    using scalar_t [[maybe_unused]] = ::rondo::impl::ScalarTypeToCPPTypeT<type>; \
    return __VA_ARGS__();                                                        \
  }
#define AT_DISPATCH_SWITCH(TYPE, NAME, ...)                           \
  [&] {                                                               \
    const auto rondo_dispatched = ::rondo::compat::scalar_type(TYPE); \
    switch (rondo_dispatched) {                                       \
      __VA_ARGS__                                                     \
      default:                                                        \
        ::rondo::compat::no_such_case(NAME, rondo_dispatched);        \
    }                                                                 \
  }()

// The type is called index_t.
#define RONDO_DISPATCH_INDEX_CASE(type, ...)                                    \
  case type: {                                                                  \
    using index_t [[maybe_unused]] = ::rondo::impl::ScalarTypeToCPPTypeT<type>; \
    return __VA_ARGS__();                                                       \
  }
#define AT_DISPATCH_INDEX_TYPES(TYPE, NAME, ...)                           \
  AT_DISPATCH_SWITCH(TYPE, NAME,                                           \
                     RONDO_DISPATCH_INDEX_CASE(::rondo::kInt, __VA_ARGS__) \
                         RONDO_DISPATCH_INDEX_CASE(::rondo::kLong, __VA_ARGS__))

#define AT_DISPATCH_CASE_FLOATING_TYPES(...)      \
  AT_DISPATCH_CASE(::rondo::kDouble, __VA_ARGS__) \
  AT_DISPATCH_CASE(::rondo::kFloat, __VA_ARGS__)
#define AT_DISPATCH_CASE_INTEGRAL_TYPES(...)    \
  AT_DISPATCH_CASE(::rondo::kByte, __VA_ARGS__) \
  AT_DISPATCH_CASE(::rondo::kChar, __VA_ARGS__) \
  AT_DISPATCH_CASE(::rondo::kInt, __VA_ARGS__)  \
  AT_DISPATCH_CASE(::rondo::kLong, __VA_ARGS__) \
  AT_DISPATCH_CASE(::rondo::kShort, __VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES(...)        \
  AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__) \
  AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__)

#define AT_DISPATCH_FLOATING_TYPES(TYPE, NAME, ...) \
  AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__))
#define AT_DISPATCH_FLOATING_TYPES_AND_HALF(TYPE, NAME, ...) \
  AT_DISPATCH_FLOATING_TYPES_AND(::rondo::kHalf, TYPE, NAME, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND(MORE, TYPE, NAME, ...) \
  AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__) AT_DISPATCH_CASE(MORE, __VA_ARGS__))
#define AT_DISPATCH_FLOATING_TYPES_AND2(MORE1, MORE2, TYPE, NAME, ...)                                 \
  AT_DISPATCH_SWITCH(TYPE, NAME,                                                                       \
                     AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__) AT_DISPATCH_CASE(MORE1, __VA_ARGS__) \
                         AT_DISPATCH_CASE(MORE2, __VA_ARGS__))
#define AT_DISPATCH_INTEGRAL_TYPES(TYPE, NAME, ...) \
  AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__))
#define AT_DISPATCH_INTEGRAL_TYPES_AND(MORE, TYPE, NAME, ...) \
  AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__) AT_DISPATCH_CASE(MORE, __VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES(TYPE, NAME, ...) AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES_AND(MORE, TYPE, NAME, ...) \
  AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__) AT_DISPATCH_CASE(MORE, __VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES_AND2(MORE1, MORE2, TYPE, NAME, ...)                                 \
  AT_DISPATCH_SWITCH(TYPE, NAME,                                                                  \
                     AT_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__) AT_DISPATCH_CASE(MORE1, __VA_ARGS__) \
                         AT_DISPATCH_CASE(MORE2, __VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES_AND3(MORE1, MORE2, MORE3, TYPE, NAME, ...)                          \
  AT_DISPATCH_SWITCH(TYPE, NAME,                                                                  \
                     AT_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__) AT_DISPATCH_CASE(MORE1, __VA_ARGS__) \
                         AT_DISPATCH_CASE(MORE2, __VA_ARGS__) AT_DISPATCH_CASE(MORE3, __VA_ARGS__))

// _(C++ type, name of the dtype) for each dtype.
#define AT_FORALL_SCALAR_TYPES(_) \
  _(uint8_t, Byte)                \
  _(int8_t, Char)                 \
  _(int16_t, Short)               \
  _(int, Int)                     \
  _(int64_t, Long)                \
  _(float, Float)                 \
  _(double, Double)
#define AT_FORALL_SCALAR_TYPES_AND(more, _) \
  AT_FORALL_SCALAR_TYPES(_)                 \
  _(::rondo::impl::ScalarTypeToCPPTypeT<::rondo::ScalarType::more>, more)
#define AT_FORALL_SCALAR_TYPES_AND2(more1, more2, _) \
  AT_FORALL_SCALAR_TYPES_AND(more1, _)               \
  _(::rondo::impl::ScalarTypeToCPPTypeT<::rondo::ScalarType::more2>, more2)
#define AT_FORALL_SCALAR_TYPES_AND3(more1, more2, more3, _) \
  AT_FORALL_SCALAR_TYPES_AND2(more1, more2, _)              \
  _(::rondo::impl::ScalarTypeToCPPTypeT<::rondo::ScalarType::more3>, more3)
