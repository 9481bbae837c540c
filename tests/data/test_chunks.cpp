#include <rondo/autograd/serialize/archive.h>
#include <rondo/data.h>
#include <rondo/data/chunk_dataset.h>
#include <rondo/tests/support/values.h>

#include <algorithm>
#include <numeric>
#include <sstream>

using namespace rondo::data;
using support::check_error;

namespace {

using Ints = std::vector<int>;

// 0, 1, ..., 34 in chunks of 10, 5 and 20.
struct Reader : datasets::ChunkDataReader<int> {
  Ints read_chunk(size_t index) override {
    const int begins[] = {0, 10, 15, 35};
    Ints chunk(static_cast<size_t>(begins[index + 1] - begins[index]));
    std::iota(chunk.begin(), chunk.end(), begins[index]);
    return chunk;
  }
  size_t chunk_count() override { return 3; }
  void reset() override {}
};

struct FailingReader : Reader {
  Ints read_chunk(size_t index) override {
    if (index == 1) throw std::runtime_error("no such chunk");
    return Reader::read_chunk(index);
  }
};

template <class R = Reader, class S = samplers::SequentialSampler>
using Chunks = datasets::ChunkDataset<R, S, S>;

template <class D>
Ints all(D& dataset) {
  Ints values;
  while (auto batch = dataset->get_batch()) values.insert(values.end(), batch->begin(), batch->end());
  return values;
}

Ints upto(int count) {
  Ints values(static_cast<size_t>(count));
  std::iota(values.begin(), values.end(), 0);
  return values;
}

auto in_order(size_t preloaders, size_t batch_size, size_t cache = 2048, size_t together = 1) {
  const samplers::SequentialSampler sampler(0);
  return datasets::make_shared_dataset<Chunks<>>(
      Reader(), sampler, sampler, datasets::ChunkDatasetOptions(preloaders, batch_size, cache, together));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chunks)

BOOST_AUTO_TEST_CASE(batches_are_filled_across_chunks) {
  auto dataset = in_order(1, 8, 8);
  check_error([&] { dataset->get_batch(); }, "Dataset needs to call reset() before calling get_batch().");
  for (int epoch = 0; epoch < 2; ++epoch) {
    dataset->reset();
    BOOST_TEST(dataset->get_batch()->size() == 8u);
    BOOST_TEST(all(dataset).size() == 27u);
    BOOST_TEST(!dataset->get_batch());
  }
  dataset->reset();
  BOOST_TEST(all(dataset) == upto(35));
  BOOST_TEST(dataset->chunk_sampler().index() == 3u);
  check_error([&] { dataset->get_batch(6); },
              "The requested batch size is 6, while the dataset is created with batch size equal to 8");
  // An epoch that is left early.
  dataset->reset();
  dataset->get_batch();
  dataset->reset();
  BOOST_TEST(all(dataset) == upto(35));
}

BOOST_AUTO_TEST_CASE(loaders_of_chunks) {
  for (const size_t preloaders : {1, 3}) {
    for (const size_t workers : {0, 2}) {
      auto loader = make_data_loader(in_order(preloaders, 7), DataLoaderOptions(7).workers(workers));
      for (int epoch = 0; epoch < 2; ++epoch) {
        Ints values;
        for (Ints& batch : *loader) values.insert(values.end(), batch.begin(), batch.end());
        std::sort(values.begin(), values.end());
        BOOST_TEST(values == upto(35));
      }
    }
  }
  auto sums = make_data_loader(in_order(2, 5).map(transforms::BatchLambda<Ints, int>(
                                   [](Ints batch) { return std::accumulate(batch.begin(), batch.end(), 0); })),
                               5);
  int sum = 0;
  for (int value : *sums) sum += value;
  BOOST_TEST(sum == 595);
}

BOOST_AUTO_TEST_CASE(random_orders_and_policies) {
  rondo::manual_seed(0);
  using Random = datasets::ChunkDataset<Reader>;
  const samplers::RandomSampler sampler(0);
  auto dataset =
      datasets::make_shared_dataset<Random>(Reader(), sampler, sampler, datasets::ChunkDatasetOptions(1, 35, 2048, 3),
                                            [](Ints& chunk) { chunk.erase(chunk.begin()); });
  dataset->reset();
  Ints values = all(dataset);
  BOOST_TEST(values.size() == 34u);
  BOOST_TEST(!std::is_sorted(values.begin(), values.end()));
  std::sort(values.begin(), values.end());
  BOOST_TEST((std::unique(values.begin(), values.end()) == values.end()));
}

BOOST_AUTO_TEST_CASE(a_sampler_of_chunks_that_always_fails) {
  struct Failing : samplers::SequentialSampler {
    using SequentialSampler::SequentialSampler;
    std::optional<std::vector<size_t>> next(size_t) override { throw std::runtime_error("no such chunk"); }
  };
  const samplers::SequentialSampler examples(0);
  using Dataset = datasets::ChunkDataset<Reader, Failing, samplers::SequentialSampler>;
  for (size_t preloaders : {1, 3}) {
    auto dataset = datasets::make_shared_dataset<Dataset>(Reader(), Failing(0), examples,
                                                          datasets::ChunkDatasetOptions(preloaders, 4));
    dataset->reset();
    for (size_t i = 0; i < preloaders; ++i) BOOST_CHECK_THROW(dataset->get_batch(), std::exception);
    BOOST_TEST(!dataset->get_batch().has_value());
    dataset->reset();  // neither this nor the end waits for ever
  }
}

BOOST_AUTO_TEST_CASE(exceptions_of_samplers_within_a_chunk) {
  struct Failing : samplers::SequentialSampler {
    using SequentialSampler::SequentialSampler;
    std::optional<std::vector<size_t>> next(size_t count) override {
      if (++calls == 3) throw std::runtime_error("no such example");
      return SequentialSampler::next(count);
    }
    int calls = 0;
  };
  const samplers::SequentialSampler chunks(0);
  using Dataset = datasets::ChunkDataset<Reader, samplers::SequentialSampler, Failing>;
  auto dataset =
      datasets::make_shared_dataset<Dataset>(Reader(), chunks, Failing(0), datasets::ChunkDatasetOptions(1, 4));
  dataset->reset();
  int failures = 0;
  size_t samples = 0;
  for (bool more = true; more;) {
    try {
      const auto batch = dataset->get_batch();
      more = batch.has_value();
      samples += more ? batch->size() : 0;
    } catch (const std::exception&) {
      ++failures;
    }
  }
  BOOST_TEST(failures == 1);
  BOOST_TEST(samples == 33u);  // the last two of the first chunk are lost
}

BOOST_AUTO_TEST_CASE(exceptions_of_readers) {
  const samplers::SequentialSampler sampler(0);
  auto dataset = datasets::make_shared_dataset<Chunks<FailingReader>>(FailingReader(), sampler, sampler,
                                                                      datasets::ChunkDatasetOptions(1, 10));
  dataset->reset();
  BOOST_TEST(dataset->get_batch()->size() == 10u);
  size_t samples = 0, failures = 0;
  while (true) {
    try {
      auto batch = dataset->get_batch();
      if (!batch) break;
      samples += batch->size();
    } catch (const WorkerException& error) {
      BOOST_TEST(std::string(error.what()).find("no such chunk") != std::string::npos);
      ++failures;
    }
  }
  BOOST_TEST(failures == 1u);
  BOOST_TEST(samples == 20u);
}

BOOST_AUTO_TEST_CASE(saved_places) {
  auto dataset = in_order(1, 5, 5);
  dataset->chunk_sampler().reset(3);
  dataset->chunk_sampler().next(1);
  std::stringstream stream;
  rondo::save(*dataset, stream);
  auto other = in_order(1, 5);
  other->chunk_sampler().reset(3);
  rondo::load(*other, stream);
  other->reset();
  BOOST_TEST(all(other).front() == 10);
  other->reset();
  BOOST_TEST(all(other) == upto(35));
}

BOOST_AUTO_TEST_CASE(chunk_options) {
  using datasets::ChunkDatasetOptions;
  check_error([] { ChunkDatasetOptions(0, 1); }, "Preloader count is 0");
  check_error([] { ChunkDatasetOptions(1, 0); }, "Batch size is 0");
  check_error([] { ChunkDatasetOptions(1, 1, 0); }, "Cache size is 0");
  check_error([] { ChunkDatasetOptions(1, 5, 4); }, "Cache size is less than batch size");
  check_error([] { ChunkDatasetOptions(1, 1, 1, 0); }, "cross_chunk_shuffle_count needs to be greater than 0");
  BOOST_TEST(ChunkDatasetOptions(1, 5).cache_size() == 2048u);
}

BOOST_AUTO_TEST_SUITE_END()
