// Generator::mutex().
#pragma once

#include <rondo/autograd/tensor/generator.h>

#include <mutex>

namespace rondo {

template <>
struct GeneratorMutex<void> {
  static std::mutex& of(const Generator& generator) { return *static_cast<std::mutex*>(generator.lent_mutex()); }
};

}  // namespace rondo
