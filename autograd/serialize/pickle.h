// A restricted reader of Python's pickles: it builds plain values, calls nothing, and refuses what state dictionaries
// do not need.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::serialize {

class Source;

struct Pickle {
  using Id = uint32_t;
  enum class Kind : uint8_t {
    kNone,
    kBool,
    kInt,
    kFloat,
    kString,      // also the names of dtypes, "torch.float32"
    kList,        // also tuples
    kDict,        // keys and values in turn
    kObject,      // an instance of one of TorchScript's classes; its attributes as kDict has them
    kStorage,     // what stands for a storage: the list of its properties
    kTensor,      // the list of a tensor's properties: storage, offset, sizes, strides, requires_grad
    kParameter,   // the list of a tensor and whether it requires grad
    kStorageType  // "torch.FloatStorage", as a string
  };
  struct Node {
    Kind kind = Kind::kNone;
    bool is_tuple = false;
    bool is_typed = false;  // a list that libtorch wrote as one of integers, floating point numbers or tensors
    union {
      int64_t integer = 0;  // and bools
      double floating;
      uint64_t place;  // in strings or lists
    };
  };

  std::vector<Node> nodes;
  std::vector<std::string> strings;
  std::vector<std::vector<Id>> lists;
  Id root = 0;

  const Node& at(Id id) const { return nodes[id]; }
  bool is(Id id, Kind kind) const { return nodes[id].kind == kind; }
  const std::string& string(Id id) const { return strings[nodes[id].place]; }
  const std::vector<Id>& list(Id id) const { return lists[nodes[id].place]; }
};

// Throws Error, by way of source.fail, for whatever is not sound or not allowed; the text names it. Containers may
// refer to each other, even in circles: who walks them must take care. Memory is bounded by a multiple of the text's
// length.
Pickle read_pickle(const Source& source, std::string_view text);

}  // namespace rondo::serialize
