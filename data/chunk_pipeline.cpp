#include <rondo/data/chunk_pipeline.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace rondo::data::detail {

struct ChunkPipeline::State {
  size_t preloaders, batch_size, capacity;
  size_t samples = 0, running = 0;
  bool stopping = false;
  mutable std::mutex mutex;
  std::condition_variable room, filled;
  std::vector<std::thread> threads;
};

ChunkPipeline::ChunkPipeline(size_t preloaders, size_t batch_size, size_t capacity) : state_(new State) {
  state_->preloaders = preloaders;
  state_->batch_size = batch_size;
  state_->capacity = capacity;
}

ChunkPipeline::~ChunkPipeline() = default;

void ChunkPipeline::stop() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->room.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
  state_->threads.clear();
}

void ChunkPipeline::start() {
  state_->samples = 0;
  state_->stopping = false;
  state_->running = 0;
  for (size_t i = 0; i < state_->preloaders; ++i) {
    {
      std::lock_guard lock(state_->mutex);
      ++state_->running;
    }
    try {
      state_->threads.emplace_back([this, i] { work(i); });
    } catch (...) {
      std::lock_guard lock(state_->mutex);
      --state_->running;
      throw;
    }
  }
}

void ChunkPipeline::work(size_t worker) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  while (!state.stopping) {
    std::exception_ptr exception;
    try {
      if (!choose(worker)) break;
    } catch (...) {
      // Nothing says which chunk would be next: this worker is done.
      keep(std::current_exception());
      break;
    }
    lock.unlock();
    try {
      read(worker);
    } catch (...) {
      exception = std::current_exception();
    }
    lock.lock();
    state.room.wait(lock, [&] { return state.stopping || state.samples < state.capacity; });
    if (state.stopping) break;
    try {
      if (!exception) state.samples += store(worker);
    } catch (...) {
      exception = std::current_exception();
    }
    if (exception) keep(exception);
    state.filled.notify_all();
  }
  --state.running;
  state.filled.notify_all();
}

void ChunkPipeline::take(size_t (*function)(void*), void* context) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  state.filled.wait(lock, [&] { return state.samples >= state.batch_size || has_exception() || state.running == 0; });
  state.samples -= function(context);
  lock.unlock();
  state.room.notify_all();
}

void ChunkPipeline::locked(void (*function)(void*), void* context) const {
  std::lock_guard lock(state_->mutex);
  function(context);
}

}  // namespace rondo::data::detail
