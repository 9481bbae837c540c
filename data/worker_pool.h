// The threads of a loader.
#pragma once

#include <rondo/data/milliseconds.h>

#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace rondo::data {

// What a loader throws for an exception of a worker.
struct WorkerException : std::exception {
  explicit WorkerException(std::exception_ptr original);
  const char* what() const noexcept override { return message.c_str(); }

  std::exception_ptr original_exception;
  std::string message;
};

namespace detail {

// Runs jobs on threads of its own, in the order of push; pop gives them back, in that order or as they are done.
class WorkerPool {
 public:
  struct Job {
    virtual ~Job() = default;
    virtual void run(size_t worker) = 0;
    std::exception_ptr exception;  // what run threw
  };

  WorkerPool(size_t workers, bool ordered);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void push(std::unique_ptr<Job> job);
  // Null when nothing is under way. Throws Error when the time is over.
  std::unique_ptr<Job> pop(std::optional<Milliseconds> timeout);
  // Jobs that were pushed and not given back.
  size_t in_flight() const;
  // Forgets what has not begun and waits for the rest.
  void drain();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace detail
}  // namespace rondo::data
