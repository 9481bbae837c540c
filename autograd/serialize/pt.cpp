// Reading PyTorch's .pt files: the values of the pickle become entries by path, its storages become tensors.
#include <rondo/autograd/serialize/pt.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/serialize/archive_format.h>
#include <rondo/autograd/serialize/entries.h>
#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/limits.h>
#include <rondo/autograd/serialize/pickle.h>
#include <rondo/autograd/serialize/zip.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace rondo {
namespace serialize {
namespace {

using Id = Pickle::Id;
using Kind = Pickle::Kind;

constexpr std::string_view kZip = "PK\3\4";
constexpr std::string_view kOldMagic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9";
constexpr std::string_view kPickle = "data.pkl";
constexpr size_t kMostDepth = 100;
// How many bytes the paths and lists of numbers may take: containers that refer to each other could ask for any number.
constexpr uint64_t kFreeBytes = 1 << 16, kBytesPerByte = 64;

struct StorageType {
  std::string_view name;
  ScalarType type;
};
constexpr StorageType kStorageTypes[] = {{"torch.FloatStorage", kFloat}, {"torch.DoubleStorage", kDouble},
                                         {"torch.HalfStorage", kHalf},   {"torch.LongStorage", kLong},
                                         {"torch.IntStorage", kInt},     {"torch.ShortStorage", kShort},
                                         {"torch.CharStorage", kChar},   {"torch.ByteStorage", kByte},
                                         {"torch.BoolStorage", kBool},   {"torch.BFloat16Storage", kBFloat16}};

class Reader {
 public:
  explicit Reader(const Source& source) : source_(source), archive_(source) {
    // The archive has one folder, whose name its writer chose.
    for (const ZipMember& member : archive_.members()) {
      const std::string_view name = member.name;
      const size_t slash = name.find('/');
      if (slash == std::string_view::npos || name.substr(slash + 1) != kPickle) continue;
      folder_ = name.substr(0, slash + 1);
      pickle_member_ = &member;
    }
    if (!pickle_member_) source_.fail("it has no data.pkl: it is no file of torch.save");
    if (const ZipMember* order = archive_.find(folder_ + "byteorder")) {
      if (stored(*order) != "little") source_.fail("its numbers have the high byte first");
    }
  }

  Entries read() {
    const std::string text = stored(*pickle_member_);
    pickle_ = read_pickle(source_, text);
    bytes_left_ = kFreeBytes + kBytesPerByte * text.size();
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

  std::string stored(const ZipMember& member) const {
    // torch.save never deflates; so a file never takes more memory than it has bytes.
    if (member.deflated) source_.fail(fmt::format("member '{}' is compressed", member.name));
    return archive_.read(member);
  }

  void spend(uint64_t bytes) {
    if (bytes > bytes_left_) source_.fail("the containers of the pickle refer to each other too often");
    bytes_left_ -= bytes;
  }

  // ---- tensors ----

  int64_t integer(Id id, const char* what) const {
    if (!pickle_.is(id, Kind::kInt)) source_.fail(fmt::format("a tensor's {} is no integer", what));
    return pickle_.at(id).integer;
  }

  std::vector<int64_t> integers(Id id, const char* what) const {
    if (!pickle_.is(id, Kind::kList) || pickle_.list(id).size() > kMostDims) {
      source_.fail(fmt::format("a tensor's {} are no short list", what));
    }
    std::vector<int64_t> numbers;
    for (const Id each : pickle_.list(id)) numbers.push_back(integer(each, what));
    return numbers;
  }

  struct Loaded {
    base::Ref<Storage> storage;
    ScalarType type = ScalarType::Undefined;
    uint64_t count = 0;
  };

  // ('storage', torch.FloatStorage, '0', 'cpu', 6): read when first asked for.
  const Loaded& storage(Id id) {
    if (!pickle_.is(id, Kind::kStorage)) source_.fail("a tensor without a storage");
    const std::vector<Id>& parts = pickle_.list(id);
    if (parts.size() < 5 || !pickle_.is(parts[0], Kind::kString) || pickle_.string(parts[0]) != "storage" ||
        !pickle_.is(parts[1], Kind::kStorageType) || !pickle_.is(parts[2], Kind::kString)) {
      source_.fail("a storage of an unknown kind");
    }
    if (parts.size() > 5 && !pickle_.is(parts[5], Kind::kNone)) source_.fail("a storage that is a part of another");
    const auto* found = std::find_if(std::begin(kStorageTypes), std::end(kStorageTypes),
                                     [&](const StorageType& entry) { return entry.name == pickle_.string(parts[1]); });
    const std::string& key = pickle_.string(parts[2]);
    auto [entry, is_new] = storages_.try_emplace(key);
    Loaded& loaded = entry->second;
    const auto count = static_cast<uint64_t>(integer(parts[4], "storage's length"));
    if (!is_new) {
      if (loaded.type != found->type || loaded.count != count) {
        source_.fail(fmt::format("storage '{}' is described in two ways", key));
      }
      return loaded;
    }
    const ZipMember* member = archive_.find(folder_ + "data/" + key);
    if (!member) source_.fail(fmt::format("storage '{}' is missing", key));
    if (member->deflated || count > member->size || count * element_size(found->type) != member->size) {
      source_.fail(fmt::format("storage '{}' has {} bytes ({}); {} numbers of {} were expected", key, member->size,
                               member->deflated ? "compressed" : "stored", count, dtype_name(found->type)));
    }
    loaded = {Storage::allocate(member->size), found->type, count};
    ZipStream stream(archive_, *member);
    stream.read(loaded.storage->data(), member->size);
    stream.finish();
    if (found->type == kBool) clean_bools(loaded.storage->data(), member->size);
    return loaded;
  }

  bool is_true(Id id) const { return pickle_.is(id, Kind::kBool) && pickle_.at(id).integer != 0; }

  // (storage, offset, sizes, strides, requires_grad)
  Tensor rebuilt(Id id) {
    const std::vector<Id>& parts = pickle_.list(id);
    const std::vector<int64_t> sizes = integers(parts[2], "sizes"), strides = integers(parts[3], "strides");
    const int64_t offset = integer(parts[1], "offset");
    const bool requires_grad = is_true(parts[4]);
    const Loaded& loaded = storage(parts[0]);
    const std::optional<uint64_t> count = element_count(sizes);
    if (!count || sizes.size() != strides.size() || offset < 0) source_.fail("a tensor of an impossible shape");
    // The last element that the tensor reaches.
    int64_t last = offset;
    bool inside = true;
    for (size_t d = 0; d < sizes.size(); ++d) {
      int64_t reach = 0;
      inside = inside && strides[d] >= 0 &&
               !__builtin_mul_overflow(std::max<int64_t>(sizes[d] - 1, 0), strides[d], &reach) &&
               !__builtin_add_overflow(last, reach, &last);
    }
    const auto length = static_cast<int64_t>(loaded.count);
    if (!inside || (*count > 0 ? last >= length : offset > length)) {
      source_.fail(
          fmt::format("a tensor of shape [{}] and strides [{}] from number {} on reaches beyond its storage of "
                      "{} numbers",
                      fmt::join(sizes, ", "), fmt::join(strides, ", "), offset, length));
    }
    char* data = static_cast<char*>(loaded.storage->data()) + offset * static_cast<int64_t>(element_size(loaded.type));
    Tensor tensor = tensor_data::over_storage(loaded.storage, data, sizes, strides, loaded.type);
    if (requires_grad && tensor.is_floating_point()) tensor.requires_grad_();
    return tensor;
  }

  // The same object for the same node, so that tied parameters stay tied.
  const Tensor& tensor(Id id) {
    const bool is_parameter = pickle_.is(id, Kind::kParameter);
    const Id inner = is_parameter ? pickle_.list(id)[0] : id;
    if (!pickle_.is(inner, Kind::kTensor)) source_.fail("a parameter without a tensor");
    auto [entry, is_new] = tensors_.try_emplace(inner);
    if (is_new) entry->second = rebuilt(inner);
    if (is_parameter && is_true(pickle_.list(id)[1]) && entry->second.is_floating_point()) {
      entry->second.requires_grad_();
    }
    return entry->second;
  }

  // ---- values ----

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
      spend(path.size());
      if (!is_container(item) || add_numbers(path, item)) {
        if (is_container(item)) continue;
        add(path, item);
        continue;
      }
      add_tensors(path, item);
      path.push_back('.');
      if (levels.size() == kMostDepth) source_.fail(fmt::format("containers more than {} levels deep", kMostDepth));
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
      spend(sizeof(int64_t));
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
      spend(sizeof(Tensor));
      if (!pickle_.is(each, Kind::kTensor) && !pickle_.is(each, Kind::kParameter)) return;
      tensors.push_back(tensor(each));
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
        value = IValue(tensor(id));
        break;
      case Kind::kStorage:
        source_.fail(fmt::format("'{}' is a storage without a tensor", path));
      default:
        break;
    }
    entries_.list.push_back({path, std::move(value)});
  }

  const Source& source_;
  ZipReader archive_;
  std::string folder_;
  const ZipMember* pickle_member_ = nullptr;
  Pickle pickle_;
  Entries entries_;
  uint64_t bytes_left_ = 0;
  std::unordered_map<std::string, Loaded> storages_;
  std::unordered_map<Id, Tensor> tensors_;
};

bool begins_with(const Source& source, std::string_view wanted) {
  std::string start(wanted.size(), '\0');
  if (source.size() < wanted.size()) return false;
  source.read(0, start.data(), start.size());
  return start == wanted;
}

}  // namespace

bool is_pt(const Source& source) { return begins_with(source, kZip) || begins_with(source, kOldMagic); }

Entries read_pt(const Source& source) {
  if (begins_with(source, kOldMagic)) {
    source.fail("it was written by PyTorch before 1.6 (or in its old format): load it there and save it again");
  }
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
