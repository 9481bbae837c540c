// What a file of pointwise blocks includes: bases of the blocks, adapters that bind a number, and the table of a block.

#if defined(RONDO_AUTOGRAD_OPS_POINTWISE_BLOCK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_AUTOGRAD_OPS_POINTWISE_BLOCK_INL_H_
#undef RONDO_AUTOGRAD_OPS_POINTWISE_BLOCK_INL_H_
#else
#define RONDO_AUTOGRAD_OPS_POINTWISE_BLOCK_INL_H_
#endif

#include <rondo/autograd/kernels/pointwise-inl.h>
#include <rondo/autograd/ops/formula.h>
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/ops/pointwise_family.h>

#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {

using kernels::flat;
using kernels::Kind;
using kernels::Parameter;
using kernels::unit;

// The base of a block: what it takes unless it says otherwise. kFlatSlope: an argument's slope does no more with this
// argument than to compare it; kGrain: numbers that are worth a thread; kStreams: of so little arithmetic that memory
// is what large arrays wait for, so that values are written past the caches.
template <class Op, int arity>
struct Block {
  static constexpr int kArity = arity;
  static constexpr Kind kKind = Kind::kFloat;
  static constexpr bool kBools = false;
  static constexpr bool kFlatSlope = false;
  static constexpr int64_t kGrain = 32768;
  static constexpr bool kStreams = false;
  static kernels::PointwiseKernels kernels() { return pointwise::make_kernels<Op>(); }
};
template <class Op>
using Unary = Block<Op, 1>;
template <class Op>
using Binary = Block<Op, 2>;
template <class Op>
using Ternary = Block<Op, 3>;

// A binary block with a number in place of its second or first argument.
template <class Op>
struct BindB : Unary<BindB<Op>> {
  static constexpr Kind kKind = Op::kKind;
  static constexpr bool kBools = Op::kBools;
  static constexpr bool kStreams = Op::kStreams;
  Op op;
  Parameter b;
  auto value(auto x) const { return op.value(x, constant(x, b)); }
  constexpr auto slope(auto x, auto y) const requires(kernels::has_slope<Op, 0>()) {
    return pointwise::slope<0>(op, x, decltype(x)(constant(x, b)), x, y);
  }
};
template <class Op>
struct BindA : Unary<BindA<Op>> {
  static constexpr Kind kKind = Op::kKind;
  static constexpr bool kBools = Op::kBools;
  static constexpr bool kStreams = Op::kStreams;
  Op op;
  Parameter a;
  auto value(auto x) const { return op.value(constant(x, a), x); }
  constexpr auto slope(auto x, auto y) const requires(kernels::has_slope<Op, 1>()) {
    return pointwise::slope<1>(op, decltype(x)(constant(x, a)), x, x, y);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::ops {

template <class Op, int which>
constexpr Pointwise::Slope slope_kind() {
  if constexpr (!kernels::has_slope<Op, which>() || Op::kKind == kernels::Kind::kPredicate) {
    return Pointwise::Slope::kNone;
  } else {
    constexpr kernels::Probe p(0u);
    using S = std::remove_cvref_t<decltype(HWY_NAMESPACE::pointwise::slope<which>(Op{}, p, p, p, p))>;
    if (std::is_same_v<S, kernels::Unit>) return Pointwise::Slope::kUnit;
    if (std::is_same_v<S, kernels::Flat>) return Pointwise::Slope::kFlat;
    return Pointwise::Slope::kGeneral;
  }
}

template <class Op>
Tensor formula(const void* bytes, int which, const Tensor& gy, const Tensor* arguments, const Tensor& y) {
  Op op;
  std::memcpy(static_cast<void*>(&op), bytes, sizeof(Op));
  const auto gradient = [&]<int i>() -> Tensor {
    if constexpr (kernels::has_slope<Op, i>()) {
      return times(
          gy, HWY_NAMESPACE::pointwise::slope<i>(op, Sym(arguments[0]), Sym(arguments[1]), Sym(arguments[2]), Sym(y)));
    } else {
      return {};
    }
  };
  if (which == 0) return gradient.template operator()<0>();
  return which == 1 ? gradient.template operator()<1>() : gradient.template operator()<2>();
}

using MakeKernels = kernels::PointwiseKernels (*)();

// `by_target`: index 0 is unused, as in Highway's own tables.
template <class Op>
Pointwise make_table(const char* name, const MakeKernels* by_target, const char* node = nullptr) {
  auto& chosen = hwy::GetChosenTarget();
  if (chosen.GetIndex() == 0) chosen.Update(hwy::SupportedTargets());
  Pointwise table{};
  table.name = name;
  table.node = node;
  table.arity = Op::kArity;
  table.kind = Op::kKind;
  table.bools = Op::kBools;
  table.grain = Op::kGrain;
  table.flat_slope = Op::kFlatSlope;
  table.op_bytes = sizeof(Op);
  static_assert(sizeof(Op) <= 40);
  table.uses[0] = kernels::uses_of<Op, 0>();
  table.uses[1] = kernels::uses_of<Op, 1>();
  table.uses[2] = kernels::uses_of<Op, 2>();
  table.slope[0] = slope_kind<Op, 0>();
  table.slope[1] = slope_kind<Op, 1>();
  table.slope[2] = slope_kind<Op, 2>();
  table.kernels = by_target[chosen.GetIndex()]();
  const kernels::PointwiseKernels baseline = Op::kernels();
  for (int slot = Op::kKind == kernels::Kind::kPredicate ? 0 : 2; slot < 8; ++slot)
    table.kernels.value[slot] = baseline.value[slot];
  if constexpr (Op::kKind != kernels::Kind::kPredicate) table.formula = &formula<Op>;
  return table;
}

// The table of a block, made at its first use: table_of(Exp, "exp"). Highway's lists name the block in every target.
#define RONDO_TABLE(function, Op, op_name, ...)                                                           \
  static const ::rondo::ops::Pointwise& function() {                                                      \
    static const ::rondo::ops::MakeKernels by_target[] = {nullptr, HWY_CHOOSE_TARGET_LIST(Op::kernels),   \
                                                          HWY_CHOOSE_FALLBACK(Op::kernels)};              \
    static const ::rondo::ops::Pointwise table =                                                          \
        ::rondo::ops::make_table<HWY_STATIC_DISPATCH(Op)>(op_name, by_target __VA_OPT__(, ) __VA_ARGS__); \
    return table;                                                                                         \
  }

template <class Op>
Tensor call(const Pointwise& table, const Op& op, const Tensor& a) {
  const Tensor* arguments[] = {&a};
  return run(table, &op, arguments);
}
template <class Op>
Tensor call(const Pointwise& table, const Op& op, const Tensor& a, const Tensor& b) {
  const Tensor* arguments[] = {&a, &b};
  return run(table, &op, arguments);
}
template <class Op>
Tensor call(const Pointwise& table, const Op& op, const Tensor& a, const Tensor& b, const Tensor& c) {
  const Tensor* arguments[] = {&a, &b, &c};
  return run(table, &op, arguments);
}
template <class Op>
Tensor& call_in_place(const Pointwise& table, const Op& op, Tensor& self) {
  return run_in_place(table, &op, self, nullptr);
}
template <class Op>
Tensor& call_in_place(const Pointwise& table, const Op& op, Tensor& self, const Tensor& b) {
  const Tensor* others[] = {&b};
  return run_in_place(table, &op, self, others);
}
template <class Op>
Tensor& call_in_place(const Pointwise& table, const Op& op, Tensor& self, const Tensor& b, const Tensor& c) {
  const Tensor* others[] = {&b, &c};
  return run_in_place(table, &op, self, others);
}

inline Tensor& unconst(const Tensor* self) { return const_cast<Tensor&>(*self); }

// The block with the number in the place that is bound.
template <class Op>
Op bound(Scalar number) {
  Op op;
  if constexpr (requires { op.b; }) {
    op.b = parameter(number);
  } else {
    op.a = parameter(number);
  }
  return op;
}

template <class Op>
Tensor with_number(const Pointwise& table, const Tensor& self, Scalar number) {
  const Op op = bound<Op>(number);
  return run_with_number(table, &op, self, number);
}
template <class Op>
Tensor& with_number_in_place(const Pointwise& table, Tensor& self, Scalar number) {
  const Op op = bound<Op>(number);
  return run_in_place_with_number(table, &op, self, number);
}

// The functions of a block of one argument without parameters, and its entry in the list.
#define RONDO_UNARY(function, Op, ...) RONDO_UNARY_NODE(function, Op, nullptr, __VA_ARGS__)
#define RONDO_UNARY_NODE(function, Op, node, ...)                                                                \
  RONDO_TABLE(function##_table, Op, #function, node)                                                             \
  Tensor function(const Tensor& self) { return ops::call(function##_table(), HWY_STATIC_DISPATCH(Op){}, self); } \
  Tensor& function##_(Tensor& self) {                                                                            \
    return ops::call_in_place(function##_table(), HWY_STATIC_DISPATCH(Op){}, self);                              \
  }                                                                                                              \
  RONDO_OP(                                                                                                      \
      function, .name = #function, __VA_ARGS__, .arity = 1,                                                      \
      .call = [](const ops::Samples::Inputs& in) { return rondo::function(in[0]); })

// The entry of a function of two tensors in the list.
#define RONDO_BINARY_OP(function, ...)                      \
  RONDO_OP(                                                 \
      function, .name = #function, __VA_ARGS__, .arity = 2, \
      .call = [](const ops::Samples::Inputs& in) { return rondo::function(in[0], in[1]); })

}  // namespace rondo::ops
#endif  // HWY_ONCE

#endif  // per-target guard
