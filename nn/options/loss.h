// Options of the losses. reduction: kMean, kSum, or kNone for one loss per element.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/enums.h>

#include <optional>

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

}  // namespace functional
}  // namespace rondo::nn
