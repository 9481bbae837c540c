// Programs that cannot have `torch` as a macro: it is a namespace then, to which they add names of their own.
#define RONDO_TORCH_NAMESPACE
#include <rondo/torch.h>

#include <boost/test/unit_test.hpp>

#ifdef torch
#error "torch is a macro"
#endif

namespace torch {
inline int64_t count_of_a_program(const Tensor& x) { return x.numel(); }
}  // namespace torch

BOOST_AUTO_TEST_CASE(torch_as_a_namespace) {
  const int torch = 2;  // the word is free for other things
  BOOST_TEST(::torch::count_of_a_program(::torch::ones({torch, 3})) == 6);
  BOOST_TEST(::torch::nn::Linear(1, 1)->name() == "torch::nn::LinearImpl");
}
