// Sums with products and quotients, and mixtures: what optimizers use.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/mixture.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

struct Addcmul : Ternary<Addcmul> {
  static constexpr Kind kKind = Kind::kNumber;
  Parameter factor{1, 1};
  auto value(auto a, auto b, auto c) const { return a + constant(a, factor) * b * c; }
  constexpr auto slope_a(auto, auto, auto) const { return unit; }
  constexpr auto slope_b(auto, auto, auto c) const { return factor.real * c; }
  constexpr auto slope_c(auto, auto b, auto) const { return factor.real * b; }
};
struct Addcdiv : Ternary<Addcdiv> {
  Parameter factor{1, 1};
  auto value(auto a, auto b, auto c) const { return a + factor.real * b / c; }
  constexpr auto slope_a(auto, auto, auto) const { return unit; }
  constexpr auto slope_b(auto, auto, auto c) const { return factor.real / c; }
  constexpr auto slope_c(auto, auto b, auto c) const { return -factor.real * b / (c * c); }
};
// From the nearer end, so that weight 1 gives `end` exactly.
struct Lerp : Binary<Lerp> {
  double weight = 0;
  auto value(auto a, auto b) const { return weight < 0.5 ? a + weight * (b - a) : b - (b - a) * (1.0 - weight); }
  constexpr auto slope_a(auto, auto) const { return 1.0 - weight; }
  constexpr auto slope_b(auto, auto) const { return weight; }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {

namespace block = HWY_NAMESPACE;
using ops::call;
using ops::call_in_place;
using ops::parameter;
using ops::unconst;

RONDO_TABLE(addcmul_table, Addcmul, "addcmul")
RONDO_TABLE(addcdiv_table, Addcdiv, "addcdiv")
RONDO_TABLE(lerp_table, Lerp, "lerp")

Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, Scalar value) {
  return call(addcmul_table(), block::Addcmul{{}, parameter(value)}, self, tensor1, tensor2);
}
Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, Scalar value) {
  return call(addcdiv_table(), block::Addcdiv{{}, parameter(value)}, self, tensor1, tensor2);
}
Tensor lerp(const Tensor& start, const Tensor& end, Scalar weight) {
  return call(lerp_table(), block::Lerp{{}, weight.toDouble()}, start, end);
}

Tensor& Tensor::addcmul_(const Tensor& tensor1, const Tensor& tensor2, Scalar value) const {
  return call_in_place(addcmul_table(), block::Addcmul{{}, parameter(value)}, unconst(this), tensor1, tensor2);
}
Tensor& Tensor::addcdiv_(const Tensor& tensor1, const Tensor& tensor2, Scalar value) const {
  return call_in_place(addcdiv_table(), block::Addcdiv{{}, parameter(value)}, unconst(this), tensor1, tensor2);
}
Tensor& Tensor::lerp_(const Tensor& end, Scalar weight) const {
  return call_in_place(lerp_table(), block::Lerp{{}, weight.toDouble()}, unconst(this), end);
}

RONDO_OP(
    addcmul, .name = "addcmul", .doc = "a + value * b c", .arity = 3,
    .call = [](const ops::Samples::Inputs& in) { return addcmul(in[0], in[1], in[2], 0.7); })
RONDO_OP(
    addcdiv, .name = "addcdiv", .doc = "a + value * b / c", .low = 0.3, .arity = 3,
    .call = [](const ops::Samples::Inputs& in) { return addcdiv(in[0], in[1], in[2], 0.7); })
RONDO_OP(
    lerp, .name = "lerp", .doc = "a + weight (b - a)", .arity = 2,
    .call = [](const ops::Samples::Inputs& in) { return lerp(in[0], in[1], 0.3); })

}  // namespace rondo
#endif  // HWY_ONCE
