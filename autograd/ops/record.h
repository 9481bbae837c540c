// The form of a structural operation's derivative: a rule with what it keeps and how it goes back.
//
//   struct MmBackward final : ops::Rule {
//     std::string name() const override { return "MmBackward0"; }
//     void backward(ops::Backward& step) override {
//       if (step.wants(0)) step[0] = step.gy().mm(b.get(*this).t());
//       if (step.wants(1)) step[1] = a.get(*this).t().mm(step.gy());
//     }
//     void release_variables() override { release(a, b); }
//     ops::Saved a, b;
//   };
//   ...
//   if (auto* node = ops::record<MmBackward>(y, a, b)) {
//     if (node->wants(1)) node->a.save_input(a);
//     if (node->wants(0)) node->b.save_input(b);
//   }
//
// Written with public operations, a rule is differentiable itself; a fused kernel may serve where !step.create_graph(),
// on what `peek(*this)` gives.
#pragma once

#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/methods.h>

namespace rondo::ops {

using graph::Backward;
using graph::record;
using graph::recording;
using graph::Saved;

struct Rule : graph::Node {
 protected:
  template <class... S>
  static void release(S&... saved) {
    (saved.release(), ...);
  }
};

// A rule whose only state is plain numbers keeps them as members and overrides no release_variables.

// What fused kernels read, x itself where its numbers lie in order: to reorder them records nothing. Undefined tensors
// stay so, and have no address.
Tensor dense(const Tensor& x);
inline const void* data_or_null(const Tensor& x) { return x.defined() ? x.data_ptr() : nullptr; }
// The last two dimensions exchanged, without history.
Tensor turned_data(const Tensor& x);

}  // namespace rondo::ops
