// Dropout: a product with a random mask.
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

void check_dropout(double p) {
  if (!(p >= 0 && p <= 1)) {
    fail_value("dropout", fmt::format("dropout probability has to be between 0 and 1, but got {}", p));
  }
}

// 0 with probability p, else 1 / (1 - p).
Tensor scaled_mask(const Tensor& like, double p) {
  NoGradGuard guard;
  if (p == 1) return zeros(like.sizes(), like.dtype());
  Tensor mask = tensor_data::make(like.sizes(), like.dtype());
  mask.bernoulli_(1 - p);
  mask.div_(1 - p);
  return mask;
}

bool is_identity(const Tensor& input, double p, bool train) { return p == 0 || !train || input.numel() == 0; }

}  // namespace

Tensor dropout(const Tensor& input, double p, bool train) {
  check_dropout(p);
  if (!is_identity(input, p, train)) return input * scaled_mask(input, p);
  return input;
}

Tensor& dropout_(Tensor& input, double p, bool train) {
  check_dropout(p);
  if (!is_identity(input, p, train)) input.mul_(scaled_mask(input, p));
  return input;
}

RONDO_OP(
    dropout, .name = "dropout", .doc = "0 with probability p, else x / (1 - p), while training; from mul and a mask",
    .samples = [](ops::Samples& s) {
      s.add("not training", {s.real({3, 4})}, RONDO_SAMPLE(dropout(in[0], 0.5, false)));
      s.add("probability 0", {s.real({3, 4})}, RONDO_SAMPLE(dropout(in[0], 0, true)));
      s.add("probability 1", {s.real({3, 4})}, RONDO_SAMPLE(dropout(in[0], 1, true)));
      s.add("empty", {s.real({0})}, RONDO_SAMPLE(dropout(in[0], 0.5, true)));
      s.error("probability", "dropout probability has to be between 0 and 1, but got 1.5",
              [] { dropout(zeros({2}), 1.5, true); });
      s.error("not a number", "dropout probability has to be between 0 and 1",
              [] { dropout(zeros({2}), __builtin_nan(""), true); });
    });

}  // namespace rondo
