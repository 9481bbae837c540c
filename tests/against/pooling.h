// What the cases of pooling share.
#pragma once

#include "case.h"

#include <limits>
#include <tuple>

// Pooling is linear where it is smooth: its square has second derivatives.
#define SQUARED(...) AGAINST_F((__VA_ARGS__).pow(2))

namespace against {

inline const double kInf = std::numeric_limits<double>::infinity();

// "sweep 9 4 5 2 1"
inline std::string label(const std::string& what, std::initializer_list<int64_t> numbers) {
  std::string text = what;
  for (const int64_t number : numbers) text += " " + std::to_string(number);
  return text;
}

inline torch::Tensor marked(torch::Tensor x, int64_t place, double number) {
  x.view({-1})[place] = number;
  return x;
}

inline void both(const std::string& what, const std::tuple<torch::Tensor, torch::Tensor>& pair) {
  value(what, std::get<0>(pair));
  value(what + " indices", std::get<1>(pair));
}

}  // namespace against
