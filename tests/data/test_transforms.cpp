#include <rondo/data.h>
#include <rondo/tests/support/values.h>

#include <limits>
#include <numeric>
#include <string>

using namespace rondo::data;
using rondo::Tensor;
using support::check_error;
using support::check_values;

namespace {

struct Numbers : datasets::Dataset<Numbers, int> {
  int get(size_t index) override { return static_cast<int>(index) + 1; }
  std::optional<size_t> size() const override { return 100; }
};

struct Named : datasets::Dataset<Named, Example<Tensor, std::string>> {
  Example<Tensor, std::string> get(size_t index) override {
    return {rondo::full({}, static_cast<double>(index)), std::to_string(index)};
  }
  std::optional<size_t> size() const override { return 100; }
};

template <class Target>
struct Doubled : transforms::TensorTransform<Target> {
  Tensor operator()(Tensor input) override { return input * 2; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(transforms_and_datasets)

BOOST_AUTO_TEST_CASE(functions_of_samples_and_of_batches) {
  Numbers numbers;
  auto texts = numbers.map(transforms::Lambda<int, std::string>(static_cast<std::string (*)(int)>(std::to_string)));
  BOOST_TEST(texts.get_batch({0, 1, 9}) == (std::vector<std::string>{"1", "2", "10"}),
             boost::test_tools::per_element());
  auto sum = [](std::vector<int> batch) { return std::accumulate(batch.begin(), batch.end(), 0); };
  BOOST_TEST(numbers.map(transforms::Collate<int>(sum)).get_batch({1, 2, 3}) == 9);
  BOOST_TEST((numbers.map(transforms::BatchLambda<std::vector<int>, double>(sum)).get_batch(4)) == 5.0);
  BOOST_TEST(*texts.size() == 100u);
  BOOST_TEST(*texts.dataset().size() == 100u);
  int calls = 0;
  auto counted = datasets::map(Numbers(), transforms::Lambda<int>([&calls, own = 0](int x) mutable {
                                 ++calls;
                                 return x + ++own;
                               }));
  auto copy = counted;
  BOOST_TEST(counted.get_batch({0, 0}) == (std::vector<int>{2, 3}), boost::test_tools::per_element());
  BOOST_TEST(copy.get_batch(0)[0] == 2);
  BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(tensors_of_any_target) {
  auto batch = Named().map(Doubled<std::string>()).get_batch({1, 2});
  check_values(batch[1].data, {4});
  BOOST_TEST(batch[1].target == "2");
  auto other = Named().map(transforms::TensorLambda<std::string>([](Tensor x) { return x + 1; })).get_batch({1, 2});
  check_values(other[0].data, {2});
  BOOST_TEST(other[0].target == "1");
}

BOOST_AUTO_TEST_CASE(normalize) {
  const Tensor image = rondo::arange(8, rondo::kFloat).view({2, 2, 2});
  transforms::Normalize<> one(2, 4), each({0.0, 4.0}, {1.0, 2.0});
  check_values(one(image), {-0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25});
  check_values(each(image), {0, 1, 2, 3, 0, 0.5, 1, 1.5});
  BOOST_TEST(one(image).scalar_type() == rondo::kFloat);
}

BOOST_AUTO_TEST_CASE(stack_and_tensor_datasets) {
  datasets::TensorDataset dataset(rondo::eye(4));
  check_values(dataset.get(2), {0, 0, 1, 0});
  BOOST_TEST(*dataset.size() == 4u);
  const TensorExample batch = dataset.map(transforms::Stack<TensorExample>()).get_batch({2, 3});
  check_values(batch.data, {0, 0, 1, 0, 0, 0, 0, 1});
  datasets::TensorDataset stacked(std::vector<Tensor>{rondo::ones({2}), rondo::zeros({2})});
  check_values(stacked.tensor, {1, 1, 0, 0});
  check_error([&] { dataset.get(std::numeric_limits<size_t>::max()); }, "there are 4 examples");
  check_error([] { datasets::TensorDataset(rondo::ones({})); }, "no dimension to take samples along");
  check_error([&] { dataset.get(4); }, "index");
}

BOOST_AUTO_TEST_SUITE_END()
