// Averages of weights along the training, and their use in place of the weights.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/tensor/tensor.h>

#include <vector>

namespace rondo::serialize {
class InputArchive;
class OutputArchive;
}  // namespace rondo::serialize

namespace rondo::optim {

// Keeps an average of each parameter, at first its value. Buffers (running statistics) are not averaged: the latest
// ones are taken.
class WeightAverage {
 public:
  virtual ~WeightAverage();
  WeightAverage(const WeightAverage&) = delete;
  WeightAverage& operator=(const WeightAverage&) = delete;

  // Takes the present weights in; the first call makes them the average. Throws Error while the averages are applied.
  void update();
  // Puts the averages into the parameters, until restore() brings the weights back. Throw Error for a second apply and
  // for a restore without one.
  void apply();
  void restore();
  bool is_applied() const { return !weights_.empty(); }
  int64_t updates() const { return updates_; }
  // load throws Error, before anything is changed, for averages of other shapes.
  void save(serialize::OutputArchive& archive) const;
  void load(serialize::InputArchive& archive);
  // In the order of the parameters, the buffers behind them.
  const std::vector<Tensor>& averages() const { return averages_; }

 protected:
  WeightAverage(std::vector<Tensor> parameters, std::vector<Tensor> buffers);
  // How far the average moves towards the weights after `updates` updates.
  virtual double share(int64_t updates) const = 0;

 private:
  std::vector<Tensor> tensors_;
  size_t parameters_;  // how many of them are averaged
  std::vector<Tensor> averages_, weights_;
  int64_t updates_ = 0;
};

struct EMAOptions {
  EMAOptions(double decay = 0.999) : decay_(decay) {}
  RONDO_ARG(double, decay);
  // After t updates the decay is (1 + t) / (10 + t) where that is less: early averages forget the first weights.
  RONDO_ARG(bool, warmup) = false;
};

// The moving average: average = decay average + (1 - decay) weight. Throws ValueError unless 0 <= decay <= 1.
class EMA : public WeightAverage {
 public:
  explicit EMA(std::vector<Tensor> parameters, EMAOptions options = {}, std::vector<Tensor> buffers = {});

 private:
  double share(int64_t updates) const override;

  EMAOptions options_;
};

// The mean of all weights that were taken in: stochastic weight averaging (Izmailov and others, 2018).
class SWA : public WeightAverage {
 public:
  explicit SWA(std::vector<Tensor> parameters, std::vector<Tensor> buffers = {});

 private:
  double share(int64_t updates) const override;
};

// Applies averages while it lives.
class WithAverage {
 public:
  explicit WithAverage(WeightAverage& average) : average_(average) { average.apply(); }
  ~WithAverage();
  WithAverage(const WithAverage&) = delete;
  WithAverage& operator=(const WithAverage&) = delete;

 private:
  WeightAverage& average_;
};

}  // namespace rondo::optim
