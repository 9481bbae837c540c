// Reading the zip archive, its pickle and the storages of its tensors.
#include <rondo/autograd/serialize/pt_archive.h>
#include <rondo/autograd/serialize/storage_types.h>

#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/limits.h>
#include <rondo/autograd/serialize/zip.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace rondo::serialize {
namespace {

using Id = Pickle::Id;
using Kind = Pickle::Kind;

constexpr std::string_view kPickle = "data.pkl";
// How many bytes the paths and lists of numbers may take.
constexpr uint64_t kFreeBytes = 1 << 16, kBytesPerByte = 64;

}  // namespace

class PtArchive::Reader {
 public:
  explicit Reader(const Source& source);

  const Pickle& pickle() const { return pickle_; }
  const Tensor& tensor(Id id);
  void spend(uint64_t bytes);

 private:
  struct Loaded {
    base::Ref<StorageImpl> storage;
    ScalarType type = ScalarType::Undefined;
    uint64_t count = 0;
  };

  std::string stored(const ZipMember& member) const;
  int64_t integer(Id id, const char* what) const;
  std::vector<int64_t> integers(Id id, const char* what) const;
  const Loaded& storage(Id id);
  bool is_true(Id id) const;
  Tensor rebuilt(Id id);

  const Source& source_;
  ZipReader archive_;
  std::string folder_;
  Pickle pickle_;
  uint64_t bytes_left_ = 0;
  std::unordered_map<std::string, Loaded> storages_;
  std::unordered_map<Id, Tensor> tensors_;
};

PtArchive::Reader::Reader(const Source& source) : source_(source), archive_(source) {
  // The archive has one folder, whose name its writer chose.
  const ZipMember* pickle = nullptr;
  for (const ZipMember& member : archive_.members()) {
    const std::string_view name = member.name;
    const size_t slash = name.find('/');
    if (slash == std::string_view::npos || name.substr(slash + 1) != kPickle) continue;
    folder_ = name.substr(0, slash + 1);
    pickle = &member;
  }
  if (!pickle) source_.fail("it has no data.pkl: it is no file of torch.save");
  if (const ZipMember* order = archive_.find(folder_ + "byteorder")) {
    if (stored(*order) != "little") source_.fail("its numbers have the high byte first");
  }
  const std::string text = stored(*pickle);
  pickle_ = read_pickle(source_, text);
  bytes_left_ = kFreeBytes + kBytesPerByte * text.size();
}

std::string PtArchive::Reader::stored(const ZipMember& member) const {
  // torch.save never deflates; so a file never takes more memory than it has bytes.
  if (member.deflated) source_.fail(fmt::format("member '{}' is compressed", member.name));
  return archive_.read(member);
}

void PtArchive::Reader::spend(uint64_t bytes) {
  if (bytes > bytes_left_) source_.fail("the containers of the pickle refer to each other too often");
  bytes_left_ -= bytes;
}

int64_t PtArchive::Reader::integer(Id id, const char* what) const {
  if (!pickle_.is(id, Kind::kInt)) source_.fail(fmt::format("a tensor's {} is no integer", what));
  return pickle_.at(id).integer;
}

std::vector<int64_t> PtArchive::Reader::integers(Id id, const char* what) const {
  if (!pickle_.is(id, Kind::kList) || pickle_.list(id).size() > kMostDims) {
    source_.fail(fmt::format("a tensor's {} are no short list", what));
  }
  std::vector<int64_t> numbers;
  for (const Id each : pickle_.list(id)) numbers.push_back(integer(each, what));
  return numbers;
}

// ('storage', torch.FloatStorage, '0', 'cpu', 6): read when first asked for.
const PtArchive::Reader::Loaded& PtArchive::Reader::storage(Id id) {
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
  loaded = {StorageImpl::allocate(member->size), found->type, count};
  ZipStream stream(archive_, *member);
  stream.read(loaded.storage->data(), member->size);
  stream.finish();
  if (found->type == kBool) clean_bools(loaded.storage->data(), member->size);
  return loaded;
}

bool PtArchive::Reader::is_true(Id id) const { return pickle_.is(id, Kind::kBool) && pickle_.at(id).integer != 0; }

// (storage, offset, sizes, strides, requires_grad)
Tensor PtArchive::Reader::rebuilt(Id id) {
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

const Tensor& PtArchive::Reader::tensor(Id id) {
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

PtArchive::PtArchive(const Source& source) : reader_(new Reader(source)) {}
PtArchive::~PtArchive() = default;
const Pickle& PtArchive::pickle() const { return reader_->pickle(); }
const Tensor& PtArchive::tensor(Id id) { return reader_->tensor(id); }
void PtArchive::spend(uint64_t bytes) { reader_->spend(bytes); }

}  // namespace rondo::serialize
