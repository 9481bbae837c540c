// Kullback-Leibler and Poisson.
#include <rondo/autograd/ops/likelihood_loss.h>

#include <rondo/autograd/ops/loss_parts.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo {

Tensor kl_div(const Tensor& self, const Tensor& target, int64_t reduction, bool log_target) {
  ops::check_reduction("kl_div", reduction);
  if (log_target) return ops::reduce_losses(target.exp() * (target - self), reduction);
  // 0 log 0 is 0: the logarithm is taken of ones where the target is 0.
  return ops::reduce_losses(target * (target.masked_fill(target == 0, 1).log() - self), reduction);
}

Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full, double eps,
                        int64_t reduction) {
  ops::check_reduction("poisson_nll_loss", reduction);
  Tensor loss = log_input ? input.exp() - target * input : input - target * (input + eps).log();
  if (full) {
    constexpr double kTwoPi = 6.283185307179586;
    const Tensor few = target <= 1, many = target.masked_fill(few, 1);
    loss = loss + (many * many.log() - many + 0.5 * (kTwoPi * many).log()).masked_fill(few, 0);
  }
  return ops::reduce_losses(loss, reduction);
}

Tensor nll_loss2d(const Tensor& self, const Tensor& target, const Tensor& weight, int64_t reduction,
                  int64_t ignore_index) {
  return nll_loss(self, target, weight, reduction, ignore_index);
}

Tensor nll_loss_nd(const Tensor& self, const Tensor& target, const Tensor& weight, int64_t reduction,
                   int64_t ignore_index) {
  return nll_loss(self, target, weight, reduction, ignore_index);
}

namespace {

Tensor full_loss(const Tensor& input, const Tensor& target, int64_t reduction) {
  return poisson_nll_loss(input, target, true, true, 1e-8, reduction);
}

}  // namespace

#define RONDO_TWO \
  { s.real({3, 4}, -3, 0), s.real({3, 4}, 0.1, 2) }
#define RONDO_REDUCTIONS(RONDO_LOSS)                                                 \
  s.add("sum", RONDO_TWO, RONDO_SAMPLE(RONDO_LOSS(in[0], in[1], Reduction::Sum)));   \
  s.add("mean", RONDO_TWO, RONDO_SAMPLE(RONDO_LOSS(in[0], in[1], Reduction::Mean))); \
  s.add("each", RONDO_TWO, RONDO_SAMPLE(RONDO_LOSS(in[0], in[1], Reduction::None)))

RONDO_OP(
    kl_div, .name = "kl_div", .doc = "t (log t - x), 0 where t is 0", .samples = [](ops::Samples& s) {
      RONDO_REDUCTIONS(kl_div);
      s.add("logarithms", RONDO_TWO, RONDO_SAMPLE(kl_div(in[0], in[1], Reduction::Sum, true)));
      s.add("zeros", {s.real({3}, -3, 0)},
            RONDO_SAMPLE(kl_div(in[0], tensor({0.0, 0.5, 0.5}, in[0].dtype()), Reduction::None)));
      s.error("reduction", "not a valid value for reduction", [] { kl_div(ones({2}), ones({2}), 9); });
    });

RONDO_OP(
    poisson_nll_loss, .name = "poisson_nll_loss", .doc = "exp(x) - t x, or x - t log(x + eps)",
    .samples = [](ops::Samples& s) {
      RONDO_REDUCTIONS(full_loss);
      s.add("short", RONDO_TWO, RONDO_SAMPLE(poisson_nll_loss(in[0], in[1], true, false, 1e-8, Reduction::Sum)));
      s.add("rates", {s.real({3, 4}, 0.2, 3), s.real({3, 4}, 0, 3)},
            RONDO_SAMPLE(poisson_nll_loss(in[0], in[1], false, true, 1e-8, Reduction::Mean)));
      s.error("reduction", "not a valid value for reduction",
              [] { poisson_nll_loss(ones({2}), ones({2}), true, true, 0, 9); });
    });

#undef RONDO_TWO
#undef RONDO_REDUCTIONS

}  // namespace rondo
