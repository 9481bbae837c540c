// What a file holds of an optimizer, whichever library wrote it.
#pragma once

#include <rondo/autograd/serialize/archive.h>
#include <rondo/optim/fields.h>
#include <rondo/optim/optimizer.h>

#include <optional>
#include <string>
#include <vector>

namespace rondo::optim {

struct SavedGroup {
  serialize::InputArchive options;
  std::vector<std::string> parameters;  // the keys of their states
  std::optional<double> initial_lr;
};

struct SavedOptimizer {
  std::vector<SavedGroup> groups;
  serialize::InputArchive states;
  // Written by libtorch or by PyTorch, which say not what kind of optimizer it was.
  bool foreign = false;
};

// Reads rondo's layout; that of libtorch's optimizers; and PyTorch's optimizer.state_dict(), alone in its file. Throws
// Error for any other, and where rondo's layout names another kind or, in as many groups, other numbers of parameters
// than `groups`.
SavedOptimizer read_saved(serialize::InputArchive& archive, const char* kind,
                          const std::vector<OptimizerParamGroup>& groups);
// Throws Error unless group i of an archive has as many parameters as the optimizer's.
void check_parameters(size_t i, int64_t saved, const OptimizerParamGroup& group);
// Throws Error unless the names of a foreign file's options are those of `fields`, save for what only one of the
// libraries has.
void check_options(const Fields& fields, const serialize::InputArchive& options, const char* kind);
// PyTorch's Adafactor has eps1, which may be None, and eps2 as one pair, `eps`: loads it where `fields` has the two.
void load_eps_pair(const Fields& fields, serialize::InputArchive& options);

// What libtorch's optimizers saved before version 1.5, without groups and options: a list of tensors for each member of
// the states ("exp_average_buffers/size", "exp_average_buffers/0", ...), and what LBFGS has of each, by its name.
class SavedBuffers {
 public:
  // Empty where the archive holds nothing of the kind.
  explicit SavedBuffers(serialize::InputArchive& archive);
  bool empty() const { return lists_.empty(); }
  // Fills in the state of the parameter at that place; whether there was anything of it.
  bool fill(const Fields& fields, size_t place) const;

 private:
  struct List {
    const char* member;
    std::vector<Tensor> tensors;
    bool whole;  // the list is the first parameter's
  };
  std::vector<List> lists_;
};

}  // namespace rondo::optim
