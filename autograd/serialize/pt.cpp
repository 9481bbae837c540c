// Reading PyTorch's .pt files: the values of the pickle become entries by path, its storages become tensors.
#include <rondo/autograd/serialize/pt.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/serialize/archive_format.h>
#include <rondo/autograd/serialize/entries.h>
#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/pt_archive.h>

#include <fmt/format.h>

namespace rondo {
namespace serialize {
namespace {

using Id = Pickle::Id;
using Kind = Pickle::Kind;

constexpr std::string_view kZip = "PK\3\4";
constexpr std::string_view kOldMagic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9";

class Reader {
 public:
  explicit Reader(const Source& source) : source_(source), archive_(source), pickle_(archive_.pickle()) {}

  Entries read() {
    walk();
    const int64_t twice = entries_.sort();
    if (twice >= 0) source_.fail(fmt::format("'{}' comes twice", entries_.list[static_cast<size_t>(twice)].path));
    return std::move(entries_);
  }

 private:
  // A container that is being walked.
  struct Level {
    Id id;
    size_t next;
    size_t prefix;  // the length of its path
  };

  void walk() {
    std::string path;
    std::vector<Level> levels;
    // A tensor by itself has the name that torch::load looks for.
    if (!is_container(pickle_.root)) {
      add("0", pickle_.root);
      return;
    }
    levels.push_back({pickle_.root, 0, 0});
    while (!levels.empty()) {
      Level& level = levels.back();
      const std::vector<Id>& list = pickle_.list(level.id);
      path.resize(level.prefix);
      if (level.next == list.size()) {
        if (list.empty() && !path.empty()) entries_.list.push_back({path, IValue()});
        levels.pop_back();
        continue;
      }
      const bool is_list = pickle_.is(level.id, Kind::kList);
      const Id item = is_list ? list[level.next] : list[level.next + 1];
      path += is_list ? fmt::to_string(level.next) : key(list[level.next]);
      level.next += is_list ? 1 : 2;
      archive_.spend(path.size());
      if (!is_container(item) || add_numbers(path, item)) {
        if (is_container(item)) continue;
        add(path, item);
        continue;
      }
      add_tensors(path, item);
      path.push_back('.');
      if (levels.size() == kMostPickleDepth)
        source_.fail(fmt::format("containers more than {} levels deep", kMostPickleDepth));
      levels.push_back({item, 0, path.size()});
    }
  }

  bool is_container(Id id) const {
    return pickle_.is(id, Kind::kList) || pickle_.is(id, Kind::kDict) || pickle_.is(id, Kind::kObject);
  }

  std::string key(Id id) const {
    if (pickle_.is(id, Kind::kInt)) return fmt::to_string(pickle_.at(id).integer);
    if (!pickle_.is(id, Kind::kString)) source_.fail("a dictionary's key is neither a string nor an integer");
    // A state dictionary's names are paths already.
    std::string part;
    for (const char c : pickle_.string(id)) {
      if (c == '%') {
        part += "%25";
      } else {
        part.push_back(c);
      }
    }
    return part;
  }

  // A list of integers or of floating point numbers is one value.
  bool add_numbers(const std::string& path, Id id) {
    if (!pickle_.is(id, Kind::kList) || pickle_.list(id).empty()) return false;
    const std::vector<Id>& list = pickle_.list(id);
    const Kind kind = pickle_.at(list[0]).kind;
    if (kind != Kind::kInt && kind != Kind::kFloat) return false;
    for (const Id each : list) {
      archive_.spend(sizeof(int64_t));
      if (!pickle_.is(each, kind)) return false;
    }
    if (kind == Kind::kInt) {
      std::vector<int64_t> numbers;
      for (const Id each : list) numbers.push_back(pickle_.at(each).integer);
      entries_.list.push_back({path, IValue(std::move(numbers))});
    } else {
      std::vector<double> numbers;
      for (const Id each : list) numbers.push_back(pickle_.at(each).floating);
      entries_.list.push_back({path, IValue(std::move(numbers))});
    }
    return true;
  }

  // A list of tensors is a value beside its elements.
  void add_tensors(const std::string& path, Id id) {
    if (!pickle_.is(id, Kind::kList) || pickle_.list(id).empty()) return;
    std::vector<Tensor> tensors;
    for (const Id each : pickle_.list(id)) {
      archive_.spend(sizeof(Tensor));
      if (!archive_.is_tensor(each)) return;
      tensors.push_back(archive_.tensor(each));
    }
    entries_.list.push_back({path, IValue(std::move(tensors))});
  }

  void add(const std::string& path, Id id) {
    const Pickle::Node& node = pickle_.at(id);
    IValue value;
    switch (node.kind) {
      case Kind::kBool:
        value = IValue(node.integer != 0);
        break;
      case Kind::kInt:
        value = IValue(node.integer);
        break;
      case Kind::kFloat:
        value = IValue(node.floating);
        break;
      case Kind::kString:
      case Kind::kStorageType:
        value = IValue(pickle_.string(id));
        break;
      case Kind::kTensor:
      case Kind::kParameter:
        value = IValue(archive_.tensor(id));
        break;
      case Kind::kStorage:
        source_.fail(fmt::format("'{}' is a storage without a tensor", path));
      default:
        break;
    }
    entries_.list.push_back({path, std::move(value)});
  }

  const Source& source_;
  PtArchive archive_;
  const Pickle& pickle_;
  Entries entries_;
};

bool begins_with(const Source& source, std::string_view wanted) {
  std::string start(wanted.size(), '\0');
  if (source.size() < wanted.size()) return false;
  source.read(0, start.data(), start.size());
  return start == wanted;
}

}  // namespace

bool is_pt(const Source& source) { return begins_with(source, kZip) || begins_with(source, kOldMagic); }

void check_pt(const Source& source) {
  if (begins_with(source, kOldMagic)) {
    source.fail("it was written by PyTorch before 1.6 (or in its old format): load it there and save it again");
  }
}

Entries read_pt(const Source& source) {
  check_pt(source);
  NoGradGuard no_grad;
  return Reader(source).read();
}

}  // namespace serialize

StateDict load_pt(const std::string& path) {
  serialize::Entries entries = serialize::read_pt(serialize::FileSource(path));
  StateDict tensors("Tensor");
  for (serialize::Entry& entry : entries.list) {
    if (entry.value.isTensor()) tensors.insert(serialize::unescaped(entry.path), entry.value.toTensor());
  }
  return tensors;
}

}  // namespace rondo
