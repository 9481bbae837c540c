#include <rondo/optim/average.h>

#include <rondo/autograd/base/error.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo::optim {

WeightAverage::WeightAverage(std::vector<Tensor> parameters, std::vector<Tensor> buffers)
    : tensors_(std::move(parameters)), parameters_(tensors_.size()) {
  tensors_.insert(tensors_.end(), buffers.begin(), buffers.end());
  for (const Tensor& tensor : tensors_) averages_.push_back(tensor.detach().clone());
}

WeightAverage::~WeightAverage() = default;

void WeightAverage::update() {
  if (is_applied())
    fail("WeightAverage", "the averages stand in the parameters; restore() the weights before update()");
  NoGradGuard no_grad;
  const double by = updates_ == 0 ? 1 : share(updates_);
  for (size_t i = 0; i < tensors_.size(); ++i) {
    if (i < parameters_ && by != 1) {
      averages_[i].lerp_(tensors_[i].detach(), by);
    } else {
      averages_[i].copy_(tensors_[i].detach());
    }
  }
  ++updates_;
}

void WeightAverage::apply() {
  if (is_applied()) fail("WeightAverage", "the averages are applied already");
  NoGradGuard no_grad;
  std::vector<Tensor> weights;  // all of them before the first is changed: memory may end on the way
  for (const Tensor& tensor : tensors_) weights.push_back(tensor.detach().clone());
  weights_ = std::move(weights);
  for (size_t i = 0; i < tensors_.size(); ++i) tensors_[i].copy_(averages_[i]);
}

void WeightAverage::restore() {
  if (!is_applied() && !tensors_.empty()) fail("WeightAverage", "restore() without apply()");
  NoGradGuard no_grad;
  for (size_t i = 0; i < weights_.size(); ++i) tensors_[i].copy_(weights_[i]);
  weights_.clear();
}

EMA::EMA(std::vector<Tensor> parameters, EMAOptions options, std::vector<Tensor> buffers)
    : WeightAverage(std::move(parameters), std::move(buffers)), options_(options) {
  if (!(options.decay() >= 0 && options.decay() <= 1)) {
    fail_value("EMA",
               fmt::format("Invalid decay value {} provided. Please provide a value in [0,1] range.", options.decay()));
  }
}

double EMA::share(int64_t updates) const {
  const auto t = static_cast<double>(updates);
  return 1 - (options_.warmup() ? std::min(options_.decay(), (1 + t) / (10 + t)) : options_.decay());
}

SWA::SWA(std::vector<Tensor> parameters, std::vector<Tensor> buffers)
    : WeightAverage(std::move(parameters), std::move(buffers)) {}

double SWA::share(int64_t updates) const { return 1 / static_cast<double>(updates + 1); }

WithAverage::~WithAverage() {
  if (average_.is_applied()) average_.restore();
}

}  // namespace rondo::optim
