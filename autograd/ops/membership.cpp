// isin: which numbers are among others.
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/number_function.h>
#include <rondo/autograd/ops/pointwise_family.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <algorithm>
#include <vector>

namespace rondo {

Tensor isin(const Tensor& elements, const Tensor& test_elements, bool, bool invert) {
  const Tensor* both[] = {&elements, &test_elements};
  ScalarType type = ops::result_type(both, 2);
  if (is_reduced_floating(type)) type = kFloat;
  const Tensor x = elements.detach().to(type).contiguous(), among = test_elements.detach().to(type).contiguous();
  Tensor result = empty(x.sizes(), kBool);
  bool* found = result.data_ptr<bool>();
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (!std::is_same_v<T, Half> && !std::is_same_v<T, BFloat16>) {
      const auto *numbers = static_cast<const T*>(x.data_ptr()), *list = static_cast<const T*>(among.data_ptr());
      std::vector<T> sorted;
      // NaN equals nothing, and would spoil the order.
      std::copy_if(list, list + among.numel(), std::back_inserter(sorted), [](T v) { return v == v; });
      std::sort(sorted.begin(), sorted.end());
      for (int64_t i = 0; i < x.numel(); ++i) {
        found[i] = (numbers[i] == numbers[i] && std::binary_search(sorted.begin(), sorted.end(), numbers[i])) != invert;
      }
    }
  });
  return result;
}
Tensor isin(const Tensor& elements, Scalar test_element, bool assume_unique, bool invert) {
  return isin(elements, ops::beside(elements, test_element), assume_unique, invert);
}
Tensor isin(Scalar element, const Tensor& test_elements, bool assume_unique, bool invert) {
  return isin(ops::beside(test_elements, element), test_elements, assume_unique, invert);
}

RONDO_OP(
    isin, .name = "isin", .doc = "whether a number is among others: by binary search", .differentiable = false,
    .samples = [](ops::Samples& s) {
      s.add("integers", {s.index({3, 4}, 9), s.index({5}, 9)}, RONDO_SAMPLE(isin(in[0], in[1])));
      s.add("strided, inverted", {s.index({3, 4}, 9), s.index({2, 2}, 9)},
            RONDO_SAMPLE(isin(in[0].t(), in[1], false, true)));
      s.add("numbers", {s.index({3}, 3)}, RONDO_SAMPLE(isin(in[0], 1) + isin(2, in[0])));
      s.add("real numbers", {s.real({3})}, RONDO_SAMPLE(isin(in[0], in[0].narrow(0, 0, 2))));
      s.add("empty", {s.index({0, 4}, 9), s.index({0}, 9)}, RONDO_SAMPLE(isin(in[0], in[1])));
    })

}  // namespace rondo
