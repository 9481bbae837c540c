// Samplers, transforms, datasets and loaders.
#include "case.h"

#include <string>

namespace data = torch::data;
using against::value;

namespace {

torch::Tensor list(const std::vector<size_t>& indices) {
  return torch::tensor(std::vector<int64_t>(indices.begin(), indices.end()), torch::kLong);
}

// Labels must differ.
std::string numbered(const std::string& what) {
  static int count = 0;
  return what + " " + std::to_string(count++);
}

// All batches until the sampler's end.
template <class Sampler>
void drain(const std::string& what, Sampler& sampler, size_t batch_size) {
  while (auto batch = sampler.next(batch_size)) {
    value(numbered(what), list(*batch));
    value(numbered(what + " index"), static_cast<double>(sampler.index()));
  }
}

struct Line : data::datasets::Dataset<Line> {
  Line() : x(torch::randn({23, 3})), y(x.select(1, 2).unsqueeze(1).mul(0.5).add(1)) {}
  data::Example<> get(size_t index) override {
    return {x[static_cast<int64_t>(index)], y[static_cast<int64_t>(index)]};
  }
  torch::optional<size_t> size() const override { return 23; }
  torch::Tensor x, y;
};

// Learns the line, and prints the weights after each epoch.
template <class Loader>
void learn(const std::string& what, Loader& loader) {
  torch::nn::Linear model(3, 1);
  torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.05).momentum(0.9));
  for (int epoch = 0; epoch < 3; ++epoch) {
    for (auto& batch : loader) {
      optimizer.zero_grad();
      torch::nn::functional::mse_loss(model(batch.data), batch.target).backward();
      optimizer.step();
    }
    value(numbered(what), model->weight.to(torch::kHalf));
    value(numbered(what + " bias"), model->bias.to(torch::kHalf));
  }
}

}  // namespace

AGAINST(samplers) {
  data::samplers::RandomSampler random(37), narrow(300, torch::kInt32);
  drain("random", random, 10);
  random.reset();
  drain("random again", random, 37);
  random.reset(5);
  drain("random of 5", random, 2);
  drain("random of int32", narrow, 300);
  data::samplers::SequentialSampler sequential(9);
  drain("sequential", sequential, 4);
  sequential.reset(3);
  drain("sequential of 3", sequential, 2);
  data::samplers::StreamSampler stream(10);
  while (auto batch = stream.next(4)) value(numbered("stream"), static_cast<double>(batch->size()));
}

AGAINST(distributed_samplers) {
  for (const size_t size : {7, 12}) {
    for (const size_t replicas : {1, 3}) {
      for (size_t rank = 0; rank < replicas; ++rank) {
        for (const bool duplicates : {false, true}) {
          data::samplers::DistributedRandomSampler random(size, replicas, rank, duplicates);
          drain("random", random, 2);
          random.set_epoch(5);
          random.reset();
          drain("random of epoch 5", random, 3);
          random.reset(9);
          drain("random of 9", random, 9);
          data::samplers::DistributedSequentialSampler sequential(size, replicas, rank, duplicates);
          drain("sequential", sequential, 2);
          sequential.reset(5);
          drain("sequential of 5", sequential, 2);
        }
      }
    }
  }
}

AGAINST(loaders) {
  auto loader = data::make_data_loader(Line().map(data::transforms::Stack<>()), 5);
  learn("random", *loader);
  auto dropping = data::make_data_loader(Line().map(data::transforms::Stack<>()),
                                         data::DataLoaderOptions().batch_size(5).drop_last(true));
  learn("without the last", *dropping);
  auto working = data::make_data_loader(Line().map(data::transforms::Stack<>()),
                                        data::DataLoaderOptions().batch_size(4).workers(2));
  learn("with workers", *working);
  auto sequential = data::make_data_loader<data::samplers::SequentialSampler>(
      Line()
          .map(data::transforms::Normalize<>({0.5, -1.0, 2.0}, {1.0, 2.0, 3.0}))
          .map(data::transforms::TensorLambda<>([](torch::Tensor x) { return x.diagonal(0, 0, 2).select(0, 0); }))
          .map(data::transforms::Stack<>()),
      8);
  for (auto& batch : *sequential) {
    value(numbered("sequential"), batch.data);
    value(numbered("targets"), batch.target);
  }
}

AGAINST(tensor_datasets) {
  data::datasets::TensorDataset dataset(against::real({4, 2}));
  value("size", static_cast<double>(*dataset.size()));
  auto loader = data::make_data_loader(dataset.map(data::transforms::Stack<data::TensorExample>()), 3);
  for (auto& batch : *loader) value(numbered("batch"), batch.data);
  value("one", dataset.get(2).data);
}
