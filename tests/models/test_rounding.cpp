// The tutorial: a run without chance, number by number, and the distribution of runs from 20 seeds.
#include "rounding.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rounding;

namespace {

constexpr double kLosses[] = {0.517934321, 0.344082385, 0.216519267, 0.148184514, 0.113354165,
                              0.092938621, 0.079472034, 0.069846340, 0.062576555, 0.056865327};
constexpr double kAccuracies[] = {0.7979, 0.9452, 0.9847, 0.9943, 0.9968, 0.9976, 0.9983, 0.9988, 0.9988, 0.9988};

void check_run(const char* floatx, double tolerance) {
  const Session session(floatx);
  const models::Sequential model = network();
  model.set_weights(fixed_weights());
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  const Tensor x = inputs();
  const auto history = model.fit(x, labels(x), {.epochs = 10, .verbose = 0, .shuffle = false});
  for (size_t i = 0; i < 10; ++i) {
    const double loss = history.history["loss"][i];
    BOOST_TEST(std::abs(loss - kLosses[i]) < tolerance, "epoch " << i + 1 << ": " << loss << " for " << kLosses[i]);
    BOOST_TEST(std::abs(history.history["accuracy"][i] - kAccuracies[i]) < 5e-5);
  }
}

void check_near(const Tensor& values, const std::vector<double>& wanted, double tolerance) {
  const Tensor flat = values.to(kDouble).reshape({-1});
  BOOST_REQUIRE_EQUAL(flat.numel(), static_cast<int64_t>(wanted.size()));
  for (size_t i = 0; i < wanted.size(); ++i) {
    const double value = flat[static_cast<int64_t>(i)].item<double>();
    BOOST_TEST(std::abs(value - wanted[i]) < tolerance, i << ": " << value << " for " << wanted[i]);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rounding_)

BOOST_AUTO_TEST_CASE(run_without_chance_float32) { check_run("float32", 1e-5); }
BOOST_AUTO_TEST_CASE(run_without_chance_float64) { check_run("float64", 1e-9); }

BOOST_AUTO_TEST_CASE(first_batch) {
  const Session session("float64");
  const Tensor x = inputs(32), y = labels(x);
  const models::Sequential model = network();

  // A step of 1 along the gradient shows the gradient.
  model.set_weights(fixed_weights());
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 1}), .loss = "sparse_categorical_crossentropy"});
  const auto before = model.get_weights();
  const auto logs = model.train_on_batch(x, y);
  BOOST_TEST(std::abs(logs["loss"] - 0.613229982) < 1e-9);
  const auto after = model.get_weights();
  check_near(before[0] - after[0], {0.038859357, 0, -0.054403099, 0, -0.046631228, 0, -0.046631228, 0}, 1e-9);
  check_near(before[1] - after[1], {-0.030516290, 0, 0.042722806, 0, 0.036619548, 0, 0.036619548, 0}, 1e-9);
  check_near(before[3] - after[3], {-0.061032580, 0.061032580}, 1e-9);

  model.set_weights(fixed_weights());
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy"});
  model.train_on_batch(x, y);
  check_near(model.get_weights()[0], {0.499000081, -0.4, 0.300999942, -0.2, 0.600999932, -0.1, 0.700999932, -0.3},
             1e-9);
}

BOOST_AUTO_TEST_CASE(twenty_seeds) {
  const Session session;
  std::vector<double> finals;
  int stuck = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    manual_seed(seed);
    const Tensor x = rand({10000, 1});
    const models::Sequential model = network();
    model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
    const auto history = model.fit(x, labels(x), {.epochs = 10, .verbose = 0});
    finals.push_back(history.history["loss"].back());
    stuck += finals.back() > 0.5;
  }
  std::sort(finals.begin(), finals.end());
  const double median = (finals[9] + finals[10]) / 2;
  BOOST_TEST(median >= 0.075);
  BOOST_TEST(median <= 0.110);
  BOOST_TEST(stuck <= 4);
}

BOOST_AUTO_TEST_CASE(one_seed_one_run) {
  const auto run = [] {
    const Session session;
    manual_seed(7);
    const models::Sequential model = network();
    const Tensor x = inputs(1000);
    model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy"});
    model.fit(x, labels(x), {.epochs = 3, .verbose = 0});
    return model.get_weights();
  };
  const auto first = run(), second = run();
  for (size_t i = 0; i < first.size(); ++i) BOOST_TEST(first[i].equal(second[i]));
}

BOOST_AUTO_TEST_SUITE_END()
