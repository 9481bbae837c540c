#include <rondo/optim/saved.h>

#include <rondo/autograd/ops/methods.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace rondo::optim {
namespace {

// What PyTorch's options have besides: how a step is run, what its schedules note, other versions' options.
constexpr const char* kNotHere[] = {"params",   "initial_lr", "foreach",      "capturable",    "differentiable",
                                    "fused",    "maximize",   "param_names",  "swa_lr",        "decoupled_weight_decay",
                                    "max_lr",   "min_lr",     "max_momentum", "base_momentum", "name",
                                    "use_addmm"};
// What libtorch, or older versions of PyTorch, do not have.
constexpr const char* kNotThere[] = {"maximize", "decoupled_weight_decay"};

constexpr const char* kTwoEps[] = {"eps1", "eps2"};

bool has_two_eps(const Fields& fields) { return find_field(fields, kTwoEps[0]) && find_field(fields, kTwoEps[1]); }

template <size_t N>
bool is_one_of(const char* const (&names)[N], const std::string& name) {
  return std::any_of(std::begin(names), std::end(names), [&](const char* each) { return name == each; });
}

int64_t count_of(serialize::InputArchive& archive, const std::string& key) {
  IValue value;
  archive.read(key, value);
  return value.isTensor() ? value.toTensor().item<int64_t>() : value.toInt();
}

// "param_groups/size", "param_groups/0" with "params/size", "params/0" (the key of the state), "options".
void read_libtorch(serialize::InputArchive& groups, SavedOptimizer& saved) {
  const int64_t count = count_of(groups, "param_groups/size");
  for (int64_t i = 0; i < count; ++i) {
    serialize::InputArchive group;
    groups.read(fmt::format("param_groups/{}", i), group);
    SavedGroup& entry = saved.groups.emplace_back();
    group.read("options", entry.options);
    const int64_t parameters = count_of(group, "params/size");
    for (int64_t p = 0; p < parameters; ++p) {
      IValue key;
      group.read(fmt::format("params/{}", p), key);
      entry.parameters.push_back(key.toStringRef());
    }
  }
}

// param_groups: a list of dictionaries, whose "params" are the numbers of the parameters.
void read_python(serialize::InputArchive& groups, SavedOptimizer& saved) {
  serialize::InputArchive group;
  for (size_t i = 0; groups.try_read(std::to_string(i), group); ++i) {
    SavedGroup& entry = saved.groups.emplace_back();
    IValue numbers;
    if (group.try_read("params", numbers)) {
      for (const int64_t number : numbers.toIntVector()) entry.parameters.push_back(std::to_string(number));
    }
    entry.options = std::move(group);
    group = serialize::InputArchive();
  }
}

// param_groups.0 with the options and, as "params", the number of parameters, which are counted over all groups.
void read_own(serialize::InputArchive& groups, SavedOptimizer& saved, const std::vector<OptimizerParamGroup>& needed) {
  serialize::InputArchive group;
  std::vector<int64_t> counts;
  for (size_t i = 0; groups.try_read(std::to_string(i), group); ++i) {
    counts.push_back(count_of(group, "params"));
    saved.groups.emplace_back().options = std::move(group);
    group = serialize::InputArchive();
  }
  if (counts.size() != needed.size()) return;
  size_t place = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    check_parameters(i, counts[i], needed[i]);  // before a list is made of them: a number in a file may be anything
    for (int64_t p = 0; p < counts[i]; ++p) saved.groups[i].parameters.push_back(std::to_string(place++));
  }
}

constexpr std::pair<const char*, const char*> kBuffers[] = {{"sum", "sum_buffers"},
                                                            {"step", "step_buffers"},
                                                            {"momentum_buffer", "momentum_buffers"},
                                                            {"exp_avg", "exp_average_buffers"},
                                                            {"exp_avg_sq", "exp_average_sq_buffers"},
                                                            {"max_exp_avg_sq", "max_exp_average_sq_buffers"},
                                                            {"square_avg", "square_average_buffers"},
                                                            {"grad_avg", "grad_average_buffers"}};
constexpr const char* kSingle[] = {"d", "t", "H_diag", "prev_flat_grad", "prev_loss"};

std::optional<std::vector<Tensor>> read_list(serialize::InputArchive& archive, const std::string& key) {
  Tensor size;
  if (!archive.try_read(key + "/size", size)) return std::nullopt;
  std::vector<Tensor> list;
  const auto count = size.item<int64_t>();
  for (int64_t i = 0; i < count; ++i) archive.read(fmt::format("{}/{}", key, i), list.emplace_back(), true);
  return list;
}

}  // namespace

SavedBuffers::SavedBuffers(serialize::InputArchive& archive) {
  for (const auto& [member, key] : kBuffers) {
    if (auto list = read_list(archive, key)) lists_.push_back({member, std::move(*list), false});
  }
  auto dirs = read_list(archive, "old_dirs"), steps = read_list(archive, "old_stps");
  if (dirs && steps && dirs->size() == steps->size()) {
    // LBFGS keeps the reciprocals of their products besides.
    std::vector<Tensor> ro;
    for (size_t i = 0; i < dirs->size(); ++i) ro.push_back((*dirs)[i].dot((*steps)[i]).reciprocal());
    lists_.push_back({"ro", std::move(ro), true});
  }
  if (dirs) lists_.push_back({"old_dirs", std::move(*dirs), true});
  if (steps) lists_.push_back({"old_stps", std::move(*steps), true});
  for (const char* name : kSingle) {
    Tensor tensor;
    if (archive.try_read(name, tensor, true)) lists_.push_back({name, {std::move(tensor)}, false});
  }
}

bool SavedBuffers::fill(const Fields& fields, size_t place) const {
  bool any = false;
  for (const List& list : lists_) {
    const Field* field = find_field(fields, list.member);
    if (!field) continue;
    if (list.whole) {
      if (place > 0 || field->kind() != Field::Kind::Tensors) continue;
      field->as<std::vector<Tensor>>() = list.tensors;
      any = true;
      continue;
    }
    if (place >= list.tensors.size()) continue;
    const Tensor& tensor = list.tensors[place];
    if (field->kind() == Field::Kind::Tensor) {
      field->as<Tensor>() = tensor;
    } else if (field->kind() == Field::Kind::Int) {
      field->as<int64_t>() = tensor.item<int64_t>();
    } else if (field->kind() == Field::Kind::Double) {
      field->as<double>() = tensor.item<double>();
    }
    any = true;
  }
  return any;
}

void check_parameters(size_t i, int64_t saved, const OptimizerParamGroup& group) {
  if (saved == static_cast<int64_t>(group.params().size())) return;
  fail("load", fmt::format("parameter group {} of the archive has {} parameters; that of this optimizer has {}", i,
                           saved, group.params().size()));
}

SavedOptimizer read_saved(serialize::InputArchive& archive, const char* kind,
                          const std::vector<OptimizerParamGroup>& needed) {
  SavedOptimizer saved;
  serialize::InputArchive groups;
  IValue saved_kind, unused;
  const bool own = archive.try_read("optimizer", saved_kind);
  if (own && saved_kind.toStringRef() != kind) {
    fail("load",
         fmt::format("the archive holds the state of {}; this optimizer is {}", saved_kind.toStringRef(), kind));
  }
  if (!own && !archive.try_read("param_groups", groups)) {
    fail("load",
         "the archive holds no optimizer: neither rondo's, nor libtorch's, nor PyTorch's optimizer.state_dict()");
  }
  archive.read("param_groups", groups);
  // PyTorch's file has an empty dictionary before the first step, libtorch's an empty module.
  archive.read("state", saved.states);
  saved.foreign = !own;
  if (own) {
    read_own(groups, saved, needed);
  } else if (groups.try_read("param_groups/size", unused)) {
    read_libtorch(groups, saved);
  } else {
    read_python(groups, saved);
  }
  for (SavedGroup& group : saved.groups) {
    IValue rate;
    if (group.options.try_read("initial_lr", rate) && !rate.isNone()) {
      group.initial_lr = rate.isInt() ? static_cast<double>(rate.toInt()) : rate.toDouble();
    }
  }
  return saved;
}

void check_options(const Fields& fields, const serialize::InputArchive& options, const char* kind) {
  const std::vector<std::string> names = options.keys();
  const bool split = has_two_eps(fields) && std::find(names.begin(), names.end(), "eps") != names.end();
  for (const std::string& name : names) {
    if (find_field(fields, name.c_str()) || is_one_of(kNotHere, name) || (split && name == "eps")) continue;
    fail("load", fmt::format("the archive's optimizer has an option '{}', which {} has not", name, kind));
  }
  for (const Field& field : fields) {
    if (std::find(names.begin(), names.end(), field.name()) != names.end() || is_one_of(kNotThere, field.name()))
      continue;
    if (split && is_one_of(kTwoEps, field.name())) continue;
    fail("load", fmt::format("{} has an option '{}', which the archive's optimizer has not", kind, field.name()));
  }
}

void load_eps_pair(const Fields& fields, serialize::InputArchive& options) {
  if (!has_two_eps(fields)) return;
  auto& eps1 = find_field(fields, kTwoEps[0])->as<std::optional<double>>();
  auto& eps2 = find_field(fields, kTwoEps[1])->as<double>();
  IValue numbers;
  serialize::InputArchive parts;
  if (options.try_read("eps", numbers)) {
    std::tuple<double, double> both;
    load_fields(Fields{{"eps", both}}, options);
    std::tie(eps1, eps2) = both;
  } else if (options.try_read("eps", parts)) {  // one of them is None
    load_fields(Fields{{"0", eps1}, {"1", eps2}}, parts);
  }
}

}  // namespace rondo::optim
