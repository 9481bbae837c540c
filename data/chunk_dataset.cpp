#include <rondo/data/chunk_dataset.h>

#include <fmt/format.h>

namespace rondo::data::datasets {

ChunkDatasetOptions::ChunkDatasetOptions(size_t preloader_count, size_t batch_size, size_t cache_size,
                                         size_t cross_chunk_shuffle_count)
    : preloader_count_(preloader_count),
      batch_size_(batch_size),
      cache_size_(cache_size),
      cross_chunk_shuffle_count_(cross_chunk_shuffle_count) {
  constexpr const char* kName = "ChunkDatasetOptions";
  if (preloader_count == 0) fail(kName, "Preloader count is 0. At least one preloader needs to be specified.");
  if (batch_size == 0) fail(kName, "Batch size is 0. A positive batch size needs to be specified.");
  if (cache_size == 0) fail(kName, "Cache size is 0. A positive cache size needs to be specified.");
  if (cache_size < batch_size) {
    fail(kName, fmt::format("Cache size is less than batch size. Cache needs to be large enough to hold at least one "
                            "batch. It is {} for batches of {}",
                            cache_size, batch_size));
  }
  if (cross_chunk_shuffle_count == 0) fail(kName, "cross_chunk_shuffle_count needs to be greater than 0.");
}

void detail::check_batch_size(size_t requested, size_t made_for) {
  if (requested == made_for) return;
  fail(
      "ChunkDataset",
      fmt::format("The requested batch size does not match with the initialized batch size.\n The requested batch size "
                  "is {}, while the dataset is created with batch size equal to {}",
                  requested, made_for));
}

void detail::fail_not_reset() { fail("ChunkDataset", "Dataset needs to call reset() before calling get_batch()."); }

void detail::fail_short_sample(size_t got, size_t wanted) {
  fail("ChunkDataset", fmt::format("the sampler of examples gave {} indices instead of {}", got, wanted));
}

}  // namespace rondo::data::datasets
