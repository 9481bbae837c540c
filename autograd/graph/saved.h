// Values that a node keeps for its backward step.
#pragma once

#include <rondo/autograd/graph/node.h>

namespace rondo::graph {

// A saved tensor: an input by its handle, an output without its history (a node never owns its own output). Reading
// checks that nothing has changed the value in place since it was saved.
class Saved {
 public:
  void save_input(const Tensor& tensor) { save(tensor, false); }
  // `nr`: which output of the node it is. Call after the output's last change.
  void save_output(const Tensor& tensor, uint32_t nr = 0);

  bool holds() const { return value_.defined(); }
  // The value with its history. Throws Error when the graph was freed by an earlier backward, or when the value was
  // changed in place since.
  Tensor get(Node& owner) const;
  // The value for kernels, without history; the same checks.
  const Tensor& peek(const Node& owner) const {
    if (!value_.defined() || value_.unsafeGetTensorImpl()->storage->version() != version_) complain(owner);
    return value_;
  }
  void release() {
    value_.reset();
    released_ = true;
  }

 private:
  void save(const Tensor& tensor, bool output) {
    value_ = tensor;
    version_ = tensor.unsafeGetTensorImpl()->storage->version();
    output_ = output;
  }
  [[noreturn]] void complain(const Node& owner) const;

  Tensor value_;
  uint32_t version_ = 0;
  uint16_t output_nr_ = 0;
  bool output_ = false, released_ = false;
};

}  // namespace rondo::graph
