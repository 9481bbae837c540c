// Cases that are compiled twice, against rondo and against libtorch, and must print the same numbers (compare.py).
#pragma once

#ifdef AGAINST_LIBTORCH
#include <torch/torch.h>
#else
#include <rondo/torch.h>
#endif

#include <string>
#include <vector>

namespace against {

using Inputs = std::vector<torch::Tensor>;

// Numbers in [low, high) of float64, the same in both libraries: the streams agree.
torch::Tensor real(torch::IntArrayRef sizes, double low = -2, double high = 2);
// int64 in [0, high).
torch::Tensor integers(torch::IntArrayRef sizes, int64_t high);

// Prints what an expression gave: dtype, sizes and numbers.
void value(const std::string& what, const torch::Tensor& tensor);
void value(const std::string& what, double number);
// Prints f(inputs), the gradients of its weighted sum for all inputs of floating point, and, where second is true, the
// gradients of a weighted sum of those.
void gradients(const std::string& what, const Inputs& inputs, torch::Tensor (*f)(const Inputs&), bool second = true);

struct Case {
  Case(const char* name, void (*run)());
};

// Prints whether the call throws.
template <class F>
void refuses(const std::string& what, F call) {
  bool thrown = false;
  try {
    call();
  } catch (const std::exception&) {
    thrown = true;
  }
  value(what + " throws", thrown);
}

}  // namespace against

// AGAINST(name) { ... } defines a case; it starts from a seed of its own.
#define AGAINST(name)                                             \
  static void case_##name();                                      \
  static const ::against::Case entry_##name{#name, &case_##name}; \
  static void case_##name()
// The function of `gradients`: an expression in `in`.
#define AGAINST_F(...) [](const ::against::Inputs& in) -> torch::Tensor { return __VA_ARGS__; }
