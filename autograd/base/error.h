// What rondo throws. Every message begins with the operation's name and says what came and what was needed.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rondo {

// A place in a program, as libtorch's errors and warnings name it.
struct SourceLocation {
  const char* function;
  const char* file;
  uint32_t line;
};

// The base of all exceptions that rondo throws.
class Error : public std::runtime_error {
 public:
  explicit Error(std::string message) : std::runtime_error(message), message_(std::move(message)) {}
  Error(std::string message, const std::string&) : Error(std::move(message)) {}
  Error(SourceLocation, std::string message) : Error(std::move(message)) {}
  const char* what_without_backtrace() const noexcept { return message_.c_str(); }
  const std::string& msg() const noexcept { return message_; }
  std::string backtrace() const { return {}; }

 private:
  std::string message_;
};

// An index or dimension outside its range.
class IndexError : public Error {
 public:
  using Error::Error;
};

// An argument whose value is not allowed.
class ValueError : public Error {
 public:
  using Error::Error;
};

// An argument of the wrong kind (dtype, variant).
class TypeError : public Error {
 public:
  using Error::Error;
};

// A matrix that an algorithm of linear algebra cannot take: singular, not positive definite, without convergence.
class LinAlgError : public Error {
 public:
  using Error::Error;
};

// Throws Error("<operation>: <text>").
[[noreturn]] void fail(std::string_view operation, std::string_view text);
[[noreturn]] void fail_index(std::string_view operation, std::string_view text);
[[noreturn]] void fail_value(std::string_view operation, std::string_view text);
[[noreturn]] void fail_type(std::string_view operation, std::string_view text);
[[noreturn]] void fail_linalg(std::string_view operation, std::string_view text);

// Hands the text to the function in force: at first write_warning, which puts "rondo warning: " before it on std::cerr.
void warn(std::string_view text);
void write_warning(std::string_view text);
// Replaces the warning function of the process and returns the one before; nullptr stands for write_warning.
using WarningFunction = void (*)(std::string_view text);
WarningFunction set_warning_handler(WarningFunction handler);

}  // namespace rondo
