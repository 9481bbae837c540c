// Options of the losses. reduction: kMean, kSum, or kNone for one loss per element.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/enums.h>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace rondo::nn {

using ReductionType = enumtype::OneOf<enumtype::kNone, enumtype::kMean, enumtype::kSum>;

// Options whose only member is the reduction, with an implicit conversion from each of its values.
#define RONDO_REDUCTION_CONSTRUCTORS(Options)                       \
  using reduction_t = ReductionType;                                \
  Options(reduction_t reduction = kMean) : reduction_(reduction) {} \
  Options(enumtype::kNone reduction) : reduction_(reduction) {}     \
  Options(enumtype::kMean reduction) : reduction_(reduction) {}     \
  Options(enumtype::kSum reduction) : reduction_(reduction) {}

struct L1LossOptions {
  RONDO_REDUCTION_CONSTRUCTORS(L1LossOptions)
  RONDO_ARG(reduction_t, reduction);
};

struct MSELossOptions {
  RONDO_REDUCTION_CONSTRUCTORS(MSELossOptions)
  RONDO_ARG(reduction_t, reduction);
};

struct BCELossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(Tensor, weight) = {};
  RONDO_ARG(reduction_t, reduction) = kMean;
};

struct BCEWithLogitsLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(Tensor, weight) = {};
  RONDO_ARG(reduction_t, reduction) = kMean;
  RONDO_ARG(Tensor, pos_weight) = {};
};

struct NLLLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(Tensor, weight) = {};
  RONDO_ARG(int64_t, ignore_index) = -100;
  RONDO_ARG(reduction_t, reduction) = kMean;
};

struct CrossEntropyLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(Tensor, weight) = {};
  RONDO_ARG(int64_t, ignore_index) = -100;
  RONDO_ARG(reduction_t, reduction) = kMean;
  RONDO_ARG(double, label_smoothing) = 0.0;
};

// beta: where the square meets the line; 1 unless given.
struct SmoothL1LossOptions {
  RONDO_REDUCTION_CONSTRUCTORS(SmoothL1LossOptions)
  RONDO_ARG(reduction_t, reduction);
  RONDO_ARG(std::optional<double>, beta) = std::nullopt;
};

struct HuberLossOptions {
  RONDO_REDUCTION_CONSTRUCTORS(HuberLossOptions)
  RONDO_ARG(reduction_t, reduction);
  RONDO_ARG(double, delta) = 1.0;
};

struct KLDivLossOptions {
  using reduction_t = enumtype::OneOf<enumtype::kNone, enumtype::kBatchMean, enumtype::kSum, enumtype::kMean>;
  KLDivLossOptions(reduction_t reduction = kMean) : reduction_(reduction) {}
  KLDivLossOptions(enumtype::kNone reduction) : reduction_(reduction) {}
  KLDivLossOptions(enumtype::kBatchMean reduction) : reduction_(reduction) {}
  KLDivLossOptions(enumtype::kSum reduction) : reduction_(reduction) {}
  KLDivLossOptions(enumtype::kMean reduction) : reduction_(reduction) {}
  RONDO_ARG(reduction_t, reduction);
  RONDO_ARG(bool, log_target) = false;
};

struct HingeEmbeddingLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(double, margin) = 1.0;
  RONDO_ARG(reduction_t, reduction) = kMean;
};

// p: 1 or 2.
struct MultiMarginLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(int64_t, p) = 1;
  RONDO_ARG(double, margin) = 1.0;
  RONDO_ARG(Tensor, weight) = Tensor();
  RONDO_ARG(reduction_t, reduction) = kMean;
};

struct CosineEmbeddingLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(double, margin) = 0.0;
  RONDO_ARG(reduction_t, reduction) = kMean;
};

struct MultiLabelMarginLossOptions {
  RONDO_REDUCTION_CONSTRUCTORS(MultiLabelMarginLossOptions)
  RONDO_ARG(reduction_t, reduction);
};

struct SoftMarginLossOptions {
  RONDO_REDUCTION_CONSTRUCTORS(SoftMarginLossOptions)
  RONDO_ARG(reduction_t, reduction);
};

struct MultiLabelSoftMarginLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(Tensor, weight) = Tensor();
  RONDO_ARG(reduction_t, reduction) = kMean;
};

// swap: the distance of positive and negative counts where it is smaller than that of anchor and negative.
struct TripletMarginLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(double, margin) = 1.0;
  RONDO_ARG(double, p) = 2.0;
  RONDO_ARG(double, eps) = 1e-6;
  RONDO_ARG(bool, swap) = false;
  RONDO_ARG(reduction_t, reduction) = kMean;
};

// A function of two tensors, made from anything that is called so; copies share it.
class DistanceFunction {
 public:
  template <class F>
  requires(!std::is_same_v<F, DistanceFunction> && std::is_invocable_r_v<Tensor, F&, const Tensor&, const Tensor&>)
      DistanceFunction(F function)
      : function_(new F(std::move(function)), [](void* f) { delete static_cast<F*>(f); }),
        call_([](void* f, const Tensor& a, const Tensor& b) -> Tensor { return (*static_cast<F*>(f))(a, b); }) {}
  Tensor operator()(const Tensor& a, const Tensor& b) const { return call_(function_.get(), a, b); }

 private:
  std::shared_ptr<void> function_;
  Tensor (*call_)(void*, const Tensor&, const Tensor&);
};

// distance_function: the Euclidean one unless given.
struct TripletMarginWithDistanceLossOptions {
  using reduction_t = ReductionType;
  using distance_function_t = DistanceFunction;
  RONDO_ARG(std::optional<distance_function_t>, distance_function) = std::nullopt;
  RONDO_ARG(double, margin) = 1.0;
  RONDO_ARG(bool, swap) = false;
  RONDO_ARG(reduction_t, reduction) = kMean;
};

struct CTCLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(int64_t, blank) = 0;
  RONDO_ARG(reduction_t, reduction) = kMean;
  RONDO_ARG(bool, zero_infinity) = false;
};

struct PoissonNLLLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(bool, log_input) = true;
  RONDO_ARG(bool, full) = false;
  RONDO_ARG(double, eps) = 1e-8;
  RONDO_ARG(reduction_t, reduction) = kMean;
};

struct MarginRankingLossOptions {
  using reduction_t = ReductionType;
  RONDO_ARG(double, margin) = 0;
  RONDO_ARG(reduction_t, reduction) = kMean;
};

#undef RONDO_REDUCTION_CONSTRUCTORS

namespace functional {

using L1LossFuncOptions = L1LossOptions;
using MSELossFuncOptions = MSELossOptions;
using BinaryCrossEntropyFuncOptions = BCELossOptions;
using BinaryCrossEntropyWithLogitsFuncOptions = BCEWithLogitsLossOptions;
using NLLLossFuncOptions = NLLLossOptions;
using CrossEntropyFuncOptions = CrossEntropyLossOptions;
using SmoothL1LossFuncOptions = SmoothL1LossOptions;
using HuberLossFuncOptions = HuberLossOptions;
using KLDivFuncOptions = KLDivLossOptions;
using HingeEmbeddingLossFuncOptions = HingeEmbeddingLossOptions;
using MultiMarginLossFuncOptions = MultiMarginLossOptions;
using CosineEmbeddingLossFuncOptions = CosineEmbeddingLossOptions;
using MultilabelMarginLossFuncOptions = MultiLabelMarginLossOptions;
using SoftMarginLossFuncOptions = SoftMarginLossOptions;
using MultilabelSoftMarginLossFuncOptions = MultiLabelSoftMarginLossOptions;
using TripletMarginLossFuncOptions = TripletMarginLossOptions;
using TripletMarginWithDistanceLossFuncOptions = TripletMarginWithDistanceLossOptions;
using CTCLossFuncOptions = CTCLossOptions;
using PoissonNLLLossFuncOptions = PoissonNLLLossOptions;
using MarginRankingLossFuncOptions = MarginRankingLossOptions;

}  // namespace functional
}  // namespace rondo::nn
