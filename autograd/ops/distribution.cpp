// Draws of distributions whose parameters are tensors: Poisson, binomial, gamma, Dirichlet.
#include <rondo/autograd/kernels/random.h>
#include <rondo/autograd/kernels/special.h>
#include <rondo/autograd/ops/draw.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/ops/random.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {
namespace {

double uniform_number(base::RandomSource& source) {
  double u;
  kernels::uniform(source, kDouble, 1, &u, 0, 1);
  return u;
}

double normal_number(base::RandomSource& source) {
  double x;
  kernels::normal(source, kDouble, 1, &x, 0, 1);
  return x;
}

// draw(source, parameter) for each number of `parameters`, in row-major order, in their shape and dtype.
template <class Draw>
Tensor draw_each(const Tensor& parameters, const std::optional<Generator>& generator, const Draw& draw) {
  const Tensor from = parameters.detach().to(kDouble).contiguous(), y = tensor_data::make(parameters.sizes(), kDouble);
  const GeneratorLock lock(ops::chosen(generator));
  for (int64_t i = 0; i < y.numel(); ++i) {
    y.data_ptr<double>()[i] = draw(lock.source(), from.data_ptr<double>()[i]);
  }
  return y.to(parameters.scalar_type());
}

// Small rates by the product of uniform numbers, large ones by transformed rejection (Hoermann 1993).
double poisson_number(base::RandomSource& source, double rate) {
  if (rate == 0) return 0;
  if (rate < 10) {
    const double limit = std::exp(-rate);
    double product = 1;
    for (double count = 0;; ++count) {
      product *= uniform_number(source);
      if (product <= limit) return count;
    }
  }
  const double root = std::sqrt(rate), log_rate = std::log(rate);
  const double b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = uniform_number(source) - 0.5, v = uniform_number(source), us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const double log_k = std::lgamma(k + 1);
    if (std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b) <= -rate + k * log_rate - log_k) {
      return k;
    }
  }
}

}  // namespace

Tensor poisson(const Tensor& self, std::optional<Generator> generator) {
  ops::check_random_type("poisson", self);
  Tensor result = draw_each(self, generator, [](base::RandomSource& source, double rate) {
    if (!(rate >= 0) || std::isinf(rate)) {
      fail_value("poisson",
                 fmt::format("invalid Poisson rate, expected rate to be non-negative and finite; got {}", rate));
    }
    return poisson_number(source, rate);
  });
  ops::record_draw("PoissonBackward0", result, self);
  return result;
}

namespace {

// log k! less Stirling's formula for it.
double stirling_rest(double k) {
  static constexpr double kSmall[] = {0.0810614667953272,  0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
                                      0.0166446911898211,  0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
                                      0.00925546218271273, 0.00833056343336287};
  if (k <= 9) return kSmall[static_cast<size_t>(k)];
  const double square = (k + 1) * (k + 1);
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

// Few expected successes by the gaps between them, many by transformed rejection (Hoermann 1993); p <= 1/2.
double successes(base::RandomSource& source, double count, double p) {
  if (count * p < 10) {
    const double log_failure = std::log1p(-p);
    double trials = 0;
    for (double successes = 0;; ++successes) {
      trials += std::ceil(std::log(uniform_number(source)) / log_failure);
      if (trials > count) return successes;
    }
  }
  const double deviation = std::sqrt(count * p * (1 - p));
  const double b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p, c = count * p + 0.5;
  const double v_r = 0.92 - 4.2 / b, r = p / (1 - p), alpha = (2.83 + 5.1 / b) * deviation;
  const double m = std::floor((count + 1) * p);
  while (true) {
    const double u = uniform_number(source) - 0.5, us = 0.5 - std::abs(u);
    double v = uniform_number(source);
    const double k = std::floor((2 * a / us + b) * u + c);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || k > count) continue;
    v = std::log(v * alpha / (a / (us * us) + b));
    const double bound = (m + 0.5) * std::log((m + 1) / (r * (count - m + 1))) +
                         (count + 1) * std::log((count - m + 1) / (count - k + 1)) +
                         (k + 0.5) * std::log(r * (count - k + 1) / (k + 1)) + stirling_rest(m) +
                         stirling_rest(count - m) - stirling_rest(k) - stirling_rest(count - k);
    if (v <= bound) return k;
  }
}
double binomial_number(base::RandomSource& source, double count, double p) {
  if (count <= 0 || p <= 0) return 0;
  if (p >= 1) return count;
  if (p <= 0.5) return successes(source, count, p);
  return p > 0.5 ? count - successes(source, count, 1 - p) : p;
}

}  // namespace

Tensor binomial(const Tensor& count, const Tensor& prob, std::optional<Generator> generator) {
  ops::check_random_type("binomial", count);
  if (count.dtype() != prob.dtype()) {
    fail("binomial", fmt::format("count and prob must have one dtype; got {} and {}", dtype_name(count.scalar_type()),
                                 dtype_name(prob.scalar_type())));
  }
  const Dims shape = broadcast_shapes("binomial", count.sizes(), prob.sizes());
  const Tensor counts = count.detach().to(kDouble).expand(shape).contiguous();
  const Tensor odds = prob.detach().to(kDouble).expand(shape).contiguous();
  const Tensor y = tensor_data::make(shape, kDouble);
  {
    const GeneratorLock lock(ops::chosen(generator));
    for (int64_t i = 0; i < y.numel(); ++i) {
      if (std::isnan(counts.data_ptr<double>()[i])) fail_value("binomial", "a count is NaN; need numbers");
      y.data_ptr<double>()[i] =
          binomial_number(lock.source(), counts.data_ptr<double>()[i], odds.data_ptr<double>()[i]);
    }
  }
  Tensor result = y.to(count.scalar_type());
  ops::record_draw("BinomialBackward0", result, count, prob);
  return result;
}

namespace {

// Marsaglia and Tsang (2000); below 1 by the draw for alpha + 1, scaled. The constants are libtorch's float32 ones.
double gamma_number(base::RandomSource& source, double alpha) {
  if (alpha == 0) return 0;
  double scale = 1;
  if (alpha < 1) {
    scale = std::pow(1 - uniform_number(source), 1 / alpha);
    ++alpha;
  }
  const double d = alpha - 1.0f / 3.0f, c = 1 / std::sqrt(9 * d);
  while (true) {
    double x, root;
    do {
      x = normal_number(source);
      root = 1 + c * x;
    } while (root <= 0);
    const double v = root * root * root, u = 1 - uniform_number(source), square = x * x;
    if (u < 1 - 0.0331f * square * square || std::log(u) < 0.5 * square + d * (1 - v + std::log(v))) {
      return scale * d * v;
    }
  }
}

// The draw moves with alpha as the quantile of its probability does (Figurnov, Mohamed and Mnih 2018).
struct StandardGammaBackward final : ops::Rule {
  ops::Saved alpha, draw;
  std::string name() const override { return "StandardGammaBackward0"; }
  void backward(ops::Backward& step) override {
    step[0] = step.gy() * _standard_gamma_grad(alpha.get(*this), draw.get(*this));
  }
  void release_variables() override { release(alpha, draw); }
};

}  // namespace

Tensor _standard_gamma(const Tensor& self, std::optional<Generator> generator) {
  ops::check_random_type("_standard_gamma", self);
  // A draw never is 0: its logarithm would be infinite.
  const double least = self.dtype() == kDouble ? std::numeric_limits<double>::min() : std::numeric_limits<float>::min();
  Tensor result = draw_each(self, generator, [least](base::RandomSource& source, double alpha) {
    if (!(alpha >= 0)) fail_value("_standard_gamma", fmt::format("expects alpha >= 0, but found alpha={}", alpha));
    return std::max(gamma_number(source, alpha), least);
  });
  if (auto* node = ops::record<StandardGammaBackward>(result, self)) {
    node->alpha.save_input(self);
    node->draw.save_output(result);
  }
  return result;
}

Tensor _standard_gamma_grad(const Tensor& self, const Tensor& output) {
  ops::check_random_type("_standard_gamma_grad", self);
  const NoGradGuard guard;
  const Dims shape = broadcast_shapes("_standard_gamma_grad", self.sizes(), output.sizes());
  const Tensor alphas = self.to(kDouble).expand(shape).contiguous(),
               draws = output.to(kDouble).expand(shape).contiguous();
  const Tensor y = tensor_data::make(shape, kDouble);
  for (int64_t i = 0; i < y.numel(); ++i) {
    y.data_ptr<double>()[i] =
        kernels::special::gamma_quantile_slope(alphas.data_ptr<double>()[i], draws.data_ptr<double>()[i]);
  }
  return y.to(self.scalar_type());
}

Tensor _sample_dirichlet(const Tensor& self, std::optional<Generator> generator) {
  if (self.dim() == 0) fail_index("_sample_dirichlet", "the tensor has no dimension to sum over; need (..., n)");
  const NoGradGuard guard;
  const Tensor draws = _standard_gamma(self, std::move(generator));
  return draws / draws.sum(IntArrayRef(-1), true);
}

RONDO_OP(
    counts, .name = "poisson, binomial",
    .doc = "counts drawn with rates or odds; seeded, since a sample is checked by repetition", .differentiable = false,
    .any_layout = false, .samples = [](ops::Samples& s) {
      s.add("poisson", {s.index({3}, 30)}, RONDO_SAMPLE(poisson(in[0].to(kFloat), Generator(1)).to(kLong)));
      s.add("binomial", {s.index({3}, 90)},
            RONDO_SAMPLE(binomial(in[0].to(kFloat), full({3}, 0.7), Generator(1)).to(kLong)));
      s.error("rate", "expected rate to be non-negative", [] { poisson(-ones({2})); });
      s.error("two dtypes", "must have one dtype", [] { binomial(ones({2}), ones({2}, kDouble)); });
    })

RONDO_OP(
    _standard_gamma, .name = "_standard_gamma, _sample_dirichlet",
    .doc = "gamma draws of rate 1, and their shares; the gradient of the first is the draw's slope at its probability",
    .differentiable = false, .any_layout = false, .samples = [](ops::Samples& s) {
      s.add("gamma", {s.real({3}, 0.5, 9)}, RONDO_SAMPLE(_standard_gamma(in[0], Generator(1))));
      s.add("dirichlet", {s.real({2, 3}, 0.5, 9)}, RONDO_SAMPLE(_sample_dirichlet(in[0], Generator(1))));
      s.add("slope", {s.real({3}, 0.5, 2), s.real({2, 1}, 0.5, 2)}, RONDO_SAMPLE(_standard_gamma_grad(in[0], in[1])));
      s.error("alpha", "expects alpha >= 0", [] { _standard_gamma(-ones({2})); });
      s.error("dtype", "not implemented for int64", [] { _standard_gamma(ones({2}, kLong)); });
      s.error("no dimension", "no dimension to sum over", [] { _sample_dirichlet(ones({})); });
    })

}  // namespace rondo
