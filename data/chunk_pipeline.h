// The threads of a ChunkDataset, and what they wait for.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>

namespace rondo::data::detail {

// Preloaders choose, read and store chunks; the reader takes batches. What is called with the lock held runs alone.
class ChunkPipeline {
 public:
  ChunkPipeline(size_t preloaders, size_t batch_size, size_t capacity);
  virtual ~ChunkPipeline();
  ChunkPipeline(const ChunkPipeline&) = delete;
  ChunkPipeline& operator=(const ChunkPipeline&) = delete;

 protected:
  // With the lock held: which chunk the worker reads next; false at the end.
  virtual bool choose(size_t worker) = 0;
  // Without it.
  virtual void read(size_t worker) = 0;
  // With it: makes batches of what was read and returns how many samples they have; or keeps what was thrown, for the
  // reader.
  virtual size_t store(size_t worker) = 0;
  virtual void keep(std::exception_ptr exception) = 0;
  virtual bool has_exception() const = 0;

  // Ends the threads; the destructor of what overrides these functions calls it first.
  void stop();
  void start();
  // Waits until `batch_size` samples or an exception are there, or all is read, and calls take(context) with the lock
  // held: it returns how many samples it took.
  void take(size_t (*function)(void* context), void* context);
  // Calls the function with the lock held.
  void locked(void (*function)(void* context), void* context) const;

 private:
  struct State;
  void work(size_t worker);
  std::unique_ptr<State> state_;
};

}  // namespace rondo::data::detail
