#include <rondo/data/worker_pool.h>

#include <rondo/autograd/base/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace rondo::data {

WorkerException::WorkerException(std::exception_ptr original)
    : original_exception(std::move(original)), message("Caught exception in DataLoader worker thread.") {
  try {
    std::rethrow_exception(original_exception);
  } catch (const std::exception& error) {
    message += fmt::format(" Original message: {}", error.what());
  } catch (...) {
    message += " It is no std::exception.";
  }
}

namespace detail {

struct WorkerPool::State {
  struct Numbered {
    uint64_t number;
    std::unique_ptr<Job> job;
  };

  ~State() {
    {
      std::lock_guard lock(mutex);
      stopping = true;
    }
    to_do.notify_all();
    for (std::thread& thread : threads) thread.join();
  }

  void work(size_t worker) {
    std::unique_lock lock(mutex);
    while (true) {
      to_do.wait(lock, [&] { return stopping || !waiting.empty(); });
      if (stopping) return;
      Numbered next = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      try {
        next.job->run(worker);
      } catch (...) {
        next.job->exception = std::current_exception();
      }
      lock.lock();
      finished.push_back(std::move(next));
      done.notify_all();
    }
  }

  // The job to give back next, or finished.end().
  std::vector<Numbered>::iterator ready() {
    if (!ordered) return finished.begin();
    return std::find_if(finished.begin(), finished.end(), [&](const auto& one) { return one.number == next_out; });
  }

  bool ordered = true, stopping = false;
  uint64_t next_in = 0, next_out = 0;  // numbers of the jobs
  size_t in_flight = 0;
  std::deque<Numbered> waiting;
  std::vector<Numbered> finished;
  mutable std::mutex mutex;
  std::condition_variable to_do, done;
  std::vector<std::thread> threads;
};

WorkerPool::WorkerPool(size_t workers, bool ordered) : state_(new State) {
  state_->ordered = ordered;
  for (size_t i = 0; i < workers; ++i) {
    try {
      state_->threads.emplace_back([state = state_.get(), i] { state->work(i); });
    } catch (const std::system_error& error) {
      fail("DataLoader", fmt::format("the system gives {} of {} worker threads: {}", i, workers, error.what()));
    }
  }
}

WorkerPool::~WorkerPool() = default;

void WorkerPool::push(std::unique_ptr<Job> job) {
  {
    std::lock_guard lock(state_->mutex);
    state_->waiting.push_back({state_->next_in++, std::move(job)});
    ++state_->in_flight;
  }
  state_->to_do.notify_one();
}

std::unique_ptr<WorkerPool::Job> WorkerPool::pop(std::optional<Milliseconds> timeout) {
  std::unique_lock lock(state_->mutex);
  if (state_->in_flight == 0) return nullptr;
  const auto is_ready = [&] { return state_->ready() != state_->finished.end(); };
  if (!timeout) {
    state_->done.wait(lock, is_ready);
  } else if (!state_->done.wait_for(lock, std::chrono::milliseconds(timeout->count()), is_ready)) {
    fail("DataLoader",
         fmt::format("Timeout in DataLoader queue while waiting for next batch (timeout was {} ms)", timeout->count()));
  }
  const auto place = state_->ready();
  std::unique_ptr<Job> job = std::move(place->job);
  state_->finished.erase(place);
  ++state_->next_out;
  --state_->in_flight;
  return job;
}

size_t WorkerPool::in_flight() const {
  std::lock_guard lock(state_->mutex);
  return state_->in_flight;
}

void WorkerPool::drain() {
  std::unique_lock lock(state_->mutex);
  state_->in_flight -= state_->waiting.size();
  state_->waiting.clear();
  state_->done.wait(lock, [&] { return state_->finished.size() == state_->in_flight; });
  state_->finished.clear();
  state_->in_flight = 0;
  state_->next_in = state_->next_out = 0;
}

}  // namespace detail
}  // namespace rondo::data
