// Archives: what `save` writes and `load` reads, a tree of tensors and other values by name.
#pragma once

#include <rondo/autograd/base/function_ref.h>
#include <rondo/autograd/base/ref.h>
#include <rondo/autograd/functional/value.h>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace rondo {

namespace jit {
// libtorch's archives are programs; rondo's are not, and pointers to this are only passed around.
struct CompilationUnit {};
}  // namespace jit

namespace serialize {

struct Entries;
struct SharedEntries;
class Source;
class OutputArchive;
class InputArchive;

template <class T>
concept Saves = requires(const T& value, OutputArchive& archive) {
  value.save(archive);
};
template <class T>
concept Loads = requires(T& value, InputArchive& archive) {
  value.load(archive);
};
// What holds such a thing: a shared_ptr, or a module's holder.
template <class T>
concept PointsToSaves = requires(const T& pointer, OutputArchive& archive) {
  (*pointer).save(archive);
};
template <class T>
concept PointsToLoads = requires(T& pointer, InputArchive& archive) {
  (*pointer).load(archive);
};

[[noreturn]] void fail_empty(const char* operation);

// Collects values by key; archives within archives make paths, whose parts are joined by dots in the file ("encoder.0.
// weight"). A dot within a key is written as %2E there, a percent sign as %25.
class OutputArchive final {
 public:
  OutputArchive();
  template <class Pointer>
  requires(std::is_same_v<std::decay_t<decltype(*std::declval<const Pointer&>())>,
                          jit::CompilationUnit>) explicit OutputArchive(const Pointer&)
      : OutputArchive() {}
  OutputArchive(OutputArchive&&) noexcept;
  OutputArchive& operator=(OutputArchive&&) noexcept;
  ~OutputArchive();

  const jit::CompilationUnit* compilation_unit() const { return nullptr; }

  // What was written under the key before is replaced. Throw Error for an empty key. `is_buffer` changes nothing in the
  // file. Tensors are read when the archive is saved.
  void write(const std::string& key, const IValue& value);
  void write(const std::string& key, const Tensor& tensor, bool is_buffer = false);
  // Takes what the nested archive holds now.
  void write(const std::string& key, OutputArchive& nested);
  // A module, an optimizer, or whatever else has save(OutputArchive&), as a nested archive.
  template <Saves T>
  void write(const std::string& key, const T& value) {
    OutputArchive nested;
    value.save(nested);
    write(key, nested);
  }
  template <PointsToSaves T>
  void write(const std::string& key, const T& pointer) {
    if (!pointer) fail_empty("save");
    write(key, *pointer);
  }
  void write(const std::string& key, const Generator& generator);

  // Writes a safetensors file (docs/state.md). A file appears under its name when it is whole and on the disk, so that
  // an interruption leaves the one before. Throw Error if the writing fails.
  void save_to(const std::string& filename) const;
  void save_to(std::ostream& stream) const;
  // The function takes bytes and returns how many it took.
  template <class F>
  requires(std::is_invocable_r_v<size_t, F&, const void*, size_t>) void save_to(F&& function) const {
    save_through(function);
  }

  template <class... Args>
  void operator()(Args&&... args) {
    write(std::forward<Args>(args)...);
  }

 private:
  std::string new_path(const std::string& key) const;
  void save_through(base::FunctionRef<size_t(const void*, size_t)> function) const;

  Entries& entries() const;

  base::Ref<SharedEntries> entries_;
};

// What an archive holds. Nested archives share it.
class InputArchive final {
 public:
  InputArchive();
  InputArchive(InputArchive&&) noexcept;
  InputArchive& operator=(InputArchive&&) noexcept;
  ~InputArchive();

  // Reads a file that OutputArchive or another program wrote: safetensors, or PyTorch's .pt, also as libtorch's own
  // torch::save writes it. All tensors are read at once, each into memory of its own. Throw Error if the file is not
  // sound; the archive then keeps what it had. The device can only be the CPU.
  void load_from(const std::string& filename, std::optional<Device> device = std::nullopt);
  void load_from(std::istream& stream, std::optional<Device> device = std::nullopt);
  void load_from(const char* data, size_t size, std::optional<Device> device = std::nullopt);
  // read(position, buffer, bytes) returns how many bytes it gave, size() how many there are.
  template <class Read, class Size>
  requires(std::is_invocable_r_v<size_t, Read&, uint64_t, void*, size_t>&&
               std::is_invocable_r_v<size_t, Size&>) void load_from(Read&& read, Size&& size,
                                                                    std::optional<Device> device = std::nullopt) {
    load_through(read, size, device);
  }

  // try_read returns false where there is nothing of that kind under the key; read throws Error then, with the whole
  // path. A defined tensor takes the data that were read, whatever their shape, and stays the same object; an undefined
  // one becomes the tensor that was saved, which requires grad if that did.
  bool try_read(const std::string& key, IValue& value);
  void read(const std::string& key, IValue& value);
  bool try_read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  void read(const std::string& key, Tensor& tensor, bool is_buffer = false);
  bool try_read(const std::string& key, InputArchive& archive);
  void read(const std::string& key, InputArchive& archive);
  // Loads a module, an optimizer, or whatever else has load(InputArchive&), from a nested archive.
  template <Loads T>
  void read(const std::string& key, T& value) {
    InputArchive nested;
    read(key, nested);
    value.load(nested);
  }
  template <PointsToLoads T>
  void read(const std::string& key, T& pointer) {
    if (!pointer) fail_empty("load");
    read(key, *pointer);
  }
  void read(const std::string& key, const Generator& generator);

  // The keys of this archive, those of nested archives included, in the order of the file.
  std::vector<std::string> keys() const;
  // The path of this archive within the file: "" or "encoder.0.".
  const std::string& path() const { return prefix_; }

  template <class... Args>
  void operator()(Args&&... args) {
    read(std::forward<Args>(args)...);
  }

 private:
  void load_through(base::FunctionRef<size_t(uint64_t, void*, size_t)> read, base::FunctionRef<size_t()> size,
                    std::optional<Device> device);
  void load(const Source& source);
  const IValue* find(const std::string& key) const;

  const Entries& entries() const;

  base::Ref<SharedEntries> entries_;
  std::string prefix_;
};

OutputArchive& operator<<(OutputArchive& archive, const Tensor& tensor);
InputArchive& operator>>(InputArchive& archive, Tensor& tensor);
// The tensors under "0", "1", ...; reading appends to the list.
OutputArchive& operator<<(OutputArchive& archive, const std::vector<Tensor>& tensors);
InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& tensors);
// The whole state of a source of random numbers: after loading it goes on with the same stream.
OutputArchive& operator<<(OutputArchive& archive, const Generator& generator);
InputArchive& operator>>(InputArchive& archive, const Generator& generator);

template <Saves T>
OutputArchive& operator<<(OutputArchive& archive, const T& value) {
  value.save(archive);
  return archive;
}
template <Loads T>
InputArchive& operator>>(InputArchive& archive, T& value) {
  value.load(archive);
  return archive;
}

template <PointsToSaves T>
OutputArchive& operator<<(OutputArchive& archive, const T& pointer) {
  if (!pointer) fail_empty("save");
  return archive << *pointer;
}
template <PointsToLoads T>
InputArchive& operator>>(InputArchive& archive, T& pointer) {
  if (!pointer) fail_empty("load");
  return archive >> *pointer;
}

}  // namespace serialize

namespace by_name {
// Saves a tensor, a list of tensors, a module, an optimizer, a generator, or whatever else has save(OutputArchive&);
// the other arguments are those of OutputArchive::save_to: a file's name, a stream or a function.
template <class T, class... To>
void save(const T& value, To&&... to) {
  serialize::OutputArchive archive;
  archive << value;
  archive.save_to(std::forward<To>(to)...);
}
template <class... To>
void save(std::initializer_list<Tensor> tensors, To&&... to) {
  save(std::vector<Tensor>(tensors), std::forward<To>(to)...);
}
// Loads what save has written; the other arguments are those of InputArchive::load_from.
template <class T, class... From>
void load(T& value, From&&... from) {
  serialize::InputArchive archive;
  archive.load_from(std::forward<From>(from)...);
  archive >> value;
}

}  // namespace by_name
}  // namespace rondo
