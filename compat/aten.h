// Small things of ATen and c10 that programs for libtorch use: vectors of sizes, sums of sizes, random numbers as
// functions, operations under the names of their kernels.
#pragma once

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/random.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/compat/str.h>

#include <string>
#include <tuple>
#include <vector>

namespace rondo {

// A vector; N only says how many elements its users expect.
template <class T, unsigned N = 4>
class SmallVector : public std::vector<T> {
 public:
  using std::vector<T>::vector;
  SmallVector(ArrayRef<T> values) : std::vector<T>(values.begin(), values.end()) {}
  void append(std::initializer_list<T> values) { this->insert(this->end(), values.begin(), values.end()); }
  template <class Iterator>
  void append(Iterator first, Iterator last) {
    this->insert(this->end(), first, last);
  }
};
using DimVector = SmallVector<int64_t, 5>;
using DeviceIndex = int8_t;

constexpr int64_t divup(int64_t x, int64_t y) { return (x + y - 1) / y; }
template <class Container>
int64_t multiply_integers(const Container& values) {
  int64_t product = 1;
  for (const auto value : values) product *= static_cast<int64_t>(value);
  return product;
}
template <class Container>
int64_t sum_integers(const Container& values) {
  int64_t sum = 0;
  for (const auto value : values) sum += static_cast<int64_t>(value);
  return sum;
}
template <class Container>
std::string Join(const std::string& delimiter, const Container& values) {
  std::string text;
  bool first = true;
  for (const auto& value : values) {
    if (!first) text += delimiter;
    first = false;
    text += str(value);
  }
  return text;
}

// New tensors of the shape and dtype of `self` with random numbers.
inline Tensor uniform(const Tensor& self, double from = 0, double to = 1,
                      std::optional<Generator> generator = std::nullopt) {
  return empty_like(self).uniform_(from, to, generator);
}
inline Tensor normal_functional(const Tensor& self, double mean = 0, double std = 1,
                                std::optional<Generator> generator = std::nullopt) {
  return empty_like(self).normal_(mean, std, generator);
}
inline Tensor exponential(const Tensor& self, double lambd = 1, std::optional<Generator> generator = std::nullopt) {
  return empty_like(self).exponential_(lambd, generator);
}
inline Tensor geometric(const Tensor& self, double p, std::optional<Generator> generator = std::nullopt) {
  return empty_like(self).geometric_(p, generator);
}
inline Tensor cauchy(const Tensor& self, double median = 0, double sigma = 1,
                     std::optional<Generator> generator = std::nullopt) {
  return empty_like(self).cauchy_(median, sigma, generator);
}
inline Tensor log_normal(const Tensor& self, double mean = 1, double std = 2,
                         std::optional<Generator> generator = std::nullopt) {
  return empty_like(self).log_normal_(mean, std, generator);
}

// The norm over all dimensions but `dim`, which stay with size 1; over all where dim is -1.
inline Tensor norm_except_dim(const Tensor& v, int64_t pow = 2, int64_t dim = 0) {
  if (dim == -1) return v.norm(pow);
  if (v.dim() == 0) fail_index("norm_except_dim", "the tensor has no dimension to keep");
  std::vector<int64_t> sizes(static_cast<size_t>(v.dim()), 1);
  dim = wrap_dim("norm_except_dim", dim, v.dim());
  sizes[static_cast<size_t>(dim)] = v.size(dim);
  return v.transpose(0, dim).reshape({v.size(dim), -1}).norm(pow, 1).view(sizes);
}
inline Tensor _weight_norm(const Tensor& v, const Tensor& g, int64_t dim = 0) {
  return v * (g / norm_except_dim(v, 2, dim));
}
inline Tensor _softmax(const Tensor& self, int64_t dim, bool) { return softmax(self, dim); }
inline Tensor _log_softmax(const Tensor& self, int64_t dim, bool) { return log_softmax(self, dim); }
inline Tensor _reshape_alias(const Tensor& self, IntArrayRef size, IntArrayRef stride) {
  return self.as_strided(size, stride);
}
inline Tensor _unsafe_view(const Tensor& self, IntArrayRef size) { return self.view(size); }
inline Tensor resolve_neg(const Tensor& self) { return self; }
inline Tensor native_channel_shuffle(const Tensor& self, int64_t groups) { return channel_shuffle(self, groups); }
inline bool is_distributed(const Tensor&) { return false; }
// `src` in the shape and dtype of `self`.
Tensor copy(const Tensor& self, const Tensor& src, bool non_blocking = false);
// One list of all elements, and views of it in the shapes of `tensors`.
Tensor flatten_dense_tensors(TensorList tensors);
std::vector<Tensor> unflatten_dense_tensors(const Tensor& flat, TensorList tensors);
namespace utils {
using rondo::flatten_dense_tensors;
using rondo::unflatten_dense_tensors;
}  // namespace utils
// With exp(-|x|); with the sum of the weights by which the mean divides.
std::tuple<Tensor, Tensor> log_sigmoid_forward(const Tensor& self);
std::tuple<Tensor, Tensor> nll_loss_forward(const Tensor& self, const Tensor& target,
                                            const std::optional<Tensor>& weight, int64_t reduction,
                                            int64_t ignore_index);
std::tuple<Tensor, Tensor> nll_loss2d_forward(const Tensor& self, const Tensor& target,
                                              const std::optional<Tensor>& weight, int64_t reduction,
                                              int64_t ignore_index);
inline DimVector infer_size_dimvector(IntArrayRef a, IntArrayRef b) {
  return IntArrayRef(broadcast_shapes("infer_size", a, b));
}
template <class Container>
void maybe_wrap_dims(Container& dims, int64_t ndim) {
  for (auto& dim : dims) dim = wrap_dim("maybe_wrap_dims", dim, ndim);
}
// f of each element.
template <class Container, class F>
auto fmap(const Container& values, F&& f) {
  std::vector<std::decay_t<decltype(f(*values.begin()))>> results;
  results.reserve(values.size());
  for (const auto& value : values) results.push_back(f(value));
  return results;
}
// Into a tensor of the caller's, which takes the shape.
Tensor& copy_out(Tensor& out, const Tensor& self, const Tensor& src, bool non_blocking = false);
Tensor& repeat_out(Tensor& out, const Tensor& self, IntArrayRef repeats);
Tensor& new_zeros_out(Tensor& out, const Tensor& self, IntArrayRef size);
Tensor& new_ones_out(Tensor& out, const Tensor& self, IntArrayRef size);
Tensor& new_full_out(Tensor& out, const Tensor& self, IntArrayRef size, Scalar fill_value);
// The result with what its kernels keep: the means and the inverse standard deviations, without gradients.
std::tuple<Tensor, Tensor, Tensor> native_layer_norm(const Tensor& input, IntArrayRef normalized_shape,
                                                     const std::optional<Tensor>& weight,
                                                     const std::optional<Tensor>& bias, double eps);
// The result and the mask of what was kept (bool).
std::tuple<Tensor, Tensor> native_dropout(const Tensor& input, double p, std::optional<bool> train);

}  // namespace rondo
