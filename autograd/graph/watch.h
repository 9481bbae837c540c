// For profilers: sees what operations allocate and record, and the steps of backward, on one thread.
#pragma once

#include <rondo/autograd/graph/node.h>

namespace rondo::graph {

struct OperationWatch : AllocationWatch {
  // An operation is complete: `node` was recorded for its output.
  virtual void recorded(const Node& node, const Tensor& output) = 0;
  virtual void before_step(const Node& node) = 0;
  virtual void after_step(const Node& node) = 0;

 protected:
  ~OperationWatch() = default;
};

}  // namespace rondo::graph
