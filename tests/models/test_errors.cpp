// Wrong use: each ends in an exception that says where, what came and what was needed.
#include "rounding.h"

#include <rondo/models/layers/layer_impl.h>

#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace rounding;

namespace {

template <class F>
void check_refusal(const char* what, std::initializer_list<const char*> needles, F call) {
  try {
    call();
    BOOST_ERROR(what << ": no exception");
  } catch (const Error& error) {
    const std::string text = error.what();
    for (const char* needle : needles) {
      BOOST_TEST(text.find(needle) != std::string::npos, what << ": \"" << needle << "\" is not in \"" << text << "\"");
    }
  }
}

models::Sequential compiled() {
  const models::Sequential model = network();
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  return model;
}

// Its weights cannot be made the first time.
struct Hesitant : layers::LayerImpl {
  Hesitant() : LayerImpl("Hesitant", {}) {}
  void make_weights(IntArrayRef in) override {
    const Tensor a = add_weight("a", {in[in.size() - 1]}, "ones");
    if (++attempts == 1) fail("Hesitant", "not yet");
    factor = a;
  }
  Tensor call(const Tensor& x, bool) override { return x * factor; }
  int attempts = 0;
  Tensor factor;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(unknown_names) {
  check_refusal("optimizer", {"optimizer: unknown name \"adm\"", "sgd, rmsprop, adam, adamw"},
                [] { network().compile({.optimizer = "adm", .loss = "mse"}); });
  check_refusal("loss", {"loss: unknown name \"msee\"", "mean_squared_error", "sparse_categorical_crossentropy"},
                [] { network().compile({.loss = "msee"}); });
  check_refusal("metric", {"metric: unknown name \"accurracy\"", "accuracy"},
                [] { network().compile({.loss = "mse", .metrics = {"accurracy"}}); });
  check_refusal("activation", {"activation: unknown name \"rleu\"", "relu, softmax"},
                [] { layers::Dense(1, {.activation = "rleu"}); });
  check_refusal("initializer", {"initializer: unknown name \"glorot\"", "glorot_uniform"},
                [] { layers::Dense(1, {.kernel_initializer = "glorot"}); });
}

BOOST_AUTO_TEST_CASE(order_of_calls) {
  const Session session;
  const Tensor x = inputs(8), y = labels(x);
  check_refusal("fit", {"fit: model \"sequential\" is not compiled", "compile()"}, [&] { network().fit(x, y); });
  check_refusal("evaluate", {"evaluate: ", "compile()"}, [&] { network().evaluate(x, y); });
  check_refusal("no loss", {"fit: ", "without a loss"}, [&] {
    const auto model = network();
    model.compile();
    model.fit(x, y);
  });
  check_refusal("summary", {"summary: ", "not yet been built", "build()"}, [] {
    std::ostringstream out;
    models::Sequential({layers::Dense(1)}).summary(out);
  });
  check_refusal("no layers", {"predict: ", "no layers"}, [&] { models::Sequential().predict(x); });
}

BOOST_AUTO_TEST_CASE(shapes_of_x) {
  const Session session;
  const auto model = compiled();
  const Tensor wide = zeros({10, 3});
  check_refusal("predict",
                {"Input 0 of layer \"dense\" is incompatible with the layer: expected axis -1 of input shape to have "
                 "value 1, but received input with shape (10, 3)"},
                [&] { model.predict(wide); });
  check_refusal("fit", {"layer \"dense\"", "value 1", "(10, 3)"}, [&] { model.fit(wide, zeros({10}, kLong)); });
  check_refusal("call", {"layer \"dense\"", "value 1", "(10, 3)"}, [&] { model(wide); });
  check_refusal("scalar", {"predict: ", "0-dimensional"}, [&] { model.predict(tensor(1.0)); });
  check_refusal("undefined", {"predict: ", "undefined"}, [&] { model.predict(Tensor()); });
  check_refusal("rank 3", {"expected shape=(None, 4)", "(2, 3, 4)"}, [] {
    const models::Sequential flat({layers::Flatten({.input_shape = {4}}), layers::Dense(1)});
    flat.predict(zeros({2, 3, 4}));
  });
}

BOOST_AUTO_TEST_CASE(data_that_does_not_suit) {
  const Session session;
  const auto model = compiled();
  const Tensor x = inputs(8), y = labels(x);
  check_refusal("empty", {"fit: ", "(0, 1)", "no data"}, [&] { model.fit(zeros({0, 1}), zeros({0, 1}, kLong)); });
  check_refusal("lengths", {"fit: ", "x has 8 samples, y has 7"}, [&] { model.fit(x, y.narrow(0, 0, 7)); });
  check_refusal("batch size", {"fit: batch_size is 0", "positive"}, [&] { model.fit(x, y, {.batch_size = 0}); });
  check_refusal("predict's batch size", {"predict: batch_size is -1"}, [&] { model.predict(x, {.batch_size = -1}); });
  check_refusal("split leaves nothing", {"fit: ", "8 samples", "validation_split = 0.95"},
                [&] { model.fit(x, y, {.validation_split = 0.95}); });
  check_refusal("split", {"fit: validation_split is 1.5"}, [&] { model.fit(x, y, {.validation_split = 1.5}); });
  check_refusal("frequency", {"fit: validation_freq"}, [&] { model.fit(x, y, {.validation_freq = 0}); });
  check_refusal("weights", {"fit: sample_weight has shape (3,)", "(8,)"},
                [&] { model.fit(x, y, {.sample_weight = ones({3})}); });
  check_refusal("validation", {"fit: validation_data", "x has 8 samples, y has 7"}, [&] {
    model.fit(x, y, {.validation_data = {x, y.narrow(0, 0, 7)}});
  });
}

BOOST_AUTO_TEST_CASE(labels_that_do_not_suit) {
  const Session session;
  const auto model = compiled();
  const Tensor x = inputs(4);
  const char* loss = "fit: sparse_categorical_crossentropy: ";
  check_refusal("range", {loss, "label 2 is 5", "2 classes", "0 to 1"}, [&] { model.fit(x, tensor({0, 1, 5, 0})); });
  check_refusal("negative", {loss, "label 3 is -1"}, [&] { model.fit(x, tensor({0, 1, 1, -1})); });
  check_refusal("fractions", {loss, "label 1 is 0.5", "whole numbers"}, [&] {
    model.fit(x, tensor({0., 0.5, 1., 1.}));
  });
  check_refusal("NaN", {loss, "label 0 is", "nan"}, [&] { model.fit(x, tensor({std::nan(""), 0.5, 1., 1.})); });
  check_refusal("one-hot", {loss, "(4, 2)", "categorical_crossentropy"}, [&] { model.fit(x, zeros({4, 2}, kLong)); });
  check_refusal("dense labels",
                {"fit: categorical_crossentropy: ", "(4,)", "(4, 2)", "sparse_categorical_crossentropy"}, [&] {
                  model.compile({.loss = "categorical_crossentropy"});
                  model.fit(x, tensor({0, 1, 1, 0}));
                });
  check_refusal("mse", {"fit: mean_squared_error: ", "(4, 3)", "(4, 2)"}, [&] {
    model.compile({.loss = "mse"});
    model.fit(x, zeros({4, 3}));
  });
  check_refusal("no broadcasting", {"fit: mean_squared_error: ", "(4, 1)", "(4, 2)"}, [&] {
    model.compile({.loss = "mse"});
    model.fit(x, zeros({4, 1}));
  });
}

BOOST_AUTO_TEST_CASE(layers_and_weights) {
  const Session session;
  check_refusal("units", {"dense: units is 0"}, [] { layers::Dense(0); });
  check_refusal("rate", {"dropout: rate is 1.5"}, [] { layers::Dropout(1.5); });
  check_refusal("dtype", {"dtype is \"half\""}, [] { layers::Dense(1, {.dtype = "half"}); });
  check_refusal("floatx", {"set_floatx: got \"float16\""}, [] { models::set_floatx("float16"); });
  const auto model = network();
  check_refusal("number of weights", {"set_weights: ", "3 weights", "4"}, [&] {
    model.set_weights({zeros({1, 8}), zeros({8}), zeros({8, 2})});
  });
  check_refusal("shape of a weight", {"set_weights: ", "weight 0", "(8, 1)", "(1, 8)"}, [&] {
    model.set_weights({zeros({8, 1}), zeros({8}), zeros({8, 2}), zeros({2})});
  });
  check_refusal("names", {"add: ", "\"a\""}, [] {
    models::Sequential({layers::Dense(1, {.name = "a"}), layers::Dense(1, {.name = "a"})});
  });
  check_refusal("get_layer", {"get_layer: no layer \"x\""}, [&] { model.get_layer("x"); });
  check_refusal("metrics", {"compile: two metrics are called \"mse\""}, [&] {
    model.compile({.loss = "mse", .metrics = {"mse", "mse"}});
  });
  check_refusal("history", {"no key \"acc\"", "loss"}, [] {
    models::Logs logs{{"loss", 1.0}};
    return logs["acc"];
  });
}

namespace {
std::vector<std::string> warnings;
}  // namespace

BOOST_AUTO_TEST_CASE(nan_is_said_once) {
  const Session session;
  warnings.clear();
  const auto before = set_warning_handler([](std::string_view text) { warnings.emplace_back(text); });
  const auto model = compiled();
  Tensor x = inputs(256);
  const Tensor y = labels(x);
  x[100] = std::nan("");
  const auto history = model.fit(x, y, {.epochs = 3, .verbose = 0});
  set_warning_handler(before);
  BOOST_REQUIRE_EQUAL(warnings.size(), 1u);
  BOOST_TEST(warnings[0].find("x holds NaN") != std::string::npos);
  BOOST_TEST(history.history["loss"].size() == 3u);
  BOOST_TEST(std::isnan(history.history["loss"].back()));
}

BOOST_AUTO_TEST_CASE(a_layer_may_be_built_again_after_a_failure) {
  const layers::Layer layer(std::make_shared<Hesitant>());
  BOOST_CHECK_THROW(layer(ones({2, 3})), Error);
  BOOST_TEST(layer.weights().empty());
  BOOST_TEST((layer(ones({2, 3})).sizes() == IntArrayRef{2, 3}));
  BOOST_TEST(layer.weights().size() == 1u);
}

BOOST_AUTO_TEST_CASE(outputs_without_classes) {
  check_refusal("loss", {"the output is a single number"},
                [] { losses::SparseCategoricalCrossentropy()(tensor(0), tensor(0.5)); });
  check_refusal("metric", {"the output is a single number"},
                [] { metrics::SparseCategoricalAccuracy().update_state(tensor(0), tensor(0.5)); });
}

BOOST_AUTO_TEST_CASE(empty_batches_and_far_curves) {
  BOOST_TEST((layers::Flatten()(zeros({0, 3, 2})).sizes() == IntArrayRef{0, 6}));
  const double large = 1e17;
  for (const std::vector<double>& y : {std::vector<double>{large, large + 16}, std::vector<double>{-1e308, 1e308},
                                       std::vector<double>{large, large}}) {
    const std::string picture = models::svg({{.curves = {{.name = "c", .x = {1, 2}, .y = y}}}});
    BOOST_TEST(picture.size() < 20000u);
    BOOST_TEST(picture.find("nan") == std::string::npos);
  }
  const std::string wide = models::svg({{.curves = {{.name = "c", .x = {large, large + 16}, .y = {1, 2}}}}});
  BOOST_TEST(wide.size() < 20000u);
  BOOST_TEST(wide.find("nan") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
