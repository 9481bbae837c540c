// Changes in place of tensors that backward still needs.
#pragma once

namespace rondo::autograd {

// While it lives, tensors that operations on this thread have saved may be changed in place on it: a copy is made just
// before the first change, and freed with the saved value. Backward may come later; changes after the scope are errors
// again. Throws Error where such a scope is in force already.
//
//   AllowMutationOnSaved scope;
//   Tensor y = x.sin();
//   x.zero_();             // otherwise an error in y's backward
class AllowMutationOnSaved {
 public:
  AllowMutationOnSaved();
  ~AllowMutationOnSaved();
  AllowMutationOnSaved(const AllowMutationOnSaved&) = delete;
  AllowMutationOnSaved& operator=(const AllowMutationOnSaved&) = delete;

 private:
  struct State;
  State* state_;
};

}  // namespace rondo::autograd
