// Samplers for several processes, each of which sees its own share of the samples.
#pragma once

#include <rondo/data/sampler.h>

namespace rondo::data::samplers {

// `rank` is this process among num_replicas. All get equally many samples: with allow_duplicates some come twice where
// the size is no multiple, without it the last ones are left out. Throws Error for a rank that does not exist.
template <class BatchRequest = std::vector<size_t>>
class DistributedSampler : public Sampler<BatchRequest> {
 public:
  DistributedSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true)
      : size_(size), num_replicas_(num_replicas), rank_(rank), allow_duplicates_(allow_duplicates) {
    if (rank >= num_replicas) no_such_rank(rank, num_replicas);
  }
  // The epoch seeds the order, so that all processes agree on it; it is in force from the next reset on.
  void set_epoch(size_t epoch) { epoch_ = epoch; }
  size_t epoch() const { return epoch_; }

 protected:
  size_t local_sample_count() const { return (size_ + (allow_duplicates_ ? num_replicas_ - 1 : 0)) / num_replicas_; }

  size_t size_, num_replicas_, rank_, epoch_ = 0;
  bool allow_duplicates_;

 private:
  [[noreturn]] static void no_such_rank(size_t rank, size_t num_replicas);
};

template <>
void DistributedSampler<>::no_such_rank(size_t rank, size_t num_replicas);

// A random order that is the same in all processes; each takes a piece of it.
class DistributedRandomSampler : public DistributedSampler<> {
 public:
  DistributedRandomSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true);
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  size_t index() const noexcept { return sample_index_; }

 private:
  size_t end_index_ = 0, sample_index_ = 0;
  std::vector<size_t> all_indices_;
};

// Each process takes a piece of 0, 1, ..., size - 1.
class DistributedSequentialSampler : public DistributedSampler<> {
 public:
  DistributedSequentialSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true);
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  size_t index() const noexcept { return sample_index_; }

 private:
  size_t end_index_ = 0, sample_index_ = 0;
};

}  // namespace rondo::data::samplers
