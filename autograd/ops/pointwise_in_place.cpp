#include <rondo/autograd/ops/pointwise_in_place.h>

#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo {

using ops::become;

#define RONDO_IN_PLACE_OF_TENSOR(function)                                                  \
  Tensor& function##_(Tensor& self, const Tensor& other) {                                  \
    return become(#function "_", self, function(ops::before_change(self, {other}), other)); \
  }
#define RONDO_IN_PLACE_OF_NUMBER(function)                                         \
  Tensor& function##_(Tensor& self, Scalar other) {                                \
    return become(#function "_", self, function(ops::before_change(self), other)); \
  }
RONDO_IN_PLACE_OF_TENSOR(eq)
RONDO_IN_PLACE_OF_NUMBER(eq)
RONDO_IN_PLACE_OF_TENSOR(ne)
RONDO_IN_PLACE_OF_NUMBER(ne)
RONDO_IN_PLACE_OF_TENSOR(lt)
RONDO_IN_PLACE_OF_NUMBER(lt)
RONDO_IN_PLACE_OF_TENSOR(le)
RONDO_IN_PLACE_OF_NUMBER(le)
RONDO_IN_PLACE_OF_TENSOR(gt)
RONDO_IN_PLACE_OF_NUMBER(gt)
RONDO_IN_PLACE_OF_TENSOR(ge)
RONDO_IN_PLACE_OF_NUMBER(ge)
RONDO_IN_PLACE_OF_TENSOR(floor_divide)
RONDO_IN_PLACE_OF_NUMBER(floor_divide)
RONDO_IN_PLACE_OF_TENSOR(remainder)
RONDO_IN_PLACE_OF_NUMBER(remainder)
RONDO_IN_PLACE_OF_TENSOR(fmod)
RONDO_IN_PLACE_OF_NUMBER(fmod)
RONDO_IN_PLACE_OF_TENSOR(copysign)
RONDO_IN_PLACE_OF_NUMBER(copysign)
RONDO_IN_PLACE_OF_TENSOR(xlogy)
RONDO_IN_PLACE_OF_NUMBER(xlogy)
RONDO_IN_PLACE_OF_TENSOR(float_power)
RONDO_IN_PLACE_OF_NUMBER(float_power)
RONDO_IN_PLACE_OF_TENSOR(bitwise_and)
RONDO_IN_PLACE_OF_TENSOR(bitwise_or)
RONDO_IN_PLACE_OF_TENSOR(bitwise_xor)
RONDO_IN_PLACE_OF_TENSOR(logical_and)
RONDO_IN_PLACE_OF_TENSOR(logical_or)
RONDO_IN_PLACE_OF_TENSOR(logical_xor)
RONDO_IN_PLACE_OF_TENSOR(atan2)
RONDO_IN_PLACE_OF_TENSOR(arctan2)
RONDO_IN_PLACE_OF_TENSOR(hypot)
RONDO_IN_PLACE_OF_TENSOR(ldexp)
RONDO_IN_PLACE_OF_TENSOR(nextafter)
RONDO_IN_PLACE_OF_TENSOR(heaviside)

Tensor& logical_not_(Tensor& self) { return become("logical_not_", self, logical_not(ops::before_change(self))); }
Tensor& bitwise_not_(Tensor& self) { return become("bitwise_not_", self, bitwise_not(ops::before_change(self))); }
Tensor& div_(Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  return become("div_", self, div(ops::before_change(self, {other}), other, std::move(rounding_mode)));
}
Tensor& div_(Tensor& self, Scalar other, std::optional<std::string> rounding_mode) {
  return become("div_", self, div(ops::before_change(self), other, std::move(rounding_mode)));
}
Tensor& lerp_(Tensor& self, const Tensor& end, const Tensor& weight) {
  return become("lerp_", self, lerp(ops::before_change(self, {end, weight}), end, weight));
}
Tensor& round_(Tensor& self, int64_t decimals) {
  return become("round_", self, round(ops::before_change(self), decimals));
}
Tensor& nan_to_num_(Tensor& self, std::optional<double> nan, std::optional<double> posinf,
                    std::optional<double> neginf) {
  return become("nan_to_num_", self, nan_to_num(ops::before_change(self), nan, posinf, neginf));
}
Tensor& logit_(Tensor& self, std::optional<double> eps) {
  return become("logit_", self, logit(ops::before_change(self), eps));
}
Tensor& clamp_min_(Tensor& self, const Tensor& min) {
  return become("clamp_min_", self, clamp_min(ops::before_change(self, {min}), min));
}
Tensor& clamp_max_(Tensor& self, const Tensor& max) {
  return become("clamp_max_", self, clamp_max(ops::before_change(self, {max}), max));
}
Tensor& clamp_(Tensor& self, const std::optional<Tensor>& min, const std::optional<Tensor>& max) {
  return become("clamp_", self,
                clamp(ops::before_change(self, {min.value_or(Tensor()), max.value_or(Tensor())}), min, max));
}
Tensor& clamp_(Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max) { return self.clamp_(min, max); }
Tensor& clamp_min_(Tensor& self, Scalar min) { return self.clamp_min_(min); }
Tensor& clamp_max_(Tensor& self, Scalar max) { return self.clamp_max_(max); }

Tensor& fill_(Tensor& self, Scalar value) { return self.fill_(value); }
Tensor& fill_(Tensor& self, const Tensor& value) { return self.fill_(value); }
Tensor& zero_(Tensor& self) { return self.zero_(); }
Tensor fill(const Tensor& self, Scalar value) { return self.clone().fill_(value); }
Tensor fill(const Tensor& self, const Tensor& value) { return self.clone().fill_(value); }
Tensor zero(const Tensor& self) { return self.clone().zero_(); }

#define RONDO_NAME(other_name, function)                                                       \
  Tensor other_name(const Tensor& self, const Tensor& other) { return function(self, other); } \
  Tensor other_name(const Tensor& self, Scalar other) { return function(self, other); }        \
  Tensor& other_name##_(Tensor& self, const Tensor& other) { return self.function##_(other); } \
  Tensor& other_name##_(Tensor& self, Scalar other) { return self.function##_(other); }
RONDO_NAME(multiply, mul)
RONDO_NAME(divide, div)
RONDO_NAME(true_divide, div)
RONDO_NAME(not_equal, ne)
RONDO_NAME(greater, gt)
RONDO_NAME(greater_equal, ge)
RONDO_NAME(less, lt)
RONDO_NAME(less_equal, le)

Tensor subtract(const Tensor& self, const Tensor& other, Scalar alpha) { return sub(self, other, alpha); }
Tensor subtract(const Tensor& self, Scalar other, Scalar alpha) { return sub(self, other, alpha); }
Tensor& subtract_(Tensor& self, const Tensor& other, Scalar alpha) { return self.sub_(other, alpha); }
Tensor& subtract_(Tensor& self, Scalar other, Scalar alpha) { return self.sub_(other, alpha); }
Tensor divide(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  return div(self, other, std::move(rounding_mode));
}
Tensor divide(const Tensor& self, Scalar other, std::optional<std::string> rounding_mode) {
  return div(self, other, std::move(rounding_mode));
}
Tensor& divide_(Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  return div_(self, other, std::move(rounding_mode));
}
Tensor& divide_(Tensor& self, Scalar other, std::optional<std::string> rounding_mode) {
  return div_(self, other, std::move(rounding_mode));
}
Tensor clip(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max) { return clamp(self, min, max); }
Tensor clip(const Tensor& self, const std::optional<Tensor>& min, const std::optional<Tensor>& max) {
  return clamp(self, min, max);
}
Tensor& clip_(Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max) { return self.clamp_(min, max); }
Tensor& clip_(Tensor& self, const std::optional<Tensor>& min, const std::optional<Tensor>& max) {
  return clamp_(self, min, max);
}

#define RONDO_BITS(python, function)                                                               \
  Tensor __##python##__(const Tensor& self, const Tensor& other) { return function(self, other); } \
  Tensor __##python##__(const Tensor& self, Scalar other) { return function(self, other); }        \
  Tensor& __i##python##__(Tensor& self, const Tensor& other) { return function##_(self, other); }  \
  Tensor& __i##python##__(Tensor& self, Scalar other) { return function##_(self, other); }
RONDO_BITS(and, bitwise_and)
RONDO_BITS(or, bitwise_or)
RONDO_BITS(xor, bitwise_xor)
RONDO_BITS(lshift, bitwise_left_shift)
RONDO_BITS(rshift, bitwise_right_shift)

// A fresh copy with history, in which a sample may write.
#define RONDO_COPY (in[0] * 1.0)
RONDO_OP(
    pointwise_in_place, .name = "elementwise, in place", .doc = "the result written into the tensor itself",
    .samples = [](ops::Samples& s) {
      s.add("remainder", {s.real({2, 3}, 1.2, 1.9), s.real({3}, 2.2, 2.9)},
            RONDO_SAMPLE(RONDO_COPY.remainder_(in[1]).fmod_(in[1]).remainder_(5).fmod_(7)));
      s.add("floor_divide", {s.real({2, 3}, 1.2, 1.9)}, RONDO_SAMPLE(RONDO_COPY.floor_divide_(in[0]).floor_divide_(1)));
      s.add("copysign", {s.real({2, 3}, 0.5, 2), s.real({3}, 0.5, 2)},
            RONDO_SAMPLE(RONDO_COPY.copysign_(-in[1]).copysign_(2)));
      s.add("xlogy", {s.real({2, 3}), s.real({3}, 0.5, 2)}, RONDO_SAMPLE(RONDO_COPY.xlogy_(in[1]).xlogy_(3)));
      s.add("angles", {s.real({2, 3}, 0.5, 2), s.real({3}, 0.5, 2)},
            RONDO_SAMPLE(RONDO_COPY.atan2_(in[1]).arctan2_(in[1]).hypot_(in[1]).ldexp_(in[1])));
      s.add("div", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(RONDO_COPY.div_(in[0], std::nullopt).div_(3, std::nullopt)));
      s.add("div, floor", {s.real({3}, 1.2, 1.9)}, RONDO_SAMPLE(RONDO_COPY.div_(in[0], "floor").div_(0.7, "trunc")));
      s.add("lerp", {s.real({2, 3}), s.real({3})}, RONDO_SAMPLE(RONDO_COPY.lerp_(in[1], in[1] * 0.1 + 0.2)));
      s.add("round", {s.real({2, 3}, 0.011, 0.014)}, RONDO_SAMPLE(RONDO_COPY.round_(2) + in[0]));
      s.add("nan_to_num, logit", {s.real({2, 3}, 0.2, 0.8)}, RONDO_SAMPLE(RONDO_COPY.nan_to_num_(1).logit_(0.1)));
      s.add("gamma", {s.real({2, 3}, 1.5, 3)}, RONDO_SAMPLE(RONDO_COPY.polygamma_(1)));
      s.add("mvlgamma", {s.real({2, 3}, 1.5, 3)}, RONDO_SAMPLE(RONDO_COPY.mvlgamma_(2)));
      s.add("unary", {s.real({2, 3}, 0.2, 0.8)},
            RONDO_SAMPLE(RONDO_COPY.sinc_().erfinv_().i0_().lgamma_().sinh_().abs_().digamma_()));
      s.add("limits", {s.real({2, 3}), s.real({3}, -0.5, 0)},
            RONDO_SAMPLE(RONDO_COPY.clamp_min_(in[1]).clamp_max_(in[1] + 1).clamp_(in[1] + 0.1, in[1] + 0.9)));
      s.add("comparisons", {s.real({2, 3}, 0.5, 2)},
            RONDO_SAMPLE(RONDO_COPY.eq_(1).ne_(in[0]).lt_(2).le_(in[0]).gt_(0.5).ge_(in[0]) + in[0]));
      s.add("comparisons with tensors", {s.real({2, 3}, 0.5, 2)},
            RONDO_SAMPLE(RONDO_COPY.gt_(in[0]).lt_(in[0]).eq_(in[0]).ge_(0).le_(0).ne_(1) + in[0]));
      s.add("logic", {s.real({2, 3}, 0.5, 2)},
            RONDO_SAMPLE(RONDO_COPY.logical_and_(in[0]).logical_or_(in[0]).logical_xor_(in[0]).logical_not_() + in[0]));
      s.add("nextafter, heaviside", {s.real({2, 3}, 0.5, 2)},
            RONDO_SAMPLE(RONDO_COPY.nextafter_(in[0] + 1).heaviside_(in[0]) + in[0]));
      s.error("grows", "doesn't match the broadcast shape", [] { ones({2}).fmod_(ones({3, 2})); });
      s.error("no room for fractions", "can't be cast", [] { ones({2}, kLong).float_power_(2); });
      s.error("leaf", "leaf", [] { ones({2}).requires_grad_().remainder_(2); });
    })
RONDO_OP(
    pointwise_names, .name = "other names of elementwise operations", .doc = "each the same as its longer known name",
    .samples = [](ops::Samples& s) {
      s.add("arithmetic", {s.real({2, 3}), s.real({3}, 0.5, 2)},
            RONDO_SAMPLE(divide(multiply(subtract(in[0], in[1], 2), in[1]), true_divide(in[1], 3))));
      s.add("arithmetic with numbers", {s.real({2, 3})},
            RONDO_SAMPLE(in[0].subtract(1, 2).multiply(2).divide(3).true_divide(0.3)));
      s.add("in place", {s.real({2, 3}), s.real({3}, 0.5, 2)},
            RONDO_SAMPLE(RONDO_COPY.subtract_(in[1]).multiply_(in[1]).divide_(in[1]).true_divide_(in[1])));
      s.add("in place with numbers", {s.real({2, 3})},
            RONDO_SAMPLE(RONDO_COPY.subtract_(1, 2).multiply_(2).divide_(3).true_divide_(0.3)));
      s.add("clip", {s.real({2, 3})}, RONDO_SAMPLE(RONDO_COPY.clip_(-1.5).clip(std::nullopt, 1.5)));
      s.add("clip by tensors", {s.real({2, 3}), s.real({3}, -0.5, 0)},
            RONDO_SAMPLE(RONDO_COPY.clip_(in[1]).clip(in[1] + 0.1, in[1] + 1)));
      s.add("divide, rounded", {s.real({3}, 1.2, 1.9)},
            RONDO_SAMPLE(divide(in[0], in[0], "floor") + divide(in[0], 0.7, "trunc")));
      s.add("divide_, rounded", {s.real({3}, 1.2, 1.9)},
            RONDO_SAMPLE(RONDO_COPY.divide_(in[0], "floor").divide_(0.7, "trunc")));
      s.add("comparisons", {s.real({2, 3})},
            RONDO_SAMPLE(greater(in[0], 0) + less(in[0], 1) + greater_equal(in[0], in[0]) + in[0]));
      s.add("comparisons in place", {s.real({2, 3}, 0.5, 2)},
            RONDO_SAMPLE(RONDO_COPY.greater_(0).less_(in[0]).not_equal_(in[0]).less_equal_(1).greater_equal_(in[0]) +
                         not_equal(less_equal(in[0], in[0]), false) + in[0]));
      s.add("fill", {s.real({2, 3}), s.real({})}, RONDO_SAMPLE(fill(in[0], in[1]) + fill(in[0], 2) + zero(in[0])));
      s.add("fill in place", {s.real({2, 3}), s.real({})}, [](const ops::Samples::Inputs& in) -> Tensor {
        Tensor x = RONDO_COPY, y = x * 2.0;
        fill_(x, in[1]);
        zero_(fill_(y, 3));
        return x + clamp_max_(clamp_min_(clamp_(y, -1, 1), -2), 2);
      });
      s.add("bits", {s.index({2, 3}, 50), s.index({3}, 5)},
            RONDO_SAMPLE(in[0].__and__(in[1]).__or__(8).__xor__(3).__lshift__(2).__rshift__(in[1])));
      s.add("bits in place", {s.index({2, 3}, 50), s.index({3}, 5)},
            RONDO_SAMPLE(in[0].clone().__iand__(60).__ior__(in[1]).__ixor__(1).__ilshift__(in[1]).__irshift__(1)));
      s.add("not", {s.index({3}, 50)}, RONDO_SAMPLE(in[0].clone().bitwise_not_().bitwise_and_(in[0] + 1)));
      s.add("or", {s.index({3}, 50)}, RONDO_SAMPLE(in[0].clone().bitwise_or_(in[0]).bitwise_xor_(in[0])));
      s.add("gcd in place", {s.index({3}, 50)}, RONDO_SAMPLE(in[0].clone().gcd_(in[0] + 6).lcm_(in[0])));
    })

#undef RONDO_IN_PLACE_OF_TENSOR
#undef RONDO_IN_PLACE_OF_NUMBER
#undef RONDO_NAME
#undef RONDO_BITS
#undef RONDO_COPY

}  // namespace rondo
