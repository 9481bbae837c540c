// Which integers poolings take, and what they give for them.
#include "case.h"

using against::value;
using torch::Tensor;
namespace F = torch::nn::functional;

namespace {

template <class F>
void with_dtypes(const std::string& what, torch::IntArrayRef sizes, F pool) {
  const Tensor numbers = against::integers(sizes, 50) - 20;
  for (const auto type : {torch::kByte, torch::kChar, torch::kShort, torch::kInt, torch::kLong, torch::kBool}) {
    const std::string label = what + " of dtype " + std::to_string(static_cast<int>(type));
    try {
      value(label, pool(numbers.to(type)));
    } catch (const std::exception&) {
      value(label + " throws", 1);
    }
  }
}

}  // namespace

AGAINST(pooling_dtypes_max) {
  with_dtypes("max_pool1d", {2, 3, 8}, [](const Tensor& x) { return torch::max_pool1d(x, 2); });
  with_dtypes("max_pool2d", {2, 3, 6, 8}, [](const Tensor& x) { return torch::max_pool2d(x, 2); });
  with_dtypes("max_pool3d", {2, 3, 4, 6, 4}, [](const Tensor& x) { return torch::max_pool3d(x, 2); });
  with_dtypes("max_pool1d with indices", {2, 3, 8},
              [](const Tensor& x) { return std::get<0>(F::max_pool1d_with_indices(x, F::MaxPool1dFuncOptions(2))); });
  with_dtypes("max_pool2d with indices", {2, 3, 6, 8},
              [](const Tensor& x) { return std::get<1>(F::max_pool2d_with_indices(x, F::MaxPool2dFuncOptions(2))); });
  with_dtypes("adaptive_max_pool1d", {2, 3, 7},
              [](const Tensor& x) { return std::get<0>(torch::adaptive_max_pool1d(x, 3)); });
  with_dtypes("adaptive_max_pool2d", {2, 3, 7, 5}, [](const Tensor& x) {
    return std::get<0>(torch::adaptive_max_pool2d(x, {3, 2}));
  });
  with_dtypes("adaptive_max_pool3d", {2, 3, 4, 5, 5}, [](const Tensor& x) {
    return std::get<0>(torch::adaptive_max_pool3d(x, {3, 2, 2}));
  });
}

AGAINST(pooling_dtypes_mean) {
  with_dtypes("avg_pool1d", {2, 3, 8}, [](const Tensor& x) { return torch::avg_pool1d(x, 2); });
  with_dtypes("avg_pool2d with padding", {2, 3, 6, 8},
              [](const Tensor& x) { return torch::avg_pool2d(x, 3, 2, 1, true, false); });
  with_dtypes("avg_pool2d with a divisor", {2, 3, 6, 8},
              [](const Tensor& x) { return torch::avg_pool2d(x, 3, 2, 1, false, true, 4); });
  with_dtypes("avg_pool2d", {2, 3, 6, 8}, [](const Tensor& x) { return torch::avg_pool2d(x, 2); });
  with_dtypes("avg_pool3d", {2, 3, 4, 6, 4}, [](const Tensor& x) { return torch::avg_pool3d(x, 2); });
  with_dtypes("adaptive_avg_pool1d", {2, 3, 7}, [](const Tensor& x) { return torch::adaptive_avg_pool1d(x, 3); });
  with_dtypes("adaptive_avg_pool2d", {2, 3, 7, 5}, [](const Tensor& x) {
    return torch::adaptive_avg_pool2d(x, {3, 2});
  });
  with_dtypes("adaptive_avg_pool2d to one", {2, 3, 7, 5}, [](const Tensor& x) {
    return torch::adaptive_avg_pool2d(x, {1, 1});
  });
  with_dtypes("adaptive_avg_pool3d", {2, 3, 4, 5, 5}, [](const Tensor& x) {
    return torch::adaptive_avg_pool3d(x, {3, 2, 2});
  });
}

AGAINST(pooling_dtypes_unpool) {
  const Tensor indices = torch::tensor({{{1, 2, 7}}});
  with_dtypes("max_unpool1d", {1, 1, 3},
              [&](const Tensor& x) { return F::max_unpool1d(x, indices, F::MaxUnpool1dFuncOptions(3)); });
  const Tensor places = torch::tensor({1, 2, 7, 12}).view({1, 1, 2, 2});
  with_dtypes("max_unpool2d", {1, 1, 2, 2},
              [&](const Tensor& x) { return F::max_unpool2d(x, places, F::MaxUnpool2dFuncOptions(2)); });
}
