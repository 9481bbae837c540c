// Archives: writing and reading values by key.
#include <rondo/autograd/serialize/archive.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/serialize/archive_format.h>
#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace rondo::serialize {

// What archives within archives share.
struct SharedEntries : base::RefCounted {
  Entries entries;
  static void dispose(SharedEntries* shared) noexcept { delete shared; }
};

namespace {

constexpr const char* kGeneratorState = "state";

void check_device(const std::optional<Device>& device) {
  if (device && !device->is_cpu()) {
    fail("load", fmt::format("tensors can only be loaded to the CPU; got device '{}'", device->str()));
  }
}

Tensor state_of(const Generator& generator) {
  const std::vector<uint8_t> state = generator.get_state();
  const Tensor bytes = tensor_data::make({static_cast<int64_t>(state.size())}, kByte);
  std::memcpy(bytes.data_ptr(), state.data(), state.size());
  return bytes;
}

void set_state_of(const Generator& generator, const Tensor& tensor) {
  const Tensor bytes = tensor.contiguous();
  if (bytes.dtype() != kByte) {
    fail("load", fmt::format("a generator's state has dtype uint8, not {}", dtype_name(bytes.dtype())));
  }
  const auto* first = bytes.data_ptr<uint8_t>();
  generator.set_state(std::vector<uint8_t>(first, first + bytes.numel()));
}

// Whether nobody but the archive holds the numbers.
bool is_sole(const Tensor& tensor) { return tensor.use_count() == 1 && tensor.impl().storage->use_count() == 1; }

}  // namespace

void fail_empty(const char* operation) { fail(operation, "Cannot serialize empty module"); }

// ---- OutputArchive ----

OutputArchive::OutputArchive() : entries_(new SharedEntries) {}
OutputArchive::OutputArchive(OutputArchive&&) noexcept = default;
OutputArchive& OutputArchive::operator=(OutputArchive&&) noexcept = default;
OutputArchive::~OutputArchive() = default;
Entries& OutputArchive::entries() const { return entries_->entries; }

std::string OutputArchive::new_path(const std::string& key) const {
  if (key.empty()) fail("OutputArchive", "a key must not be empty");
  std::string path = escaped(key);
  entries().remove(path);
  return path;
}

void OutputArchive::write(const std::string& key, const IValue& value) {
  const bool any_list = value.isList() && !value.isTensorList() && !value.isIntList() && !value.isDoubleList();
  if (any_list || value.isTuple() || value.isGenericDict()) {
    fail("OutputArchive",
         fmt::format("'{}' is a {}; an archive holds numbers, strings, tensors, lists of one kind of numbers or of "
                     "tensors, and nested archives (pickle_save writes others)",
                     key, value.tagKind()));
  }
  entries().add(new_path(key), value);
}

void OutputArchive::write(const std::string& key, const Tensor& tensor, bool) { write(key, IValue(tensor)); }

void OutputArchive::write(const std::string& key, OutputArchive& nested) {
  if (&nested == this) fail("OutputArchive", fmt::format("an archive cannot be written into itself ('{}')", key));
  const std::string prefix = new_path(key) + ".";
  if (nested.entries().list.empty()) entries().add(prefix, IValue());
  for (const Entry& entry : nested.entries().list) entries().add(prefix + entry.path, entry.value);
}

void OutputArchive::write(const std::string& key, const Generator& generator) {
  OutputArchive nested;
  nested << generator;
  write(key, nested);
}

void OutputArchive::save_to(const std::string& filename) const {
  FileSink sink(filename);
  write_archive(sink, entries());
  sink.commit();
}

void OutputArchive::save_to(std::ostream& stream) const {
  StreamSink sink(stream);
  write_archive(sink, entries());
}

void OutputArchive::save_through(base::FunctionRef<size_t(const void*, size_t)> function) const {
  FunctionSink sink(function);
  write_archive(sink, entries());
}

// ---- InputArchive ----

InputArchive::InputArchive() : entries_(new SharedEntries) {}
InputArchive::InputArchive(InputArchive&&) noexcept = default;
InputArchive& InputArchive::operator=(InputArchive&&) noexcept = default;
InputArchive::~InputArchive() = default;
const Entries& InputArchive::entries() const { return entries_->entries; }

void InputArchive::load_from(const std::string& filename, std::optional<Device> device) {
  check_device(device);
  load(FileSource(filename));
}

void InputArchive::load_from(std::istream& stream, std::optional<Device> device) {
  check_device(device);
  load(MemorySource(stream));
}

void InputArchive::load_from(const char* data, size_t size, std::optional<Device> device) {
  check_device(device);
  load(MemorySource(data, size));
}

void InputArchive::load_through(base::FunctionRef<size_t(uint64_t, void*, size_t)> read,
                                base::FunctionRef<size_t()> size, std::optional<Device> device) {
  check_device(device);
  load(FunctionSource(read, size()));
}

void InputArchive::load(const Source& source) {
  base::Ref<SharedEntries> loaded(new SharedEntries);
  loaded->entries = read_archive(source);
  entries_ = std::move(loaded);
  prefix_.clear();
}

const IValue* InputArchive::find(const std::string& key) const { return entries().find(prefix_ + escaped(key)); }

bool InputArchive::try_read(const std::string& key, IValue& value) {
  const IValue* found = find(key);
  if (!found) return false;
  value = *found;
  return true;
}

void InputArchive::read(const std::string& key, IValue& value) {
  if (!try_read(key, value))
    fail("InputArchive",
         fmt::format("No such serialized IValue '{0}{1}': the archive does not have a field with name '{1}'", prefix_,
                     key));
}

bool InputArchive::try_read(const std::string& key, Tensor& tensor, bool) {
  const IValue* found = find(key);
  if (!found || !found->isTensor()) return false;
  const Tensor& saved = found->toTensor();
  if (!tensor.defined() || !saved.defined()) {
    tensor = !saved.defined() || is_sole(saved) ? saved : saved.detach().clone().requires_grad_(saved.requires_grad());
    return true;
  }
  // Two modules that are loaded from one archive must not share their weights.
  NoGradGuard no_grad;
  tensor.set_data(is_sole(saved) ? saved : saved.clone());
  return true;
}

void InputArchive::read(const std::string& key, Tensor& tensor, bool is_buffer) {
  if (!try_read(key, tensor, is_buffer)) {
    fail("InputArchive", fmt::format("No such serialized tensor '{}{}'", prefix_, key));
  }
}

bool InputArchive::try_read(const std::string& key, InputArchive& archive) {
  const std::string prefix = prefix_ + escaped(key) + ".";
  if (!entries().has_below(prefix)) return false;
  archive.entries_ = entries_;
  archive.prefix_ = prefix;
  return true;
}

void InputArchive::read(const std::string& key, InputArchive& archive) {
  if (!try_read(key, archive)) {
    fail("InputArchive", fmt::format("No such serialized submodule: '{}{}'", prefix_, key));
  }
}

void InputArchive::read(const std::string& key, const Generator& generator) {
  InputArchive nested;
  read(key, nested);
  nested >> generator;
}

std::vector<std::string> InputArchive::keys() const {
  // The first place of each key; entries of one key follow each other in the sorted order, save for "a" and "a.b" with
  // "a-" between them.
  std::vector<std::pair<uint32_t, std::string>> found;
  for (size_t rank = entries().rank_of(prefix_); rank < entries().order.size(); ++rank) {
    const uint32_t place = entries().order[rank];
    std::string_view path = entries().list[place].path;
    if (!path.starts_with(prefix_)) break;
    path.remove_prefix(prefix_.size());
    const std::string_view part = path.substr(0, path.find('.'));
    if (part.empty() && path.size() <= 1) continue;
    found.emplace_back(place, unescaped(part));
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second < b.second : a.first < b.first;
  });
  found.erase(
      std::unique(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.second == b.second; }),
      found.end());
  std::sort(found.begin(), found.end());
  std::vector<std::string> keys;
  for (auto& [place, key] : found) keys.push_back(std::move(key));
  return keys;
}

// ---- operators ----

OutputArchive& operator<<(OutputArchive& archive, const Tensor& tensor) {
  archive.write("0", tensor);
  return archive;
}

InputArchive& operator>>(InputArchive& archive, Tensor& tensor) {
  archive.read("0", tensor);
  return archive;
}

OutputArchive& operator<<(OutputArchive& archive, const std::vector<Tensor>& tensors) {
  for (size_t i = 0; i < tensors.size(); ++i) archive.write(std::to_string(i), tensors[i]);
  return archive;
}

InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& tensors) {
  for (size_t i = 0;; ++i) {
    Tensor tensor;
    if (!archive.try_read(std::to_string(i), tensor)) break;
    tensors.push_back(std::move(tensor));
  }
  return archive;
}

OutputArchive& operator<<(OutputArchive& archive, const Generator& generator) {
  archive.write(kGeneratorState, state_of(generator));
  return archive;
}

InputArchive& operator>>(InputArchive& archive, const Generator& generator) {
  Tensor state;
  archive.read(kGeneratorState, state);
  set_state_of(generator, state);
  return archive;
}

}  // namespace rondo::serialize
