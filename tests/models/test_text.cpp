// Printed text, byte for byte.
#include "rounding.h"

#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace rounding;

namespace {

// A clock that gives the times of a list, then the last one.
std::vector<double> times;
size_t next_time = 0;
double fake_clock() {
  const double time = times[std::min(next_time, times.size() - 1)];
  ++next_time;
  return time;
}
void set_times(std::vector<double> list) {
  times = std::move(list);
  next_time = 0;
}

// All weights 0 and a learning rate of 0: the loss is log 2, class 0 is always predicted.
models::Sequential constant_network() {
  models::Sequential model(
      {layers::Dense(2, {.activation = "softmax", .kernel_initializer = "zeros", .input_shape = {1}})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy"}});
  return model;
}

const Tensor x_of(int64_t n) { return zeros({n, 1}); }
// A quarter of the labels is 1.
const Tensor y_of(int64_t n) { return (arange(n).remainder(4) == 3).to(kLong); }

}  // namespace

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(summary) {
  const Session session;
  std::ostringstream out;
  network().summary(out);
  const char* wanted =
      "Model: \"sequential\"\n"
      "_________________________________________________________________\n"
      "Layer (type)                 Output Shape              Param #   \n"
      "=================================================================\n"
      "dense (Dense)                (None, 8)                 16        \n"
      "_________________________________________________________________\n"
      "dense_1 (Dense)              (None, 2)                 18        \n"
      "=================================================================\n"
      "Total params: 34\n"
      "Trainable params: 34\n"
      "Non-trainable params: 0\n"
      "_________________________________________________________________\n";
  BOOST_TEST(out.str() == wanted);
}

BOOST_AUTO_TEST_CASE(summary_of_the_second_model) {
  const Session session;
  network();
  std::ostringstream out;
  network().summary(out);
  BOOST_TEST(out.str().find("Model: \"sequential_1\"\n") == 0);
  BOOST_TEST(out.str().find("\ndense_2 (Dense)              (None, 8)                 16        \n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(summary_with_long_names_and_frozen_layers) {
  const Session session;
  const models::Sequential model({
      layers::Input({28, 28}),
      layers::Flatten(),
      layers::Dense(1000, {.name = "a_layer_with_a_very_long_name", .trainable = false}),
      layers::Dropout(0.2),
      layers::Activation("relu"),
      layers::Dense(10),
  });
  std::ostringstream out;
  model.summary(out);
  const char* wanted =
      "Model: \"sequential\"\n"
      "_________________________________________________________________\n"
      "Layer (type)                 Output Shape              Param #   \n"
      "=================================================================\n"
      "flatten (Flatten)            (None, 784)               0         \n"
      "_________________________________________________________________\n"
      "a_layer_with_a_very_long_nam (None, 1000)              785000    \n"
      "_________________________________________________________________\n"
      "dropout (Dropout)            (None, 1000)              0         \n"
      "_________________________________________________________________\n"
      "activation (Activation)      (None, 1000)              0         \n"
      "_________________________________________________________________\n"
      "dense (Dense)                (None, 10)                10010     \n"
      "=================================================================\n"
      "Total params: 795,010\n"
      "Trainable params: 10,010\n"
      "Non-trainable params: 785,000\n"
      "_________________________________________________________________\n";
  BOOST_TEST(out.str() == wanted);
}

BOOST_AUTO_TEST_CASE(one_line_an_epoch) {
  const Session session;
  std::ostringstream out;
  // Each epoch asks once at its beginning and once at its end.
  set_times({0, 0.4, 10, 12.6});
  constant_network().fit(x_of(400), y_of(400),
                         {.epochs = 2, .verbose = 2, .progress = {.out = &out, .clock = fake_clock}});
  BOOST_TEST(out.str() ==
             "Epoch 1/2\n"
             "13/13 - 0s - loss: 0.6931 - accuracy: 0.7500\n"
             "Epoch 2/2\n"
             "13/13 - 3s - loss: 0.6931 - accuracy: 0.7500\n");
}

BOOST_AUTO_TEST_CASE(one_line_with_validation) {
  const Session session;
  std::ostringstream out;
  set_times({0});
  constant_network().fit(
      x_of(400), y_of(400),
      {.epochs = 1, .verbose = 2, .validation_split = 0.1, .progress = {.out = &out, .clock = fake_clock}});
  BOOST_TEST(out.str() == "12/12 - 0s - loss: 0.6931 - accuracy: 0.7500 - val_loss: 0.6931 - val_accuracy: 0.7500\n");
}

BOOST_AUTO_TEST_CASE(bar_on_a_terminal) {
  const Session session;
  std::ostringstream out;
  // Begin; steps 1 to 4, of which the third comes too soon to be shown; end.
  set_times({100, 102, 104, 104.01, 106, 108});
  constant_network().fit(
      x_of(128), y_of(128),
      {.verbose = 1, .shuffle = false, .progress = {.out = &out, .clock = fake_clock, .terminal = true}});
  const std::string values = " - loss: 0.6931 - accuracy: 0.7500";
  const std::string first = "1/4 [======>.......................] - ETA: 6s" + values;
  const std::string second = "2/4 [==============>...............] - ETA: 4s" + values;
  const std::string fourth = "4/4 [==============================] - ETA: 0s" + values;
  const std::string last = "4/4 [==============================] - 8s 2s/step" + values;
  const std::string back(first.size(), '\b');
  BOOST_TEST(out.str() == "\r" + first + back + "\r" + second + back + "\r" + fourth + back + "\r" + last + "\n");
}

BOOST_AUTO_TEST_CASE(bar_elsewhere_is_one_line) {
  const Session session;
  std::ostringstream out;
  set_times({0, 0.5, 1, 1.25});
  constant_network().fit(x_of(10016), y_of(10016),
                         {.epochs = 2, .verbose = 1, .progress = {.out = &out, .clock = fake_clock}});
  BOOST_TEST(out.str() ==
             "Epoch 1/2\n"
             "313/313 [==============================] - 0s 2ms/step - loss: 0.6931 - accuracy: 0.7500\n"
             "Epoch 2/2\n"
             "313/313 [==============================] - 0s 799us/step - loss: 0.6931 - accuracy: 0.7500\n");
}

BOOST_AUTO_TEST_CASE(counter_and_remaining_time) {
  const Session session;
  std::ostringstream out;
  // One step, then a stop: the counter is as wide as the number of steps.
  struct Stop : callbacks::Callback {
    void on_train_batch_end(int64_t, models::Logs&) override { model().set_stop_training(true); }
  };
  set_times({0, 12, 24});
  constant_network().fit(x_of(10000), y_of(10000),
                         {.verbose = 1,
                          .callbacks = {Stop()},
                          .shuffle = false,
                          .progress = {.out = &out, .clock = fake_clock, .terminal = true}});
  const std::string values = " - loss: 0.6931 - accuracy: 0.7500";
  const std::string first = "  1/313 [..............................] - ETA: 1:02:24" + values;
  std::string last = "  1/313 [..............................] - 24s 24s/step" + values;
  const std::string back(first.size(), '\b');
  last.resize(std::max(last.size(), first.size()), ' ');
  BOOST_TEST(out.str() == "\r" + first + back + "\r" + last + "\n");
}

BOOST_AUTO_TEST_CASE(evaluate_and_predict) {
  const Session session;
  const models::Sequential model = constant_network();
  std::ostringstream out;
  set_times({0, 0.033});
  model.predict(x_of(10), {.progress = {.out = &out, .clock = fake_clock}});
  BOOST_TEST(out.str() == "1/1 [==============================] - 0s 33ms/step\n");
  out.str("");
  set_times({0, 0.24});
  model.evaluate(x_of(10016), y_of(10016), {.verbose = 2, .progress = {.out = &out, .clock = fake_clock}});
  BOOST_TEST(out.str() == "313/313 - 0s - loss: 0.6931 - accuracy: 0.7500\n");
}

BOOST_AUTO_TEST_CASE(small_numbers_and_silence) {
  const Session session;
  const models::Sequential model({layers::Dense(1, {.kernel_initializer = "zeros", .input_shape = {1}})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0}), .loss = "mse"});
  std::ostringstream out;
  set_times({0});
  const callbacks::ProgressOptions progress{.out = &out, .clock = fake_clock};
  model.fit(x_of(4), full({4, 1}, 0.01), {.verbose = 2, .progress = progress});
  BOOST_TEST(out.str() == "1/1 - 0s - loss: 1.0000e-04\n");
  out.str("");
  model.fit(x_of(4), zeros({4, 1}), {.epochs = 3, .verbose = 0, .progress = progress});
  BOOST_TEST(out.str().empty());
}

BOOST_AUTO_TEST_CASE(names) {
  BOOST_TEST(models::to_snake_case("Dense") == "dense");
  BOOST_TEST(models::to_snake_case("MaxPooling2D") == "max_pooling2d");
  BOOST_TEST(models::to_snake_case("BatchNormalization") == "batch_normalization");
  BOOST_TEST(models::to_snake_case("ReLU") == "re_lu");
  BOOST_TEST(models::to_snake_case("LSTM") == "lstm");
  BOOST_TEST(models::to_snake_case("Conv2D") == "conv2d");
  const Session session;
  BOOST_TEST(layers::Dense(1).name() == "dense");
  BOOST_TEST(layers::Dense(1, {.name = "mine"}).name() == "mine");
  BOOST_TEST(layers::Dense(1).name() == "dense_1");
  BOOST_TEST(models::Sequential().name() == "sequential");
  models::clear_session();
  BOOST_TEST(layers::Dense(1).name() == "dense");
}

BOOST_AUTO_TEST_SUITE_END()
