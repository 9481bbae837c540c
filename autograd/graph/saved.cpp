#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/saved.h>

#include <fmt/format.h>

namespace rondo::graph {

void Saved::save_output(const Tensor& tensor, uint32_t nr) {
  save(alias_without_history(tensor), true);
  output_nr_ = static_cast<uint16_t>(nr);
}

Tensor Saved::get(Node& owner) const {
  const Tensor& value = peek(owner);
  if (!output_) return value;
  Tensor output = alias_without_history(value);
  AutogradMeta& meta = make_meta(output);
  meta.grad_fn = base::Ref<Node>(&owner);
  meta.output_nr = output_nr_;
  return output;
}

void Saved::complain(const Node& owner) const {
  if (released_ || !value_.defined()) {
    fail(owner.name(),
         "Trying to backward through the graph a second time (or directly access saved tensors after they have already "
         "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
         "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access "
         "saved tensors after calling backward.");
  }
  fail(owner.name(),
       fmt::format("one of the variables needed for gradient computation has been modified by an inplace operation: "
                   "[{} {}] is at version {}; expected version {} instead.",
                   value_.toString(), to_string(value_.sizes()), value_.unsafeGetTensorImpl()->storage->version(),
                   version_));
}

}  // namespace rondo::graph
