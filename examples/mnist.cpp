// Learns to read the handwritten digits of MNIST: at least 99.0 % of the 10,000 test images after 5 epochs (with
// --quick 95 % after one epoch on 12,000 images); exits with 1 where it misses that.
#include <rondo/rondo.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>

using namespace rondo;

namespace {

using data::datasets::MNIST;

struct Options {
  uint64_t seed = 1;
  int64_t epochs = 5, images = 60000, channels = 16;
  size_t batch_size = 64;
  double learning_rate = 1, decay = 0.6, wanted = 99.0;
  int verbose = 1;
  bool quick = false;
  std::string data = {}, plot = {};
};

// Two convolutions, each followed by a pooling, and two linear layers.
struct NetImpl : nn::Module {
  explicit NetImpl(int64_t channels) : nn::Module("Net") {
    conv1 = register_module("conv1", nn::Conv2d(1, channels, 5));
    conv2 = register_module("conv2", nn::Conv2d(channels, 2 * channels, 5));
    dropout = register_module("dropout", nn::Dropout(0.4));
    fc1 = register_module("fc1", nn::Linear(2 * channels * 4 * 4, 128));
    fc2 = register_module("fc2", nn::Linear(128, 10));
  }
  Tensor forward(const Tensor& images) {
    Tensor x = relu(max_pool2d(conv1(images), 2));
    x = relu(max_pool2d(conv2(x), 2));
    x = dropout(relu(fc1(x.flatten(1))));
    return log_softmax(fc2(x), 1);
  }

  nn::Conv2d conv1{nullptr}, conv2{nullptr};
  nn::Dropout dropout{nullptr};
  nn::Linear fc1{nullptr}, fc2{nullptr};
};
RONDO_MODULE(Net);

// The first images of a set, so that a quick run need not see all of them.
struct Part : data::Dataset<Part> {
  Part(const std::string& root, MNIST::Mode mode, int64_t most) : all(root, mode), count(*all.size()) {
    count = std::min(count, static_cast<size_t>(most));
  }
  data::Example<> get(size_t index) override { return all.get(index); }
  std::optional<size_t> size() const override { return count; }

  MNIST all;
  size_t count;
};

auto loaded(Part images) {
  return images.map(data::transforms::Normalize<>(0.1307, 0.3081)).map(data::transforms::Stack<>());
}

struct Score {
  double loss = 0, accuracy = 0;
};

Score evaluate(Net& net, const Part& test) {
  const NoGradGuard no_grad;
  net->eval();
  auto loader = data::make_data_loader<data::samplers::SequentialSampler>(loaded(test), 1000);
  Score sum;
  for (const data::Example<>& batch : *loader) {
    const Tensor scores = net(batch.data);
    sum.loss += nll_loss(scores, batch.target, {}, Reduction::Sum).item<double>();
    sum.accuracy += scores.argmax(1).eq(batch.target).sum().item<double>();
  }
  const auto count = static_cast<double>(*test.size());
  return {sum.loss / count, sum.accuracy / count};
}

// Trains for one epoch and returns the mean loss.
template <class Loader>
double train(Net& net, Loader& loader, optim::Optimizer& optimizer, callbacks::ProgbarLogger& progress) {
  net->train();
  double sum = 0;
  int64_t step = 0;
  for (const data::Example<>& batch : loader) {
    optimizer.zero_grad();
    const Tensor loss = nll_loss(net(batch.data), batch.target);
    loss.backward();
    optimizer.step();
    sum += loss.template item<double>();
    callbacks::Logs logs{{"loss", sum / static_cast<double>(step + 1)}};
    progress.on_train_batch_end(step++, logs);
  }
  return sum / static_cast<double>(std::max<int64_t>(step, 1));
}

// True where the accuracy is reached.
bool run(const Options& options, const std::string& root) {
  manual_seed(options.seed);
  Net net(options.channels);
  std::cout << net << '\n';
  const Part images(root, MNIST::Mode::kTrain, options.images), test(root, MNIST::Mode::kTest, 10000);
  auto loader = data::make_data_loader(loaded(images), options.batch_size);
  optim::Adadelta optimizer(net->parameters(), optim::AdadeltaOptions(options.learning_rate));
  optim::StepLR schedule(optimizer, 1, options.decay);

  callbacks::ProgbarLogger progress;
  const auto steps = static_cast<int64_t>((*images.size() + options.batch_size - 1) / options.batch_size);
  progress.set_params({.verbose = options.verbose, .epochs = options.epochs, .steps = steps});
  models::Curve training{.name = "training"}, unseen{.name = "test", .dashed = true}, accuracy{.name = "accuracy"};
  Score score;
  callbacks::Logs logs;
  progress.on_train_begin(logs);
  for (int64_t epoch = 0; epoch < options.epochs; ++epoch) {
    callbacks::Logs results;
    progress.on_epoch_begin(epoch, results);
    const double loss = train(net, *loader, optimizer, progress);
    schedule.step();
    score = evaluate(net, test);
    results = {{"loss", loss}, {"test_loss", score.loss}, {"test_accuracy", score.accuracy}};
    progress.on_epoch_end(epoch, results);
    for (models::Curve* curve : {&training, &unseen, &accuracy}) curve->x.push_back(static_cast<double>(epoch + 1));
    training.y.push_back(loss);
    unseen.y.push_back(score.loss);
    accuracy.y.push_back(score.accuracy);
  }
  std::printf("%.2f %% of the test images\n", 100 * score.accuracy);
  if (!options.plot.empty()) {
    models::save_svg(
        options.plot,
        {{.title = "Loss", .x_label = "epoch", .y_label = "nats an image", .curves = {training, unseen}},
         {.title = "Accuracy", .x_label = "epoch", .y_label = "of the test images", .curves = {accuracy}}});
  }
  return 100 * score.accuracy >= options.wanted;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Trains a small convolutional network on MNIST.");
  app.add_option("--data", options.data, "Folder that holds mnist/train-images-idx3-ubyte(.gz) ...; else $RONDO_DATA");
  app.add_flag("--quick", options.quick, "One epoch on 12,000 images, which must reach 95 %");
  app.add_option("--seed", options.seed, "Seed of the weights, the order and dropout")->capture_default_str();
  CLI::Option* const epochs = app.add_option("--epochs", options.epochs, "Epochs")->capture_default_str();
  CLI::Option* const images =
      app.add_option("--images", options.images, "Training images, from the first on")->capture_default_str();
  app.add_option("--channels", options.channels, "Of the first convolution")->capture_default_str();
  CLI::Option* const wanted =
      app.add_option("--wanted", options.wanted, "Per cent of the test images that must be reached")
          ->capture_default_str();
  app.add_option("--batch-size", options.batch_size, "Images a step")->capture_default_str();
  app.add_option("--learning-rate", options.learning_rate, "Of Adadelta")->capture_default_str();
  app.add_option("--decay", options.decay, "Of the learning rate, for each epoch")->capture_default_str();
  app.add_option("--verbose", options.verbose, "0: silent, 1: a bar, 2: one line an epoch")->capture_default_str();
  app.add_option("--plot", options.plot, "Draws loss and accuracy to this SVG file");
  CLI11_PARSE(app, argc, argv);
  if (options.quick) {
    if (epochs->empty()) options.epochs = 1;
    if (images->empty()) options.images = 12000;
    if (wanted->empty()) options.wanted = 95;
  }
  if (options.data.empty() && std::getenv("RONDO_DATA") != nullptr) options.data = std::getenv("RONDO_DATA");
  const std::filesystem::path root = std::filesystem::path(options.data) / "mnist";
  if (options.data.empty() || !std::filesystem::is_directory(root)) {
    std::cout << "skipped: no folder mnist in --data DIR or $RONDO_DATA\n";
    return 77;
  }
  try {
    if (run(options, root.string())) return 0;
    std::cerr << "mnist: missed " << options.wanted << " % of the test images\n";
  } catch (const Error& error) {
    std::cerr << error.what() << '\n';
  }
  return 1;
}
