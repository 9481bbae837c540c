// Values that a node keeps for its backward step.
#pragma once

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/graph/node.h>

#include <type_traits>

namespace rondo::graph {

// A pair of functions for saved tensors: what is kept in place of each, and how to get it back.
struct SavedHooks : base::RefCounted {
  // What pack made; freed with its last reference.
  struct Packed : base::RefCounted {
    virtual ~Packed() = default;
    virtual Tensor unpack() = 0;
    static void dispose(Packed* packed) noexcept { delete packed; }
  };
  virtual ~SavedHooks() = default;
  virtual base::Ref<Packed> pack(const Tensor& tensor) = 0;
  static void dispose(SavedHooks* hooks) noexcept { delete hooks; }
};

// A saved tensor: an input by its handle, an output without its history (a node never owns its own output). Reading
// checks that nothing has changed the value in place since it was saved.
class Saved {
 public:
  Saved() = default;
  ~Saved() {
    if (packed_) [[unlikely]]
      forget_packed();
  }
  Saved(const Saved&) = delete;
  Saved& operator=(const Saved&) = delete;

  void save_input(const Tensor& tensor) { save(tensor, false); }
  // `nr`: which output of the node it is. Call after the output's last change.
  void save_output(const Tensor& tensor, uint32_t nr = 0);

  bool holds() const { return value_.defined() || packed_; }
  // The value with its history. Throws Error when the graph was freed by an earlier backward, or when the value was
  // changed in place since.
  Tensor get(Node& owner) const;
  // The value for kernels, without history; the same checks.
  const Tensor& peek(const Node& owner) const {
    if (!value_.defined() || value_.unsafeGetTensorImpl()->storage->version() != version_ || detached_in_place)
      look_closely(owner);
    return value_;
  }
  void release() {
    value_.reset();
    if (packed_) [[unlikely]]
      forget_packed();
    released_ = true;
  }

 private:
  void save(const Tensor& tensor, bool output) {
    value_ = tensor;
    version_ = tensor.unsafeGetTensorImpl()->storage->version();
    output_ = output;
    if (tensor.unsafeGetTensorImpl()->inference || modes.saved || detached_in_place) [[unlikely]]
      save_specially();
  }
  // Refuses inference tensors; remembers whether there is history; hands the value to the functions for saved tensors.
  void save_specially();
  // Throws unless the value is as it was; unpacks it where it was packed.
  void look_closely(const Node& owner) const;
  void unpack(const Node& owner) const;
  void forget_packed();
  [[noreturn]] void complain(const Node& owner) const;

  mutable Tensor value_;
  mutable uint32_t version_ = 0;
  uint16_t output_nr_ = 0;
  bool output_ = false, released_ = false, packed_ = false;
  bool had_history_ = true;  // known only once detached_in_place is set
};

// Throws Error where functions for saved tensors are forbidden on this thread.
void check_saved_hooks();

}  // namespace rondo::graph

namespace rondo::autograd {

// While it lives, functions for saved tensors are forbidden on this thread: whoever begins with them gets an Error with
// the message. Throws it at once where some are in force.
class DisableSavedTensorHooks {
 public:
  explicit DisableSavedTensorHooks(const std::string& message);
  ~DisableSavedTensorHooks();
  DisableSavedTensorHooks(const DisableSavedTensorHooks&) = delete;
  DisableSavedTensorHooks& operator=(const DisableSavedTensorHooks&) = delete;

 private:
  const char* before_;
};

// While it lives, tensors that operations save on this thread go through `pack`, whose result (of any type) is kept
// instead, and come back through `unpack(result)`. The innermost pair is in force.
//
//   SavedTensorHooks to_disk([](const Tensor& t) { return write(t); }, [](const File& f) { return read(f); });
class SavedTensorHooks {
 public:
  template <class Pack, class Unpack>
  SavedTensorHooks(Pack pack, Unpack unpack)
      : hooks_(new Pair<Pack, Unpack>(std::move(pack), std::move(unpack))), before_(graph::modes.saved) {
    graph::check_saved_hooks();
    graph::modes.saved = hooks_.get();
  }
  ~SavedTensorHooks() { graph::modes.saved = before_; }
  SavedTensorHooks(const SavedTensorHooks&) = delete;
  SavedTensorHooks& operator=(const SavedTensorHooks&) = delete;

 private:
  template <class Pack, class Unpack>
  struct Pair final : graph::SavedHooks {
    using Result = std::decay_t<std::invoke_result_t<Pack&, const Tensor&>>;
    struct Kept final : Packed {
      Kept(base::Ref<Pair> made_by, Result r) : pair(std::move(made_by)), result(std::move(r)) {}
      Tensor unpack() override { return pair->unpack_(result); }
      base::Ref<Pair> pair;
      Result result;
    };
    Pair(Pack pack, Unpack unpack) : pack_(std::move(pack)), unpack_(std::move(unpack)) {}
    base::Ref<Packed> pack(const Tensor& tensor) override {
      return base::Ref<Packed>(new Kept(base::Ref<Pair>(this), pack_(tensor)));
    }
    Pack pack_;
    Unpack unpack_;
  };

  base::Ref<graph::SavedHooks> hooks_;
  graph::SavedHooks* before_;
};

}  // namespace rondo::autograd
