// Comparisons, logic and bits: results that carry no gradient.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/comparison.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

#define RONDO_PREDICATE(Op, expression)                     \
  struct Op : Binary<Op> {                                  \
    static constexpr Kind kKind = Kind::kPredicate;         \
    bool value(auto a, auto b) const { return expression; } \
  };
RONDO_PREDICATE(Eq, a == b)
RONDO_PREDICATE(Ne, a != b)
RONDO_PREDICATE(Lt, a < b)
RONDO_PREDICATE(Le, a <= b)
RONDO_PREDICATE(Gt, a > b)
RONDO_PREDICATE(Ge, a >= b)
RONDO_PREDICATE(LogicalAnd, (a.v != 0) & (b.v != 0))
RONDO_PREDICATE(LogicalOr, (a.v != 0) | (b.v != 0))
RONDO_PREDICATE(LogicalXor, (a.v != 0) != (b.v != 0))
#undef RONDO_PREDICATE
struct LogicalNot : Unary<LogicalNot> {
  static constexpr Kind kKind = Kind::kPredicate;
  bool value(auto a) const { return a.v == 0; }
};
struct IsNan : Unary<IsNan> {
  static constexpr Kind kKind = Kind::kPredicate;
  bool value(auto a) const { return is_nan(a); }
};
struct IsInf : Unary<IsInf> {
  static constexpr Kind kKind = Kind::kPredicate;
  bool value(auto a) const { return is_inf(a); }
};
struct BitwiseAnd : Binary<BitwiseAnd> {
  static constexpr Kind kKind = Kind::kInteger;
  auto value(auto a, auto b) const { return a & b; }
};
struct BitwiseOr : Binary<BitwiseOr> {
  static constexpr Kind kKind = Kind::kInteger;
  auto value(auto a, auto b) const { return a | b; }
};
struct BitwiseXor : Binary<BitwiseXor> {
  static constexpr Kind kKind = Kind::kInteger;
  auto value(auto a, auto b) const { return a ^ b; }
};
struct BitwiseNot : Unary<BitwiseNot> {
  static constexpr Kind kKind = Kind::kInteger;
  auto value(auto a) const { return ~a; }
};

using EqNumber = BindB<Eq>;
using NeNumber = BindB<Ne>;
using LtNumber = BindB<Lt>;
using LeNumber = BindB<Le>;
using GtNumber = BindB<Gt>;
using GeNumber = BindB<Ge>;

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {

namespace block = HWY_NAMESPACE;
using ops::call;

#define RONDO_COMPARISON(function, Op)                                                               \
  RONDO_TABLE(function##_table, Op, #function)                                                       \
  RONDO_TABLE(function##_number_table, Op##Number, #function)                                        \
  Tensor function(const Tensor& self, const Tensor& other) {                                         \
    return call(function##_table(), block::Op{}, self, other);                                       \
  }                                                                                                  \
  Tensor function(const Tensor& self, Scalar other) {                                                \
    const block::Op##Number op{{}, {}, ops::parameter(other)};                                       \
    return ops::run_with_number(function##_number_table(), &op, self, other);                        \
  }                                                                                                  \
  RONDO_OP(                                                                                          \
      function, .name = #function, .doc = "a comparison: bool", .differentiable = false, .arity = 2, \
      .call = [](const ops::Samples::Inputs& in) { return rondo::function(in[0], in[1]); })
RONDO_COMPARISON(eq, Eq)
RONDO_COMPARISON(ne, Ne)
RONDO_COMPARISON(lt, Lt)
RONDO_COMPARISON(le, Le)
RONDO_COMPARISON(gt, Gt)
RONDO_COMPARISON(ge, Ge)

#define RONDO_LOGICAL(function, Op)                                                                  \
  RONDO_TABLE(function##_table, Op, #function)                                                       \
  Tensor function(const Tensor& self, const Tensor& other) {                                         \
    return call(function##_table(), block::Op{}, self, other);                                       \
  }                                                                                                  \
  RONDO_OP(                                                                                          \
      function, .name = #function, .doc = "element by element", .differentiable = false, .arity = 2, \
      .call = [](const ops::Samples::Inputs& in) { return rondo::function(in[0] > 0.0, in[1] > 0.0); })
RONDO_LOGICAL(logical_and, LogicalAnd)
RONDO_LOGICAL(logical_or, LogicalOr)
RONDO_LOGICAL(logical_xor, LogicalXor)
RONDO_LOGICAL(bitwise_and, BitwiseAnd)
RONDO_LOGICAL(bitwise_or, BitwiseOr)
RONDO_LOGICAL(bitwise_xor, BitwiseXor)

RONDO_TABLE(logical_not_table, LogicalNot, "logical_not")
RONDO_TABLE(bitwise_not_table, BitwiseNot, "bitwise_not")
RONDO_TABLE(isnan_table, IsNan, "isnan")
RONDO_TABLE(isinf_table, IsInf, "isinf")
Tensor logical_not(const Tensor& self) { return call(logical_not_table(), block::LogicalNot{}, self); }
Tensor bitwise_not(const Tensor& self) { return call(bitwise_not_table(), block::BitwiseNot{}, self); }
Tensor isnan(const Tensor& self) { return call(isnan_table(), block::IsNan{}, self); }
Tensor isinf(const Tensor& self) { return call(isinf_table(), block::IsInf{}, self); }
Tensor isfinite(const Tensor& self) { return logical_not(logical_or(isnan(self), isinf(self))); }

#define RONDO_TEST_OF_ONE(function, doc_line)                                            \
  RONDO_OP(                                                                              \
      function, .name = #function, .doc = doc_line, .differentiable = false, .arity = 1, \
      .call = [](const ops::Samples::Inputs& in) { return rondo::function(in[0]); })
RONDO_TEST_OF_ONE(logical_not, "whether the number is 0")
RONDO_TEST_OF_ONE(isnan, "whether it is no number")
RONDO_TEST_OF_ONE(isinf, "whether it is infinite")
RONDO_TEST_OF_ONE(isfinite, "whether it is neither infinite nor NaN")
RONDO_OP(
    bitwise_not, .name = "bitwise_not", .doc = "every bit turned; not, for bools", .differentiable = false, .arity = 1,
    .call = [](const ops::Samples::Inputs& in) { return bitwise_not(in[0] > 0.0); })

}  // namespace rondo
#endif  // HWY_ONCE
