// The list of operations. Each block enters one OpInfo; tests, documentation and benchmarks walk the list. A program
// that does not walk it links none of the entries.
#pragma once

#include <rondo/autograd/ops/methods.h>

namespace rondo::ops {

// What an operation's samples are handed to: the walker makes the tensors in the dtype that it wants to check.
class Samples {
 public:
  using Inputs = std::vector<Tensor>;
  using Function = Tensor (*)(const Inputs&);

  virtual ~Samples() = default;
  // Random numbers in [low, high), away from the operation's kinks; differentiable.
  virtual Tensor real(IntArrayRef sizes, double low = -2, double high = 2) = 0;
  // Random integers in [0, high), of int64.
  virtual Tensor index(IntArrayRef sizes, int64_t high) = 0;
  virtual Tensor boolean(IntArrayRef sizes) = 0;
  // A call to be checked: f(inputs), with derivatives for every input of floating point.
  virtual void add(const char* what, Inputs inputs, Function f) = 0;
  // A call that must throw a message that holds `needle`.
  virtual void error(const char* what, const char* needle, void (*call)()) = 0;
};

struct OpInfo {
  const char* name;
  const char* doc;  // one line: the formula; for a primitive, why it is one
  // Pointwise operations: how many tensors they take, the numbers that they are defined for, where they have kinks.
  double low = -3, high = 3;
  double kinks[4] = {__builtin_nan(""), __builtin_nan(""), __builtin_nan(""), __builtin_nan("")};
  bool differentiable = true;
  bool any_layout = true;  // false: the result depends on the strides of the input
  int arity = 0;
  Tensor (*call)(const std::vector<Tensor>&) = nullptr;
  // All others.
  void (*samples)(Samples&) = nullptr;
};

// All entries that are linked in, in no particular order.
ArrayRef<const OpInfo*> all_operations();

// Enters an OpInfo at namespace scope: its address goes to a linker section of its own, which all_operations() reads.
#define RONDO_OP(identifier, ...)                                                                           \
  extern const ::rondo::ops::OpInfo op_##identifier;                                                        \
  const ::rondo::ops::OpInfo op_##identifier{__VA_ARGS__};                                                  \
  [[gnu::section("rondo_ops"), gnu::used]] static const ::rondo::ops::OpInfo* const op_entry_##identifier = \
      &op_##identifier;

}  // namespace rondo::ops
