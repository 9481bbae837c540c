// Loaders: the batches of a dataset, one after the other.
#pragma once

#include <rondo/data/dataset.h>
#include <rondo/data/iterator.h>
#include <rondo/data/loader_options.h>
#include <rondo/data/sampler.h>
#include <rondo/data/worker_pool.h>

namespace rondo::data {

namespace detail {
// Throw Error.
void check_not_busy(const WorkerPool* pool);
void check_not_joined(bool joined, size_t workers);
[[noreturn]] void fail_unsized();
std::unique_ptr<WorkerPool> make_pool(const FullDataLoaderOptions& options);
}  // namespace detail

// begin() starts an epoch; one at a time can be under way where there are workers.
template <class Dataset, class Batch, class BatchRequest>
class DataLoaderBase {
 public:
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;

  virtual ~DataLoaderBase() = default;
  DataLoaderBase(const DataLoaderBase&) = delete;
  DataLoaderBase& operator=(const DataLoaderBase&) = delete;

  // Throws Error while another iterator is not yet exhausted.
  Iterator<Batch> begin() {
    detail::check_not_joined(joined_, options_.workers);
    detail::check_not_busy(pool_.get());
    reset();
    ended_ = false;
    if (pool_) prefetch(options_.max_jobs);
    return Iterator<Batch>(this, [](void* loader) { return static_cast<DataLoaderBase*>(loader)->next(); });
  }
  Iterator<Batch> end() { return {}; }

  // Waits for the workers and ends them.
  void join() {
    if (pool_) pool_->drain();
    pool_.reset();
    joined_ = true;
  }
  const FullDataLoaderOptions& options() const noexcept { return options_; }

 protected:
  explicit DataLoaderBase(const DataLoaderOptions& options) : options_(options) {}

  // Datasets for the workers, in their order; the last one serves all further ones.
  void start(std::vector<std::unique_ptr<Dataset>> datasets) {
    datasets_ = std::move(datasets);
    pool_ = detail::make_pool(options_);
  }
  Dataset& dataset(size_t worker) { return *datasets_[worker < datasets_.size() ? worker : datasets_.size() - 1]; }

  virtual void reset() = 0;
  // The next request; nullopt at the end of the epoch.
  virtual std::optional<BatchRequest> get_batch_request() = 0;

  const FullDataLoaderOptions options_;

 private:
  struct Job final : detail::WorkerPool::Job {
    Job(DataLoaderBase* loader_, BatchRequest request_) : loader(loader_), request(std::move(request_)) {}
    void run(size_t worker) override { batch = loader->dataset(worker).get_batch(std::move(request)); }
    DataLoaderBase* loader;
    BatchRequest request;
    std::optional<Batch> batch;
  };

  void prefetch(size_t count) {
    for (size_t i = 0; i < count && !ended_; ++i) {
      if (auto request = get_batch_request()) {
        pool_->push(std::unique_ptr<Job>(new Job(this, std::move(*request))));
      } else {
        ended_ = true;
      }
    }
  }

  std::optional<Batch> next() {
    detail::check_not_joined(joined_, options_.workers);
    if (!pool_) {
      if (auto request = get_batch_request()) return dataset(0).get_batch(std::move(*request));
      return std::nullopt;
    }
    while (const auto done = pool_->pop(options_.timeout)) {
      if (done->exception) throw WorkerException(done->exception);
      auto& job = static_cast<Job&>(*done);
      // A stateful dataset that is at its end gives none; others may still be under way.
      if (!job.batch) continue;
      prefetch(1);
      return std::move(job.batch);
    }
    return std::nullopt;
  }

  std::vector<std::unique_ptr<Dataset>> datasets_;
  bool ended_ = false, joined_ = false;
  // Last: its threads end before what they use.
  std::unique_ptr<detail::WorkerPool> pool_;
};

// For datasets that give what they are asked for. Each worker has a copy of the dataset.
template <class Dataset, class Sampler>
class StatelessDataLoader
    : public DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType> {
  using Base = DataLoaderBase<Dataset, typename Dataset::BatchType, typename Sampler::BatchRequestType>;

 public:
  using typename Base::BatchRequestType;

  StatelessDataLoader(Dataset dataset, Sampler sampler, const DataLoaderOptions& options)
      : Base(options), sampler_(std::move(sampler)) {
    std::vector<std::unique_ptr<Dataset>> datasets;
    if constexpr (std::is_copy_constructible_v<Dataset>) {
      // One for each worker, as libtorch copies them: programs tell their workers apart by that.
      for (size_t i = 0; i < options.workers(); ++i) datasets.push_back(std::unique_ptr<Dataset>(new Dataset(dataset)));
    }
    if (datasets.empty()) datasets.push_back(std::unique_ptr<Dataset>(new Dataset(std::move(dataset))));
    this->start(std::move(datasets));
  }

 private:
  void reset() override { sampler_.reset(std::nullopt); }
  std::optional<BatchRequestType> get_batch_request() override {
    auto request = sampler_.next(this->options_.batch_size);
    if (request && request->size() < this->options_.batch_size && this->options_.drop_last) return std::nullopt;
    return request;
  }

  Sampler sampler_;
};

// For datasets that go through their samples themselves. All workers use the one dataset.
template <class Dataset>
class StatefulDataLoader
    : public DataLoaderBase<Dataset, typename Dataset::BatchType::value_type, typename Dataset::BatchRequestType> {
  using Base = DataLoaderBase<Dataset, typename Dataset::BatchType::value_type, typename Dataset::BatchRequestType>;

 public:
  using typename Base::BatchRequestType;

  StatefulDataLoader(Dataset dataset, const DataLoaderOptions& options) : Base(options) {
    std::vector<std::unique_ptr<Dataset>> datasets;
    datasets.push_back(std::unique_ptr<Dataset>(new Dataset(std::move(dataset))));
    this->start(std::move(datasets));
  }

 private:
  void reset() override { this->dataset(0).reset(); }
  std::optional<BatchRequestType> get_batch_request() override { return BatchRequestType(this->options_.batch_size); }
};

// The loader of a dataset: with a sampler, with one that is made for the dataset's size (random unless said otherwise;
// throws Error where the size is not known), or without one for a stateful dataset.
//
//   auto loader = make_data_loader(datasets::MNIST(root).map(transforms::Stack<>()),
//   DataLoaderOptions().batch_size(64)); for (Example<>& batch : *loader) step(batch.data, batch.target);
template <class Dataset, class Sampler>
requires(!Dataset::is_stateful) std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(
    Dataset dataset, Sampler sampler, DataLoaderOptions options) {
  using Loader = StatelessDataLoader<Dataset, Sampler>;
  return std::unique_ptr<Loader>(new Loader(std::move(dataset), std::move(sampler), options));
}

template <class Sampler = samplers::RandomSampler, class Dataset>
requires(!Dataset::is_stateful && std::is_constructible_v<Sampler, size_t>)
    std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(Dataset dataset,
                                                                            DataLoaderOptions options = {}) {
  const std::optional<size_t> size = dataset.size();
  if (!size) detail::fail_unsized();
  return make_data_loader(std::move(dataset), Sampler(*size), options);
}

template <class Dataset>
requires(Dataset::is_stateful) std::unique_ptr<StatefulDataLoader<Dataset>> make_data_loader(
    Dataset dataset, DataLoaderOptions options = {}) {
  return std::unique_ptr<StatefulDataLoader<Dataset>>(new StatefulDataLoader<Dataset>(std::move(dataset), options));
}

}  // namespace rondo::data
