// Option structs whose members are set in a chain: `Options().alpha(0.5).inplace(true)`.
#pragma once

#include <utility>

// Declares a member `name_` of type T with two setters, which return the options, and two getters, all called `name`. A
// default follows: `RONDO_ARG(double, alpha) = 1.0;`. What comes after it in the class is private.
#define RONDO_ARG(T, name)                                 \
 public:                                                   \
  auto name(const T& new_##name)->decltype(*this) {        \
    this->name##_ = new_##name;                            \
    return *this;                                          \
  }                                                        \
  auto name(T&& new_##name)->decltype(*this) {             \
    this->name##_ = std::move(new_##name);                 \
    return *this;                                          \
  }                                                        \
  const T& name() const noexcept { return this->name##_; } \
  T& name() noexcept { return this->name##_; }             \
                                                           \
 private:                                                  \
  T name##_
