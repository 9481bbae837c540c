// Optimizers against golden numbers: Keras' update steps on one float64 number, g = 2 w + sin(t).
#include <rondo/autograd.h>
#include <rondo/models/optimizers.h>

#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace rondo;
using namespace rondo::optimizers;

namespace {

struct OptimizerRow {
  const char* what;
  Optimizer optimizer;
  double after_1, after_2, after_3, after_10, after_100;
};

void step(const Optimizer& optimizer, const Tensor& w, double gradient) {
  optimizer.apply_gradients({{tensor({gradient}, kDouble), w}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(optimizers_)

BOOST_AUTO_TEST_CASE(golden_numbers) {
  const OptimizerRow rows[] = {
      {"SGD", "sgd", 0.971585290152, 0.943060610081, 0.922788197798, 0.804761377109, 0.141938175194},
      {"momentum", SGD({.momentum = 0.9}), 0.971585290152, 0.917487371217, 0.849038296671, 0.254888104921,
       0.010173683572},
      {"nesterov", SGD({.momentum = 0.9, .nesterov = true}), 0.946012051289, 0.869771027253, 0.790633420197,
       0.211612222717, 0.018306934224},
      {"RMSprop", "RMSprop", 0.996837722536, 0.994520441405, 0.992961129114, 0.984495598224, 0.900561343486},
      {"centered", RMSprop({.momentum = 0.9, .centered = true}), 0.996666666896, 0.991092084913, 0.984259491968,
       0.916276622722, 0.036252257900},
      {"Adam", "adam", 0.999000001113, 0.997999470553, 0.997017573817, 0.990543898079, 0.908288458527},
      {"amsgrad", Adam({.amsgrad = true}), 0.999000001113, 0.997999470553, 0.997017573817, 0.990543898079,
       0.908288458527},
      {"AdamW", "adamw", 0.998996001113, 0.997991474625, 0.997005586475, 0.990504097266, 0.907914514344},
  };
  for (const OptimizerRow& row : rows) {
    BOOST_TEST_CONTEXT(row.what) {
      Tensor w = ones({1}, kDouble);
      for (int t = 1; t <= 100; ++t) {
        step(row.optimizer, w, 2 * w.item<double>() + std::sin(t));
        const double golden = t == 1     ? row.after_1
                              : t == 2   ? row.after_2
                              : t == 3   ? row.after_3
                              : t == 10  ? row.after_10
                              : t == 100 ? row.after_100
                                         : w.item<double>();
        BOOST_TEST(std::abs(w.item<double>() - golden) < 2e-12, "step " << t << ": " << w.item<double>());
      }
      BOOST_TEST(row.optimizer.iterations() == 100);
    }
  }
}

BOOST_AUTO_TEST_CASE(amsgrad_remembers_the_largest) {
  // Gradients 10, 0.1, 0.1: v falls, its largest value does not.
  Tensor plain = ones({1}, kDouble), ams = ones({1}, kDouble);
  const Adam adam, amsgrad({.amsgrad = true});
  double m = 0, v = 0, largest = 0, w = 1;
  for (int t = 1; t <= 3; ++t) {
    const double g = t == 1 ? 10 : 0.1;
    step(adam, plain, g);
    step(amsgrad, ams, g);
    m += (g - m) * 0.1;
    v += (g * g - v) * 0.001;
    largest = std::max(largest, v);
    const double alpha = 0.001 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t));
    w -= alpha * m / (std::sqrt(largest) + 1e-7);
  }
  BOOST_TEST(std::abs(ams.item<double>() - w) < 1e-14);
  BOOST_TEST(plain.item<double>() != ams.item<double>());
}

BOOST_AUTO_TEST_CASE(limits_of_gradients) {
  const auto moved = [](const Optimizer& optimizer) {
    const Tensor a = zeros({2}, kDouble), b = zeros({1}, kDouble);
    optimizer.apply_gradients({{tensor({3., 4.}, kDouble), a}, {tensor({12.}, kDouble), b}});
    return std::vector<double>{-a[0].item<double>(), -a[1].item<double>(), -b[0].item<double>()};
  };
  const auto near = [](const std::vector<double>& a, const std::vector<double>& b) {
    bool all = true;
    for (size_t i = 0; i < 3; ++i) all = all && std::abs(a[i] - b[i]) < 1e-12;
    return all;
  };
  BOOST_TEST(near(moved(SGD({.learning_rate = 1})), {3, 4, 12}));
  BOOST_TEST(near(moved(SGD({.learning_rate = 1, .clipnorm = 1.})), {0.6, 0.8, 1}));
  BOOST_TEST(near(moved(SGD({.learning_rate = 1, .clipvalue = 3.5})), {3, 3.5, 3.5}));
  BOOST_TEST(near(moved(SGD({.learning_rate = 1, .global_clipnorm = 1.3})), {0.3, 0.4, 1.2}));
  BOOST_TEST(near(moved(SGD({.learning_rate = 1, .global_clipnorm = 100.})), {3, 4, 12}));
  BOOST_CHECK_THROW(SGD({.clipnorm = 1., .global_clipnorm = 1.}), ValueError);
}

BOOST_AUTO_TEST_CASE(limits_leave_the_callers_gradients_alone) {
  const Tensor a = zeros({2}, kDouble), b = zeros({2}, kDouble), both = tensor({3., 4.}, kDouble);
  SGD({.learning_rate = 1, .global_clipnorm = 1.}).apply_gradients({{both, a}, {both, b}});
  support::check_values(a, {-3 / std::sqrt(50), -4 / std::sqrt(50)}, 1e-12);
  support::check_values(b, {-3 / std::sqrt(50), -4 / std::sqrt(50)}, 1e-12);
  support::check_values(both, {3, 4}, 0);
  SGD({.learning_rate = 1, .clipvalue = 0.5}).apply_gradients({{ones({1}, kDouble).expand({2}), a}});
  support::check_values(a, {-3 / std::sqrt(50) - 0.5, -4 / std::sqrt(50) - 0.5}, 1e-12);
}

BOOST_AUTO_TEST_CASE(decay_comes_before_the_update) {
  const Tensor w = full({1}, 2.0, kDouble);
  step(SGD({.learning_rate = 0.1, .weight_decay = 0.5}), w, 1);
  BOOST_TEST(std::abs(w.item<double>() - (2 - 2 * 0.5 * 0.1 - 0.1)) < 1e-15);
}

BOOST_AUTO_TEST_CASE(learning_rate_can_change) {
  const Tensor w = zeros({1}, kDouble);
  const SGD sgd;
  step(sgd, w, 1);
  sgd.set_learning_rate(1);
  step(sgd, w, 1);
  BOOST_TEST(std::abs(w.item<double>() + 1.01) < 1e-15);
}

BOOST_AUTO_TEST_CASE(float32_follows_float64) {
  const Adam adam;
  const Tensor w = ones({5});
  for (int t = 1; t <= 3; ++t) {
    adam.apply_gradients({{2 * w + std::sin(t), w}});
  }
  for (int64_t i = 0; i < 5; ++i) BOOST_TEST(std::abs(w[i].item<double>() - 0.997017573817) < 1e-6);
}

BOOST_AUTO_TEST_CASE(refusals) {
  BOOST_CHECK_THROW(Optimizer("lbfgs"), ValueError);
  BOOST_CHECK_THROW(Adam({.learning_rate = -1}), ValueError);
  BOOST_CHECK_THROW(Adam({.beta_1 = 1}), ValueError);
  BOOST_CHECK_THROW(SGD({.momentum = 2}), ValueError);
  const SGD sgd;
  const Tensor w = zeros({2});
  sgd.apply_gradients({{ones({2}), w}});
  BOOST_CHECK_THROW(sgd.apply_gradients({{ones({2}), zeros({2})}}), ValueError);
  BOOST_CHECK_THROW(sgd.apply_gradients({{ones({3}), w}}), ValueError);
  const SGD pair;
  const Tensor v = zeros({3});
  BOOST_CHECK_THROW(pair.apply_gradients({{ones({3}), v}, {ones({4}), w}}), ValueError);
  BOOST_TEST(v.eq(0).all().item<bool>());  // nothing moved
  pair.apply_gradients({{ones({3}), v}});  // the refused step bound nothing
  BOOST_CHECK_THROW(SGD().apply_gradients({{ones({3, 2}), zeros({2, 3})}}), ValueError);
  BOOST_CHECK_THROW(SGD({.clipnorm = 0.}), ValueError);
  BOOST_CHECK_THROW(SGD({.clipvalue = -1.}), ValueError);
  BOOST_CHECK_THROW(sgd.set_learning_rate(-1), ValueError);
  const Adam adam;
  const Tensor grown = ones({2});
  adam.apply_gradients({{ones({2}), grown}});
  grown.set_data(ones({1000000}));
  BOOST_CHECK_THROW(adam.apply_gradients({{ones({1000000}), grown}}), ValueError);
  grown.set_data(ones({4}).slice(0, 0, 4, 2));
  BOOST_CHECK_THROW(adam.apply_gradients({{ones({2}), grown}}), ValueError);
  BOOST_CHECK_THROW(SGD().apply_gradients({{ones({2}), zeros({2}, kLong)}}), ValueError);
}

BOOST_AUTO_TEST_SUITE_END()
