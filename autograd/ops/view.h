// Views, which share memory and never copy, and the operations that put tensors together.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// The method of the same name says what each does.
Tensor view(const Tensor& self, IntArrayRef sizes);
// A view where the strides allow it, else a copy. One size may be -1.
Tensor reshape(const Tensor& self, IntArrayRef sizes);
Tensor flatten(const Tensor& self, int64_t start_dim = 0, int64_t end_dim = -1);
Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes);
Tensor t(const Tensor& self);
Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1);
Tensor permute(const Tensor& self, IntArrayRef dims);
Tensor movedim(const Tensor& self, int64_t source, int64_t destination);
Tensor expand(const Tensor& self, IntArrayRef sizes);
Tensor broadcast_to(const Tensor& self, IntArrayRef sizes);
std::vector<Tensor> broadcast_tensors(TensorList tensors);
Tensor select(const Tensor& self, int64_t dim, int64_t index);
Tensor slice(const Tensor& self, int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
             std::optional<int64_t> end = std::nullopt, int64_t step = 1);
Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length);
Tensor squeeze(const Tensor& self);
Tensor squeeze(const Tensor& self, int64_t dim);
Tensor unsqueeze(const Tensor& self, int64_t dim);
Tensor diagonal(const Tensor& self, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1);
Tensor as_strided(const Tensor& self, IntArrayRef sizes, IntArrayRef strides,
                  std::optional<int64_t> offset = std::nullopt);
Tensor alias(const Tensor& self);
Tensor detach(const Tensor& self);
std::vector<Tensor> split(const Tensor& self, int64_t size, int64_t dim = 0);
std::vector<Tensor> split(const Tensor& self, IntArrayRef sizes, int64_t dim = 0);
std::vector<Tensor> chunk(const Tensor& self, int64_t count, int64_t dim = 0);
std::vector<Tensor> unbind(const Tensor& self, int64_t dim = 0);
Tensor clone(const Tensor& self);

// Tensors side by side along a dimension that they have (cat), or along a new one (stack).
Tensor cat(TensorList tensors, int64_t dim = 0);
Tensor concat(TensorList tensors, int64_t dim = 0);
Tensor stack(TensorList tensors, int64_t dim = 0);
Tensor triu(const Tensor& self, int64_t diagonal = 0);
Tensor tril(const Tensor& self, int64_t diagonal = 0);
Tensor flip(const Tensor& self, IntArrayRef dims);

}  // namespace rondo
