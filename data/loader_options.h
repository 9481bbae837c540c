// Options of a loader.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/data/milliseconds.h>

#include <cstddef>
#include <optional>

namespace rondo::data {

struct DataLoaderOptions {
  DataLoaderOptions() = default;
  DataLoaderOptions(size_t batch_size) : batch_size_(batch_size) {}
  RONDO_ARG(size_t, batch_size) = 1;
  // Threads that make batches ahead; 0: the caller makes each when it is asked for.
  RONDO_ARG(size_t, workers) = 0;
  // The most batches under way; 2 for each worker unless given.
  RONDO_ARG(std::optional<size_t>, max_jobs);
  // The longest wait for a worker.
  RONDO_ARG(std::optional<Milliseconds>, timeout);
  // Batches come in the sampler's order, though a later one may be ready.
  RONDO_ARG(bool, enforce_ordering) = true;
  // A last batch that is smaller is left out.
  RONDO_ARG(bool, drop_last) = false;
};

// The same with everything decided.
struct FullDataLoaderOptions {
  explicit FullDataLoaderOptions(const DataLoaderOptions& options)
      : batch_size(options.batch_size()),
        workers(options.workers()),
        max_jobs(options.max_jobs().value_or(2 * workers)),
        timeout(options.timeout()),
        enforce_ordering(options.enforce_ordering()),
        drop_last(options.drop_last()) {}

  size_t batch_size, workers, max_jobs;
  std::optional<Milliseconds> timeout;
  bool enforce_ordering, drop_last;
};

}  // namespace rondo::data
