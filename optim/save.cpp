// Saving and loading optimizers, schedules and averages.
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/serialize/archive.h>
#include <rondo/optim/average.h>
#include <rondo/optim/optimizer.h>
#include <rondo/optim/saved.h>
#include <rondo/optim/schedulers.h>

#include <fmt/format.h>

namespace rondo::optim {
namespace {

template <class T>
Fields members(const char* what, const T& value) {
  Fields fields = const_cast<T&>(value).fields();
  if (fields.empty()) {
    fail(what, fmt::format("void serialize(torch::serialize::InputArchive& archive) has not been implemented for "
                           "torch::optim::{}. Override it, or fields(), in your type to save and load it",
                           what));
  }
  return fields;
}

std::string part_name(size_t i) { return "scheduler" + std::to_string(i); }

}  // namespace

void OptimizerOptions::serialize(serialize::InputArchive& archive) {
  load_fields(members("OptimizerOptions", *this), archive);
}
void OptimizerOptions::serialize(serialize::OutputArchive& archive) const {
  save_fields(members("OptimizerOptions", *this), archive);
}
void OptimizerParamState::serialize(serialize::InputArchive& archive) {
  load_fields(members("OptimizerParamState", *this), archive);
}
void OptimizerParamState::serialize(serialize::OutputArchive& archive) const {
  save_fields(members("OptimizerParamState", *this), archive);
}

void Optimizer::save(serialize::OutputArchive& archive) const {
  archive.write("optimizer", IValue(kind()));
  serialize::OutputArchive groups, states;
  size_t place = 0;
  for (size_t i = 0; i < param_groups_.size(); ++i) {
    const OptimizerParamGroup& group = param_groups_[i];
    serialize::OutputArchive nested;
    group.options().serialize(nested);
    nested.write("params", IValue(group.params().size()));
    if (group.initial_lr()) nested.write("initial_lr", IValue(*group.initial_lr()));
    groups.write(std::to_string(i), nested);
    for (const Tensor& parameter : group.params()) {
      const auto entry = state_.find(parameter.unsafeGetTensorImpl());
      if (entry != state_.end() && entry->second) {
        serialize::OutputArchive state;
        entry->second->serialize(state);
        states.write(std::to_string(place), state);
      }
      ++place;
    }
  }
  archive.write("param_groups", groups);
  archive.write("state", states);
}

void Optimizer::check_state(const Tensor& parameter, OptimizerParamState& state) const {
  for (const Field& field : state.fields()) {
    if (field.kind() != Field::Kind::Tensor) continue;
    const Tensor& tensor = field.as<Tensor>();
    if (!tensor.defined() || tensor.sizes() == parameter.sizes()) continue;
    fail("load", fmt::format("'{}' has shape {}; its parameter is {}", field.name(), to_string(tensor.impl().sizes),
                             to_string(parameter.impl().sizes)));
  }
}

void Optimizer::load(serialize::InputArchive& archive) {
  load(archive, [this] { return new_state(); });
}
void Optimizer::load(serialize::InputArchive& archive,
                     base::FunctionRef<std::unique_ptr<OptimizerParamState>()> make_state) {
  if (const SavedBuffers before(archive); !before.empty()) return load_buffers(before, make_state);
  SavedOptimizer saved = read_saved(archive, kind(), param_groups_);
  if (saved.groups.size() != param_groups_.size()) {
    fail("load", fmt::format("the archive has {} parameter groups; this optimizer has {}", saved.groups.size(),
                             param_groups_.size()));
  }
  std::vector<std::unique_ptr<OptimizerOptions>> options;
  StateMap loaded;
  size_t place = 0;
  for (size_t i = 0; i < param_groups_.size(); ++i) {
    const OptimizerParamGroup& group = param_groups_[i];
    SavedGroup& from = saved.groups[i];
    options.push_back(group.options().clone());
    if (saved.foreign) {
      const Fields fields = members(kind(), *options.back());
      check_options(fields, from.options, kind());
      load_fields_there(fields, from.options);
      load_eps_pair(fields, from.options);
    } else {
      options.back()->serialize(from.options);
    }
    check_parameters(i, static_cast<int64_t>(from.parameters.size()), group);
    for (size_t p = 0; p < group.params().size(); ++p, ++place) {
      const Tensor& parameter = group.params()[p];
      serialize::InputArchive entry;
      if (!saved.states.try_read(from.parameters[p], entry)) continue;
      std::unique_ptr<OptimizerParamState> state = make_state();
      state->serialize(entry);
      try {
        check_state(parameter, *state);
      } catch (const Error& error) {
        fail("load", fmt::format("the state of parameter {} does not suit: {}", place, error.what()));
      }
      loaded[parameter.unsafeGetTensorImpl()] = std::move(state);
    }
  }
  for (size_t i = 0; i < param_groups_.size(); ++i) {
    param_groups_[i].set_options(std::move(options[i]));
    param_groups_[i].initial_lr() = saved.groups[i].initial_lr;
  }
  state_ = std::move(loaded);
}

void Optimizer::load_buffers(const SavedBuffers& saved,
                             base::FunctionRef<std::unique_ptr<OptimizerParamState>()> make_state) {
  warn(
      fmt::format("Your serialized {0} optimizer is still using the old serialization format. You should re-save your "
                  "{0} optimizer to use the new serialization format.",
                  kind()));
  StateMap loaded;
  size_t place = 0;
  for (const OptimizerParamGroup& group : param_groups_) {
    for (const Tensor& parameter : group.params()) {
      std::unique_ptr<OptimizerParamState> state = make_state();
      if (!saved.fill(state->fields(), place++)) continue;
      check_state(parameter, *state);
      loaded[parameter.unsafeGetTensorImpl()] = std::move(state);
    }
  }
  state_ = std::move(loaded);
}

// ---- schedules

void LRScheduler::save(serialize::OutputArchive& archive) const {
  auto& self = const_cast<LRScheduler&>(*this);
  save_fields(self.fields(), archive);
  const std::vector<LRScheduler*> parts = self.parts();
  for (size_t i = 0; i < parts.size(); ++i) archive.write(part_name(i), *parts[i]);
}

void LRScheduler::load(serialize::InputArchive& archive) {
  Sources all;
  std::vector<std::shared_ptr<void>> archives;
  collect(archive, all, archives);
  load_fields(all);
}

void LRScheduler::collect(serialize::InputArchive& archive, Sources& all,
                          std::vector<std::shared_ptr<void>>& archives) {
  all.emplace_back(fields(), &archive);
  const std::vector<LRScheduler*> schedulers = parts();
  for (size_t i = 0; i < schedulers.size(); ++i) {
    const auto nested = std::make_shared<serialize::InputArchive>();
    archive.read(part_name(i), *nested);
    archives.push_back(nested);
    schedulers[i]->collect(*nested, all, archives);
  }
}

void ReduceLROnPlateauScheduler::save(serialize::OutputArchive& archive) const {
  save_fields(const_cast<ReduceLROnPlateauScheduler&>(*this).fields(), archive);
}
void ReduceLROnPlateauScheduler::load(serialize::InputArchive& archive) { load_fields(fields(), archive); }

// ---- averages

void WeightAverage::save(serialize::OutputArchive& archive) const {
  archive.write("updates", IValue(updates_));
  archive.write("averages", IValue(averages_));
}

void WeightAverage::load(serialize::InputArchive& archive) {
  IValue updates, averages;
  archive.read("updates", updates);
  archive.read("averages", averages);
  const int64_t count = updates.toInt();
  const std::vector<Tensor>& list = averages.toTensorVector();
  if (list.size() != averages_.size()) {
    fail("load", fmt::format("the archive has {} averages; need {}", list.size(), averages_.size()));
  }
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].sizes() == averages_[i].sizes()) continue;
    fail("load", fmt::format("average {} has shape {} in the archive; need {}", i, to_string(list[i].impl().sizes),
                             to_string(averages_[i].impl().sizes)));
  }
  NoGradGuard no_grad;
  for (size_t i = 0; i < list.size(); ++i) averages_[i].copy_(list[i]);
  updates_ = count;
}

}  // namespace rondo::optim
