// Running products, extrema and logarithms of sums.
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace rondo {
namespace {

// f(first, step, n) for every line of a contiguous tensor: its numbers lie at first + i * step.
template <class F>
void for_lines(const Tensor& x, int64_t dim, F f) {
  const kernels::RowShape shape = ops::row_shape(x, dim);
  if (shape.size == 0) return;
  for (int64_t outer = 0; outer < shape.outer; ++outer) {
    for (int64_t inner = 0; inner < shape.inner; ++inner) {
      f(outer * shape.size * shape.inner + inner, shape.inner, shape.size);
    }
  }
}

// f(T) for float32 and float64.
template <class F>
void visit_real(ScalarType type, F f) {
  if (type == kDouble) {
    f(double());
  } else {
    f(float());
  }
}

template <class T>
const T* read(const Tensor& x) {
  return static_cast<const T*>(x.data_ptr());
}
template <class T>
T* write(const Tensor& x) {
  return static_cast<T*>(x.data_ptr());
}

// [.., i, k]: k from i on, along two last dimensions of length n.
Tensor not_before(int64_t n) { return triu(ones({n, n}, kBool)); }

// y[i] = x[0] ... x[i]. The slope of x[k] is y[k - 1] s[k] with s[k] = gy[k] + x[k + 1] s[k + 1]: nothing is divided.
struct CumprodBackward final : ops::Rule {
  ops::Saved x, y;
  int64_t dim = 0;

  std::string name() const override { return "CumprodBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.create_graph()) {
      step[0] = recorded(x.get(*this), step.gy());
      return;
    }
    const Tensor gy = step.gy().contiguous(), input = x.peek(*this).contiguous(), product = y.peek(*this);
    const Tensor gx = tensor_data::make(input.sizes(), input.dtype());
    visit_real(input.dtype(), [&]<class T>(T) {
      const T *g = read<T>(gy), *a = read<T>(input), *p = read<T>(product);
      T* out = write<T>(gx);
      for_lines(input, dim, [=](int64_t first, int64_t stride, int64_t n) {
        T s = 0;
        for (int64_t k = n; k-- > 0;) {
          const int64_t at = first + k * stride;
          s = g[at] + (k + 1 < n ? a[at + stride] * s : T(0));
          out[at] = k == 0 ? s : p[at - stride] * s;
        }
      });
    });
    step[0] = gx;
  }
  // By n^2 numbers a line: the products from k + 1 to i for every k and i.
  Tensor recorded(const Tensor& input, const Tensor& gy) const {
    if (input.dim() == 0) return gy;
    const int64_t n = input.size(dim);
    if (n == 0) return zeros_like(input);
    const Tensor line = input.transpose(dim, -1), g = gy.transpose(dim, -1);
    const Tensor here = not_before(n), later = triu(ones({n, n}, kBool), 1);
    Dims wide(line.sizes());
    wide.push_back(n);
    const Tensor products = cumprod(line.unsqueeze(-2).expand(wide).masked_fill(logical_not(later), 1), -1);
    const Tensor s = (products.masked_fill(logical_not(here), 0) * g.unsqueeze(-2)).sum(-1);
    const Tensor before = cumprod(cat({ones_like(line.narrow(-1, 0, 1)), line.narrow(-1, 0, n - 1)}, -1), -1);
    return (before * s).transpose(dim, -1);
  }
  void release_variables() override { release(x, y); }
};

struct CumulativeExtremumBackward final : ops::Rule {
  ops::Saved indices;
  int64_t dim = 0;
  const char* label = "";

  std::string name() const override { return label; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    step[0] = gy.dim() == 0 ? gy : scatter_add(zeros_like(gy), dim, indices.peek(*this), gy);
  }
  void release_variables() override { release(indices); }
};

// The slope of x[k] is the sum over i >= k of gy[i] exp(x[k] - y[i]), in which no exponent is positive.
struct LogcumsumexpBackward final : ops::Rule {
  ops::Saved x, y;
  int64_t dim = 0;

  std::string name() const override { return "LogcumsumexpBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.create_graph()) {
      step[0] = recorded(x.get(*this), y.get(*this), step.gy());
      return;
    }
    const Tensor gy = step.gy().contiguous(), input = x.peek(*this).contiguous(), result = y.peek(*this);
    const Tensor gx = tensor_data::make(input.sizes(), input.dtype());
    visit_real(input.dtype(), [&]<class T>(T) {
      const T *g = read<T>(gy), *a = read<T>(input), *b = read<T>(result);
      T* out = write<T>(gx);
      for_lines(input, dim, [=](int64_t first, int64_t stride, int64_t n) {
        T rest = 0;  // the sum over i >= k of gy[i] exp(y[k] - y[i])
        for (int64_t k = n; k-- > 0;) {
          const int64_t at = first + k * stride;
          if (k + 1 < n && b[at] != b[at + stride]) rest *= std::exp(b[at] - b[at + stride]);
          rest += g[at];
          out[at] = a[at] == -std::numeric_limits<T>::infinity() ? T(0) : rest * std::exp(a[at] - b[at]);
        }
      });
    });
    step[0] = gx;
  }
  Tensor recorded(const Tensor& input, const Tensor& result, const Tensor& gy) const {
    if (input.dim() == 0) return gy;
    const Tensor a = input.transpose(dim, -1).unsqueeze(-1), b = result.transpose(dim, -1).unsqueeze(-2);
    constexpr double inf = std::numeric_limits<double>::infinity();
    const Tensor none = logical_or(logical_not(not_before(input.size(dim))), a.detach() == -inf);
    const Tensor exponents = (a - b).masked_fill(none, -inf);
    return (exp(exponents) * gy.transpose(dim, -1).unsqueeze(-2)).sum(-1).transpose(dim, -1);
  }
  void release_variables() override { release(x, y); }
};

std::tuple<Tensor, Tensor> running_extremum(const char* operation, const Tensor& self, int64_t dim, bool largest) {
  dim = wrap_dim(operation, dim, self.dim());
  const Tensor x = self.contiguous();
  Tensor values = tensor_data::make(x.sizes(), x.dtype()), indices = tensor_data::make(x.sizes(), kLong);
  visit_dtype(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* a = read<T>(x);
    T* y = write<T>(values);
    int64_t* places = indices.data_ptr<int64_t>();
    for_lines(x, dim, [=](int64_t first, int64_t stride, int64_t n) {
      T best = a[first];
      int64_t place = 0;
      for (int64_t k = 0; k < n; ++k) {
        const T now = a[first + k * stride];
        // The last of equal numbers; NaN takes over and stays.
        if (now != now || (best == best && (largest ? now >= best : now <= best))) {
          best = now;
          place = k;
        }
        y[first + k * stride] = best;
        places[first + k * stride] = place;
      }
    });
  });
  if (auto* node = ops::record<CumulativeExtremumBackward>(values, self)) {
    node->indices.save_input(indices);
    node->dim = dim;
    node->label = largest ? "CummaxBackward0" : "CumminBackward0";
  }
  return {values, indices};
}

}  // namespace

Tensor cumprod(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const ScalarType from = self.dtype(), type = dtype ? *dtype : (is_floating_point(from) ? from : kLong);
  const int64_t along = wrap_dim("cumprod", dim, self.dim());
  if (is_reduced_floating(type)) return cumprod(self.to(type).to(kFloat), along).to(type);
  if (!is_floating_point(type) && type != kLong) return cumprod(self.to(type), along, kLong).to(type);
  const Tensor input = self.to(type), x = input.contiguous();
  Tensor y = tensor_data::make(x.sizes(), type);
  const auto multiply = [&]<class T>(T) {
    const T* a = read<T>(x);
    T* out = write<T>(y);
    for_lines(x, along, [=](int64_t first, int64_t stride, int64_t n) {
      T product = 1;
      for (int64_t k = 0; k < n; ++k) out[first + k * stride] = product *= a[first + k * stride];
    });
  };
  if (type == kLong) {
    multiply(uint64_t());  // integers wrap around
  } else {
    visit_real(type, multiply);
  }
  if (auto* node = ops::record<CumprodBackward>(y, input)) {
    node->x.save_input(input);
    node->y.save_output(y);
    node->dim = along;
  }
  return y;
}
Tensor& cumprod_(Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  return ops::become("cumprod_", self, cumprod(ops::before_change(self), dim, dtype ? dtype : self.dtype()));
}
Tensor& cumsum_(Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  return ops::become("cumsum_", self, cumsum(ops::before_change(self), dim, dtype ? dtype : self.dtype()));
}

std::tuple<Tensor, Tensor> cummax(const Tensor& self, int64_t dim) {
  return running_extremum("cummax", self, dim, true);
}
std::tuple<Tensor, Tensor> cummin(const Tensor& self, int64_t dim) {
  return running_extremum("cummin", self, dim, false);
}

Tensor logcumsumexp(const Tensor& self, int64_t dim) {
  const ScalarType type = self.dtype();
  if (is_reduced_floating(type)) return logcumsumexp(self.to(kFloat), dim).to(type);
  if (!is_floating_point(type)) {
    fail_type("logcumsumexp", fmt::format("\"logcumsumexp_out_cpu\" not implemented for {}; need a floating point type",
                                          dtype_name(type)));
  }
  const int64_t along = wrap_dim("logcumsumexp", dim, self.dim());
  const Tensor x = self.contiguous();
  Tensor y = tensor_data::make(x.sizes(), type);
  visit_real(type, [&]<class T>(T) {
    const T* a = read<T>(x);
    T* out = write<T>(y);
    for_lines(x, along, [=](int64_t first, int64_t stride, int64_t n) {
      // The sum of exp(x[i] - largest), in float64.
      double largest = -std::numeric_limits<double>::infinity(), sum = 0;
      for (int64_t k = 0; k < n; ++k) {
        const auto now = static_cast<double>(a[first + k * stride]);
        if (now == largest) {
          sum += 1;
        } else if (now > largest) {
          sum = sum * std::exp(largest - now) + 1;
          largest = now;
        } else {
          sum += std::exp(now - largest);  // NaN stays
        }
        out[first + k * stride] =
            static_cast<T>(std::isinf(largest) && !std::isnan(sum) ? largest : largest + std::log(sum));
      }
    });
  });
  if (auto* node = ops::record<LogcumsumexpBackward>(y, self)) {
    node->x.save_input(self);
    node->y.save_output(y);
    node->dim = along;
  }
  return y;
}

#define RONDO_RUNNING(call)                                             \
  s.add("a vector", {s.real({5})}, RONDO_SAMPLE(call(in[0], 0)));       \
  s.add("first", {s.real({3, 4})}, RONDO_SAMPLE(call(in[0], 0)));       \
  s.add("middle", {s.real({2, 3, 4})}, RONDO_SAMPLE(call(in[0], 1)));   \
  s.add("last", {s.real({3, 4})}, RONDO_SAMPLE(call(in[0], -1)));       \
  s.add("a number", {s.real({})}, RONDO_SAMPLE(call(in[0], 0)));        \
  s.add("empty", {s.real({0, 3})}, RONDO_SAMPLE(call(in[0], 0)));       \
  s.add("no lines", {s.real({3, 0})}, RONDO_SAMPLE(call(in[0], 0)));    \
  s.add("strided", {s.real({3, 4})}, RONDO_SAMPLE(call(in[0].t(), 1))); \
  s.add("broadcast", {s.real({1, 4})}, RONDO_SAMPLE(call((in[0] + 0.1 * arange(3, in[0].options()).unsqueeze(1)), 0)))

RONDO_OP(
    cumprod, .name = "cumprod", .doc = "y[i] = x[0] ... x[i]; a primitive: its slope is exact at zeros",
    .samples = [](ops::Samples& s) {
      RONDO_RUNNING(cumprod);
      s.add("zeros", {s.real({3, 3})}, RONDO_SAMPLE(cumprod(in[0] * (1 - eye(3, in[0].dtype())), 1)));
      s.add("two zeros", {s.real({4})},
            RONDO_SAMPLE(cumprod(in[0] * (1 - eye(4, in[0].dtype()).narrow(0, 1, 2).sum(0)), 0)));
      s.add("another dtype", {s.real({3, 4})}, RONDO_SAMPLE(cumprod(in[0], 1, kDouble).to(in[0].dtype())));
      s.add("in place", {s.real({3, 4})}, RONDO_SAMPLE((in[0] * 1.0).cumprod_(1).cumsum_(0)));
      s.error("no such dimension", "Dimension out of range", [] { cumprod(zeros({2, 2}), 2); });
    })
RONDO_OP(
    cummax, .name = "cummax, cummin", .doc = "running extrema; the gradient goes to the index",
    .samples = [](ops::Samples& s) {
#define RONDO_LARGEST(x, dim) std::get<0>(cummax(x, dim))
#define RONDO_SMALLEST(x, dim) std::get<0>(cummin(x, dim))
      RONDO_RUNNING(RONDO_LARGEST);
      RONDO_RUNNING(RONDO_SMALLEST);
      s.add("indices", {s.real({3, 4})},
            RONDO_SAMPLE(in[0] + std::get<1>(in[0].cummax(1)) + std::get<1>(in[0].cummin(0))));
      s.error("no such dimension", "cummax: ", [] { cummax(zeros({2, 2}), 2); });
      s.error("no such dimension", "cummin: ", [] { cummin(zeros({2, 2}), -3); });
    })
RONDO_OP(
    logcumsumexp, .name = "logcumsumexp", .doc = "log(cumsum(exp(x))) without overflow; a primitive: one pass",
    .samples = [](ops::Samples& s) {
      RONDO_RUNNING(logcumsumexp);
      s.add("large", {s.real({3, 4}, 900, 902)}, RONDO_SAMPLE(logcumsumexp(in[0], 1)));
      s.error("integers", "not implemented for int64", [] { logcumsumexp(zeros({2}, kLong), 0); });
      s.error("no such dimension", "Dimension out of range", [] { logcumsumexp(zeros({2, 2}), 2); });
    })

#undef RONDO_RUNNING
#undef RONDO_LARGEST
#undef RONDO_SMALLEST

}  // namespace rondo
