// fit, evaluate and predict: what is counted, in which order, and what callbacks see.
#include "rounding.h"

#include <boost/test/unit_test.hpp>

using namespace rounding;

namespace {

bool within(double a, double b, double tolerance = 1e-6) { return std::abs(a - b) <= tolerance; }

// y = w x without bias, w fixed: what a batch gives can be computed by hand.
models::Sequential line(double w, double learning_rate = 0) {
  const models::Sequential model(
      {layers::Dense(1, {.use_bias = false, .kernel_initializer = initializers::Constant(w), .input_shape = {1}})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = learning_rate}), .loss = "mse", .metrics = {"mae"}});
  return model;
}

struct Recorder : callbacks::Callback {
  std::vector<std::string> calls;
  void on_train_begin(models::Logs&) override { calls.push_back("train_begin"); }
  void on_train_end(models::Logs&) override { calls.push_back("train_end"); }
  void on_epoch_begin(int64_t epoch, models::Logs&) override {
    calls.push_back("epoch_begin " + std::to_string(epoch));
  }
  void on_epoch_end(int64_t epoch, models::Logs& logs) override {
    calls.push_back("epoch_end " + std::to_string(epoch) + " " + std::to_string(logs.size()));
    logs.insert_or_assign("lr", 0.5);
  }
  void on_train_batch_begin(int64_t batch, models::Logs&) override {
    calls.push_back("batch_begin " + std::to_string(batch));
  }
  void on_train_batch_end(int64_t batch, models::Logs& logs) override {
    calls.push_back("batch_end " + std::to_string(batch) + (logs.contains("loss") ? " loss" : ""));
  }
  void on_test_begin(models::Logs&) override { calls.push_back("test_begin"); }
  void on_test_end(models::Logs&) override { calls.push_back("test_end"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(fit)

BOOST_AUTO_TEST_CASE(partial_batches_weigh_what_they_hold) {
  const Session session;
  // Errors are 1, 2, 3, 4, 5; batches of 2, 2 and 1.
  const Tensor x = zeros({5, 1}), y = tensor({1.f, 2.f, 3.f, 4.f, 5.f});
  const auto history = line(0).fit(x, y, {.batch_size = 2, .verbose = 0, .shuffle = false});
  BOOST_TEST(within(history.history["loss"][0], (1 + 4 + 9 + 16 + 25) / 5.0));
  BOOST_TEST(within(history.history["mae"][0], 3));
  const auto result = line(0).evaluate(x, y, {.batch_size = 2, .verbose = 0});
  BOOST_TEST(within(result[0], 11));
  BOOST_TEST(within(result["mae"], 3));
  BOOST_CHECK_THROW(result[2], IndexError);
}

BOOST_AUTO_TEST_CASE(validation_is_the_tail) {
  const Session session;
  const Tensor x = zeros({10, 1}), y = arange(10).to(kFloat).unsqueeze(1);
  const auto history = line(0).fit(x, y, {.verbose = 0, .validation_split = 0.2});
  BOOST_TEST(within(history.history["mae"][0], 3.5));
  BOOST_TEST(within(history.history["val_mae"][0], 8.5));
  BOOST_TEST(history.history.keys() == (std::vector<std::string>{"loss", "mae", "val_loss", "val_mae"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(validation_data_and_frequency) {
  const Session session;
  const Tensor x = zeros({4, 1}), y = ones({4, 1});
  const auto every =
      line(0).fit(x, y, {.epochs = 6, .verbose = 0, .validation_data = {x, 3 * y}, .validation_freq = 3});
  BOOST_TEST(every.history["val_mae"].size() == 2u);
  BOOST_TEST(within(every.history["val_loss"][0], 9));
  const auto listed =
      line(0).fit(x, y, {.epochs = 6, .verbose = 0, .validation_data = {x, y}, .validation_freq = {1, 2, 5}});
  BOOST_TEST(listed.history["val_mae"].size() == 3u);
}

BOOST_AUTO_TEST_CASE(every_row_once_in_a_fresh_order) {
  const Session session;
  manual_seed(3);
  // Predictions are the rows' own numbers, so the batch's mean error tells which rows it held.
  struct Sums : callbacks::Callback {
    std::vector<std::vector<double>> epochs;
    double total = 0;
    void on_epoch_begin(int64_t, models::Logs&) override {
      epochs.emplace_back();
      total = 0;
    }
    void on_train_batch_end(int64_t batch, models::Logs& logs) override {
      const double sum = logs["mae"] * static_cast<double>(batch + 1);
      epochs.back().push_back(std::round(sum - total));
      total = sum;
    }
  } sums;
  const Tensor x = arange(100).to(kFloat).unsqueeze(1);
  line(1).fit(x, zeros({100, 1}), {.batch_size = 1, .epochs = 2, .verbose = 0, .callbacks = {sums}});
  BOOST_REQUIRE_EQUAL(sums.epochs.size(), 2u);
  BOOST_TEST(sums.epochs[0] != sums.epochs[1]);
  for (auto& epoch : sums.epochs) {
    std::sort(epoch.begin(), epoch.end());
    for (size_t i = 0; i < 100; ++i) BOOST_TEST(epoch[i] == static_cast<double>(i));
  }
}

BOOST_AUTO_TEST_CASE(large_rows_are_gathered_in_blocks) {
  const Session session;
  manual_seed(5);
  const models::Sequential model({layers::Dense(1, {.kernel_initializer = "zeros", .input_shape = {1000}})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0}), .loss = "mse", .metrics = {"mae"}});
  // More than one block of 256 kB.
  const auto history =
      model.fit(zeros({300, 1000}), arange(300).to(kFloat), {.batch_size = 7, .verbose = 0, .shuffle = true});
  BOOST_TEST(within(history.history["mae"][0], 149.5, 1e-4));
}

BOOST_AUTO_TEST_CASE(order_of_hooks) {
  const Session session;
  Recorder recorder;
  const Tensor x = zeros({4, 1}), y = ones({4, 1});
  const auto history = line(0).fit(
      x, y, {.batch_size = 2, .epochs = 1, .verbose = 0, .callbacks = {recorder}, .validation_data = {x, y}});
  const std::vector<std::string> wanted = {"train_begin",   "epoch_begin 0",    "batch_begin 0", "batch_end 0 loss",
                                           "batch_begin 1", "batch_end 1 loss", "test_begin",    "test_end",
                                           "epoch_end 0 4", "train_end"};
  BOOST_TEST(recorder.calls == wanted, boost::test_tools::per_element());
  // What a callback adds to the logs is in the history.
  BOOST_TEST(history.history["lr"][0] == 0.5);
  BOOST_CHECK_THROW(recorder.model(), Error);
}

BOOST_AUTO_TEST_CASE(epochs_are_the_last_one) {
  const Session session;
  const Tensor x = zeros({4, 1}), y = ones({4, 1});
  const auto history = line(0).fit(x, y, {.epochs = 5, .verbose = 0, .initial_epoch = 3});
  BOOST_TEST(history.epoch == (std::vector<int64_t>{3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(stopping) {
  const Session session;
  struct Stop : callbacks::Callback {
    int batches = 0;
    void on_train_batch_end(int64_t, models::Logs&) override {
      if (++batches == 3) model().set_stop_training(true);
    }
  } stop;
  const Tensor x = zeros({8, 1}), y = ones({8, 1});
  const auto history = line(0).fit(x, y, {.batch_size = 2, .epochs = 5, .verbose = 0, .callbacks = {stop}});
  BOOST_TEST(stop.batches == 3);
  BOOST_TEST(history.epoch.size() == 1u);
}

BOOST_AUTO_TEST_CASE(early_stopping_restores_the_best) {
  const Session session;
  // The validation wants w = 0, the training pulls it to 1: each epoch is worse than the one before.
  const auto model = line(0, 0.1);
  callbacks::EarlyStopping early({.patience = 2, .restore_best_weights = true});
  const Tensor x = ones({4, 1});
  const auto history =
      model.fit(x, x, {.epochs = 20, .verbose = 0, .callbacks = {early}, .validation_data = {x, zeros({4, 1})}});
  BOOST_TEST(history.epoch.size() == 3u);
  BOOST_TEST(early.stopped_epoch() == 2);
  BOOST_TEST(early.best_epoch() == 0);
  BOOST_TEST(within(std::pow(model.get_weights()[0].item<double>(), 2), history.history["val_loss"][0]));
}

BOOST_AUTO_TEST_CASE(weights_of_samples_and_classes) {
  const Session session;
  const Tensor x = zeros({4, 1}), y = tensor({1.f, 2.f, 3.f, 4.f});
  const auto weighted = line(0).fit(x, y, {.verbose = 0, .sample_weight = tensor({0.f, 1.f, 0.f, 2.f})});
  BOOST_TEST(within(weighted.history["loss"][0], (4 + 2 * 16) / 4.0));
  BOOST_TEST(within(weighted.history["mae"][0], 2.5));  // metrics take no weights
  const auto classes = line(0).fit(x, tensor({0, 1, 1, 1}), {.verbose = 0, .class_weight = {{0, 5.0}, {1, 3.0}}});
  BOOST_TEST(within(classes.history["loss"][0], 9 / 4.0));
}

BOOST_AUTO_TEST_CASE(weighted_metrics) {
  const Session session;
  const models::Sequential model({layers::Dense(2, {.kernel_initializer = "zeros", .input_shape = {1}})});
  model.compile({.optimizer = "sgd",
                 .loss = losses::SparseCategoricalCrossentropy({.from_logits = true}),
                 .weighted_metrics = {"accuracy"}});
  const auto result =
      model.evaluate(zeros({3, 1}), tensor({0, 1, 0}), {.verbose = 0, .sample_weight = tensor({1.f, 2.f, 3.f})});
  BOOST_TEST(within(result["accuracy"], 4 / 6.0));
}

BOOST_AUTO_TEST_CASE(accuracy_means_what_the_output_is) {
  const Session session;
  const Tensor x = zeros({4, 1});
  const auto accuracy = [&](int64_t units, const char* activation, const char* loss, const Tensor& y) {
    const models::Sequential model({layers::Dense(units, {.activation = activation,
                                                          .kernel_initializer = "zeros",
                                                          .bias_initializer = initializers::Constant(0.3),
                                                          .input_shape = {1}})});
    model.compile({.optimizer = "sgd", .loss = loss, .metrics = {"acc"}});
    return model.evaluate(x, y, {.verbose = 0})["acc"];
  };
  BOOST_TEST(accuracy(1, "sigmoid", "binary_crossentropy", tensor({1, 1, 1, 0})) == 0.75);
  BOOST_TEST(accuracy(1, "linear", "mse", tensor({1, 1, 1, 0})) == 0.25);
  BOOST_TEST(accuracy(3, "softmax", "sparse_categorical_crossentropy", tensor({{0}, {0}, {1}, {2}})) == 0.5);
  BOOST_TEST(accuracy(3, "softmax", "categorical_crossentropy", one_hot(tensor({0, 0, 0, 2}), 3)) == 0.75);
}

BOOST_AUTO_TEST_CASE(logits_are_used_below_softmax_and_sigmoid) {
  const Session session;
  // Probabilities of 1 and 0 have no logarithms; the logits' losses are exact.
  const auto loss = [&](int64_t units, const char* activation, const char* name, const Tensor& y) {
    const models::Sequential model({
        layers::Dense(units, {.kernel_initializer = initializers::Constant(200), .input_shape = {1}}),
        layers::Activation(activation),
    });
    model.compile({.optimizer = "sgd", .loss = name});
    return model.evaluate(ones({1, 1}), y, {.verbose = 0})["loss"];
  };
  BOOST_TEST(within(loss(1, "sigmoid", "binary_crossentropy", tensor({0})), 200, 1e-4));
  BOOST_TEST(within(loss(2, "softmax", "sparse_categorical_crossentropy", tensor({0})), std::log(2.0)));
}

BOOST_AUTO_TEST_CASE(ranks_of_x) {
  const Session session;
  const auto model = line(2);
  BOOST_TEST(model.predict(tensor({1.f, 2.f}), {.verbose = 0}).equal(tensor({{2.f}, {4.f}})));
  BOOST_TEST(model.predict(tensor({{{1.f}}, {{2.f}}}), {.verbose = 0}).equal(tensor({{2.f}, {4.f}})));
  const models::Sequential deferred({layers::Dense(3)});
  BOOST_TEST(!deferred.built());
  BOOST_TEST(deferred.predict(ones({5, 4}), {.verbose = 0}).size(1) == 3);
  BOOST_TEST(deferred.count_params() == 15);
  BOOST_TEST((deferred(ones({2, 4}).to(kDouble)).dtype() == kFloat));
}

BOOST_AUTO_TEST_CASE(predict_joins_batches) {
  const Session session;
  const Tensor x = arange(100).to(kFloat).unsqueeze(1);
  BOOST_TEST(line(2).predict(x, {.batch_size = 7, .verbose = 0}).equal(2 * x));
}

BOOST_AUTO_TEST_CASE(dropout_is_for_training) {
  const Session session;
  manual_seed(1);
  const models::Sequential model({layers::Dropout(0.5, {.input_shape = {1000}})});
  const Tensor x = ones({4, 1000});
  BOOST_TEST(model.predict(x, {.verbose = 0}).equal(x));
  const Tensor dropped = model(x, true);
  BOOST_TEST(within(dropped.mean().item<double>(), 1, 0.1));
  BOOST_TEST(((dropped == 0) | (dropped == 2)).all().item<bool>());
}

BOOST_AUTO_TEST_CASE(frozen_layers_stay) {
  const Session session;
  manual_seed(1);
  const models::Sequential model({layers::Dense(4, {.input_shape = {1}, .trainable = false}), layers::Dense(1)});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const auto before = model.get_weights();
  model.fit(ones({8, 1}), ones({8, 1}) * 3, {.verbose = 0});
  const auto after = model.get_weights();
  BOOST_TEST(before[0].equal(after[0]));
  BOOST_TEST(!before[2].equal(after[2]));
}

BOOST_AUTO_TEST_CASE(layers_come_and_go) {
  const Session session;
  const models::Sequential model;
  model.add(layers::Input({3}));
  model.add(layers::Dense(4));
  model.add(layers::Dense(2, {.use_bias = false}));
  BOOST_TEST(model.count_params() == 24);
  BOOST_TEST(model.get_layer(-1).name() == "dense_1");
  BOOST_TEST(model.module()->named_parameters().contains("dense.kernel"));
  model.pop();
  BOOST_TEST(model.layers().size() == 1u);
  BOOST_TEST(model.output_shape() == Dims({-1, 4}));
}

BOOST_AUTO_TEST_CASE(layers_losses_and_metrics_of_ones_own) {
  const Session session;
  const models::Sequential model({layers::Dense(
      1, {.activation = [](const Tensor& x) { return x * 3; }, .kernel_initializer = "ones", .input_shape = {1}})});
  const double scale = 2;
  model.compile({.optimizer = "sgd",
                 .loss = [scale](const Tensor& t, const Tensor& p) { return scale * mean(abs(t - p), -1); },
                 .metrics = {losses::mean_squared_error}});
  const auto result = model.evaluate(ones({4, 1}), ones({4, 1}), {.verbose = 0});
  BOOST_TEST(within(result[0], 4));
  BOOST_TEST(within(result[1], 4));
}

BOOST_AUTO_TEST_CASE(weights_of_classes_are_for_the_training_alone) {
  const Session session;
  const Tensor x = ones({8, 1}), y = tensor({0, 1, 0, 1, 0, 1, 0, 1});
  const auto fit = [&](const std::vector<std::pair<int64_t, double>>& weights) {
    const models::Sequential model({layers::Dense(2, {.kernel_initializer = "zeros", .input_shape = {1}})});
    model.compile({.optimizer = optimizers::SGD({.learning_rate = 0}),
                   .loss = losses::SparseCategoricalCrossentropy({.from_logits = true})});
    return model.fit(x, y, {.verbose = 0, .validation_split = 0.25, .class_weight = weights}).history["val_loss"][0];
  };
  BOOST_TEST(within(fit({}), std::log(2)));
  BOOST_TEST(within(fit({{0, 100.}, {1, 100.}}), std::log(2)));
}

BOOST_AUTO_TEST_CASE(callbacks_within_a_run) {
  struct Nested : callbacks::Callback {
    Tensor x = ones({2, 1});
    bool checked = false;
    void on_epoch_end(int64_t, models::Logs&) override {
      if (checked) return;
      checked = true;
      BOOST_CHECK_THROW(model().compile({.optimizer = "sgd", .loss = "mse"}), Error);
      BOOST_CHECK_THROW(model().add(layers::Dense(1)), Error);
      BOOST_CHECK_THROW(model().pop(), Error);
      model().evaluate(x, x, {.verbose = 0, .callbacks = {this}});
      BOOST_TEST(model().layers().size() == 1u);
      BOOST_TEST(params().epochs == 3);
    }
  };
  const Session session;
  Nested nested;
  line(1).fit(nested.x, nested.x, {.epochs = 3, .verbose = 0, .callbacks = {&nested}});
  BOOST_TEST(nested.checked);
  BOOST_CHECK_THROW(nested.model(), Error);
}

BOOST_AUTO_TEST_CASE(a_failure_leaves_the_model_as_it_was) {
  const Session session;
  const models::Sequential model({layers::Dense(2, {.input_shape = {1}})});
  layers::Dense other(3);
  models::Sequential({layers::Input({9}), other});
  BOOST_CHECK_THROW(model.add(other), Error);
  BOOST_TEST(model.layers().size() == 1u);
  BOOST_TEST(model.predict(ones({2, 1})).size(1) == 2);
  model.add(layers::Dense(1));
  std::vector<Tensor> weights;
  for (const Tensor& weight : model.get_weights()) weights.push_back(weight + 1);
  const Tensor first = model.get_weights()[0].clone();
  weights.back() = zeros({7});
  BOOST_CHECK_THROW(model.set_weights(weights), Error);
  BOOST_TEST(model.get_weights()[0].equal(first));
}

BOOST_AUTO_TEST_CASE(frozen_weights_and_guards_around_fit) {
  const Session session;
  const Tensor x = ones({4, 1});
  const models::Sequential model = line(3, 0.1);
  {
    NoGradGuard guard;
    model.fit(x, x, {.verbose = 0});
  }
  BOOST_TEST(model.get_weights()[0].item<double>() < 3);
  model.set_trainable(false);
  try {
    model.fit(x, x, {.verbose = 0});
    BOOST_ERROR("nothing was thrown");
  } catch (const Error& error) {
    BOOST_TEST(std::string(error.what()).find("compile() again after set_trainable()") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
