// Losses with a margin.
#include <rondo/autograd/kernels/margin_loss.h>
#include <rondo/autograd/ops/distance.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/loss_parts.h>
#include <rondo/autograd/ops/margin_loss.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {

Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin,
                           int64_t reduction) {
  ops::check_reduction("margin_ranking_loss", reduction);
  return ops::reduce_losses((margin - target * (input1 - input2)).clamp_min(0), reduction);
}

Tensor hinge_embedding_loss(const Tensor& self, const Tensor& target, double margin, int64_t reduction) {
  ops::check_reduction("hinge_embedding_loss", reduction);
  const Tensor apart = where(target != 1, (margin - self).clamp_min(0), Scalar(0));
  const Tensor alike = where(target != -1, self, Scalar(0));
  return ops::reduce_losses(apart + alike, reduction);
}

Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin,
                             int64_t reduction) {
  constexpr const char* kName = "cosine_embedding_loss";
  ops::check_reduction(kName, reduction);
  const int64_t rank = target.dim();
  if (rank > 1) {
    fail(kName,
         fmt::format("0D or 1D target tensor expected, multi-target not supported; got {}", to_string(target.sizes())));
  }
  if (input1.dim() != rank + 1 || input2.dim() != rank + 1) {
    fail(kName, fmt::format("{}D target tensor expects {}D input tensors, but found inputs with sizes {} and {}", rank,
                            rank + 1, to_string(input1.sizes()), to_string(input2.sizes())));
  }
  constexpr double kTiny = 1e-12;  // the reference's guard of zero vectors
  const Tensor squares1 = (input1 * input1).sum(rank) + kTiny, squares2 = (input2 * input2).sum(rank) + kTiny;
  const Tensor cosine = (input1 * input2).sum(rank) / (squares1 * squares2).sqrt();
  const Tensor alike = where(target == 1, 1 - cosine, Scalar(0));
  const Tensor apart = where(target == -1, (cosine - margin).clamp_min(0), Scalar(0));
  return ops::reduce_losses(alike + apart, reduction);
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin,
                           double p, double eps, bool swap, int64_t reduction) {
  constexpr const char* kName = "triplet_margin_loss";
  ops::check_reduction(kName, reduction);
  if (anchor.dim() != positive.dim() || anchor.dim() != negative.dim()) {
    fail(kName, fmt::format("All inputs should have same dimension but got {}, {} and {}", to_string(anchor.sizes()),
                            to_string(positive.sizes()), to_string(negative.sizes())));
  }
  const Tensor near = pairwise_distance(anchor, positive, p, eps);
  Tensor far = pairwise_distance(anchor, negative, p, eps);
  if (swap) far = minimum(far, pairwise_distance(positive, negative, p, eps));
  return ops::reduce_losses((margin + near - far).clamp_min(0), reduction);
}

Tensor soft_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction) {
  ops::check_reduction("soft_margin_loss", reduction);
  return ops::reduce_losses(-log_sigmoid(target * self), reduction);
}

Tensor multi_margin_loss(const Tensor& self, const Tensor& target, Scalar p, Scalar margin, const Tensor& weight,
                         int64_t reduction) {
  constexpr const char* kName = "multi_margin_loss";
  ops::check_reduction(kName, reduction);
  if (!p.equal(1) && !p.equal(2)) {
    fail(kName, fmt::format("only p == 1 and p == 2 supported; got {}", p.to<double>()));
  }
  const bool one_row = self.dim() <= 1;
  if (self.dim() > 2 || (self.numel() == 0 && (one_row || self.size(1) == 0))) {
    fail(kName, fmt::format("Expected non-empty vector or matrix with optional 0-dim batch size, but got: {}",
                            to_string(self.sizes())));
  }
  const Tensor scores = one_row ? self.reshape({1, -1}) : self;
  const int64_t rows = scores.size(0), classes = scores.size(1);
  if (target.numel() != rows || target.dim() > 1) {
    fail(kName, fmt::format("inconsistent target size, got: {}; input is {}", to_string(target.sizes()),
                            to_string(self.sizes())));
  }
  if (weight.defined() && (weight.dim() != 1 || weight.numel() != classes)) {
    fail(kName, fmt::format("inconsistent weight size, expected {} but got {}", classes, to_string(weight.sizes())));
  }
  const Tensor chosen = target.reshape({rows, 1});
  // relu: its slope at the kink is 0, as the reference's.
  Tensor z = relu(scores + (margin - gather(scores, 1, chosen)));
  if (p.equal(2)) z = z * z;
  z = scatter(z, 1, chosen, Scalar(0));
  Tensor losses = z.sum(1) / classes;
  if (weight.defined()) losses = losses * index_select(weight, 0, target.reshape({rows}));
  if (target.dim() == 0) losses = losses.reshape({});
  return ops::reduce_losses(losses, reduction);
}

namespace {

// The slopes do not depend on the input but by jumps: the gradient is linear in gy.
struct MultilabelMarginLossBackward final : ops::Rule {
  ops::Saved slopes;

  std::string name() const override { return "MultilabelMarginLossBackward0"; }
  void backward(ops::Backward& step) override { step[0] = step.gy().unsqueeze(-1) * slopes.peek(*this); }
  void release_variables() override { release(slopes); }
};

}  // namespace

Tensor multilabel_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction) {
  constexpr const char* kName = "multilabel_margin_loss";
  ops::check_reduction(kName, reduction);
  const ScalarType type = self.dtype();
  if (!is_floating_point(type) || target.dtype() != kLong) {
    fail_type(kName, fmt::format("input is {}, target is {}; need a floating point dtype and int64", dtype_name(type),
                                 dtype_name(target.dtype())));
  }
  if (self.dim() > 2 || (self.dim() > 0 && self.size(-1) == 0)) {
    fail(kName, fmt::format("Expected non-empty vector or matrix with optional 0-dim batch size, but got: {}",
                            to_string(self.sizes())));
  }
  if (self.dim() <= 1 ? target.numel() != self.numel() || target.dim() > 1 : target.sizes() != self.sizes()) {
    fail(kName, fmt::format("inconsistent target size: {} for input of size: {}", to_string(target.sizes()),
                            to_string(self.sizes())));
  }
  if (is_reduced_floating(type)) return multilabel_margin_loss(self.to(kFloat), target, reduction).to(type);
  const int64_t classes = self.dim() == 0 ? 1 : self.size(-1), rows = self.numel() / classes;
  const Tensor labels = target.contiguous();
  Tensor x = self;
  {
    NoGradGuard guard;
    x = self.contiguous();
  }
  Tensor losses = self.dim() == 2 ? tensor_data::make(rows, type) : tensor_data::make({}, type), slopes;
  if (ops::recording(self)) slopes = tensor_data::make(self.dim() == 0 ? Dims{1} : Dims(self.sizes()), type);
  const int64_t bad = kernels::multilabel_margin(type, rows, classes, x.data_ptr(), labels.data_ptr<int64_t>(),
                                                 losses.data_ptr(), slopes.defined() ? slopes.data_ptr() : nullptr);
  if (bad >= 0) {
    fail(kName, fmt::format("target out of range in row {}: need labels in [0, {}), ended by -1", bad, classes));
  }
  if (auto* node = ops::record<MultilabelMarginLossBackward>(losses, self)) node->slopes.save_input(slopes);
  return ops::reduce_losses(losses, reduction);
}

namespace {

// 1 and -1.
Tensor signs(const Tensor& of, const Tensor& like) { return (of * 2 - 1).to(like.dtype()); }

}  // namespace

#define RONDO_LIST(...) \
  { __VA_ARGS__ }
// inputs: RONDO_LIST(...); what follows: the function and all of its arguments but the reduction.
#define RONDO_REDUCTIONS(inputs, f, ...)                                \
  s.add("sum", inputs, RONDO_SAMPLE(f(__VA_ARGS__, Reduction::Sum)));   \
  s.add("mean", inputs, RONDO_SAMPLE(f(__VA_ARGS__, Reduction::Mean))); \
  s.add("each", inputs, RONDO_SAMPLE(f(__VA_ARGS__, Reduction::None)))
#define RONDO_LABELS tensor({1, 2, -1, 0, 3, -1, 1, 1, 0, 1, 2, 3}).reshape({3, 4})

RONDO_OP(
    margin_ranking_loss, .name = "margin_ranking_loss", .doc = "max(0, margin - t (a - b)); from clamp_min",
    .samples = [](ops::Samples& s) {
      RONDO_REDUCTIONS(RONDO_LIST(s.real({3, 2}), s.real({3, 2}), s.index({3, 2}, 2)), margin_ranking_loss, in[0],
                       in[1], signs(in[2], in[0]), 0.3);
      s.add("broadcast", {s.real({3, 2}), s.real({2})},
            RONDO_SAMPLE(margin_ranking_loss(in[0], in[1], ones({3, 1}, in[0].dtype()))));
      s.error("reduction", "not a valid value for reduction",
              [] { margin_ranking_loss(ones({2}), ones({2}), ones({2}), 0, 5); });
    });

RONDO_OP(
    hinge_embedding_loss, .name = "hinge_embedding_loss",
    .doc = "x where t is 1, max(0, margin - x) where it is -1; from where", .samples = [](ops::Samples& s) {
      RONDO_REDUCTIONS(RONDO_LIST(s.real({3, 4}), s.index({3, 4}, 2)), hinge_embedding_loss, in[0], signs(in[1], in[0]),
                       0.7);
      s.error("reduction", "not a valid value for reduction", [] { hinge_embedding_loss(ones({2}), ones({2}), 1, 5); });
    });

RONDO_OP(
    cosine_embedding_loss, .name = "cosine_embedding_loss",
    .doc = "1 - cos where t is 1, max(0, cos - margin) where it is -1", .samples = [](ops::Samples& s) {
      RONDO_REDUCTIONS(RONDO_LIST(s.real({4, 3}), s.real({4, 3}), s.index({4}, 2)), cosine_embedding_loss, in[0], in[1],
                       signs(in[2], in[0]), 0.1);
      s.add("one", {s.real({3}), s.real({3})},
            RONDO_SAMPLE(cosine_embedding_loss(in[0], in[1], ones({}, in[0].dtype()))));
      s.error("targets", "multi-target not supported", [] {
        cosine_embedding_loss(ones({2, 2}), ones({2, 2}), ones({2, 2}));
      });
      s.error("rank", "1D target tensor expects 2D input tensors",
              [] { cosine_embedding_loss(ones({2}), ones({2}), ones({2})); });
    });

RONDO_OP(
    triplet_margin_loss, .name = "triplet_margin_loss", .doc = "max(0, |a - p| - |a - n| + margin)",
    .samples = [](ops::Samples& s) {
      RONDO_REDUCTIONS(RONDO_LIST(s.real({4, 3}), s.real({4, 3}), s.real({4, 3})), triplet_margin_loss, in[0], in[1],
                       in[2], 1.5, 2, 1e-6, false);
      s.add("swap", {s.real({4, 3}), s.real({4, 3}), s.real({4, 3})},
            RONDO_SAMPLE(triplet_margin_loss(in[0], in[1], in[2], 2, 2, 1e-6, true)));
      s.add("p 3", {s.real({4, 3}), s.real({4, 3}), s.real({4, 3})},
            RONDO_SAMPLE(triplet_margin_loss(in[0], in[1], in[2], 2, 3)));
      s.add("one", {s.real({3}), s.real({3}), s.real({3})}, RONDO_SAMPLE(triplet_margin_loss(in[0], in[1], in[2])));
      s.error("ranks", "should have same dimension", [] {
        triplet_margin_loss(ones({2, 2}), ones({2}), ones({2, 2}));
      });
    });

RONDO_OP(
    soft_margin_loss, .name = "soft_margin_loss", .doc = "log(1 + exp(-t x)); from log_sigmoid",
    .samples = [](ops::Samples& s) {
      RONDO_REDUCTIONS(RONDO_LIST(s.real({3, 4}), s.index({3, 4}, 2)), soft_margin_loss, in[0], signs(in[1], in[0]));
      s.add("far out", {s.real({3}, 700, 800)}, RONDO_SAMPLE(soft_margin_loss(in[0], -ones_like(in[0].detach()))));
      s.error("reduction", "not a valid value for reduction", [] { soft_margin_loss(ones({2}), ones({2}), 5); });
    });

RONDO_OP(
    multi_margin_loss, .name = "multi_margin_loss", .doc = "sum of max(0, margin - x[t] + x[c])^p / C over c != t",
    .samples = [](ops::Samples& s) {
      RONDO_REDUCTIONS(RONDO_LIST(s.real({4, 3}), s.index({4}, 3)), multi_margin_loss, in[0], in[1], 1, 1.3, {});
      s.add("p 2", {s.real({4, 3}), s.index({4}, 3)}, RONDO_SAMPLE(multi_margin_loss(in[0], in[1], 2)));
      s.add("weight", {s.real({4, 3}), s.index({4}, 3)},
            RONDO_SAMPLE(multi_margin_loss(in[0], in[1], 2, 0.5, arange(1, 4, in[0].dtype()))));
      s.add("one row", {s.real({3}), s.index({}, 3)},
            RONDO_SAMPLE(multi_margin_loss(in[0], in[1], 1, 1, {}, Reduction::None)));
      s.error("p", "only p == 1 and p == 2 supported", [] { multi_margin_loss(ones({2, 2}), zeros({2}, kLong), 3); });
      s.error("target", "inconsistent target size", [] { multi_margin_loss(ones({2, 2}), zeros({3}, kLong)); });
      s.error("weight", "inconsistent weight size", [] {
        multi_margin_loss(ones({2, 2}), zeros({2}, kLong), 1, 1, ones({3}));
      });
    });

RONDO_OP(
    multilabel_margin_loss, .name = "multilabel_margin_loss",
    .doc = "sum of max(0, 1 - x[t] + x[c]) / C over labels t and others c; a primitive: no table of all pairs",
    .samples = [](ops::Samples& s) {
      RONDO_REDUCTIONS(RONDO_LIST(s.real({3, 4})), multilabel_margin_loss, in[0], RONDO_LABELS);
      s.add("one row", {s.real({4})}, RONDO_SAMPLE(multilabel_margin_loss(in[0], tensor({2, 0, -1, 1}))));
      s.add("strided", {s.real({4, 3})}, RONDO_SAMPLE(multilabel_margin_loss(in[0].t(), RONDO_LABELS)));
      s.error("target size", "inconsistent target size", [] {
        multilabel_margin_loss(ones({2, 3}), zeros({3}, kLong));
      });
      s.error("label", "target out of range", [] { multilabel_margin_loss(ones({2}), tensor({2, -1})); });
      s.error("integers", "need a floating point dtype", [] {
        multilabel_margin_loss(ones({2}, kLong), tensor({1, -1}));
      });
    });

#undef RONDO_LIST
#undef RONDO_REDUCTIONS
#undef RONDO_LABELS

}  // namespace rondo
