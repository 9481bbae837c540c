// Random numbers into tensors that exist, and draws whose parameters are tensors.
#include <rondo/autograd/kernels/random.h>
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

namespace rondo {
namespace {

using OptionalGenerator = std::optional<Generator>;

// A draw does not depend on what was there before.
struct DrawBackward final : ops::Rule {
  explicit DrawBackward(const char* libtorch_name) : name_(libtorch_name) {}
  std::string name() const override { return name_; }
  void backward(ops::Backward& step) override { step[0] = zeros_like(step.gy()); }

 private:
  const char* name_;
};

struct Draw {
  const char* operation;
  const char* node;
};

const Generator& chosen(const OptionalGenerator& generator) { return generator ? *generator : default_generator(); }

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
    const GeneratorLock lock(chosen(generator));
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

void check_real(const char* operation, const Tensor& self) {
  if (is_floating_point(self.dtype())) return;
  fail_type(operation, fmt::format("not implemented for {}; need a floating point type", dtype_name(self.dtype())));
}

void check_std(double std) {
  if (!(std >= 0)) fail_value("normal", fmt::format("expects std >= 0.0, but found std {}", std));
}

void check_probability(double p) {
  if (!(p >= 0 && p <= 1)) fail_value("bernoulli", fmt::format("Expected p_in >= 0 && p_in <= 1, got p = {}", p));
}

}  // namespace

Tensor& Tensor::uniform_(double from, double to, std::optional<Generator> generator) const {
  check_real("uniform_", *this);
  if (!(from <= to)) {
    fail_value("uniform_", fmt::format("expects to return a [from, to) range, but found from={} > to={}", from, to));
  }
  return draw_in_place(
      {"uniform_", "UniformBackward0"}, *this, generator,
      [&](base::RandomSource& source, int64_t n, void* y, bool) { kernels::uniform(source, dtype(), n, y, from, to); });
}

Tensor& Tensor::normal_(double mean, double std, std::optional<Generator> generator) const {
  check_real("normal_", *this);
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
  check_real("bernoulli", self);
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
    const GeneratorLock lock(chosen(generator));
    kernels::bernoulli(lock.source(), y.dtype(), y.numel(), y.data_ptr(), p.dtype(), p.data_ptr());
  }
  if (ops::recording(self)) {
    auto node = base::Ref<graph::Node>(new DrawBackward("BernoulliBackward0"));
    node->add_edge(self);
    graph::set_grad_fn(y, std::move(node), 0);
  }
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

RONDO_OP(
    bernoulli, .name = "bernoulli", .doc = "1 with the probability given, else 0; no gradient passes",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.error("probability", "Expected p_in >= 0 && p_in <= 1", [] { bernoulli(full(2, 1.5)); });
      s.error("dtype", "not implemented for int64", [] { bernoulli(full(2, 1)); });
    })

}  // namespace rondo
