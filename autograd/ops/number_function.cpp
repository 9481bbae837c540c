#include <rondo/autograd/ops/number_function.h>

#include <rondo/autograd/ops/pointwise_family.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo::ops {
namespace {

constexpr int64_t kGrain = 2048;

struct NumberFunctionBackward final : Rule {
  const NumberFunction* function = nullptr;
  int64_t n = 0;
  Saved a, b, y;

  std::string name() const override { return backward_name(function->name); }
  void backward(Backward& step) override {
    const Tensor first = a.get(*this), second = function->arity == 2 ? b.get(*this) : Tensor();
    const Tensor result = function->keeps_result ? y.get(*this) : Tensor();
    const NumberFunction::Slope slopes[] = {function->slope_a, function->slope_b};
    for (int i = 0; i < function->arity; ++i) {
      if (!step.wants(i)) continue;
      if (!slopes[i]) {
        fail(function->name, i == 0 ? "the derivative for 'self' is not implemented."
                                    : "the derivative for 'other' is not implemented.");
      }
      step[i] = step.gy() * slopes[i](first, second, result, n);
    }
  }
  void release_variables() override { release(a, b, y); }
};

struct Call {
  double (*value)(double, double, int64_t);
  int64_t n;
};

template <class T>
void loop_of_one(const void* bytes, void* const* data, const int64_t* step, int64_t count) {
  const auto& call = *static_cast<const Call*>(bytes);
  const auto* a = static_cast<const T*>(data[1]);
  for (int64_t i = 0; i < count; ++i) {
    static_cast<T*>(data[0])[i] = static_cast<T>(call.value(static_cast<double>(a[i * step[1]]), 0, call.n));
  }
}
template <class T>
void loop_of_two(const void* bytes, void* const* data, const int64_t* step, int64_t count) {
  const auto& call = *static_cast<const Call*>(bytes);
  const auto *a = static_cast<const T*>(data[1]), *b = static_cast<const T*>(data[2]);
  for (int64_t i = 0; i < count; ++i) {
    const T y =
        static_cast<T>(call.value(static_cast<double>(a[i * step[1]]), static_cast<double>(b[i * step[2]]), call.n));
    static_cast<T*>(data[0])[i] = y;
  }
}

ScalarType computed_in(ScalarType common) {
  if (is_reduced_floating(common)) return kFloat;
  return is_floating_point(common) ? common : default_dtype();
}
Tensor finished(const Tensor& y, ScalarType common) { return is_reduced_floating(common) ? y.to(common) : y; }

}  // namespace

Tensor run(const NumberFunction& function, const Tensor& self, int64_t n) {
  const ScalarType common = self.dtype(), type = computed_in(common);
  const Tensor a = self.to(type);
  const Tensor* inputs[] = {&a};
  const Call call{function.value, n};
  Tensor y;
  walk(type == kDouble ? &loop_of_one<double> : &loop_of_one<float>, &call, y, type, a.sizes(), inputs, 1, kGrain);
  if (auto* node = record<NumberFunctionBackward>(y, a)) {
    node->function = &function;
    node->n = n;
    node->a.save_input(a);
    if (function.keeps_result) node->y.save_output(y);
  }
  return finished(y, common);
}

Tensor run(const NumberFunction& function, const Tensor& self, const Tensor& other, int64_t n) {
  const Tensor* arguments[] = {&self, &other};
  const ScalarType common = result_type(arguments, 2), type = computed_in(common);
  const Tensor a = self.to(type), b = other.to(type);
  const Tensor* inputs[] = {&a, &b};
  const Call call{function.value, n};
  Tensor y;
  walk(type == kDouble ? &loop_of_two<double> : &loop_of_two<float>, &call, y, type,
       broadcast_shapes(function.name, a.sizes(), b.sizes()), inputs, 2, kGrain);
  if (auto* node = record<NumberFunctionBackward>(y, a, b)) {
    node->function = &function;
    node->n = n;
    node->a.save_input(a);
    node->b.save_input(b);
    if (function.keeps_result) node->y.save_output(y);
  }
  return finished(y, common);
}

Tensor beside(const Tensor& self, Scalar number) {
  // In the number's own type first: what does not fit the tensor's wraps or becomes infinite.
  return scalar_tensor(number, number.type()).to(ops::result_type(self, number));
}

Tensor beside_real(const Tensor& self, Scalar number) {
  return is_floating_point(self.dtype()) ? beside(self, number) : scalar_tensor(number, default_dtype());
}

}  // namespace rondo::ops
