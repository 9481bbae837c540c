#include <rondo/data/distributed_sampler.h>

#include <rondo/data/sampler_state.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <random>

namespace rondo::data::samplers {

template <>
void DistributedSampler<>::no_such_rank(size_t rank, size_t num_replicas) {
  fail("DistributedSampler", fmt::format("rank is {}; need 0 to num_replicas - 1 of {} replicas", rank, num_replicas));
}

DistributedRandomSampler::DistributedRandomSampler(size_t size, size_t num_replicas, size_t rank, bool allow_duplicates)
    : DistributedSampler(size, num_replicas, rank, allow_duplicates) {
  DistributedRandomSampler::reset();
}

void DistributedRandomSampler::reset(std::optional<size_t> new_size) {
  if (new_size) size_ = *new_size;
  const size_t local = local_sample_count();
  all_indices_.resize(num_replicas_ == 1 ? size_ : local * num_replicas_);
  for (size_t i = 0; i < all_indices_.size(); ++i) all_indices_[i] = i % size_;
  // The order of libtorch, which shuffles with these.
  std::mt19937 random(static_cast<std::mt19937::result_type>(epoch_));
  std::shuffle(all_indices_.begin(), all_indices_.end(), random);
  sample_index_ = rank_ * local;
  end_index_ = sample_index_ + local;
}

std::optional<std::vector<size_t>> DistributedRandomSampler::next(size_t batch_size) {
  if (sample_index_ >= end_index_) return std::nullopt;
  const size_t count = std::min(batch_size, end_index_ - sample_index_);
  const auto first = all_indices_.begin() + static_cast<std::ptrdiff_t>(sample_index_);
  sample_index_ += count;
  return std::vector<size_t>(first, first + static_cast<std::ptrdiff_t>(count));
}

void DistributedRandomSampler::save(serialize::OutputArchive& archive) const {
  write_number(archive, "sample_index_", sample_index_);
  write_number(archive, "epoch_", epoch_);
}

void DistributedRandomSampler::load(serialize::InputArchive& archive) {
  const size_t epoch = read_number(archive, "epoch_", SIZE_MAX / 2);
  const size_t index = read_number(archive, "sample_index_", end_index_);
  epoch_ = epoch;
  reset();
  sample_index_ = index;
}

DistributedSequentialSampler::DistributedSequentialSampler(size_t size, size_t num_replicas, size_t rank,
                                                           bool allow_duplicates)
    : DistributedSampler(size, num_replicas, rank, allow_duplicates) {
  DistributedSequentialSampler::reset();
}

void DistributedSequentialSampler::reset(std::optional<size_t> new_size) {
  if (new_size) size_ = *new_size;
  sample_index_ = rank_ * local_sample_count();
  end_index_ = sample_index_ + local_sample_count();
}

std::optional<std::vector<size_t>> DistributedSequentialSampler::next(size_t batch_size) {
  if (sample_index_ >= end_index_) return std::nullopt;
  std::vector<size_t> batch(std::min(batch_size, end_index_ - sample_index_));
  for (size_t& index : batch) index = sample_index_++ % size_;
  return batch;
}

void DistributedSequentialSampler::save(serialize::OutputArchive& archive) const {
  write_number(archive, "sample_index_", sample_index_);
}

void DistributedSequentialSampler::load(serialize::InputArchive& archive) {
  sample_index_ = read_number(archive, "sample_index_", end_index_);
}

}  // namespace rondo::data::samplers
