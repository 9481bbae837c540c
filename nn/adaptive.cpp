#include <rondo/nn/adaptive.h>

#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/nn/sequential.h>

#include <fmt/format.h>

#include <cmath>
#include <ostream>

namespace rondo::nn {
namespace {

constexpr const char* kName = "AdaptiveLogSoftmaxWithLoss";

}  // namespace

ASMoutput::ASMoutput(Tensor output_, double loss_) : output(std::move(output_)), loss(loss_) {}

AdaptiveLogSoftmaxWithLossImpl::AdaptiveLogSoftmaxWithLossImpl(int64_t in_features, int64_t n_classes,
                                                               std::vector<int64_t> cutoffs_)
    : AdaptiveLogSoftmaxWithLossImpl(AdaptiveLogSoftmaxWithLossOptions(in_features, n_classes, std::move(cutoffs_))) {}

AdaptiveLogSoftmaxWithLossImpl::AdaptiveLogSoftmaxWithLossImpl(AdaptiveLogSoftmaxWithLossOptions options_)
    : options(std::move(options_)) {
  AdaptiveLogSoftmaxWithLossImpl::reset();
}

void AdaptiveLogSoftmaxWithLossImpl::reset() {
  bool rising = !options.cutoffs().empty();
  int64_t before = 0;
  for (int64_t cutoff : options.cutoffs()) {
    rising = rising && cutoff > before && cutoff < options.n_classes();
    before = cutoff;
  }
  if (!rising) {
    fail(kName, fmt::format("cutoffs should be a sequence of unique, positive integers sorted in an increasing order, "
                            "where each value is between 1 and n_classes-1; got {} for {} classes",
                            to_string(IntArrayRef(options.cutoffs())), options.n_classes()));
  }
  if (!(options.div_value() > 0)) {
    fail(kName, fmt::format("div_value should be greater than 0; got {}", options.div_value()));
  }
  cutoffs = options.cutoffs();
  cutoffs.push_back(options.n_classes());
  shortlist_size = cutoffs[0];
  n_clusters = static_cast<int64_t>(cutoffs.size()) - 1;
  head_size = shortlist_size + n_clusters;
  head = register_module("head", Linear(LinearOptions(options.in_features(), head_size).bias(options.head_bias())));
  tail = register_module("tail", ModuleList());
  for (int64_t i = 0; i < n_clusters; ++i) {
    const auto at = static_cast<size_t>(i);
    const double width =
        static_cast<double>(options.in_features()) / std::pow(options.div_value(), static_cast<double>(i + 1));
    if (!(width < 0x1p47)) {
      fail(kName, fmt::format("div_value {} makes cluster {} {} numbers wide; need less than 2^47", options.div_value(),
                              i, width));
    }
    const auto narrow = static_cast<int64_t>(width);
    // The second layer draws its numbers first, as in the reference, where g++ makes the last argument first.
    const Linear scores(LinearOptions(narrow, cutoffs[at + 1] - cutoffs[at]).bias(false));
    const Linear projection(LinearOptions(options.in_features(), narrow).bias(false));
    tail->push_back(Sequential(projection, scores));
  }
}

void AdaptiveLogSoftmaxWithLossImpl::reset_parameters() {
  head->reset_parameters();
  for (const auto& each : *tail) {
    for (const auto& layer : each->children()) {
      if (auto* linear = layer->as<LinearImpl>()) linear->reset_parameters();
    }
  }
}

void AdaptiveLogSoftmaxWithLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::AdaptiveLogSoftmaxWithLoss";
}

Tensor AdaptiveLogSoftmaxWithLossImpl::cluster(int64_t i, const Tensor& input) {
  return log_softmax(tail->at<SequentialImpl>(static_cast<size_t>(i)).forward(input), 1);
}

ASMoutput AdaptiveLogSoftmaxWithLossImpl::forward(const Tensor& input_, const Tensor& target_) {
  if (target_.dim() > 1 || input_.dim() != target_.dim() + 1) {
    fail(kName, fmt::format("0D or 1D target tensor expected, with 1D or 2D input tensors, multi-target not supported; "
                            "got input {} and target {}",
                            to_string(input_.sizes()), to_string(target_.sizes())));
  }
  const bool batched = target_.dim() > 0;
  const Tensor input = batched ? input_ : input_.unsqueeze(0), target = batched ? target_ : target_.unsqueeze(0);
  const int64_t batch = target.size(0);
  if (input.size(0) != batch) {
    fail(kName, fmt::format("Input and target should have the same size in the batch dimension; got {} and {}",
                            input.size(0), batch));
  }
  // Which of the head's numbers stands for each sample, and what its cluster adds.
  Tensor place = target, output = zeros({batch}, input.dtype());
  int64_t found = (target >= 0).logical_and(target < shortlist_size).sum().item<int64_t>();
  for (int64_t i = 0; i < n_clusters; ++i) {
    const int64_t low = cutoffs[static_cast<size_t>(i)], high = cutoffs[static_cast<size_t>(i) + 1];
    const Tensor rows = nonzero((target >= low).logical_and(target < high)).reshape({-1});
    if (rows.numel() == 0) continue;
    found += rows.numel();
    const Tensor own = index_select(target, 0, rows) - low;
    const Tensor log_probs = cluster(i, index_select(input, 0, rows));
    output = index_copy(output, 0, rows, rondo::gather(log_probs, 1, own.unsqueeze(1)).squeeze(1));
    place = index_fill(place, 0, rows, Scalar(shortlist_size + i));
  }
  if (found != batch) {
    fail(kName, fmt::format("Target values should be in [0, {}], but values in range [{}, {}] were found.",
                            options.n_classes() - 1, target.min().item<int64_t>(), target.max().item<int64_t>()));
  }
  output = output + rondo::gather(log_softmax(head->forward(input), 1), 1, place.unsqueeze(1)).squeeze(1);
  const double loss = -output.detach().mean().item<double>();
  return ASMoutput(batched ? output : output.squeeze(0), loss);
}

Tensor AdaptiveLogSoftmaxWithLossImpl::_get_full_log_prob(const Tensor& input, const Tensor& head_output) {
  const Tensor first = log_softmax(head_output, 1);
  std::vector<Tensor> parts = {first.narrow(1, 0, shortlist_size)};
  for (int64_t i = 0; i < n_clusters; ++i) parts.push_back(cluster(i, input) + first.narrow(1, shortlist_size + i, 1));
  return cat(parts, 1);
}

Tensor AdaptiveLogSoftmaxWithLossImpl::log_prob(const Tensor& input) {
  return _get_full_log_prob(input, head->forward(input));
}

Tensor AdaptiveLogSoftmaxWithLossImpl::predict(const Tensor& input) {
  const Tensor scores = head->forward(input), best = scores.argmax(1);
  // Only where a cluster wins are its classes looked at.
  const Tensor rows = nonzero(best >= shortlist_size).reshape({-1});
  if (rows.numel() == 0) return best;
  const Tensor full = _get_full_log_prob(index_select(input, 0, rows), index_select(scores, 0, rows));
  return index_copy(best, 0, rows, full.argmax(1));
}

}  // namespace rondo::nn
