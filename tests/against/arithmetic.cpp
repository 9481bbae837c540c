// Arithmetic of one, two and three tensors.
#include "case.h"

using against::gradients;
using against::real;
using against::value;

AGAINST(arithmetic) {
  gradients("add", {real({2, 3}), real({3})}, AGAINST_F(torch::add(in[0], in[1], 0.5)));
  gradients("mul", {real({2, 3}), real({2, 1})}, AGAINST_F(in[0] * in[1]));
  gradients("div", {real({2, 3}), real({2, 3}, 0.5, 2)}, AGAINST_F(in[0] / in[1]));
  gradients("lerp", {real({4}), real({4})}, AGAINST_F(in[0].lerp(in[1], 0.3)));
  value("integers", torch::arange(5) * 2 + torch::ones({5}, torch::kInt));
  against::refuses("shapes", [] { torch::ones({2}) + torch::ones({3}); });
}
