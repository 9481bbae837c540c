// From the nodes of a pickle to a value.
#include <rondo/autograd/serialize/pickled_value.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/pt.h>
#include <rondo/autograd/serialize/pt_archive.h>

#include <fmt/format.h>

namespace rondo {
namespace serialize {
namespace {

using Id = Pickle::Id;
using Kind = Pickle::Kind;

class Reader {
 public:
  explicit Reader(const Source& source) : source_(source), archive_(source), pickle_(archive_.pickle()) {}

  IValue read() { return value(pickle_.root, 0); }

 private:
  IValue value(Id id, size_t depth) {
    if (depth > kMostPickleDepth) source_.fail(fmt::format("containers more than {} levels deep", kMostPickleDepth));
    const Pickle::Node& node = pickle_.at(id);
    switch (node.kind) {
      case Kind::kNone:
        return {};
      case Kind::kBool:
        return node.integer != 0;
      case Kind::kInt:
        return node.integer;
      case Kind::kFloat:
        return node.floating;
      case Kind::kString:
      case Kind::kStorageType:
        archive_.spend(pickle_.string(id).size());
        return pickle_.string(id);
      case Kind::kTensor:
      case Kind::kParameter:
        return archive_.tensor(id);
      case Kind::kList:
        return list(id, depth);
      case Kind::kDict:
      case Kind::kObject:
        return dict(id, depth);
      case Kind::kStorage:
        break;
    }
    source_.fail("a storage without a tensor");
  }

  IValue list(Id id, size_t depth) {
    const std::vector<Id>& items = pickle_.list(id);
    archive_.spend(items.size() * sizeof(IValue));
    std::vector<IValue> values;
    for (const Id each : items) values.push_back(value(each, depth + 1));
    if (pickle_.at(id).is_tuple) return ivalue::Tuple::create(std::move(values));
    if (!pickle_.at(id).is_typed || items.empty()) return values;
    const Kind kind = pickle_.at(items[0]).kind;
    for (const Id each : items) {
      if (!pickle_.is(each, kind)) source_.fail("a list of one type with values of several");
    }
    const IValue any(std::move(values));
    if (kind == Kind::kInt) return any.to<std::vector<int64_t>>();
    if (kind == Kind::kFloat) return any.to<std::vector<double>>();
    if (archive_.is_tensor(items[0])) return any.to<std::vector<Tensor>>();
    source_.fail("a list of one type that is none of integers, floating point numbers or tensors");
  }

  IValue dict(Id id, size_t depth) {
    const std::vector<Id>& items = pickle_.list(id);
    archive_.spend(items.size() * sizeof(DictTable::Entry));
    base::Ref<DictTable> table(new DictTable);
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
      const Kind kind = pickle_.at(items[i]).kind;
      if (kind != Kind::kString && kind != Kind::kInt && kind != Kind::kBool && kind != Kind::kFloat) {
        source_.fail("a dictionary's key is neither a string nor a number");
      }
      if (!table->insert(value(items[i], depth + 1), value(items[i + 1], depth + 1)).second) {
        source_.fail("a key comes twice in a dictionary");
      }
    }
    return table;
  }

  const Source& source_;
  PtArchive archive_;
  const Pickle& pickle_;
};

}  // namespace

IValue read_pickled(const Source& source) {
  check_pt(source);
  NoGradGuard no_grad;
  return Reader(source).read();
}

}  // namespace serialize

IValue pickle_load(const std::vector<char>& data) {
  return serialize::read_pickled(serialize::MemorySource(data.data(), data.size()));
}

}  // namespace rondo
