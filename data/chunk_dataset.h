// Data that is read in chunks, ahead of its use, by threads of its own.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/data/chunk_pipeline.h>
#include <rondo/data/dataset.h>
#include <rondo/data/function.h>
#include <rondo/data/sampler.h>
#include <rondo/data/worker_pool.h>

#include <vector>

namespace rondo::data::datasets {

// Reads a chunk, such as a file, as a list of samples. Several threads call read_chunk at the same time.
template <class SampleType, class ChunkType_ = std::vector<SampleType>>
class ChunkDataReader {
 public:
  using ChunkType = ChunkType_;
  using BatchType = ChunkType_;
  using ExampleType = SampleType;
  virtual ~ChunkDataReader() = default;
  virtual ChunkType read_chunk(size_t chunk_index) = 0;
  virtual size_t chunk_count() = 0;
  // Before each epoch.
  virtual void reset() = 0;
};

struct ChunkDatasetOptions {
  // Throws Error for zeros, and for a cache that does not hold a batch.
  ChunkDatasetOptions(size_t preloader_count, size_t batch_size, size_t cache_size = 2048,
                      size_t cross_chunk_shuffle_count = 1);
  // The threads that read.
  RONDO_ARG(size_t, preloader_count);
  RONDO_ARG(size_t, batch_size);
  // No chunk is added while this many samples wait.
  RONDO_ARG(size_t, cache_size) = 2048;
  // How many chunks are read and mixed at a time.
  RONDO_ARG(size_t, cross_chunk_shuffle_count) = 1;
};

namespace detail {
// Throw Error.
void check_batch_size(size_t requested, size_t made_for);
[[noreturn]] void fail_not_reset();
[[noreturn]] void fail_short_sample(size_t got, size_t wanted);
}  // namespace detail

// Chunks in the order of one sampler; the samples of each, or of several together, in the order of another. Batches are
// filled across chunks. It is used by reference: make_shared_dataset makes it, and a loader without a sampler reads it.
template <class ChunkReader, class ChunkSampler = samplers::RandomSampler,
          class ExampleSampler = samplers::RandomSampler>
class ChunkDataset final
    : public StatefulDataset<ChunkDataset<ChunkReader, ChunkSampler, ExampleSampler>, typename ChunkReader::BatchType>,
      data::detail::ChunkPipeline {
 public:
  using UnwrappedBatchType = typename ChunkReader::BatchType;
  using BatchType = std::optional<UnwrappedBatchType>;
  using BatchRequestType = size_t;
  using ChunkSamplerType = ChunkSampler;
  using ExampleSamplerType = ExampleSampler;
  using PolicyType = data::detail::Function<void(UnwrappedBatchType&)>;

  ChunkDataset(ChunkReader chunk_reader, ChunkSampler chunk_sampler, ExampleSampler example_sampler,
               ChunkDatasetOptions options)
      : ChunkPipeline(options.preloader_count(), options.batch_size(), options.cache_size()),
        chunk_reader_(std::move(chunk_reader)),
        chunk_sampler_(std::move(chunk_sampler)),
        example_sampler_(std::move(example_sampler)),
        options_(options),
        indices_(options.preloader_count()),
        chunks_(options.preloader_count()) {}
  // The policy changes the samples of what was read before they are mixed.
  ChunkDataset(ChunkReader chunk_reader, ChunkSampler chunk_sampler, ExampleSampler example_sampler,
               ChunkDatasetOptions options, PolicyType preprocessing_policy)
      : ChunkDataset(std::move(chunk_reader), std::move(chunk_sampler), std::move(example_sampler), options) {
    policy_.emplace(std::move(preprocessing_policy));
  }
  ~ChunkDataset() override { stop(); }

  // The size must be that of the options. What a thread threw comes as WorkerException.
  BatchType get_batch(size_t batch_size) override {
    if (!started_) detail::fail_not_reset();
    detail::check_batch_size(batch_size, options_.batch_size());
    struct Taken {
      ChunkDataset& dataset;
      BatchType batch;
      std::exception_ptr exception;
    } taken{*this, std::nullopt, nullptr};
    take([](void* context) { return static_cast<Taken*>(context)->dataset.give(*static_cast<Taken*>(context)); },
         &taken);
    if (taken.exception) throw WorkerException(taken.exception);
    return std::move(taken.batch);
  }
  BatchType get_batch() { return get_batch(options_.batch_size()); }

  // Starts an epoch; after load() the one that was saved.
  void reset() override {
    stop();
    batches_.clear();
    exceptions_.clear();
    if (!loaded_) {
      chunk_reader_.reset();
      chunk_sampler_.reset(chunk_reader_.chunk_count());
    }
    loaded_ = false;
    started_ = true;
    start();
  }
  std::optional<size_t> size() const override { return std::nullopt; }

  ChunkSamplerType& chunk_sampler() { return chunk_sampler_; }

  // Which chunks are still to be read.
  void save(serialize::OutputArchive& archive) const override {
    const std::pair<const ChunkDataset*, serialize::OutputArchive*> both(this, &archive);
    locked(
        [](void* context) {
          auto& [self, to] = *static_cast<decltype(both)*>(context);
          self->chunk_sampler_.save(*to);
        },
        const_cast<void*>(static_cast<const void*>(&both)));
  }
  void load(serialize::InputArchive& archive) override {
    stop();
    chunk_sampler_.load(archive);
    loaded_ = true;
  }

 private:
  bool choose(size_t worker) override {
    auto indices = chunk_sampler_.next(options_.cross_chunk_shuffle_count());
    if (!indices) return false;
    indices_[worker] = std::move(*indices);
    return true;
  }

  void read(size_t worker) override {
    UnwrappedBatchType& chunk = chunks_[worker];
    chunk = {};
    for (const size_t index : indices_[worker]) {
      auto part = chunk_reader_.read_chunk(index);
      if (chunk.empty()) {
        chunk = std::move(part);
      } else {
        for (auto& sample : part) chunk.push_back(std::move(sample));
      }
    }
    if (policy_) (*policy_)(chunk);
  }

  size_t store(size_t worker) override {
    UnwrappedBatchType chunk = std::move(chunks_[worker]);
    const size_t count = chunk.size();
    if (count == 0) return 0;
    example_sampler_.reset(count);
    for (size_t left = count; left > 0;) {
      if (batches_.empty() || batches_.back().size() >= options_.batch_size()) batches_.emplace_back();
      UnwrappedBatchType& batch = batches_.back();
      const size_t room = options_.batch_size() - batch.size(), wanted = left < room ? left : room;
      try {
        const auto indices = example_sampler_.next(wanted);
        if (!indices || indices->size() != wanted) detail::fail_short_sample(indices ? indices->size() : 0, wanted);
        for (const size_t index : *indices) batch.push_back(std::move(chunk[index]));
      } catch (...) {  // the rest of the chunk is lost; what was stored counts
        if (batch.empty()) batches_.pop_back();
        keep(std::current_exception());
        return count - left;
      }
      left -= wanted;
    }
    return count;
  }

  void keep(std::exception_ptr exception) override { exceptions_.push_back(std::move(exception)); }
  bool has_exception() const override { return !exceptions_.empty(); }

  // A full batch, else an exception, else what is left.
  template <class Taken>
  size_t give(Taken& taken) {
    const bool full = !batches_.empty() && batches_.front().size() >= options_.batch_size();
    if (!full && has_exception()) {
      taken.exception = std::move(exceptions_.front());
      exceptions_.erase(exceptions_.begin());
      return 0;
    }
    if (batches_.empty()) return 0;
    taken.batch = std::move(batches_.front());
    batches_.erase(batches_.begin());
    return taken.batch->size();
  }

  ChunkReader chunk_reader_;
  ChunkSampler chunk_sampler_;
  ExampleSampler example_sampler_;
  const ChunkDatasetOptions options_;
  std::optional<PolicyType> policy_;
  std::vector<std::vector<size_t>> indices_;  // of each worker: what it reads
  std::vector<UnwrappedBatchType> chunks_;    // and what it read
  std::vector<UnwrappedBatchType> batches_;   // a few, all full but the last
  std::vector<std::exception_ptr> exceptions_;
  bool started_ = false, loaded_ = false;
};

}  // namespace rondo::data::datasets
