// Tensors put together, repeated, turned and cut to triangles.
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace rondo {
namespace {

struct CatBackward final : ops::Rule {
  std::string name() const override { return "CatBackward0"; }
  void backward(ops::Backward& step) override {
    int64_t start = 0;
    for (int i = 0; i < num_outputs(); ++i) {
      const int64_t length = lengths[i];
      if (step.wants(i)) step[i] = length < 0 ? zeros({0}, step.gy().dtype()) : step.gy().narrow(dim, start, length);
      start += std::max<int64_t>(length, 0);
    }
  }
  Dims lengths;  // -1: an empty one-dimensional tensor, which cat passes over
  int64_t dim = 0;
};

// libtorch lets tensors of shape (0,) stand beside any shape.
bool passed_over(const Tensor& tensor) { return tensor.dim() == 1 && tensor.size(0) == 0; }

}  // namespace

Tensor cat(TensorList tensors, int64_t dim) {
  if (tensors.empty()) fail("cat", "expected a non-empty list of Tensors");
  // As libtorch, which takes an undefined tensor for an empty one.
  if (std::any_of(tensors.begin(), tensors.end(), [](const Tensor& tensor) { return !tensor.defined(); })) {
    std::vector<Tensor> defined;
    for (const Tensor& tensor : tensors) {
      if (tensor.defined()) defined.push_back(tensor);
    }
    return cat(defined, dim);
  }
  const Tensor* like = nullptr;
  ScalarType type = tensors[0].dtype();
  for (const Tensor& tensor : tensors) {
    if (!like && !passed_over(tensor)) like = &tensor;
    type = promote_types(type, tensor.dtype());
  }
  if (!like) like = &tensors[0];
  if (like->dim() == 0) fail("cat", "zero-dimensional tensor (at position 0) cannot be concatenated");
  dim = wrap_dim("cat", dim, like->dim());
  Dims sizes = like->sizes();
  sizes[dim] = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& tensor = tensors[i];
    if (passed_over(tensor) && like->dim() != 1) continue;
    bool fits = tensor.dim() == like->dim();
    for (int64_t d = 0; fits && d < like->dim(); ++d) fits = d == dim || tensor.size(d) == like->size(d);
    if (!fits) {
      fail("cat",
           fmt::format("Sizes of tensors must match except in dimension {}; got {} for tensor number {} beside {}", dim,
                       to_string(tensor.sizes()), i, to_string(like->sizes())));
    }
    if (__builtin_add_overflow(sizes[dim], tensor.size(dim), &sizes[dim])) {
      fail_value("cat", fmt::format("more elements along dimension {} than can be counted", dim));
    }
  }
  Tensor y = tensor_data::make(sizes, type);
  bool recorded = false;
  int64_t start = 0;
  for (const Tensor& tensor : tensors) {
    recorded = recorded || ops::recording(tensor);
    if (tensor.numel() == 0) continue;
    NoGradGuard guard;
    tensor_data::window(y, tensor.sizes(), y.strides(), start * y.impl().strides[dim]).copy_(tensor);
    start += tensor.size(dim);
  }
  if (recorded && is_floating_point(type)) {
    auto node = base::Ref<CatBackward>(new CatBackward);
    node->dim = dim;
    for (const Tensor& tensor : tensors) {
      node->add_edge(tensor);
      node->lengths.push_back(passed_over(tensor) && like->dim() != 1 ? -1 : tensor.size(dim));
    }
    graph::set_grad_fn(y, std::move(node), 0);
  }
  return y;
}
Tensor concat(TensorList tensors, int64_t dim) { return cat(tensors, dim); }

Tensor stack(TensorList tensors, int64_t dim) {
  if (tensors.empty()) fail("stack", "expects a non-empty TensorList");
  dim = wrap_dim("stack", dim, tensors[0].dim() + 1);
  std::vector<Tensor> parts;
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].sizes() != tensors[0].sizes()) {
      fail("stack", fmt::format("expects each tensor to be equal size, but got {} at entry 0 and {} at entry {}",
                                to_string(tensors[0].sizes()), to_string(tensors[i].sizes()), i));
    }
    parts.push_back(tensors[i].unsqueeze(dim));
  }
  return cat(parts, dim);
}

namespace {

struct TriangleBackward final : ops::Rule {
  std::string name() const override { return upper ? "TriuBackward0" : "TrilBackward0"; }
  void backward(ops::Backward& step) override {
    step[0] = upper ? triu(step.gy(), diagonal) : tril(step.gy(), diagonal);
  }
  int64_t diagonal = 0;
  bool upper = false;
};

// Of the last two dimensions, column - row >= diagonal (upper), or <= (lower).
Tensor triangle(const char* operation, const Tensor& self, int64_t diagonal, bool upper) {
  if (self.dim() < 2) {
    fail(operation, fmt::format("input tensor must have at least 2 dimensions; got {}", to_string(self.sizes())));
  }
  Tensor y;
  {
    const NoGradGuard guard;
    y = tensor_data::make(self.sizes(), self.dtype());
    kernels::triangle(self.dtype(), self.size(-2), self.size(-1), self.numel(), self.contiguous().data_ptr(), diagonal,
                      upper, y.data_ptr());
  }
  if (auto* node = ops::record<TriangleBackward>(y, self)) {
    node->diagonal = diagonal;
    node->upper = upper;
  }
  return y;
}

struct FlipBackward final : ops::Rule {
  std::string name() const override { return "FlipBackward0"; }
  void backward(ops::Backward& step) override { step[0] = flip(step.gy(), dims); }
  Dims dims;
};

}  // namespace

Tensor triu(const Tensor& self, int64_t diagonal) { return triangle("triu", self, diagonal, true); }
Tensor tril(const Tensor& self, int64_t diagonal) { return triangle("tril", self, diagonal, false); }

Tensor flip(const Tensor& self, IntArrayRef dims) {
  Dims seen(static_cast<int32_t>(self.dim()), 0), strides(self.strides());
  const char* first = static_cast<const char*>(self.data_ptr());
  for (int64_t given : dims) {
    const int64_t dim = wrap_dim("flip", given, self.dim());
    if (self.dim() == 0) break;
    if (seen[dim]++) fail("flip", fmt::format("dim {} appears multiple times in the list of dims", dim));
    // From the last number of the dimension backwards.
    first += (std::max<int64_t>(self.size(dim), 1) - 1) * strides[dim] * static_cast<int64_t>(self.element_size());
    strides[dim] = -strides[dim];
  }
  Tensor y = tensor_data::make(self.sizes(), self.dtype());
  kernels::copy(static_cast<int>(self.dim()), self.sizes().data(), y.dtype(), y.data_ptr(), y.strides().data(),
                self.dtype(), first, strides.begin());
  if (auto* node = ops::record<FlipBackward>(y, self)) node->dims = dims;
  return y;
}

Tensor Tensor::repeat(IntArrayRef repeats) const {
  if (static_cast<int64_t>(repeats.size()) < dim()) {
    fail("repeat",
         fmt::format("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor; got "
                     "{} for {}",
                     to_string(repeats), to_string(sizes())));
  }
  // [r0, s0, r1, s1, ...] by expansion, then merged.
  Dims apart, expanded;
  const auto lead = static_cast<int64_t>(repeats.size()) - dim();
  for (int64_t i = 0; i < static_cast<int64_t>(repeats.size()); ++i) {
    const int64_t count = repeats[static_cast<size_t>(i)], own = i < lead ? 1 : size(i - lead);
    if (count < 0) fail("repeat", fmt::format("Trying to create tensor with negative dimension {}", count));
    apart.push_back(1);
    apart.push_back(own);
    expanded.push_back(count);
    expanded.push_back(own);
  }
  const Tensor copies = reshape(apart).expand(expanded).clone();
  Dims merged;
  for (int32_t i = 0; i < expanded.size(); i += 2) merged.push_back(expanded[i] * expanded[i + 1]);
  return graph::unviewed(copies.reshape(merged));
}

RONDO_OP(
    cat, .name = "cat", .doc = "tensors side by side", .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("rows", {s.real({2, 3}), s.real({1, 3}), s.real({2, 3})}, [](const In& in) {
        return cat({in[0], in[1], in[2]});
      });
      s.add("columns", {s.real({2, 1}), s.real({2, 2})}, [](const In& in) { return cat({in[0], in[1]}, -1); });
      s.add("with nothing", {s.real({0}), s.real({2, 2})}, [](const In& in) { return cat({in[0], in[1]}); });
      s.add("the same twice", {s.real({2, 2})}, [](const In& in) { return cat({in[0], in[0]}, 1); });
      s.error("other sizes", "Sizes of tensors must match", [] { cat({zeros({2, 3}), zeros({2, 2})}); });
      s.error("no tensors", "non-empty", [] { cat(std::vector<Tensor>()); });
      s.error("no dimensions", "zero-dimensional", [] { cat({zeros({}), zeros({})}); });
    })
RONDO_OP(
    stack, .name = "stack", .doc = "tensors along a new dimension", .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("in front", {s.real({2, 3}), s.real({2, 3})}, [](const In& in) { return stack({in[0], in[1]}); });
      s.add("behind", {s.real({2}), s.real({2})}, [](const In& in) { return stack({in[0], in[1]}, -1); });
      s.add("numbers", {s.real({}), s.real({})}, [](const In& in) { return stack({in[0], in[1]}); });
      s.error("other sizes", "equal size", [] { stack({zeros({2}), zeros({3})}); });
    })
RONDO_OP(
    triangles, .name = "triu, tril", .doc = "the upper or lower triangle, zeros elsewhere",
    .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("triu", {s.real({3, 3})}, [](const In& in) { return in[0].triu(); });
      s.add("tril of a batch", {s.real({2, 2, 3})}, [](const In& in) { return in[0].tril(-1); });
      s.error("a vector", "at least 2 dimensions", [] { zeros({3}).triu(); });
    })
RONDO_OP(
    flip, .name = "flip, repeat", .doc = "in reverse order; repeated side by side", .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("flip", {s.real({2, 3})}, [](const In& in) { return in[0].flip({0, 1}); });
      s.add("repeat", {s.real({2, 1})}, [](const In& in) { return in[0].repeat({2, 1, 3}); });
      s.error("a dimension twice", "multiple times", [] { zeros({2, 3}).flip({0, 0}); });
      s.error("too few repeats", "can not be smaller", [] { zeros({2, 3}).repeat({2}); });
    })

}  // namespace rondo
