// Saving and loading modules: through archives, and as dictionaries.
#include <rondo/nn/state_dict.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/serialize/archive.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo::nn {
namespace {

std::string text_of(IntArrayRef sizes) { return fmt::format("[{}]", fmt::join(sizes.begin(), sizes.end(), ", ")); }

// What is wrong with a tensor of the archive for one of the module, if anything is.
std::string mismatch(const Tensor& own, const Tensor& saved) {
  if (!saved.defined()) return "is undefined in the archive";
  if (saved.sizes() == own.sizes()) return {};
  return fmt::format("has shape {} in the archive; need {}", text_of(saved.sizes()), text_of(own.sizes()));
}

}  // namespace

// The tensors of a module and of all below it as they were, without copies of their numbers: loading gives tensors new
// memory instead of writing into the old.
class Module::Backup {
 public:
  explicit Backup(Module& module) {
    // A nested load is within the backup of the outermost.
    if (active) return;
    active = outermost_ = true;
    module.visit({}, [&](const std::string&, Module& each) {
      states_.push_back({&each, each.parameters_, each.buffers_, {}});
      for (const auto* list : {&each.parameters_, &each.buffers_}) {
        for (const auto& item : *list) {
          if (item.value().defined()) states_.back().data.emplace_back(item.value(), item.value().detach());
        }
      }
    });
  }
  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;
  ~Backup() {
    if (outermost_) active = false;
  }

  void restore() {
    NoGradGuard no_grad;
    for (State& state : states_) {
      state.module->parameters_ = state.parameters;
      state.module->buffers_ = state.buffers;
      for (auto& [tensor, data] : state.data) tensor.set_data(data);
    }
  }

 private:
  struct State {
    Module* module;
    OrderedDict<std::string, Tensor> parameters, buffers;
    std::vector<std::pair<Tensor, Tensor>> data;
  };
  inline static thread_local bool active = false;
  std::vector<State> states_;
  bool outermost_ = false;
};

void Module::save(serialize::OutputArchive& archive) const {
  for (const auto* list : {&parameters_, &buffers_}) {
    for (const auto& item : *list) {
      if (item.value().defined()) archive.write(item.key(), item.value(), list == &buffers_);
    }
  }
  for (const auto& child : children_) {
    if (!child.value()->is_serializable()) continue;
    serialize::OutputArchive nested(archive.compilation_unit());
    child.value()->save(nested);
    archive.write(child.key(), nested);
  }
}

void Module::load(serialize::InputArchive& archive) {
  Backup backup(*this);
  try {
    load_registered(archive);
  } catch (...) {
    backup.restore();
    throw;
  }
}

void Module::load_registered(serialize::InputArchive& archive) {
  NoGradGuard no_grad;
  for (auto* list : {&parameters_, &buffers_}) {
    const char* what = list == &buffers_ ? "buffer" : "parameter";
    for (auto& item : *list) {
      Tensor& own = item.value();
      if (!own.defined()) {
        archive.try_read(item.key(), own, list == &buffers_);
        continue;
      }
      Tensor saved;
      archive.read(item.key(), saved, list == &buffers_);
      // A buffer that starts empty gets its shape with its numbers.
      const std::string wrong =
          list == &buffers_ && own.numel() == 0 && saved.defined() ? std::string() : mismatch(own, saved);
      if (!wrong.empty()) {
        fail("load", fmt::format("{} '{}{}' of {} {}", what, archive.path(), item.key(), name(), wrong));
      }
      own.set_data(saved);
    }
  }
  for (auto& child : children_) {
    Module& module = *child.value();
    if (!module.is_serializable()) continue;
    serialize::InputArchive nested;
    // Files of other programs do not mention modules without tensors.
    if (!archive.try_read(child.key(), nested) && !(module.parameters().empty() && module.buffers().empty())) {
      archive.read(child.key(), nested);
    }
    module.load(nested);
  }
}

StateDict state_dict(const Module& module) {
  StateDict state("Tensor");
  module.apply([&](const std::string& name, const Module& each) {
    const std::string prefix = name.empty() ? name : name + ".";
    for (const auto& list : {each.named_parameters(false), each.named_buffers(false)}) {
      for (const auto& item : list) state.insert(prefix + item.key(), item.value().detach());
    }
  });
  return state;
}

IncompatibleKeys load_state_dict(Module& module, const StateDict& state, bool strict) {
  const StateDict own = state_dict(module);
  IncompatibleKeys keys;
  std::string wrong;
  for (const auto& item : own) {
    const Tensor* saved = state.find(item.key());
    if (!saved) {
      keys.missing_keys.push_back(item.key());
    } else if (!saved->defined()) {
      wrong += fmt::format("\n\t{} is undefined.", item.key());
    } else if (saved->sizes() != item.value().sizes()) {
      wrong += fmt::format(
          "\n\tsize mismatch for {}: copying a param with shape torch.Size({}) from checkpoint, the shape in current "
          "model is torch.Size({}).",
          item.key(), text_of(saved->sizes()), text_of(item.value().sizes()));
    }
  }
  for (const auto& item : state) {
    if (!own.contains(item.key())) keys.unexpected_keys.push_back(item.key());
  }
  if (strict) {
    const auto listed = [](const char* what, const std::vector<std::string>& names) {
      return names.empty() ? std::string()
                           : fmt::format("\n\t{} key(s) in state_dict: \"{}\".", what, fmt::join(names, "\", \""));
    };
    wrong = listed("Missing", keys.missing_keys) + listed("Unexpected", keys.unexpected_keys) + wrong;
  }
  if (!wrong.empty()) {
    fail("load_state_dict", fmt::format("Error(s) in loading state_dict for {}:{}", module.name(), wrong));
  }
  NoGradGuard no_grad;
  for (const auto& item : own) {
    if (const Tensor* saved = state.find(item.key())) item.value().copy_(*saved);
  }
  return keys;
}

}  // namespace rondo::nn
