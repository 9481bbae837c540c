#include <rondo/data/loader.h>

#include <fmt/format.h>

namespace rondo::data::detail {

void check_not_busy(const WorkerPool* pool) {
  if (pool && pool->in_flight() > 0) {
    fail("DataLoader",
         "Attempted to get a new DataLoader iterator while another iterator is not yet exhausted; join() ends it");
  }
}

void check_not_joined(bool joined, size_t workers) {
  if (joined && workers > 0) fail("DataLoader", "the workers were joined; make a new loader");
}

void fail_unsized() { fail("make_data_loader", "Expected the dataset to be sized in order to construct the Sampler"); }

std::unique_ptr<WorkerPool> make_pool(const FullDataLoaderOptions& options) {
  if (options.batch_size == 0) fail("DataLoader", "batch_size is 0; need at least 1");
  if (options.workers == 0) return nullptr;
  if (options.max_jobs == 0) {
    fail("DataLoader", fmt::format("max_jobs is 0; need at least 1 for {} workers", options.workers));
  }
  return std::make_unique<WorkerPool>(options.workers, options.enforce_ordering);
}

}  // namespace rondo::data::detail
