// Whether all or any numbers are true, that is not zero.
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo {
namespace {

// bool; uint8 for uint8, as in libtorch.
template <class Kernel>
Tensor judge(const char* operation, const Tensor& self, OptionalIntArrayRef dim, bool keepdim, Kernel kernel) {
  const ops::ReducePlan plan = ops::plan_reduction(operation, self, dim, keepdim);
  Tensor y = tensor_data::make(plan.sizes, self.dtype() == kByte ? kByte : kBool);
  kernel(plan.shape(), self.dtype(), self.data_ptr(), static_cast<bool*>(y.data_ptr()));
  return y;
}

}  // namespace

Tensor all(const Tensor& self) { return judge("all", self, {}, false, &kernels::all); }
Tensor all(const Tensor& self, int64_t dim, bool keepdim) { return judge("all", self, dim, keepdim, &kernels::all); }
Tensor any(const Tensor& self) { return judge("any", self, {}, false, &kernels::any); }
Tensor any(const Tensor& self, int64_t dim, bool keepdim) { return judge("any", self, dim, keepdim, &kernels::any); }

#define RONDO_FORMS(f)                                                                   \
  s.add("all", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0]).to(in[0].dtype())));              \
  s.add("one dimension", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], 1).to(in[0].dtype()))); \
  s.add("empty", {s.real({0})}, RONDO_SAMPLE(f(in[0]).to(in[0].dtype())));               \
  s.error("no such dimension", #f ": ", [] { f(zeros({2, 2}), 2); })

RONDO_OP(
    all, .name = "all", .doc = "whether no number is zero", .differentiable = false,
    .samples = [](ops::Samples& s) { RONDO_FORMS(all); });
RONDO_OP(
    any, .name = "any", .doc = "whether some number is not zero", .differentiable = false,
    .samples = [](ops::Samples& s) { RONDO_FORMS(any); });

#undef RONDO_FORMS

}  // namespace rondo
