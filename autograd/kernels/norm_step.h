// Optimizer steps that need the norm of a parameter or of its change, so that each parameter is gone through more than
// once. Sums are over fixed blocks, in double.
#pragma once

#include <rondo/autograd/kernels/step.h>

namespace rondo::kernels {

// state: m, v as Adam's. r = m / correction1 / (sqrt(v / correction2) + eps) + weight_decay w; w -= lr |w| / |r| r, the
// quotient of the norms 1 where either is 0.
struct LambRule {
  double lr, beta1, beta2, eps, weight_decay, correction1, correction2;
  bool maximize;
};
void step(const Update<LambRule>* updates, size_t count);

// Adafactor for `matrices` matrices of rows x columns: state: row (the means of g^2 of each row), column; or for other
// parameters (rows = 0) the mean square of each number in `row`, column null. Means move by `fresh`; rate =
// max(eps2, |w| / sqrt(n)) relative; u = g / sqrt(max(estimate, eps1^2)); w = w decay - rate / max(1, |u| / (sqrt(n)
// threshold)) u. The estimate of a matrix is row column / max(mean of row, eps1).
struct AdafactorRule {
  double relative, fresh, eps1, eps2, threshold, decay;
  bool maximize;
  int64_t matrices, rows, columns;
};
void step(const Update<AdafactorRule>* updates, size_t count);

}  // namespace rondo::kernels
