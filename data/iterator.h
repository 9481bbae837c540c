// The iterator over a loader's batches.
#pragma once

#include <rondo/autograd/base/error.h>

#include <memory>
#include <optional>

namespace rondo::data {

// Copies share their place: advancing one advances all. The first batch is made when it is first asked for.
template <class Batch>
class Iterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = Batch;
  using pointer = Batch*;
  using reference = Batch&;
  using iterator_category = std::input_iterator_tag;

  // next(source) makes batches, nullopt at the end; without arguments this is the end itself.
  Iterator() = default;
  Iterator(void* source, std::optional<Batch> (*next)(void*)) : state_(new State{source, next, std::nullopt, false}) {}

  Iterator& operator++() {
    if (!state_) fail("DataLoader", "Incrementing the DataLoader's past-the-end iterator is not allowed");
    if (!state_->current()) fail("DataLoader", "Attempted to increment iterator past the end");
    state_->batch = state_->next(state_->source);
    return *this;
  }
  Batch& operator*() { return *operator->(); }
  Batch* operator->() {
    if (!state_) fail("DataLoader", "Dereferencing the DataLoader's past-the-end iterator is not allowed");
    if (!state_->current()) fail("DataLoader", "Attempted to dereference iterator that was past the end");
    return &*state_->batch;
  }
  friend bool operator==(const Iterator& a, const Iterator& b) {
    if (a.state_ && b.state_) return a.state_ == b.state_;
    return a.at_end() && b.at_end();
  }
  friend bool operator!=(const Iterator& a, const Iterator& b) { return !(a == b); }

 private:
  struct State {
    bool current() {
      if (!started) {
        batch = next(source);
        started = true;
      }
      return batch.has_value();
    }
    void* source;
    std::optional<Batch> (*next)(void*);
    std::optional<Batch> batch;
    bool started;
  };
  bool at_end() const { return !state_ || !state_->current(); }

  std::shared_ptr<State> state_;
};

}  // namespace rondo::data
