// Reading and writing NumPy's files (numpy.lib.format describes them).
#include <rondo/autograd/serialize/npy.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/limits.h>
#include <rondo/autograd/serialize/zip.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace rondo {
namespace serialize {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kMostHeader = 65536;  // NumPy itself reads up to 10000 bytes
constexpr size_t kAlignment = 64;
constexpr std::string_view kSuffix = ".npy";

struct NamedType {
  ScalarType type;
  std::string_view code;
};
constexpr NamedType kTypes[] = {{kDouble, "f8"}, {kFloat, "f4"}, {kHalf, "f2"}, {kLong, "i8"}, {kInt, "i4"},
                                {kShort, "i2"},  {kChar, "i1"},  {kByte, "u1"}, {kBool, "b1"}};

struct Header {
  ScalarType type = ScalarType::Undefined;
  bool big_endian = false, fortran = false;
  std::vector<int64_t> sizes;
};

// Reads the header's text, a dictionary as Python writes it: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}.
class HeaderReader {
 public:
  HeaderReader(const Source& source, std::string_view text) : source_(source), text_(text) {}

  Header read() {
    Header header;
    bool has_type = false, has_order = false, has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string_view key = string();
      expect(':');
      if (key == "descr" && !std::exchange(has_type, true)) {
        read_type(header);
      } else if (key == "fortran_order" && !std::exchange(has_order, true)) {
        header.fortran = boolean();
      } else if (key == "shape" && !std::exchange(has_shape, true)) {
        read_shape(header);
      } else {
        fail(fmt::format("an unknown or second '{}'", key));
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    if (!has_type || !has_order || !has_shape) fail("'descr', 'fortran_order' or 'shape' is missing");
    skip_space();
    if (place_ != text_.size()) fail("something behind the dictionary");
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    source_.fail(fmt::format("the header of the array has {} (at byte {} of it)", what, place_));
  }
  void skip_space() {
    while (place_ < text_.size() && (text_[place_] == ' ' || text_[place_] == '\n')) ++place_;
  }
  bool take(char wanted) {
    skip_space();
    if (place_ >= text_.size() || text_[place_] != wanted) return false;
    ++place_;
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) fail(fmt::format("no '{}'", wanted));
  }
  std::string_view string() {
    skip_space();
    const char quote = take('\'') ? '\'' : '"';
    if (quote == '"') expect('"');
    const size_t start = place_;
    const size_t end = text_.find(quote, start);
    if (end == std::string_view::npos) fail("a string without an end");
    place_ = end + 1;
    return text_.substr(start, end - start);
  }
  bool boolean() {
    skip_space();
    for (const std::string_view word : {"True", "False"}) {
      if (text_.substr(place_, word.size()) != word) continue;
      place_ += word.size();
      return word == "True";
    }
    fail("no True or False");
  }
  void read_type(Header& header) {
    if (take('[')) fail("fields with names; only plain arrays can be read");
    const std::string_view code = string();
    const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const NamedType& entry) {
      return code.substr(std::min<size_t>(1, code.size())) == entry.code;
    });
    const bool ordered = !code.empty() && (code[0] == '<' || code[0] == '>' || code[0] == '|' || code[0] == '=');
    if (!ordered || found == std::end(kTypes)) {
      fail(fmt::format("the dtype '{}', which rondo does not have", code));
    }
    header.type = found->type;
    header.big_endian = code[0] == '>';
  }
  void read_shape(Header& header) {
    expect('(');
    while (!take(')')) {
      skip_space();
      const size_t start = place_;
      int64_t size = 0;
      while (place_ < text_.size() && text_[place_] >= '0' && text_[place_] <= '9') {
        if (__builtin_mul_overflow(size, int64_t{10}, &size) ||
            __builtin_add_overflow(size, int64_t{text_[place_] - '0'}, &size)) {
          fail("a size beyond 63 bits");
        }
        ++place_;
      }
      if (place_ == start) fail("no size");
      if (header.sizes.size() == kMostDims) fail(fmt::format("more than {} dimensions", kMostDims));
      header.sizes.push_back(size);
      if (!take(',')) {
        expect(')');
        break;
      }
    }
  }

  const Source& source_;
  std::string_view text_;
  size_t place_ = 0;
};

// `read` gives the next bytes, of which there are `bytes` in all.
Tensor read_array(const Source& source, base::FunctionRef<void(void*, size_t)> read, uint64_t bytes) {
  uint64_t left = bytes;
  const auto next = [&](void* to, uint64_t count) {
    if (count > left) source.fail(fmt::format("an array ends too early, after {} bytes", bytes));
    left -= count;
    read(to, count);
  };
  char start[8];
  next(start, sizeof(start));
  if (std::string_view(start, kMagic.size()) != kMagic) source.fail("it is no array of NumPy");
  const auto version = static_cast<unsigned char>(start[6]);
  if (version < 1 || version > 3) {
    source.fail(fmt::format("it has version {} of NumPy's format; 1 to 3 can be read", version));
  }
  uint32_t length = 0;
  next(&length, version == 1 ? 2 : 4);
  if (length > kMostHeader) source.fail(fmt::format("a header of {} bytes is too long", length));
  std::string text(std::min<uint64_t>(length, left + 1), '\0');
  next(text.data(), length);

  const Header header = HeaderReader(source, text).read();
  const std::optional<uint64_t> needed = byte_count(header.sizes, header.type);
  if (!needed || *needed != left) {
    source.fail(fmt::format("an array of {} numbers of dtype {} is to have {} bytes; there are {}",
                            fmt::join(header.sizes, " x "), dtype_name(header.type),
                            needed ? fmt::to_string(*needed) : "too many", left));
  }
  Tensor tensor;
  if (header.fortran && header.sizes.size() > 1) {
    Dims strides(header.sizes);
    int64_t stride = 1;
    for (size_t d = 0; d < header.sizes.size(); ++d) {
      strides[static_cast<int64_t>(d)] = stride;
      stride *= std::max<int64_t>(header.sizes[d], 1);
    }
    tensor = tensor_data::make_strided(header.sizes, strides, header.type);
  } else {
    tensor = tensor_data::make(header.sizes, header.type);
  }
  auto* data = static_cast<unsigned char*>(tensor.data_ptr());
  next(data, *needed);
  if (header.type == kBool) clean_bools(data, *needed);
  const size_t width = element_size(header.type);
  if (header.big_endian && width > 1) {
    for (uint64_t place = 0; place < *needed; place += width) std::reverse(data + place, data + place + width);
  }
  return tensor;
}

std::string array_header(const Tensor& tensor) {
  const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const NamedType& entry) { return entry.type == tensor.dtype(); });
  if (found == std::end(kTypes)) {
    fail_type("save_npy", fmt::format("NumPy has no dtype {}; convert the tensor first", dtype_name(tensor.dtype())));
  }
  const IntArrayRef sizes = tensor.sizes();
  std::string text = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}{}), }}",
                                 tensor.element_size() == 1 ? '|' : '<', found->code,
                                 fmt::join(sizes.begin(), sizes.end(), ", "), sizes.size() == 1 ? "," : "");
  const size_t before = kMagic.size() + 2 + 2;
  text.append(kAlignment - 1 - (before + text.size()) % kAlignment, ' ');
  text.push_back('\n');
  std::string header(kMagic);
  header += {'\1', '\0', static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  return header + text;
}

// A member's numbers in one piece.
Tensor dense(const Tensor& tensor, const std::string& name) {
  if (!tensor.defined()) fail("save_npz", fmt::format("tensor '{}' is undefined", name));
  NoGradGuard no_grad;
  return tensor.detach().contiguous();
}

}  // namespace

Tensor read_npy(const Source& source) {
  uint64_t place = 0;
  const auto read = [&](void* to, size_t bytes) {
    source.read(place, to, bytes);
    place += bytes;
  };
  return read_array(source, read, source.size());
}

StateDict read_npz(const Source& source) {
  const ZipReader archive(source);
  StateDict tensors("Array");
  for (const ZipMember& member : archive.members()) {
    std::string name = member.name;
    if (!name.ends_with(kSuffix)) source.fail(fmt::format("member '{}' is no array: its name lacks .npy", name));
    name.resize(name.size() - kSuffix.size());
    ZipStream stream(archive, member);
    const auto read = [&](void* to, size_t bytes) { stream.read(to, bytes); };
    tensors.insert(std::move(name), read_array(source, read, member.size));
    stream.finish();
  }
  return tensors;
}

}  // namespace serialize

Tensor load_npy(const std::string& path) { return serialize::read_npy(serialize::FileSource(path)); }

void by_name::save_npy(const Tensor& tensor, const std::string& path) {
  const Tensor numbers = serialize::dense(tensor, path);
  const std::string header = serialize::array_header(numbers);
  serialize::FileSink sink(path);
  sink.write(header.data(), header.size());
  sink.write(numbers.data_ptr(), numbers.nbytes());
  sink.commit();
}

StateDict load_npz(const std::string& path) { return serialize::read_npz(serialize::FileSource(path)); }

void save_npz(const StateDict& tensors, const std::string& path, bool compressed) {
  serialize::FileSink sink(path);
  serialize::ZipWriter archive(sink);
  for (const auto& item : tensors) {
    const Tensor numbers = serialize::dense(item.value(), item.key());
    const std::string header = serialize::array_header(numbers);
    archive.add(item.key() + std::string(serialize::kSuffix),
                {{header.data(), header.size()}, {numbers.data_ptr(), numbers.nbytes()}}, compressed);
  }
  archive.finish();
  sink.commit();
}

}  // namespace rondo
