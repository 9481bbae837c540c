// Reading and writing safetensors files: 8 bytes with the length of a JSON header, the header, the numbers.
#include <rondo/autograd/serialize/safetensors.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/json.h>
#include <rondo/autograd/serialize/limits.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

namespace rondo {
namespace serialize {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers of files lie with the low byte first");

constexpr uint64_t kMostHeader = 100'000'000;  // as the format's own library has it
constexpr size_t kAlignment = 64;
constexpr const char* kMetadata = "__metadata__";

struct NamedType {
  ScalarType type;
  std::string_view name;
};
constexpr NamedType kTypes[] = {{kDouble, "F64"}, {kFloat, "F32"}, {kHalf, "F16"},  {kBFloat16, "BF16"},
                                {kLong, "I64"},   {kInt, "I32"},   {kShort, "I16"}, {kChar, "I8"},
                                {kByte, "U8"},    {kBool, "BOOL"}};

std::string_view name_of(ScalarType type) {
  for (const NamedType& entry : kTypes) {
    if (entry.type == type) return entry.name;
  }
  fail_type("save", fmt::format("tensors of dtype {} have no place in a safetensors file", dtype_name(type)));
}

struct Info {
  std::string name;
  ScalarType type = ScalarType::Undefined;
  std::vector<int64_t> sizes;
  uint64_t begin = 0, end = 0;
};

// `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`
Info read_info(JsonReader& json, std::string name) {
  Info info;
  info.name = std::move(name);
  bool has_type = false, has_shape = false, has_offsets = false;
  json.expect('{');
  do {
    const std::string key = json.string();
    json.expect(':');
    if (key == "dtype" && !std::exchange(has_type, true)) {
      const std::string type = json.string();
      const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                       [&](const NamedType& entry) { return entry.name == type; });
      if (found == std::end(kTypes)) {
        json.fail(fmt::format("tensor '{}' has the dtype '{}', which rondo does not have", info.name, type));
      }
      info.type = found->type;
    } else if (key == "shape" && !std::exchange(has_shape, true)) {
      json.expect('[');
      while (!json.take(']')) {
        if (!info.sizes.empty()) json.expect(',');
        const uint64_t size = json.number();
        if (size > static_cast<uint64_t>(INT64_MAX)) json.fail("a size beyond 63 bits");
        if (info.sizes.size() == kMostDims) json.fail(fmt::format("more than {} dimensions", kMostDims));
        info.sizes.push_back(static_cast<int64_t>(size));
      }
    } else if (key == "data_offsets" && !std::exchange(has_offsets, true)) {
      json.expect('[');
      info.begin = json.number();
      json.expect(',');
      info.end = json.number();
      json.expect(']');
    } else {
      json.fail(fmt::format("tensor '{}' has an unknown or second '{}'", info.name, key));
    }
  } while (json.take(','));
  json.expect('}');
  if (!has_type || !has_shape || !has_offsets) {
    json.fail(fmt::format("tensor '{}' lacks its {}", info.name,
                          !has_type    ? "dtype"
                          : !has_shape ? "shape"
                                       : "data_offsets"));
  }
  return info;
}

void read_metadata(JsonReader& json, Safetensors& file) {
  json.expect('{');
  if (json.take('}')) return;
  do {
    std::string key = json.string();
    json.expect(':');
    file.metadata.emplace_back(std::move(key), json.string());
  } while (json.take(','));
  json.expect('}');
}

template <class List, class Name>
void check_unique(const List& list, Name name) {
  std::vector<std::string_view> names;
  names.reserve(list.size());
  for (const auto& item : list) names.push_back(name(item));
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) fail("json", fmt::format("the header names '{}' twice", *twice));
}

std::vector<Info> read_header(std::string_view text, Safetensors& file) {
  JsonReader json(text);
  std::vector<Info> infos;
  bool has_metadata = false;
  json.expect('{');
  if (!json.take('}')) {
    do {
      std::string name = json.string();
      json.expect(':');
      if (name != kMetadata) {
        infos.push_back(read_info(json, std::move(name)));
      } else if (std::exchange(has_metadata, true)) {
        json.fail("a second __metadata__");
      } else {
        read_metadata(json, file);
      }
    } while (json.take(','));
    json.expect('}');
  }
  json.end();
  check_unique(infos, [](const Info& info) { return std::string_view(info.name); });
  check_unique(file.metadata, [](const auto& entry) { return std::string_view(entry.first); });
  return infos;
}

uint64_t header_length(const Source& source) {
  uint64_t length = 0;
  source.read(0, &length, sizeof(length));
  return length;
}

}  // namespace

bool is_safetensors(const Source& source) {
  if (source.size() < 10) return false;
  char brace = 0;
  source.read(8, &brace, 1);
  return brace == '{' && header_length(source) <= source.size() - 8;
}

Safetensors read_safetensors(const Source& source) {
  const uint64_t length = header_length(source);
  if (length > kMostHeader || length > source.size() - 8) {
    source.fail(fmt::format("the header is to have {} bytes, of {} in all; is this a safetensors file?", length,
                            source.size()));
  }
  std::string text(length, '\0');
  source.read(8, text.data(), length);
  if (text.empty() || text[0] != '{') source.fail("the header does not begin with '{'; is this a safetensors file?");

  Safetensors file;
  std::vector<Info> infos;
  try {
    infos = read_header(text, file);
  } catch (const Error& error) {
    source.fail(error.what());
  }
  // Nothing overlaps, nothing is left over: then every byte is in one tensor, and memory is bounded by the file.
  // Empty tensors stay in the header's order.
  std::stable_sort(infos.begin(), infos.end(),
                   [](const Info& a, const Info& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  uint64_t place = 0;
  for (const Info& info : infos) {
    if (info.begin != place || info.end < info.begin) {
      source.fail(fmt::format("tensor '{}' lies at bytes {} to {}; the one before ends at {}", info.name, info.begin,
                              info.end, place));
    }
    const std::optional<uint64_t> needed = byte_count(info.sizes, info.type);
    if (!needed || *needed != info.end - info.begin) {
      source.fail(fmt::format("tensor '{}' has {} bytes; its shape and dtype ({}) need {}", info.name,
                              info.end - info.begin, name_of(info.type),
                              needed ? fmt::to_string(*needed) : "too many"));
    }
    place = info.end;
  }
  const uint64_t data = 8 + length;
  if (place != source.size() - data) {
    source.fail(fmt::format("there are {} bytes of numbers; the header speaks of {}", source.size() - data, place));
  }
  file.tensors.reserve(infos.size());
  for (Info& info : infos) {
    const Tensor tensor = tensor_data::make(info.sizes, info.type);
    source.read(data + info.begin, tensor.data_ptr(), info.end - info.begin);
    if (info.type == kBool) clean_bools(tensor.data_ptr(), info.end - info.begin);
    file.tensors.emplace_back(std::move(info.name), tensor);
  }
  return file;
}

bool before_in_file(const std::pair<std::string, Tensor>& a, const std::pair<std::string, Tensor>& b) {
  const auto bytes = [](const Tensor& tensor) { return tensor.defined() ? tensor.element_size() : 0; };
  return bytes(a.second) > bytes(b.second);
}

void write_safetensors(Sink& sink, Safetensors file) {
  for (const auto& [name, tensor] : file.tensors) {
    if (!tensor.defined()) fail("save", fmt::format("tensor '{}' is undefined", name));
    if (name == kMetadata) fail("save", "'__metadata__' cannot be a tensor's name");
  }
  std::stable_sort(file.tensors.begin(), file.tensors.end(), before_in_file);
  std::string header = "{";
  const auto name_next = [&](std::string_view name) {
    if (header.size() > 1) header.push_back(',');
    append_json_string(header, name);
    header.push_back(':');
  };
  if (!file.metadata.empty()) {
    name_next(kMetadata);
    header.push_back('{');
    const char* separator = "";
    for (const auto& [key, text] : file.metadata) {
      header += std::exchange(separator, ",");
      append_json_string(header, key);
      header.push_back(':');
      append_json_string(header, text);
    }
    header.push_back('}');
  }
  size_t place = 0;
  for (const auto& [name, tensor] : file.tensors) {
    name_next(name);
    const IntArrayRef sizes = tensor.sizes();
    header += fmt::format(R"({{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})", name_of(tensor.dtype()),
                          fmt::join(sizes.begin(), sizes.end(), ","), place, place + tensor.nbytes());
    place += tensor.nbytes();
  }
  header.push_back('}');
  header.append((kAlignment - (8 + header.size()) % kAlignment) % kAlignment, ' ');
  if (header.size() > kMostHeader) fail("save", fmt::format("a header of {} bytes is too long", header.size()));

  const uint64_t length = header.size();
  sink.write(&length, sizeof(length));
  sink.write(header.data(), header.size());
  NoGradGuard no_grad;
  for (const auto& [name, tensor] : file.tensors) {
    const Tensor dense = tensor.detach().contiguous();
    sink.write(dense.data_ptr(), dense.nbytes());
  }
}

}  // namespace serialize

void save_safetensors(const StateDict& tensors, const std::string& path, const Metadata& metadata) {
  serialize::FileSink sink(path);
  serialize::write_safetensors(sink, {metadata.pairs(), tensors.pairs()});
  sink.commit();
}

StateDict load_safetensors(const std::string& path, Metadata* metadata) {
  serialize::Safetensors file = serialize::read_safetensors(serialize::FileSource(path));
  StateDict tensors("Tensor");
  tensors.reserve(file.tensors.size());
  for (auto& [name, tensor] : file.tensors) tensors.insert(std::move(name), std::move(tensor));
  if (metadata) {
    metadata->clear();
    for (auto& [name, text] : file.metadata) metadata->insert(std::move(name), std::move(text));
  }
  return tensors;
}

}  // namespace rondo
