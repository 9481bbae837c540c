// The macros that programs for libtorch use.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/base/error.h>
#include <rondo/compat/str.h>
#include <rondo/compat/warning.h>
#include <rondo/nn/any_module.h>
#include <rondo/nn/module_holder.h>

namespace rondo {

// libtorch's word for what a program leaves out. rondo itself throws no such thing.
class NotImplementedError : public Error {
 public:
  using Error::Error;
};

// libtorch's words for errors of its own parts; nothing in rondo throws them.
class EnforceNotMet : public Error {
 public:
  using Error::Error;
};
class OutOfMemoryError : public Error {
 public:
  using Error::Error;
};

}  // namespace rondo

namespace rondo::compat {

// The message of a failed check: what the user says, else the condition.
template <class... Args>
std::string check_message(const char* condition, const Args&... args) {
  if constexpr (sizeof...(Args) == 0) {
    return std::string("Expected ") + condition + " to be true, but got false.";
  } else {
    return str(args...);
  }
}

}  // namespace rondo::compat

#define TORCH_MODULE_IMPL(Name, ImplType) RONDO_MODULE_IMPL(Name, ImplType)
#define TORCH_MODULE(Name) RONDO_MODULE(Name)
#define TORCH_ARG(T, name) RONDO_ARG(T, name)
#define FORWARD_HAS_DEFAULT_ARGS(...) RONDO_FORWARD_HAS_DEFAULT_ARGS(__VA_ARGS__)
#define TORCH_API

// The version of libtorch whose names rondo follows; where programs ask, to choose between names.
#define TORCH_VERSION_MAJOR 1
#define TORCH_VERSION_MINOR 13
#define TORCH_VERSION_PATCH 1
#define TORCH_VERSION "1.13.1"

#define C10_UNUSED [[maybe_unused]]
#define TORCH_UNUSED_EXCEPT_CUDA C10_UNUSED
#define C10_NODISCARD [[nodiscard]]
#define C10_LIKELY(condition) (__builtin_expect(static_cast<bool>(condition), 1))
#define C10_UNLIKELY(condition) (__builtin_expect(static_cast<bool>(condition), 0))
#define C10_ALWAYS_INLINE __attribute__((always_inline)) inline
#define C10_NOINLINE __attribute__((noinline))
#define C10_EXPORT __attribute__((visibility("default")))
#define C10_API

// A block, as libtorch's are: programs leave the semicolon out.
#define RONDO_COMPAT_CHECK(ErrorType, condition, ...)                                       \
  if (!(condition)) [[unlikely]] {                                                          \
    throw ErrorType(::rondo::compat::check_message(#condition __VA_OPT__(, ) __VA_ARGS__)); \
  }
#define TORCH_CHECK(condition, ...) RONDO_COMPAT_CHECK(::rondo::Error, condition, __VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) RONDO_COMPAT_CHECK(::rondo::IndexError, condition, __VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) RONDO_COMPAT_CHECK(::rondo::ValueError, condition, __VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) RONDO_COMPAT_CHECK(::rondo::TypeError, condition, __VA_ARGS__)
#define TORCH_CHECK_NOT_IMPLEMENTED(condition, ...) \
  RONDO_COMPAT_CHECK(::rondo::NotImplementedError, condition, __VA_ARGS__)
#define TORCH_CHECK_WITH(ErrorType, condition, ...) RONDO_COMPAT_CHECK(::rondo::ErrorType, condition, __VA_ARGS__)
#define TORCH_CHECK_ARG(condition, number, ...) \
  TORCH_CHECK(condition, "invalid argument ", number, ": " __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_EQ(a, b) TORCH_CHECK((a) == (b), "Check failed: " #a " == " #b " (", (a), " vs. ", (b), "). ")
#define TORCH_CHECK_NE(a, b) TORCH_CHECK((a) != (b), "Check failed: " #a " != " #b " (", (a), " vs. ", (b), "). ")
#define TORCH_CHECK_LT(a, b) TORCH_CHECK((a) < (b), "Check failed: " #a " < " #b " (", (a), " vs. ", (b), "). ")
#define TORCH_CHECK_LE(a, b) TORCH_CHECK((a) <= (b), "Check failed: " #a " <= " #b " (", (a), " vs. ", (b), "). ")
#define TORCH_CHECK_GT(a, b) TORCH_CHECK((a) > (b), "Check failed: " #a " > " #b " (", (a), " vs. ", (b), "). ")
#define TORCH_CHECK_GE(a, b) TORCH_CHECK((a) >= (b), "Check failed: " #a " >= " #b " (", (a), " vs. ", (b), "). ")
#define TORCH_INTERNAL_ASSERT(condition, ...)                                                                        \
  RONDO_COMPAT_CHECK(::rondo::Error, condition, #condition " INTERNAL ASSERT FAILED at \"" __FILE__ "\":", __LINE__, \
                     ", please report a bug. " __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(...) \
  do {                                        \
  } while (false)
#define AT_ASSERT(...) TORCH_INTERNAL_ASSERT(__VA_ARGS__)
#define AT_ASSERTM(condition, ...) TORCH_CHECK(condition, __VA_ARGS__)
#define C10_THROW_ERROR(ErrorType, message) throw ::rondo::ErrorType(message)
#define AT_ERROR(...) throw ::rondo::Error(::rondo::str(__VA_ARGS__))

#define TORCH_WARN(...) ::rondo::warn(::rondo::str(__VA_ARGS__))
#define TORCH_WARN_ONCE(...)                          \
  do {                                                \
    if (::rondo::Warning::get_warnAlways()) {         \
      TORCH_WARN(__VA_ARGS__);                        \
      break;                                          \
    }                                                 \
    [[maybe_unused]] static const bool warned = [&] { \
      TORCH_WARN(__VA_ARGS__);                        \
      return true;                                    \
    }();                                              \
  } while (false)
