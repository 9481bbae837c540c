// Saving and loading modules through archives.
#include <rondo/nn/module.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/serialize/archive.h>

#include <fmt/format.h>

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
    for (State& state : states_) state.module->hooks_.values_changed(*state.module);
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
  hooks_.values_changed(*this);
}

}  // namespace rondo::nn
