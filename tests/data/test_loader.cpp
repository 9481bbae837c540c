#include <rondo/data.h>
#include <rondo/tests/support/values.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <thread>

using namespace rondo::data;
using rondo::Tensor;
using support::check_error;
using support::check_values;

namespace {

using Indices = std::vector<size_t>;
using Ints = std::vector<int>;

struct Numbers : datasets::Dataset<Numbers, int> {
  int get(size_t index) override { return static_cast<int>(index) + 1; }
  std::optional<size_t> size() const override { return 100; }
};

// 1, 2, 3, ... as a stream.
struct Stream : datasets::StreamDataset<Stream, Ints> {
  Ints get_batch(size_t count) override {
    Ints batch(count);
    std::iota(batch.begin(), batch.end(), next);
    next += static_cast<int>(count);
    return batch;
  }
  std::optional<size_t> size() const override { return std::nullopt; }
  int next = 1;
};

struct Countdown : datasets::StatefulDataset<Countdown, int> {
  explicit Countdown(int from_) : from(from_), left(std::make_shared<std::atomic<int>>(from_)) {}
  std::optional<int> get_batch(size_t) override {
    const int value = left->fetch_sub(1);
    if (value <= 0) return std::nullopt;
    return value;
  }
  std::optional<size_t> size() const override { return std::nullopt; }
  void reset() override { *left = from; }
  void save(rondo::serialize::OutputArchive&) const override {}
  void load(rondo::serialize::InputArchive&) override {}
  int from;
  std::shared_ptr<std::atomic<int>> left;
};

struct Failing : datasets::Dataset<Failing, int> {
  int get(size_t index) override {
    if (index == 3) throw std::invalid_argument("badness");
    return static_cast<int>(index);
  }
  std::optional<size_t> size() const override { return 8; }
};

struct MoveOnly : datasets::Dataset<MoveOnly> {
  MoveOnly() = default;
  MoveOnly(MoveOnly&&) = default;
  MoveOnly& operator=(MoveOnly&&) = default;
  Example<> get(size_t index) override {
    const Tensor x = rondo::full({2}, static_cast<double>(index));
    return {x, x * 2};
  }
  std::optional<size_t> size() const override { return 4; }
};

template <class Loader>
Ints all(Loader& loader) {
  Ints values;
  for (auto& batch : loader) values.insert(values.end(), batch.begin(), batch.end());
  return values;
}

Ints sorted(Ints values) {
  std::sort(values.begin(), values.end());
  return values;
}

Ints count_to(int last) {
  Ints values(static_cast<size_t>(last));
  std::iota(values.begin(), values.end(), 1);
  return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(loader)

BOOST_AUTO_TEST_CASE(batches_cover_the_dataset_once) {
  auto loader = make_data_loader(Numbers(), 33);
  Ints sizes, values;
  for (Ints& batch : *loader) {
    sizes.push_back(static_cast<int>(batch.size()));
    values.insert(values.end(), batch.begin(), batch.end());
  }
  BOOST_TEST(sizes == (Ints{33, 33, 33, 1}), boost::test_tools::per_element());
  BOOST_TEST(values != count_to(100));
  BOOST_TEST(sorted(values) == count_to(100));
  const Ints second = all(*loader);
  BOOST_TEST(second != values);
  BOOST_TEST(sorted(second) == count_to(100));
  auto whole = make_data_loader(Numbers(), DataLoaderOptions(33).drop_last(true));
  BOOST_TEST(all(*whole).size() == 99u);
  BOOST_TEST(all(*make_data_loader<samplers::SequentialSampler>(Numbers(), 7)) == count_to(100));
}

BOOST_AUTO_TEST_CASE(options) {
  const FullDataLoaderOptions defaults{DataLoaderOptions()};
  BOOST_TEST(defaults.batch_size == 1u);
  BOOST_TEST(defaults.workers == 0u);
  BOOST_TEST(defaults.max_jobs == 0u);
  BOOST_TEST(!defaults.timeout);
  BOOST_TEST(defaults.enforce_ordering);
  BOOST_TEST(!defaults.drop_last);
  BOOST_TEST(FullDataLoaderOptions(DataLoaderOptions(32).workers(10)).max_jobs == 20u);
  BOOST_TEST(make_data_loader(Numbers())->options().batch_size == 1u);
  BOOST_TEST(DataLoaderOptions().timeout(std::chrono::seconds(2)).timeout()->count() == 2000);
  BOOST_TEST(Milliseconds(std::chrono::microseconds(2500)).count() == 2);
  check_error([] { make_data_loader(Numbers(), DataLoaderOptions(0)); }, "batch_size is 0");
  check_error([] { make_data_loader(Numbers(), DataLoaderOptions(1).workers(1).max_jobs(0)); }, "max_jobs is 0");
}

BOOST_AUTO_TEST_CASE(workers_give_the_same_batches_in_order) {
  for (const size_t workers : {1, 3}) {
    auto loader = make_data_loader<samplers::SequentialSampler>(Numbers(), DataLoaderOptions(7).workers(workers));
    BOOST_TEST(all(*loader) == count_to(100));
    BOOST_TEST(all(*loader) == count_to(100));
    loader->join();
    loader->join();
    check_error([&] { loader->begin(); }, "the workers were joined");
    auto any_order = make_data_loader<samplers::SequentialSampler>(
        Numbers(), DataLoaderOptions(7).workers(workers).enforce_ordering(false));
    BOOST_TEST(sorted(all(*any_order)) == count_to(100));
  }
}

BOOST_AUTO_TEST_CASE(a_pass_can_be_left_early) {
  auto loader = make_data_loader(Numbers(), DataLoaderOptions(1).workers(2));
  {
    auto place = loader->begin();
    ++place;
    check_error([&] { loader->begin(); }, "while another iterator is not yet exhausted");
  }
  auto plain = make_data_loader(Numbers(), DataLoaderOptions(10));
  ++plain->begin();
  BOOST_TEST(sorted(all(*plain)) == count_to(100));
}

BOOST_AUTO_TEST_CASE(exceptions_of_workers_arrive) {
  for (const size_t workers : {1, 2}) {
    auto loader = make_data_loader<samplers::SequentialSampler>(Failing(), DataLoaderOptions(1).workers(workers));
    Ints seen;
    try {
      for (Ints& batch : *loader) seen.push_back(batch[0]);
      BOOST_ERROR("nothing was thrown");
    } catch (const WorkerException& error) {
      BOOST_TEST(error.what() ==
                 std::string("Caught exception in DataLoader worker thread. Original message: badness"));
      BOOST_CHECK_THROW(std::rethrow_exception(error.original_exception), std::invalid_argument);
    }
    BOOST_TEST(seen == (Ints{0, 1, 2}), boost::test_tools::per_element());
  }
  auto plain = make_data_loader<samplers::SequentialSampler>(Failing(), 4);
  BOOST_CHECK_THROW(all(*plain), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(waiting_has_an_end) {
  struct Gate {
    std::mutex mutex;
    std::condition_variable open;
    bool is_open = false;
  };
  struct Slow : datasets::Dataset<Slow, int> {
    explicit Slow(std::shared_ptr<Gate> g) : gate(std::move(g)) {}
    int get(size_t) override {
      std::unique_lock lock(gate->mutex);
      gate->open.wait(lock, [&] { return gate->is_open; });
      return 0;
    }
    std::optional<size_t> size() const override { return 100; }
    std::shared_ptr<Gate> gate;
  };
  auto gate = std::make_shared<Gate>();
  auto loader = make_data_loader(Slow(gate), DataLoaderOptions().workers(1).timeout(std::chrono::milliseconds(10)));
  check_error([&] { *loader->begin(); },
              "Timeout in DataLoader queue while waiting for next batch (timeout was 10 ms)");
  {
    std::lock_guard lock(gate->mutex);
    gate->is_open = true;
  }
  gate->open.notify_all();
}

BOOST_AUTO_TEST_CASE(iterators) {
  auto loader = make_data_loader(Numbers(), 50);
  auto place = loader->begin(), same = place;
  const auto end = loader->end();
  BOOST_TEST((place == same));
  BOOST_TEST((place != end));
  BOOST_TEST((end == loader->end()));
  BOOST_TEST(place->size() == 50u);
  BOOST_TEST(&*place == &*place);
  ++place;
  BOOST_TEST((same != end));
  ++same;
  BOOST_TEST((place == end));
  check_error([&] { ++place; }, "Attempted to increment iterator past the end");
  check_error([&] { *place; }, "Attempted to dereference iterator that was past the end");
  BOOST_TEST((loader->begin() != loader->begin()));
  auto sentinel = loader->end();
  check_error([&] { ++sentinel; }, "Incrementing the DataLoader's past-the-end iterator is not allowed");
  check_error([&] { *sentinel; }, "Dereferencing the DataLoader's past-the-end iterator is not allowed");
}

BOOST_AUTO_TEST_CASE(streams_and_stateful_datasets) {
  auto stream = make_data_loader(Stream().map(transforms::Lambda<int>([](int x) { return x + 1; })),
                                 samplers::StreamSampler(10), 4);
  Ints sizes;
  for (Ints& batch : *stream) sizes.push_back(static_cast<int>(batch.size()));
  BOOST_TEST(sizes == (Ints{4, 4, 2}), boost::test_tools::per_element());
  BOOST_TEST(all(*stream)[0] == 12);

  for (const size_t workers : {0, 1, 3}) {
    auto loader = make_data_loader(Countdown(20), DataLoaderOptions(1).workers(workers));
    for (int epoch = 0; epoch < 2; ++epoch) {
      Ints values;
      for (int value : *loader) values.push_back(value);
      BOOST_TEST(sorted(values) == count_to(20));
    }
  }
  auto mapped = Countdown(3).map(transforms::BatchLambda<int, double>([](int x) { return x * 0.5; }));
  auto loader = make_data_loader(std::move(mapped));
  double sum = 0;
  for (double value : *loader) sum += value;
  BOOST_TEST(sum == 3.0);
}

BOOST_AUTO_TEST_CASE(datasets_without_a_size) {
  struct Unsized : datasets::Dataset<Unsized> {
    Example<> get(size_t) override { return {}; }
    std::optional<size_t> size() const override { return std::nullopt; }
  };
  check_error([] { make_data_loader(Unsized()); },
              "Expected the dataset to be sized in order to construct the Sampler");
}

BOOST_AUTO_TEST_CASE(shared_datasets_are_not_copied) {
  auto shared = datasets::make_shared_dataset<MoveOnly>();
  auto loader =
      make_data_loader<samplers::SequentialSampler>(shared.map(transforms::Stack<>()), DataLoaderOptions(3).workers(2));
  std::vector<Example<>> batches;
  for (Example<>& batch : *loader) batches.push_back(batch);
  BOOST_REQUIRE(batches.size() == 2u);
  check_values(batches[0].data, {0, 0, 1, 1, 2, 2});
  check_values(batches[1].target, {6, 6});
  BOOST_TEST(*shared->size() == 4u);
  auto moved = make_data_loader(MoveOnly().map(transforms::Stack<>()), 2);
  for (Example<>& batch : *moved) BOOST_TEST(batch.data.size(0) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
