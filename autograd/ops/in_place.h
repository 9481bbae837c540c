// The in-place form of an operation that has no kernel of its own for it.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo::ops {

// Writes `y`, the operation's result, into `self`, with its history. Throws Error where the shapes differ (an in-place
// operation cannot grow), where self's dtype cannot hold y's kind of number, or where self may not be changed.
Tensor& become(const char* operation, Tensor& self, const Tensor& y);

// `self` as it is before a change in place, for operations whose derivatives read their input: a copy where the
// operation on it and the others is recorded, since what was saved must not change.
Tensor before_change(const Tensor& self, std::initializer_list<Tensor> others = {});

}  // namespace rondo::ops
