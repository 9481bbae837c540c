// AdaptiveLogSoftmaxWithLoss.
#pragma once

#include <rondo/nn/linear.h>
#include <rondo/nn/module_list.h>
#include <rondo/nn/options/adaptive.h>

namespace rondo::nn {

// output: the log-probability of each sample's own class; loss: -mean of them.
struct ASMoutput {
  ASMoutput(Tensor output, double loss);

  Tensor output;
  double loss;
};

// The softmax over many classes in two steps (Grave et al. 2017): a head over the frequent classes and the clusters of
// the others, and in each cluster a softmax over its own, from a narrower projection. Throws Error unless the cutoffs
// rise, from at least 1 to at most n_classes - 1.
class AdaptiveLogSoftmaxWithLossImpl : public Cloneable<AdaptiveLogSoftmaxWithLossImpl> {
 public:
  AdaptiveLogSoftmaxWithLossImpl(int64_t in_features, int64_t n_classes, std::vector<int64_t> cutoffs);
  explicit AdaptiveLogSoftmaxWithLossImpl(AdaptiveLogSoftmaxWithLossOptions options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;

  // input (N, in_features) with classes (N,), or (in_features,) with (). Only the clusters that occur are computed.
  ASMoutput forward(const Tensor& input, const Tensor& target);
  // The log-probabilities of all classes, (N, n_classes).
  Tensor log_prob(const Tensor& input);
  // The most probable classes, (N,).
  Tensor predict(const Tensor& input);
  Tensor _get_full_log_prob(const Tensor& input, const Tensor& head_output);

  AdaptiveLogSoftmaxWithLossOptions options;
  std::vector<int64_t> cutoffs;  // with n_classes behind them
  int64_t shortlist_size = 0, n_clusters = 0, head_size = 0;
  Linear head = nullptr;
  ModuleList tail;

 private:
  Tensor cluster(int64_t i, const Tensor& input);
};
RONDO_MODULE(AdaptiveLogSoftmaxWithLoss);

}  // namespace rondo::nn
