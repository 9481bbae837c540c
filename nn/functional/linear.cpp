#include <rondo/nn/functional/linear.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/view.h>

#include <fmt/format.h>

namespace rondo::nn::functional {

Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias) {
  if (weight.dim() != 3 || input1.dim() == 0 || input2.dim() == 0 || input1.size(-1) != weight.size(1) ||
      input2.size(-1) != weight.size(2)) {
    fail("bilinear",
         fmt::format("the inputs are {} and {}, weight is {}; need (..., in1), (..., in2) and (out, in1, in2)",
                     to_string(input1.sizes()), to_string(input2.sizes()), to_string(weight.sizes())));
  }
  const int64_t out = weight.size(0), in1 = weight.size(1), in2 = weight.size(2);
  Dims sizes(input1.sizes());
  sizes.back() = out;
  const Tensor a = input1.reshape({-1, in1}), b = input2.reshape({-1, in2});
  if (a.size(0) != b.size(0)) {
    fail("bilinear", fmt::format("the inputs have different batches: {} and {}", to_string(input1.sizes()),
                                 to_string(input2.sizes())));
  }
  // (rows, in2) x (in2, out * in1), then each row's (out, in1) with its input1.
  const Tensor folded = b.mm(weight.permute({2, 0, 1}).reshape({in2, out * in1})).view({-1, out, in1});
  Tensor result = folded.bmm(a.unsqueeze(2)).squeeze(2).reshape(sizes);
  return bias.defined() ? result + bias : result;
}

}  // namespace rondo::nn::functional
