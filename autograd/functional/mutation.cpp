// Which saved values look into which memory, and their copies.
#include <rondo/autograd/functional/mutation.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/methods.h>

#include <memory>
#include <unordered_map>

namespace rondo::autograd {

struct AllowMutationOnSaved::State final : graph::ChangeWatch {
  struct Entry {
    Tensor value;  // without history, so that no node owns its own output
    uint32_t version;
    bool copied = false;
  };
  using Entries = std::vector<std::weak_ptr<Entry>>;

  static Tensor unpacked(const std::shared_ptr<Entry>& entry) {
    if (!entry->copied && entry->value.impl().storage->version() != entry->version) {
      fail("AllowMutationOnSaved",
           "one of the variables needed for gradient computation has been modified by an inplace operation outside of "
           "the scope in which it was saved");
    }
    return entry->value;
  }

  void before_change(const Tensor& self) override {
    const auto found = saved.find(self.impl().storage->origin());
    if (found == saved.end()) return;
    const NoGradGuard guard;
    for (const std::weak_ptr<Entry>& waiting : found->second) {
      if (const std::shared_ptr<Entry> entry = waiting.lock()) {
        entry->value = entry->value.clone();
        entry->copied = true;
      }
    }
    saved.erase(found);
  }

  std::unordered_map<const StorageImpl*, Entries> saved;
  std::optional<SavedTensorHooks> hooks;
};

AllowMutationOnSaved::AllowMutationOnSaved() : state_(nullptr) {
  if (graph::change_watch) fail("AllowMutationOnSaved", "such scopes cannot be nested");
  auto made = std::make_unique<State>();
  State* const state = made.get();
  state->hooks.emplace(
      [state](const Tensor& tensor) {
        auto entry = std::make_shared<State::Entry>(
            State::Entry{graph::alias_without_history(tensor), tensor.impl().storage->version()});
        State::Entries& entries = state->saved[tensor.impl().storage->origin()];
        std::erase_if(entries, [](const auto& other) { return other.expired(); });
        entries.push_back(entry);
        return entry;
      },
      State::unpacked);
  state_ = made.release();
  graph::change_watch = state_;
}

AllowMutationOnSaved::~AllowMutationOnSaved() {
  graph::change_watch = nullptr;
  delete state_;
}

}  // namespace rondo::autograd
