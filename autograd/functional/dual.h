// Dual numbers: a tensor that carries a tangent, in libtorch's words.
//
//   const uint64_t level = autograd::forward_ad::enter_dual_level();
//   const Tensor x = _make_dual(point, direction, level);
//   const auto [y, derivative] = _unpack_dual(f(x), level);
//   autograd::forward_ad::exit_dual_level(level);
//
// autograd::jvp does the same for a function. A tangent is worked out when it is asked for, from the recorded
// operations: so dual numbers require grad, and what runs under NoGradGuard, or in a backward without create_graph,
// loses the tangent.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <cstdint>

namespace rondo {
namespace autograd::forward_ad {

// There is one level at a time, for all threads; entering a second one throws Error. Leaving it drops its tangents.
uint64_t enter_dual_level();
void exit_dual_level(uint64_t level);

}  // namespace autograd::forward_ad

// The same numbers with a tangent of the same shape and dtype. Throws Error for integers, for another shape or dtype,
// for a level that is not active, and where the primal or the tangent has a tangent already.
Tensor _make_dual(const Tensor& primal, const Tensor& tangent, int64_t level);
// A view without the tangent, and the tangent: undefined where there is none. It can be differentiated itself where a
// leaf that requires grad takes part.
std::tuple<Tensor, Tensor> _unpack_dual(const Tensor& dual, int64_t level);

}  // namespace rondo
