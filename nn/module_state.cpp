// A module's state as a dictionary.
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/nn/module.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo::nn {
namespace {

using State = OrderedDict<std::string, Tensor>;

std::string listed(const std::vector<std::string>& keys) {
  std::string text;
  for (const std::string& key : keys) text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", key);
  return text;
}

std::string shape_of(const Tensor& tensor) {
  return fmt::format("torch.Size([{}])", fmt::join(tensor.sizes().begin(), tensor.sizes().end(), ", "));
}

const void* memory_of(const Tensor& tensor) { return tensor.impl().storage->origin(); }

}  // namespace

void Module::gather(const std::string& prefix, State& state) const {
  for (const auto* registered : {&parameters_, &buffers_}) {
    for (const auto& item : *registered) {
      if (item.value().defined()) state.insert(prefix + item.key(), item.value());
    }
  }
  for (const auto& child : children_) child.value()->gather(prefix + child.key() + ".", state);
}

State Module::state_dict(const std::string& prefix) const {
  State state("Tensor");
  gather(prefix.empty() || prefix.back() == '.' ? prefix : prefix + ".", state);
  for (auto& item : state) item.value() = item.value().detach();
  return state;
}

IncompatibleKeys Module::load_state_dict(const State& state, bool strict) {
  State own("Tensor");
  gather({}, own);
  IncompatibleKeys keys;
  std::string problems;
  for (const auto& item : own) {
    const Tensor* value = state.find(item.key());
    if (!value) {
      keys.missing_keys.push_back(item.key());
    } else if (!value->defined()) {
      problems += fmt::format("\n\t{} is undefined.", item.key());
    } else if (value->sizes() != item.value().sizes()) {
      problems += fmt::format(
          "\n\tsize mismatch for {}: copying a param with shape {} from checkpoint, the shape in current model is {}.",
          item.key(), shape_of(*value), shape_of(item.value()));
    }
  }
  for (const auto& item : state) {
    if (!own.contains(item.key())) keys.unexpected_keys.push_back(item.key());
  }
  if (strict) {
    if (!keys.unexpected_keys.empty()) {
      problems.insert(0, fmt::format("\n\tUnexpected key(s) in state_dict: {}.", listed(keys.unexpected_keys)));
    }
    if (!keys.missing_keys.empty()) {
      problems.insert(0, fmt::format("\n\tMissing key(s) in state_dict: {}.", listed(keys.missing_keys)));
    }
  }
  if (!problems.empty()) {
    fail("load_state_dict", fmt::format("Error(s) in loading state_dict for {}:{}", name(), problems));
  }

  NoGradGuard no_grad;
  // A state that shares memory with this module may hold it under other names: its values are read before any is
  // written.
  std::vector<const void*> written;
  for (const auto& item : own) written.push_back(memory_of(item.value()));
  std::sort(written.begin(), written.end());
  std::vector<std::pair<Tensor, Tensor>> copies;
  for (const auto& item : own) {
    const Tensor* value = state.find(item.key());
    if (!value) continue;
    const bool shares = std::binary_search(written.begin(), written.end(), memory_of(*value));
    copies.emplace_back(item.value(), shares ? value->clone() : *value);
  }
  for (auto& [target, value] : copies) target.copy_(value);
  visit({}, [](const std::string&, Module& module) { module.hooks_.values_changed(module); });
  return keys;
}

}  // namespace rondo::nn
