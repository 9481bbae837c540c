// Random numbers into tensors that exist, and draws whose parameters are tensors.
#include <rondo/autograd/kernels/random.h>
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/draw.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/ops/random.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace rondo {

void ops::check_random_type(const char* operation, const Tensor& self) {
  if (is_floating_point(self.dtype())) return;
  fail_type(operation, fmt::format("not implemented for {}; need a floating point type", dtype_name(self.dtype())));
}

namespace {

using ops::DrawBackward;
using OptionalGenerator = std::optional<Generator>;

struct Draw {
  const char* operation;
  const char* node;
};

// draw(source, n, memory, contiguous) fills n numbers in the order in which the tensor lies in memory.
template <class F>
Tensor& draw_in_place(const Draw& what, const Tensor& self, const OptionalGenerator& generator, const F& draw) {
  const bool recorded = ops::start_change(what.operation, self, {});
  base::Ref<graph::Node> node;
  if (recorded) {
    node = base::Ref<graph::Node>(new DrawBackward(what.node));
    node->add_edge(self);
  }
  {
    const GeneratorLock lock(ops::chosen(generator));
    if (self.is_contiguous()) {
      draw(lock.source(), self.numel(), self.data_ptr(), true);
    } else {
      const Tensor dense = tensor_data::make_like(self, self.dtype());
      draw(lock.source(), self.numel(), dense.data_ptr(), false);
      kernels::copy(static_cast<int>(self.dim()), self.sizes().data(), self.dtype(), self.data_ptr(),
                    self.strides().data(), self.dtype(), dense.data_ptr(), dense.strides().data());
    }
  }
  ops::end_change(self);
  if (recorded) graph::rebase_history(self, std::move(node));
  return const_cast<Tensor&>(self);
}

void check_std(double std) {
  if (!(std >= 0)) fail_value("normal", fmt::format("expects std >= 0.0, but found std {}", std));
}

void check_probability(double p) {
  if (!(p >= 0 && p <= 1)) fail_value("bernoulli", fmt::format("Expected p_in >= 0 && p_in <= 1, got p = {}", p));
}

}  // namespace

Tensor& Tensor::uniform_(double from, double to, std::optional<Generator> generator) const {
  ops::check_random_type("uniform_", *this);
  if (!(from <= to)) {
    fail_value("uniform_", fmt::format("expects to return a [from, to) range, but found from={} > to={}", from, to));
  }
  constexpr double kHalfMost = 65504, kBFloat16Most = 0x1.fep127;
  if (const double most = dtype() == kDouble     ? std::numeric_limits<double>::max()
                          : dtype() == kHalf     ? kHalfMost
                          : dtype() == kBFloat16 ? kBFloat16Most
                                                 : std::numeric_limits<float>::max();
      !(std::abs(from) <= most && std::abs(to) <= most && to - from <= most)) {
    fail_value("uniform_", fmt::format("from, to and to - from must be within {} for {}; got from={} and to={}", most,
                                       dtype_name(dtype()), from, to));
  }
  return draw_in_place(
      {"uniform_", "UniformBackward0"}, *this, generator,
      [&](base::RandomSource& source, int64_t n, void* y, bool) { kernels::uniform(source, dtype(), n, y, from, to); });
}

Tensor& Tensor::normal_(double mean, double std, std::optional<Generator> generator) const {
  ops::check_random_type("normal_", *this);
  check_std(std);
  return draw_in_place({"normal_", "NormalBackward0"}, *this, generator,
                       [&](base::RandomSource& source, int64_t n, void* y, bool contiguous) {
                         kernels::normal(source, dtype(), n, y, mean, std, contiguous);
                       });
}

Tensor& Tensor::bernoulli_(double p, std::optional<Generator> generator) const {
  check_probability(p);
  return draw_in_place(
      {"bernoulli_", "BernoulliBackward0"}, *this, generator,
      [&](base::RandomSource& source, int64_t n, void* y, bool) { kernels::bernoulli(source, dtype(), n, y, p); });
}

Tensor& Tensor::random_(std::optional<Generator> generator) const {
  return draw_in_place(
      {"random_", "RandomBackward0"}, *this, generator,
      [&](base::RandomSource& source, int64_t n, void* y, bool) { kernels::random_any(source, dtype(), n, y); });
}

Tensor& Tensor::random_(int64_t to, std::optional<Generator> generator) const {
  return random_(0, to, std::move(generator));
}

Tensor& Tensor::random_(int64_t from, int64_t to, std::optional<Generator> generator) const {
  const uint64_t range = tensor_data::check_random_range("random_", dtype(), from, to);
  return draw_in_place({"random_", "RandomBackward1"}, *this, generator,
                       [&](base::RandomSource& source, int64_t n, void* y, bool) {
                         kernels::random_range(source, dtype(), n, y, from, range);
                       });
}

Tensor Tensor::bernoulli(std::optional<Generator> generator) const {
  return rondo::bernoulli(*this, std::move(generator));
}

Tensor bernoulli(const Tensor& self, std::optional<Generator> generator) {
  ops::check_random_type("bernoulli", self);
  Tensor y = tensor_data::make_like(self, self.dtype()), p = self;
  if (!self.is_contiguous()) {
    p = tensor_data::make_like(self, self.dtype());
    kernels::copy(static_cast<int>(self.dim()), self.sizes().data(), p.dtype(), p.data_ptr(), p.strides().data(),
                  self.dtype(), self.data_ptr(), self.strides().data());
  }
  visit_dtype(p.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto* numbers = static_cast<const T*>(p.data_ptr());
    for (int64_t i = 0; i < p.numel(); ++i) check_probability(static_cast<double>(numbers[i]));
  });
  {
    const GeneratorLock lock(ops::chosen(generator));
    kernels::bernoulli(lock.source(), y.dtype(), y.numel(), y.data_ptr(), p.dtype(), p.data_ptr());
  }
  ops::record_draw("BernoulliBackward0", y, self);
  return y;
}

Tensor bernoulli(const Tensor& self, double p, std::optional<Generator> generator) {
  return empty_like(self).bernoulli_(p, std::move(generator));
}

Tensor normal(double mean, double std, IntArrayRef sizes, std::optional<Generator> generator, TensorOptions options) {
  tensor_data::check_options("normal", options);
  const Tensor result = tensor_data::make(sizes, options.dtype());
  result.normal_(mean, std, std::move(generator));
  return tensor_data::finish(result, options);
}

Tensor& exponential_(Tensor& self, double lambd, std::optional<Generator> generator) {
  ops::check_random_type("exponential_", self);
  if (!(lambd > 0)) fail_value("exponential_", fmt::format("expects lambda > 0.0, but found lambda={}", lambd));
  return draw_in_place({"exponential_", "ExponentialBackward0"}, self, generator,
                       [&](base::RandomSource& source, int64_t n, void* y, bool) {
                         kernels::exponential(source, self.dtype(), n, y, lambd);
                       });
}
Tensor& geometric_(Tensor& self, double p, std::optional<Generator> generator) {
  if (!(p > 0 && p < 1)) fail_value("geometric_", fmt::format("expects p to be in (0, 1), but got p={}", p));
  if (self.dtype() == kBool) fail_type("geometric_", "not implemented for bool; need a number type");
  return draw_in_place(
      {"geometric_", "GeometricBackward0"}, self, generator,
      [&](base::RandomSource& source, int64_t n, void* y, bool) { kernels::geometric(source, self.dtype(), n, y, p); });
}
Tensor& cauchy_(Tensor& self, double median, double sigma, std::optional<Generator> generator) {
  ops::check_random_type("cauchy_", self);
  if (!(sigma > 0)) fail_value("cauchy_", fmt::format("expects sigma > 0.0, but found sigma={}", sigma));
  return draw_in_place({"cauchy_", "CauchyBackward0"}, self, generator,
                       [&](base::RandomSource& source, int64_t n, void* y, bool) {
                         kernels::cauchy(source, self.dtype(), n, y, median, sigma);
                       });
}
Tensor& log_normal_(Tensor& self, double mean, double std, std::optional<Generator> generator) {
  ops::check_random_type("log_normal_", self);
  if (!(std > 0)) fail_value("log_normal_", fmt::format("expects std > 0.0, but found std={}", std));
  return draw_in_place({"log_normal_", "LogNormalBackward0"}, self, generator,
                       [&](base::RandomSource& source, int64_t n, void* y, bool) {
                         kernels::log_normal(source, self.dtype(), n, y, mean, std);
                       });
}
Tensor& bernoulli_(Tensor& self, const Tensor& p, std::optional<Generator> generator) {
  ops::check_random_type("bernoulli_", p);
  const Tensor chances = p.detach().expand(self.sizes()).contiguous();
  visit_dtype(chances.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto* numbers = static_cast<const T*>(chances.data_ptr());
    for (int64_t i = 0; i < chances.numel(); ++i) check_probability(static_cast<double>(numbers[i]));
  });
  if (self.is_contiguous()) {
    return draw_in_place({"bernoulli_", "BernoulliBackward1"}, self, generator,
                         [&](base::RandomSource& source, int64_t n, void* y, bool) {
                           kernels::bernoulli(source, self.dtype(), n, y, chances.dtype(), chances.data_ptr());
                         });
  }
  // In row-major order, as the probabilities are.
  const Tensor draws = tensor_data::make(self.sizes(), self.dtype());
  {
    const GeneratorLock lock(ops::chosen(generator));
    kernels::bernoulli(lock.source(), draws.dtype(), draws.numel(), draws.data_ptr(), chances.dtype(),
                       chances.data_ptr());
  }
  return self.copy_(draws);
}

namespace {

void check_deviations(const Tensor& std) {
  if (std.numel() > 0 && !(std >= 0).all().item<bool>()) {
    fail_value("normal", "expects all elements of std >= 0.0");
  }
}

}  // namespace

Tensor normal(const Tensor& mean, double std, std::optional<Generator> generator) {
  check_std(std);
  const Tensor y = tensor_data::make_like(mean, mean.dtype());
  y.normal_(0, std, std::move(generator)).add_(mean.detach());
  ops::record_draw("NormalBackward1", y, mean);
  return y;
}
Tensor normal(double mean, const Tensor& std, std::optional<Generator> generator) {
  check_deviations(std);
  const Tensor y = tensor_data::make_like(std, std.dtype());
  y.normal_(0, 1, std::move(generator)).mul_(std.detach()).add_(mean);
  ops::record_draw("NormalBackward2", y, std);
  return y;
}
Tensor normal(const Tensor& mean, const Tensor& std, std::optional<Generator> generator) {
  check_deviations(std);
  const Tensor y = tensor_data::make(broadcast_shapes("normal", mean.sizes(), std.sizes()), mean.dtype());
  y.normal_(0, 1, std::move(generator)).mul_(std.detach()).add_(mean.detach());
  ops::record_draw("NormalBackward3", y, mean, std);
  return y;
}

namespace {

void check_weights(const Tensor& self, int64_t num_samples, bool replacement) {
  if (self.dim() != 1 && self.dim() != 2) {
    fail("multinomial", fmt::format("prob_dist must be 1 or 2 dim; got {}", to_string(self.sizes())));
  }
  ops::check_random_type("multinomial", self);
  if (num_samples <= 0) fail("multinomial", fmt::format("cannot sample n_sample <= 0 samples; got {}", num_samples));
  if (!replacement && num_samples > self.size(-1)) {
    fail("multinomial",
         fmt::format("cannot sample n_sample > prob_dist.size(-1) samples without replacement; got {} of {}",
                     num_samples, self.size(-1)));
  }
  if (self.size(-1) == 0) fail("multinomial", "cannot sample from no numbers; got " + to_string(self.sizes()));
  if (self.numel() == 0) return;
  if (!logical_and(isfinite(self), self >= 0).all().item<bool>()) {
    fail("multinomial", "probability tensor contains either `inf`, `nan` or element < 0");
  }
  if ((self.sum(-1) == 0).any().item<bool>()) {
    fail("multinomial", "invalid multinomial distribution (sum of probabilities <= 0)");
  }
}

// By the cumulative distribution, one float64 uniform number for each draw.
template <class T>
void draw_row(base::RandomSource& source, const T* weights, int64_t n, int64_t* out, int64_t draws) {
  std::vector<T> bounds(static_cast<size_t>(n));
  T sum = 0;
  for (int64_t i = 0; i < n; ++i) bounds[static_cast<size_t>(i)] = sum += weights[i];
  for (T& bound : bounds) bound /= sum;
  bounds.back() = 1;
  for (int64_t k = 0; k < draws; ++k) {
    double u;
    kernels::uniform(source, kDouble, 1, &u, 0, 1);
    const auto place = std::lower_bound(bounds.begin(), bounds.end(), u,
                                        [](T bound, double x) { return static_cast<double>(bound) < x; });
    out[k] = std::min<int64_t>(place - bounds.begin(), n - 1);
  }
}

}  // namespace

Tensor multinomial(const Tensor& self, int64_t num_samples, bool replacement, std::optional<Generator> generator) {
  NoGradGuard guard;
  check_weights(self, num_samples, replacement);
  const Tensor weights = self.detach().contiguous();
  if (!replacement) {
    // Of independent exponential waiting times with these rates the shortest come first.
    Tensor times = tensor_data::make_like(weights, weights.dtype());
    exponential_(times, 1, std::move(generator));
    const Tensor order = weights / times;
    if (num_samples == 1) return argmax(order, -1, true);
    return std::get<1>(topk(order, num_samples));
  }
  const bool wide = weights.dtype() == kDouble;
  const Tensor numbers = wide ? weights : weights.to(kFloat);
  const int64_t n = weights.size(-1), rows = weights.dim() == 2 ? weights.size(0) : 1;
  Dims sizes(weights.sizes());
  sizes[sizes.size() - 1] = num_samples;
  Tensor result = tensor_data::make(sizes, kLong);
  const GeneratorLock lock(ops::chosen(generator));
  for (int64_t row = 0; row < rows; ++row) {
    int64_t* out = result.data_ptr<int64_t>() + row * num_samples;
    if (wide) {
      draw_row(lock.source(), numbers.data_ptr<double>() + row * n, n, out, num_samples);
    } else {
      draw_row(lock.source(), numbers.data_ptr<float>() + row * n, n, out, num_samples);
    }
  }
  return result;
}

Tensor randint_like(const Tensor& like, int64_t high, TensorOptions options) {
  return randint_like(like, 0, high, options);
}
Tensor randint_like(const Tensor& like, int64_t low, int64_t high, TensorOptions options) {
  return randint(low, high, like.sizes(), tensor_data::options_like(like, options));
}
Tensor randint(int64_t high, IntArrayRef sizes, std::optional<Generator> generator, TensorOptions options) {
  return randint(0, high, sizes, std::move(generator), options);
}
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, std::optional<Generator> generator,
               TensorOptions options) {
  if (!options.has_dtype()) options = options.dtype(kLong);
  tensor_data::check_options("randint", options);
  tensor_data::check_random_range("randint", options.dtype(), low, high);
  const Tensor result = tensor_data::make(sizes, options.dtype());
  result.random_(low, high, std::move(generator));
  return tensor_data::finish(result, options);
}

RONDO_OP(
    distributions, .name = "draws", .doc = "samples of distributions; seeded, since a sample is checked by repetition",
    .differentiable = false, .any_layout = false, .samples = [](ops::Samples& s) {
      s.add("normal, mean", {s.real({3})}, RONDO_SAMPLE(normal(in[0], 0.0, Generator(1))));
      s.add("normal, std", {s.real({3}, 0.1, 2)}, RONDO_SAMPLE(normal(1.0, in[0] * 0.0, Generator(1))));
      s.add("normal, both", {s.real({3}), s.real({2, 1})}, RONDO_SAMPLE(normal(in[0], in[1] * 0.0, Generator(1))));
      s.add("multinomial", {s.index({2, 3}, 9)},
            RONDO_SAMPLE(multinomial((in[0] + 1).to(kDouble), 2, false, Generator(1))));
      s.add("multinomial, replaced", {s.index({3}, 9)},
            RONDO_SAMPLE(multinomial((in[0] + 1).to(kDouble), 9, true, Generator(1))));
      s.add("in place", {s.index({3}, 30)},
            RONDO_SAMPLE((in[0] * 0.0)
                             .exponential_(1, Generator(1))
                             .geometric_(0.3, Generator(1))
                             .cauchy_(0, 1, Generator(1))
                             .log_normal_(1, 2, Generator(1))));
      s.add("bernoulli_", {s.index({3}, 30)},
            RONDO_SAMPLE((in[0] * 0.0).bernoulli_(in[0].to(kDouble) / 30, Generator(2))));
      s.add("bernoulli", {s.index({3}, 30)}, RONDO_SAMPLE(in[0].bernoulli(0.4, Generator(2))));
      s.add("randint_like", {s.index({3}, 30)}, RONDO_SAMPLE(randint_like(in[0], 3, 4) + randint_like(in[0], 1)));
      s.add("randint", {s.index({3}, 30)},
            RONDO_SAMPLE(randint(30, in[0].sizes(), Generator(2)) + randint(3, 9, 3, Generator(1))));
      s.error("lambda", "expects lambda > 0.0", [] { ones({2}).exponential_(0); });
      s.error("p", "expects p to be in (0, 1)", [] { ones({2}).geometric_(1); });
      s.error("sigma", "expects sigma > 0.0", [] { ones({2}).cauchy_(0, 0); });
      s.error("std", "expects std > 0.0", [] { ones({2}).log_normal_(0, 0); });
      s.error("negative std", "expects all elements of std >= 0.0", [] { normal(1, -ones({2})); });
      s.error("weights", "element < 0", [] { multinomial(-ones({2}), 1); });
      s.error("no weight", "sum of probabilities <= 0", [] { multinomial(zeros({2}), 1); });
      s.error("too many", "without replacement", [] { multinomial(ones({2}), 3); });
      s.error("three dimensions", "must be 1 or 2 dim", [] { multinomial(ones({2, 2, 2}), 1); });
      s.error("probability", "Expected p_in >= 0 && p_in <= 1", [] { ones({2}).bernoulli_(full({2}, 1.5)); });
    })

RONDO_OP(
    bernoulli, .name = "bernoulli", .doc = "1 with the probability given, else 0; no gradient passes",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.error("probability", "Expected p_in >= 0 && p_in <= 1", [] { bernoulli(full(2, 1.5)); });
      s.error("dtype", "not implemented for int64", [] { bernoulli(full(2, 1)); });
    })

}  // namespace rondo
