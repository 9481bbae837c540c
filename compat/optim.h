// What optimizers written after the model of libtorch's own need for saving and loading.
#pragma once

#include <rondo/autograd/serialize/archive.h>
#include <rondo/compat/macros.h>
#include <rondo/compat/str.h>
#include <rondo/optim/optimizer.h>

#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rondo {
namespace compat {

// Undefined tensors and missing values are left out; a pair of numbers is a list in the file.
template <class T>
void write_option(serialize::OutputArchive& archive, const char* key, const T& value) {
  if constexpr (std::is_same_v<T, std::tuple<double, double>>) {
    archive.write(key, IValue(std::vector<double>{std::get<0>(value), std::get<1>(value)}));
  } else if constexpr (std::is_same_v<T, Tensor>) {
    if (value.defined()) archive.write(key, value);
  } else if (const IValue held(value); !held.isNone()) {
    archive.write(key, held);
  }
}

// Whether there is a value under the key.
template <class T>
bool read_option(serialize::InputArchive& archive, const char* key, T& value) {
  if constexpr (std::is_same_v<T, Tensor>) {
    return archive.try_read(key, value);
  } else {
    IValue held;
    if (!archive.try_read(key, held)) return false;
    if constexpr (std::is_same_v<T, std::tuple<double, double>>) {
      const std::vector<double>& pair = held.toDoubleVector();
      if (pair.size() != 2) fail("load", str("the option '", key, "' has ", pair.size(), " numbers; need 2"));
      value = {pair[0], pair[1]};
    } else {
      value = held.to<T>();
    }
    return true;
  }
}

}  // namespace compat

namespace optim {

// Lists of tensors and of numbers under one key, as optimizers saved them before they had groups.
inline void serialize(rondo::serialize::OutputArchive& archive, const std::string& key,
                      const std::vector<Tensor>& tensors) {
  archive.write(key, IValue(tensors));
}
inline void serialize(rondo::serialize::InputArchive& archive, const std::string& key, std::vector<Tensor>& tensors) {
  IValue held;
  archive.read(key, held);
  tensors = held.toTensorVector();
}
inline void serialize(rondo::serialize::OutputArchive& archive, const std::string& key,
                      const std::vector<int64_t>& steps) {
  archive.write(key, IValue(steps));
}
inline void serialize(rondo::serialize::InputArchive& archive, const std::string& key, std::vector<int64_t>& steps) {
  IValue held;
  archive.read(key, held);
  steps = held.toIntVector();
}

// A whole optimizer with its options and states, whose classes are named for libtorch's sake: rondo's know themselves.
template <class State, class Options>
void serialize(rondo::serialize::OutputArchive& archive, const Optimizer& optimizer) {
  optimizer.Optimizer::save(archive);
  archive.write("pytorch_version", IValue(TORCH_VERSION));  // libtorch's loading asks for it first
}
template <class State, class Options>
void serialize(rondo::serialize::InputArchive& archive, Optimizer& optimizer) {
  struct Derived : Optimizer {  // may name what is for derived classes
    using Load = void (Optimizer::*)(rondo::serialize::InputArchive&,
                                     base::FunctionRef<std::unique_ptr<OptimizerParamState>()>);
    static Load with_states() { return &Derived::load; }
  };
  (optimizer.*Derived::with_states())(archive, [] { return std::make_unique<State>(); });
}

}  // namespace optim
}  // namespace rondo

// The type of Optimizer::state() by libtorch's name; other hash maps.
namespace ska {
template <class Key, class Value>
using flat_hash_map = std::conditional_t<std::is_same_v<Value, std::unique_ptr<rondo::optim::OptimizerParamState>>,
                                         rondo::optim::StateMap, std::unordered_map<Key, Value>>;
}

#define _TORCH_OPTIM_SERIALIZE(name) ::rondo::optim::serialize(archive, #name, self.name)
#define _TORCH_OPTIM_SERIALIZE_TORCH_ARG(name) ::rondo::compat::write_option(archive, #name, name())
#define _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(T, name)                                  \
  do {                                                                               \
    T value{};                                                                       \
    if (::rondo::compat::read_option(archive, #name, value)) name(std::move(value)); \
  } while (false)
#define _TORCH_OPTIM_DESERIALIZE_TORCH_ARG_OPTIONAL(T, name) _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(T, name)
#define _TORCH_OPTIM_SERIALIZE_WITH_TEMPLATE_ARG(OptimizerName) \
  ::rondo::optim::serialize<OptimizerName##ParamState, OptimizerName##Options>(archive, self)
