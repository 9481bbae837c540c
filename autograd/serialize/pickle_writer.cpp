// From a value to a pickle (protocol 2) in a zip archive, as torch.save lays it out.
#include <rondo/autograd/base/error.h>
#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/json.h>
#include <rondo/autograd/serialize/pickle.h>
#include <rondo/autograd/serialize/pickled_value.h>
#include <rondo/autograd/serialize/pt_archive.h>
#include <rondo/autograd/serialize/storage_types.h>
#include <rondo/autograd/serialize/zip.h>

#include <fmt/format.h>

#include <bit>
#include <limits>
#include <string>
#include <unordered_map>

namespace rondo {
namespace serialize {
namespace {

using namespace std::string_view_literals;

// The version of the layout that PyTorch 1.6 introduced.
constexpr std::string_view kVersion = "3\n";

[[noreturn]] void refuse(const std::string& text) { rondo::fail("pickle_save", text); }

class Writer {
 public:
  void run(const IValue& root) {
    text_ = "\x80\x02";
    value(root, 0);
    text_ += '.';
  }

  std::vector<char> archive() const {
    std::vector<char> bytes;
    const auto take = [&](const void* data, size_t size) {
      const auto* first = static_cast<const char*>(data);
      bytes.insert(bytes.end(), first, first + size);
      return size;
    };
    FunctionSink sink(take);
    ZipWriter zip(sink);
    zip.add("archive/data.pkl", {{text_.data(), text_.size()}}, false);
    for (size_t i = 0; i < storages_.size(); ++i) {
      zip.add(fmt::format("archive/data/{}", i), {{storages_[i].storage->data(), storages_[i].bytes}}, false);
    }
    zip.add("archive/version", {{kVersion.data(), kVersion.size()}}, false);
    zip.finish();
    return bytes;
  }

 private:
  void little(uint64_t number, size_t width) {
    for (size_t i = 0; i < width; ++i) text_ += static_cast<char>(number >> (8 * i) & 0xff);
  }
  void boolean(bool value) { text_ += value ? '\x88' : '\x89'; }
  void integer(int64_t number) {
    if (number >= 0 && number <= 0xff) {
      text_ += 'K';
      little(static_cast<uint64_t>(number), 1);
    } else if (number >= std::numeric_limits<int32_t>::min() && number <= std::numeric_limits<int32_t>::max()) {
      text_ += 'J';
      little(static_cast<uint64_t>(number), 4);
    } else {
      text_ += "\x8a\x08";
      little(static_cast<uint64_t>(number), 8);
    }
  }
  void floating(double number) {
    text_ += 'G';
    little(__builtin_bswap64(std::bit_cast<uint64_t>(number)), 8);
  }
  void string(std::string_view value) {
    if (!is_utf8(value)) refuse("a string that is not UTF-8 cannot be pickled");
    if (value.size() > std::numeric_limits<uint32_t>::max()) refuse("a string of 4 GB or more cannot be pickled");
    text_ += 'X';
    little(value.size(), 4);
    text_ += value;
  }
  void integers(IntArrayRef numbers) {
    text_ += '(';
    for (const int64_t number : numbers) integer(number);
    text_ += 't';
  }

  // "FloatStorage", of the module "torch".
  static std::string_view storage_type(ScalarType type) {
    for (const StorageType& storage : kStorageTypes) {
      if (storage.type == type) return storage.name.substr("torch."sv.size());
    }
    refuse(fmt::format("PyTorch's files have no storages of {}", dtype_name(type)));
  }

  // _rebuild_tensor_v2(storage, offset, sizes, strides, requires_grad, hooks)
  void tensor(const Tensor& tensor) {
    if (!tensor.defined()) refuse("a tensor that is not defined cannot be pickled");
    const base::Ref<StorageImpl>& storage = tensor.impl().storage;
    const size_t width = element_size(tensor.dtype());
    // One storage may have several dtypes here, but not in the file.
    const auto [entry, is_new] =
        places_.try_emplace({storage->origin(), tensor.dtype()}, static_cast<uint32_t>(storages_.size()));
    if (is_new) storages_.push_back({storage, storage->nbytes() / width * width});
    text_ += "ctorch._utils\n_rebuild_tensor_v2\n((";
    string("storage");
    text_ += "ctorch\n";
    text_ += storage_type(tensor.dtype());
    text_ += '\n';
    string(fmt::to_string(entry->second));
    string("cpu");
    integer(static_cast<int64_t>(storage->nbytes() / width));
    text_ += "tQ";
    const char* first = static_cast<const char*>(storage->data());
    integer((static_cast<const char*>(tensor.data_ptr()) - first) / static_cast<int64_t>(width));
    integers(tensor.sizes());
    integers(tensor.strides());
    boolean(tensor.requires_grad());
    text_ += "ccollections\nOrderedDict\n)RtR";
  }

  // libtorch loads a list as one of numbers or of tensors only if it says so.
  template <class List, class Put>
  void typed(std::string_view kind, const List& list, Put put) {
    text_ += "ctorch.jit._pickle\n";
    text_ += kind;
    text_ += "\n(](";
    for (const auto& each : list) put(each);
    text_ += "etR";
  }

  void value(const IValue& value, size_t depth) {
    if (depth > kMostPickleDepth) refuse(fmt::format("containers more than {} levels deep", kMostPickleDepth));
    if (value.isNone()) {
      text_ += 'N';
    } else if (value.isBool()) {
      boolean(value.toBool());
    } else if (value.isInt()) {
      integer(value.toInt());
    } else if (value.isDouble()) {
      floating(value.toDouble());
    } else if (value.isString()) {
      string(value.toStringRef());
    } else if (value.isTensor()) {
      tensor(value.toTensor());
    } else if (value.isIntList()) {
      typed("build_intlist", value.toIntVector(), [&](int64_t each) { integer(each); });
    } else if (value.isDoubleList()) {
      typed("build_doublelist", value.toDoubleVector(), [&](double each) { floating(each); });
    } else if (value.isTensorList()) {
      typed("build_tensorlist", value.toTensorVector(), [&](const Tensor& each) { tensor(each); });
    } else if (value.isTuple()) {
      text_ += '(';
      for (const IValue& each : value.toTupleRef().elements()) this->value(each, depth + 1);
      text_ += 't';
    } else if (value.isGenericDict()) {
      text_ += "}(";
      for (const auto& [key, item] : value.toDictTable()->entries()) {
        this->value(key, depth + 1);
        this->value(item, depth + 1);
      }
      text_ += 'u';
    } else {
      text_ += "](";
      for (const IValue& each : value.toList()) this->value(each, depth + 1);
      text_ += 'e';
    }
  }

  struct PlaceHash {
    size_t operator()(const std::pair<const StorageImpl*, ScalarType>& place) const {
      return std::hash<const void*>()(place.first) * 31 + static_cast<size_t>(place.second);
    }
  };

  std::string text_;
  struct Stored {
    base::Ref<StorageImpl> storage;
    size_t bytes;
  };
  std::vector<Stored> storages_;
  std::unordered_map<std::pair<const StorageImpl*, ScalarType>, uint32_t, PlaceHash> places_;
};

}  // namespace
}  // namespace serialize

std::vector<char> pickle_save(const IValue& value) {
  serialize::Writer writer;
  writer.run(value);
  return writer.archive();
}

}  // namespace rondo
