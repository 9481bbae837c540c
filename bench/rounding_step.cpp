// The 34-parameter network of the tutorial, four ways: a hand-written loop, the eager step of nn and optim, `fit`, and
// the bare recorded operation. Aims: eager at most 2 times the hand-written step, fit (shuffling and metrics included)
// at most 3 times.
#include <rondo/rondo.h>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace {

constexpr int kRows = 10000, kBatch = 32, kHidden = 8, kClasses = 2;

struct Data {
  std::vector<float> x = std::vector<float>(kRows);
  std::vector<int64_t> labels = std::vector<int64_t>(kRows);
  Data() {
    for (int i = 0; i < kRows; ++i) {
      x[static_cast<size_t>(i)] = static_cast<float>(std::fmod((i + 1) * 0.6180339887498949, 1.0));
      labels[static_cast<size_t>(i)] = x[static_cast<size_t>(i)] >= 0.5f;
    }
  }
};

// What a programmer writes who needs this one network and nothing else: plain arrays, no graph, Adam in Keras' form.
class HandWritten {
 public:
  HandWritten() {
    std::mt19937 engine(1);
    std::uniform_real_distribution<float> draw(-0.8f, 0.8f);
    for (float& w : w1_) w = draw(engine);
    for (float& w : w2_) w = draw(engine);
    std::iota(order_.begin(), order_.end(), 0);
  }

  void shuffle() { std::shuffle(order_.begin(), order_.end(), engine_); }

  float step(const Data& data, int first, int count) {
    std::array<float, kHidden> gw1{}, gb1{};
    std::array<float, kHidden * kClasses> gw2{};
    std::array<float, kClasses> gb2{};
    float loss = 0;
    for (int r = 0; r < count; ++r) {
      const auto row = static_cast<size_t>(order_[static_cast<size_t>(first + r)]);
      const float x = data.x[row];
      std::array<float, kHidden> h;
      for (size_t j = 0; j < kHidden; ++j) h[j] = std::max(x * w1_[j] + b1_[j], 0.0f);
      std::array<float, kClasses> z = b2_;
      for (size_t j = 0; j < kHidden; ++j) {
        for (size_t c = 0; c < kClasses; ++c) z[c] += h[j] * w2_[j * kClasses + c];
      }
      const float top = std::max(z[0], z[1]);
      const float e0 = std::exp(z[0] - top), e1 = std::exp(z[1] - top), sum = e0 + e1;
      const auto label = static_cast<size_t>(data.labels[row]);
      loss += std::log(sum) + top - z[label];
      std::array<float, kClasses> gz{e0 / sum, e1 / sum};
      gz[label] -= 1;
      correct_ += (z[1] > z[0]) == (label == 1);
      for (size_t c = 0; c < kClasses; ++c) {
        gz[c] /= static_cast<float>(count);
        gb2[c] += gz[c];
      }
      for (size_t j = 0; j < kHidden; ++j) {
        float gh = 0;
        for (size_t c = 0; c < kClasses; ++c) {
          gw2[j * kClasses + c] += h[j] * gz[c];
          gh += w2_[j * kClasses + c] * gz[c];
        }
        if (h[j] <= 0) gh = 0;
        gw1[j] += gh * x;
        gb1[j] += gh;
      }
    }
    ++t_;
    const double b1 = 1 - std::pow(0.9, t_), b2 = 1 - std::pow(0.999, t_);
    const auto alpha = static_cast<float>(0.001 * std::sqrt(b2) / b1);
    adam(w1_, gw1, m1_, v1_, alpha);
    adam(b1_, gb1, mb1_, vb1_, alpha);
    adam(w2_, gw2, m2_, v2_, alpha);
    adam(b2_, gb2, mb2_, vb2_, alpha);
    return loss / static_cast<float>(count);
  }

 private:
  template <size_t N>
  static void adam(std::array<float, N>& w, const std::array<float, N>& g, std::array<float, N>& m,
                   std::array<float, N>& v, float alpha) {
    for (size_t i = 0; i < N; ++i) {
      m[i] += (g[i] - m[i]) * 0.1f;
      v[i] += (g[i] * g[i] - v[i]) * 0.001f;
      w[i] -= alpha * m[i] / (std::sqrt(v[i]) + 1e-7f);
    }
  }

  std::array<float, kHidden> w1_{}, b1_{}, m1_{}, v1_{}, mb1_{}, vb1_{};
  std::array<float, kHidden * kClasses> w2_{}, m2_{}, v2_{};
  std::array<float, kClasses> b2_{}, mb2_{}, vb2_{};
  std::vector<int> order_ = std::vector<int>(kRows);
  std::mt19937 engine_{2};
  int t_ = 0;
  int64_t correct_ = 0;
};

void hand_written_step(benchmark::State& state) {
  const Data data;
  HandWritten net;
  int first = kRows;
  for (auto _ : state) {
    if (first + kBatch > kRows) {
      net.shuffle();
      first = 0;
    }
    benchmark::DoNotOptimize(net.step(data, first, kBatch));
    first += kBatch;
  }
}
BENCHMARK(hand_written_step);

void eager_step(benchmark::State& state) {
  Data data;
  const auto x = rondo::from_blob(data.x.data(), {kRows, 1}, rondo::kFloat);
  const auto y = rondo::from_blob(data.labels.data(), {kRows}, rondo::kLong);
  rondo::nn::Sequential net(rondo::nn::Linear(1, kHidden), rondo::nn::ReLU(), rondo::nn::Linear(kHidden, kClasses));
  rondo::optim::Adam adam(net->parameters(), 1e-3);
  int first = 0;
  for (auto _ : state) {
    if (first + kBatch > kRows) first = 0;
    adam.zero_grad();
    auto loss =
        rondo::nn::functional::cross_entropy(net->forward(x.narrow(0, first, kBatch)), y.narrow(0, first, kBatch));
    loss.backward();
    adam.step();
    benchmark::DoNotOptimize(loss.item<float>());
    first += kBatch;
  }
}
BENCHMARK(eager_step);

// One iteration is one step of 313 in an epoch, with a fresh permutation and accuracy.
void fit_step(benchmark::State& state) {
  using namespace rondo;
  Data data;
  const auto x = from_blob(data.x.data(), {kRows, 1}, kFloat);
  const auto y = from_blob(data.labels.data(), {kRows, 1}, kLong);
  models::Sequential model({layers::Dense(kHidden, {.activation = "relu", .input_shape = {1}}),
                            layers::Dense(kClasses, {.activation = "softmax"})});
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  constexpr int kSteps = (kRows + kBatch - 1) / kBatch;
  for (auto _ : state) model.fit(x, y, {.batch_size = kBatch, .epochs = 1, .verbose = 0});
  state.counters["step"] = benchmark::Counter(static_cast<double>(state.iterations()) * kSteps,
                                              benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(fit_step);

void recorded_add(benchmark::State& state) {
  const auto a = rondo::rand({8}).requires_grad_(), b = rondo::rand({8});
  for (auto _ : state) benchmark::DoNotOptimize(a + b);
}
BENCHMARK(recorded_add);

}  // namespace

BENCHMARK_MAIN();
