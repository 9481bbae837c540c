// Losses against golden values: Keras' formulas in float64.
#include <rondo/autograd.h>
#include <rondo/models/losses.h>
#include <rondo/models/session.h>

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace rondo;

namespace {

Tensor doubles(const tensor_data::Nested& data) { return tensor(data, kDouble); }

const Tensor real_true() { return doubles({{1.5, -.5}, {0., 2.}, {-1., 4.}, {3., .25}}); }
const Tensor real_pred() { return doubles({{1., .5}, {.2, 1.}, {-1.5, 1.}, {3., .75}}); }
const Tensor class_labels() { return tensor({1, 0, 2, 1}); }
const Tensor hot() { return one_hot(class_labels(), 3).to(kDouble); }
const Tensor probs() { return doubles({{.1, .7, .2}, {.5, .3, .2}, {.3, .4, .3}, {0., 1., 0.}}); }
const Tensor logits() { return doubles({{-1., 2., .5}, {.3, -.2, .1}, {1., 1., 1.}, {-50., 60., 10.}}); }

struct Row {
  const char* what;
  losses::Loss loss;
  Tensor y_true, y_pred;
  std::vector<double> per_sample;
  double reduced;
};

std::vector<Row> rows() {
  using namespace losses;
  const Tensor t = real_true(), p = real_pred();
  return {
      {"mse", "mse", t, p, {0.625, 0.52, 4.625, 0.125}, 1.47375},
      {"mae", "mae", t, p, {0.75, 0.6, 1.75, 0.25}, 0.8375},
      {"mape", "mape", t, p, {116.666666667, 100000025.000000015, 62.5, 100}, 25000076.041666672},
      {"msle", "msle", t, p, {0.107097459, 0.098821534, 0.419794353, 0.056606783}, 0.170580032},
      {"huber", "huber", t, p, {0.3125, 0.26, 1.3125, 0.0625}, 0.486875},
      {"log_cosh", "log_cosh", t, p, {0.276947669, 0.226824451, 1.214721506, 0.060057253}, 0.444637720},
      {"cosine", "cosine_similarity", t, p, {-0.707106781, -0.980580676, -0.739940073, -0.986932881}, -0.853640103},
      {"categorical",
       "categorical_crossentropy",
       hot(),
       probs(),
       {0.356674944, 0.693147181, 1.203972804, 0.000000100},
       0.563448757},
      {"sparse",
       "sparse_categorical_crossentropy",
       class_labels(),
       probs(),
       {0.356674944, 0.693147181, 1.203972804, 0.000000200},
       0.563448782},
      {"sparse, logits",
       SparseCategoricalCrossentropy({.from_logits = true}),
       class_labels(),
       logits(),
       {0.241311297, 0.885939318, 1.098612289, 0},
       0.556465726},
      {"categorical, logits, smooth",
       CategoricalCrossentropy({.from_logits = true, .label_smoothing = 0.1}),
       hot(),
       logits(),
       {0.391311297, 0.909272651, 1.098612289, 5.333333333},
       1.933132392},
      {"binary", "binary_crossentropy", hot(), probs(), {0.228392877, 0.424321736, 0.690490910, 0}, 0.335801381},
      {"binary, logits",
       BinaryCrossentropy({.from_logits = true}),
       hot(),
       logits(),
       {0.471422228, 0.632296925, 0.979928354, 3.333348466},
       1.354248993},
      {"hinge", "hinge", hot(), probs(), {0.866666667, 1, 1.133333333, 0.666666667}, 0.916666667},
      {"squared_hinge", "squared_hinge", hot(), probs(), {0.913333333, 1.126666667, 1.38, 0.666666667}, 1.021666667},
      {"categorical_hinge", "categorical_hinge", hot(), probs(), {0.5, 0.8, 1.1, 0}, 0.6},
      {"kld", "kl_divergence", hot(), probs(), {0.356672112, 0.693144238, 1.203969793, 0}, 0.563446536},
      {"poisson", "poisson", hot(), probs(), {0.452224934, 0.564382327, 0.734657490, 0.333333300}, 0.521149513},
  };
}

bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(1.0, std::abs(b)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(losses_)

BOOST_AUTO_TEST_CASE(golden_values) {
  for (const Row& row : rows()) {
    BOOST_TEST_CONTEXT(row.what) {
      const Tensor each = row.loss.function().call(row.y_true, row.y_pred);
      BOOST_REQUIRE_EQUAL(each.numel(), 4);
      for (int64_t i = 0; i < 4; ++i) {
        const double value = each[i].item<double>(), golden = row.per_sample[static_cast<size_t>(i)];
        BOOST_TEST(close(value, golden), "sample " << i << ": " << value << " for " << golden);
      }
      const double reduced = row.loss(row.y_true, row.y_pred).item<double>();
      BOOST_TEST(close(reduced, row.reduced), reduced << " for " << row.reduced);
      // The fused mean is the mean of the samples.
      BOOST_TEST(close(row.loss.function().mean(row.y_true, row.y_pred).item<double>(), row.reduced));
    }
  }
}

BOOST_AUTO_TEST_CASE(gradients_are_those_of_differences) {
  for (const Row& row : rows()) {
    if (row.what == std::string("mape")) continue;  // its scale hides the rest
    BOOST_TEST_CONTEXT(row.what) {
      // Away from the limits and the kinks.
      Tensor p = row.y_pred.slice(0, 0, 3).clone() + 0.01;
      const Tensor t = row.y_true.slice(0, 0, 3);
      p.requires_grad_();
      const Tensor gradient = autograd::grad({row.loss(t, p)}, {p})[0];
      NoGradGuard no_grad;
      for (int64_t i = 0; i < p.numel(); ++i) {
        const double step = 1e-6;
        Tensor up = p.detach().clone(), down = p.detach().clone();
        up.view({-1})[i] += step;
        down.view({-1})[i] -= step;
        const double slope = (row.loss(t, up).item<double>() - row.loss(t, down).item<double>()) / (2 * step);
        BOOST_TEST(std::abs(slope - gradient.view({-1})[i].item<double>()) < 1e-7);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(reductions_and_weights) {
  const Tensor weight = doubles({1., 0., 2., 1.});
  BOOST_TEST(close(losses::MeanSquaredError()(real_true(), real_pred(), weight).item<double>(),
                   (0.625 + 2 * 4.625 + 0.125) / 4));
  BOOST_TEST(close(losses::MeanSquaredError({.reduction = "sum"})(real_true(), real_pred()).item<double>(), 5.895));
  BOOST_TEST(losses::MeanSquaredError({.reduction = "none"})(real_true(), real_pred()).numel() == 4);
  BOOST_CHECK_THROW(losses::MeanSquaredError({.reduction = "most"}), ValueError);
}

BOOST_AUTO_TEST_CASE(ignored_class) {
  const losses::SparseCategoricalCrossentropy loss({.from_logits = true, .ignore_class = -1});
  const Tensor t = tensor({1, -1, 2, -1});
  BOOST_TEST(close(loss(t, logits()).item<double>(), (0.241311297 + 1.098612289) / 2));
  BOOST_TEST(close(loss(t, logits(), ones({4})).item<double>(), (0.241311297 + 1.098612289) / 2));
}

BOOST_AUTO_TEST_CASE(targets_of_other_ranks) {
  const losses::Loss sparse("sparse_categorical_crossentropy");
  BOOST_TEST(close(sparse(class_labels().unsqueeze(1), probs()).item<double>(), 0.563448782));
  BOOST_TEST(close(sparse(class_labels().to(kFloat), probs()).item<double>(), 0.563448782));
  const Tensor column = real_pred().slice(1, 0, 1), flat = real_true().select(1, 0);
  BOOST_TEST(close(losses::Loss("mse")(flat, column).item<double>(), (0.25 + 0.04 + 0.25 + 0) / 4));
}

BOOST_AUTO_TEST_CASE(sequences) {
  const Tensor z = logits().reshape({2, 2, 3}), t = class_labels().reshape({2, 2});
  const losses::SparseCategoricalCrossentropy loss({.from_logits = true});
  BOOST_TEST(loss.function().call(t, z).dim() == 2);
  BOOST_TEST(close(loss(t, z).item<double>(), 0.556465726));
}

BOOST_AUTO_TEST_CASE(weights_in_a_column_are_those_of_a_row) {
  const Tensor y = doubles({0., 0.}).unsqueeze(1), p = doubles({1., 3.}).unsqueeze(1), weight = doubles({1., 0.});
  for (const Tensor& each : {weight, weight.unsqueeze(1)}) {
    metrics::Metric mean("mean_squared_error");
    mean.update_state(y, p, each);
    BOOST_TEST(mean.result() == 1);
    BOOST_TEST(losses::MeanSquaredError()(y, p, each).item<double>() == 0.5);
  }
  const Tensor three = doubles({1., 1., 1.});
  metrics::Metric mean("mean_squared_error"), accuracy("binary_accuracy");
  BOOST_CHECK_THROW(mean.update_state(y, p, three), ValueError);
  BOOST_CHECK_THROW(accuracy.update_state(y, p, three), ValueError);
  BOOST_CHECK_THROW(losses::MeanSquaredError()(y, p, three), ValueError);
}

BOOST_AUTO_TEST_SUITE_END()
