// What a file holds of an optimizer, whichever library wrote it.
#pragma once

#include <rondo/autograd/serialize/archive.h>
#include <rondo/optim/fields.h>

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
// Error for any other, and where rondo's layout names another kind.
SavedOptimizer read_saved(serialize::InputArchive& archive, const char* kind);
// Throws Error unless the names of a foreign file's options are those of `fields`, save for what only one of the
// libraries has.
void check_options(const Fields& fields, const serialize::InputArchive& options, const char* kind);

}  // namespace rondo::optim
