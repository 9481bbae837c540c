// Views that move, join and add dimensions, and windows.
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {

// ---- order of dimensions ----

Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination) {
  constexpr const char* kName = "movedim";
  if (source.size() != destination.size()) {
    fail(kName,
         fmt::format("Invalid source or destination dims: source ({} dims) should contain the same number of dims "
                     "as destination ({} dims)",
                     to_string(source), to_string(destination)));
  }
  const auto ndim = static_cast<int32_t>(self.dim());
  Dims order(ndim, -1), moved(ndim, 0);
  for (size_t i = 0; i < source.size(); ++i) {
    const int64_t from = wrap_dim(kName, source[i], ndim), to = wrap_dim(kName, destination[i], ndim);
    if (ndim == 0) return alias(self);
    if (moved[from]++) fail(kName, fmt::format("repeated dim in `source` ({})", to_string(source)));
    if (order[to] >= 0) fail(kName, fmt::format("repeated dim in `destination` ({})", to_string(destination)));
    order[to] = from;
  }
  int64_t next = 0;
  for (int64_t& place : order) {
    if (place >= 0) continue;
    while (moved[next]) ++next;
    place = next++;
  }
  return permute(self, order);
}
Tensor moveaxis(const Tensor& self, int64_t source, int64_t destination) { return movedim(self, source, destination); }
Tensor moveaxis(const Tensor& self, IntArrayRef source, IntArrayRef destination) {
  return movedim(self, source, destination);
}
Tensor swapaxes(const Tensor& self, int64_t axis0, int64_t axis1) { return transpose(self, axis0, axis1); }
Tensor swapdims(const Tensor& self, int64_t dim0, int64_t dim1) { return transpose(self, dim0, dim1); }

Tensor numpy_T(const Tensor& self) {
  Dims order;
  for (int64_t d = self.dim(); d-- > 0;) order.push_back(d);
  return permute(self, order);
}

namespace {

Tensor swapped_matrices(const char* operation, const char* name, const Tensor& self) {
  if (self.dim() < 2) {
    fail(operation, fmt::format("tensor.{} is only supported on matrices or batches of matrices. Got {}-D tensor.",
                                name, self.dim()));
  }
  return transpose(self, -2, -1);
}

}  // namespace

Tensor mT(const Tensor& self) { return swapped_matrices("mT", "mT", self); }
Tensor mH(const Tensor& self) { return swapped_matrices("mH", "mH", self); }
Tensor adjoint(const Tensor& self) { return swapped_matrices("adjoint", "adjoint()", self); }
Tensor matrix_H(const Tensor& self) {
  if (self.dim() != 2 && self.dim() != 0) {
    fail("matrix_H", fmt::format("tensor.H is only supported on matrices (2-D tensors). Got {}-D tensor.", self.dim()));
  }
  return self.dim() == 2 ? transpose(self, 0, 1) : alias(self);
}

// ---- dimensions of size 1 ----

Tensor squeeze(const Tensor& self, IntArrayRef dims) {
  Dims drop(static_cast<int32_t>(self.dim()), 0);
  for (int64_t given : dims) {
    const int64_t dim = wrap_dim("squeeze", given, self.dim());
    if (self.dim() == 0) continue;
    if (drop[dim]++) fail("squeeze", fmt::format("dim {} appears multiple times in the list of dims", dim));
  }
  Tensor y = self;
  for (int64_t d = self.dim(); d-- > 0;) {
    if (drop[d]) y = y.squeeze(d);
  }
  return y.is_same(self) ? alias(self) : y;
}

Tensor atleast_1d(const Tensor& self) { return self.dim() == 0 ? self.reshape({1}) : self; }
Tensor atleast_2d(const Tensor& self) {
  if (self.dim() == 0) return self.reshape({1, 1});
  return self.dim() == 1 ? self.unsqueeze(0) : self;
}
Tensor atleast_3d(const Tensor& self) {
  if (self.dim() == 0) return self.reshape({1, 1, 1});
  if (self.dim() == 1) return self.unsqueeze(0).unsqueeze(-1);
  return self.dim() == 2 ? self.unsqueeze(-1) : self;
}

namespace {

std::vector<Tensor> each(TensorList tensors, Tensor (*f)(const Tensor&)) {
  std::vector<Tensor> results;
  for (const Tensor& tensor : tensors) results.push_back(f(tensor));
  return results;
}

}  // namespace

std::vector<Tensor> atleast_1d(TensorList tensors) { return each(tensors, &atleast_1d); }
std::vector<Tensor> atleast_2d(TensorList tensors) { return each(tensors, &atleast_2d); }
std::vector<Tensor> atleast_3d(TensorList tensors) { return each(tensors, &atleast_3d); }

// ---- grids ----

std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing) {
  constexpr const char* kName = "meshgrid";
  if (tensors.empty()) fail(kName, "meshgrid expects a non-empty TensorList");
  if (indexing != "ij" && indexing != "xy") {
    fail_value(kName,
               fmt::format("torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: {}", indexing));
  }
  Dims shape;
  for (const Tensor& tensor : tensors) {
    if (tensor.dim() > 1) {
      fail(kName, fmt::format("Expected 0D or 1D tensor in the tensor list but got: {}", to_string(tensor.sizes())));
    }
    if (tensor.dtype() != tensors[0].dtype()) fail_type(kName, "meshgrid expects all tensors to have the same dtype");
    shape.push_back(tensor.numel());
  }
  const bool swap = indexing == "xy" && shape.size() >= 2;
  if (swap) std::swap(shape[0], shape[1]);
  std::vector<Tensor> grids;
  for (int32_t i = 0; i < shape.size(); ++i) {
    Dims sizes(shape.size(), 1);
    sizes[swap && i < 2 ? 1 - i : i] = -1;
    grids.push_back(
        tensors[static_cast<size_t>(i)].reshape(tensors[static_cast<size_t>(i)].numel() == 0 ? Dims{0} : Dims{-1}));
    sizes[swap && i < 2 ? 1 - i : i] = grids.back().size(0);
    grids.back() = grids.back().view(sizes).expand(shape);
  }
  return grids;
}
std::vector<Tensor> meshgrid(TensorList tensors) { return meshgrid(tensors, "ij"); }

// ---- parts and windows ----

Tensor narrow(const Tensor& self, int64_t dim, const Tensor& start, int64_t length) {
  if (start.dim() != 0 || !is_integral(start.dtype())) {
    fail("narrow", fmt::format("start must be an 0-dim integral Tensor; got {} of {}", to_string(start.sizes()),
                               dtype_name(start.dtype())));
  }
  return narrow(self, dim, start.item<int64_t>(), length);
}
Tensor narrow_copy(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  return narrow(self, dim, start, length).contiguous().clone();
}

namespace {

// Each element's gradient is the sum over the windows that it stands in.
struct UnfoldBackward final : ops::Rule {
  std::string name() const override { return "UnfoldBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    if (sizes.empty()) {
      step[0] = gy.sum();  // of one window, or of none
      return;
    }
    const Tensor places = arange(sizes[dim]).unfold(0, size, stride).reshape({-1});
    const Tensor flat = gy.movedim(-1, dim + 1).flatten(dim, dim + 1);
    step[0] = index_add(zeros(sizes, gy.dtype()), dim, places, flat);
  }
  Dims sizes;
  int64_t dim = 0, size = 0, stride = 1;
};

}  // namespace

Tensor unfold(const Tensor& self, int64_t dimension, int64_t size, int64_t step) {
  constexpr const char* kName = "unfold";
  const int64_t dim = wrap_dim(kName, dimension, self.dim()), length = self.dim() == 0 ? 1 : self.size(dim);
  if (size < 0) fail_value(kName, fmt::format("size is {} but must be >= 0", size));
  if (size > length) {
    fail(kName, fmt::format("maximum size for tensor at dimension {} is {} but size is {}", dim, length, size));
  }
  if (step <= 0) fail_value(kName, fmt::format("step is {} but must be > 0", step));
  const TensorImpl& x = self.impl();
  Dims sizes = x.sizes, strides = x.strides;
  const int64_t stride = self.dim() == 0 ? 1 : x.strides[dim];
  if (self.dim() > 0) {
    sizes[dim] = (length - size) / step + 1;
    strides[dim] = step * stride;
  }
  sizes.push_back(size);
  strides.push_back(stride);
  Tensor y = tensor_data::window(self, sizes, strides, 0);
  graph::mark_view(y, self);
  if (auto* node = ops::record<UnfoldBackward>(y, self)) {
    node->sizes = x.sizes;
    node->dim = dim;
    node->size = size;
    node->stride = step;
  }
  return y;
}

namespace {

// Sizes and strides, in elements, of the memory read in elements of another size. Throws where it does not fit.
void resize_elements(const Tensor& self, int64_t from, int64_t to, Dims& sizes, Dims& strides) {
  constexpr const char* kName = "view";
  const auto complain = [&](const char* text) {
    fail(kName, fmt::format("{}; got sizes {}, strides {}, {} bytes an element for {}", text, to_string(self.sizes()),
                            to_string(self.strides()), from, to));
  };
  if (self.dim() == 0) complain("self.dim() cannot be 0 to view as a dtype of another element size");
  if (self.strides().back() != 1) complain("self.stride(-1) must be 1 to view as a dtype of another element size");
  const int32_t last = sizes.size() - 1;
  if (to > from && sizes[last] * from % to != 0) complain("self.size(-1) must be divisible");
  sizes[last] = sizes[last] * from / to;
  for (int32_t d = 0; d < last; ++d) {
    if (to > from && strides[d] * from % to != 0) complain("all strides but the last must be divisible");
    strides[d] = strides[d] * from / to;
  }
  if (self.storage_offset() * from % to != 0) complain("self.storage_offset() must be divisible");
}

}  // namespace

Tensor view(const Tensor& self, ScalarType dtype) {
  if (dtype == self.dtype()) return alias(self);
  const TensorImpl& x = self.impl();
  const auto from = static_cast<int64_t>(element_size(x.dtype)), to = static_cast<int64_t>(element_size(dtype));
  if (to == 0) fail_type("view", "needs a defined dtype");
  Dims sizes = x.sizes, strides = x.strides;
  if (from != to) resize_elements(self, from, to, sizes, strides);
  auto impl = base::Ref<TensorImpl>(new TensorImpl);
  impl->storage = x.storage;
  impl->data = x.data;
  impl->dtype = dtype;
  impl->numel = count_elements(sizes);
  impl->contiguous = is_contiguous(sizes, strides);
  impl->sizes = std::move(sizes);
  impl->strides = std::move(strides);
  return Tensor(std::move(impl));
}

RONDO_OP(
    axes,
    .name = "movedim, moveaxis, swapaxes, swapdims, numpy_T, mT, mH, matrix_H, adjoint, squeeze, atleast_1d to 3d",
    .doc = "dimensions in another order, dropped and added", .samples = [](ops::Samples& s) {
      s.add("movedim", {s.real({2, 3, 4})}, RONDO_SAMPLE(in[0].movedim({0, 1}, {-1, 0})));
      s.add("moveaxis", {s.real({2, 3, 4})}, RONDO_SAMPLE(moveaxis(in[0], {2}, {0}) * in[0].moveaxis(-1, 0)));
      s.add("moveaxis of several", {s.real({2, 3, 4})}, RONDO_SAMPLE(moveaxis(in[0], {2, 0}, {0, 1})));
      s.add("swapaxes", {s.real({2, 3})}, RONDO_SAMPLE(in[0].swapaxes(0, 1) * swapdims(in[0], -1, 0)));
      s.add("numpy_T", {s.real({2, 3, 4})}, RONDO_SAMPLE(in[0].numpy_T()));
      s.add("mT", {s.real({2, 3, 4})}, RONDO_SAMPLE(in[0].mT() * in[0].mH() + in[0].adjoint()));
      s.add("matrix_H", {s.real({2, 3})}, RONDO_SAMPLE(in[0].matrix_H()));
      s.add("squeeze several", {s.real({1, 2, 1, 1})}, RONDO_SAMPLE(in[0].squeeze({0, 1, -1})));
      s.add("atleast_1d", {s.real({})}, RONDO_SAMPLE(atleast_1d(in[0])));
      s.add("atleast_2d", {s.real({3})}, RONDO_SAMPLE(atleast_2d(in[0])));
      s.add("atleast_3d", {s.real({3})}, RONDO_SAMPLE(atleast_3d(in[0])));
      s.add("atleast_3d of several", {s.real({}), s.real({2, 2})},
            RONDO_SAMPLE(atleast_3d({in[0], in[1]})[0] * atleast_3d({in[0], in[1]})[1]));
      s.add("atleast_1d and 2d of several", {s.real({}), s.real({2})},
            RONDO_SAMPLE(atleast_1d({in[0], in[1]})[0] * atleast_2d({in[0], in[1]})[1]));
      s.error("as many", "should contain the same number of dims", [] { movedim(zeros({2, 2}), {0, 1}, {0}); });
      s.error("source twice", "repeated dim in `source`", [] { movedim(zeros({2, 2}), {0, 0}, {0, 1}); });
      s.error("destination twice", "repeated dim in `destination`", [] { movedim(zeros({2, 2}), {0, 1}, {1, -1}); });
      s.error("mT of a vector", "Got 1-D tensor", [] { zeros(2).mT(); });
      s.error("H of three dimensions", "Got 3-D tensor", [] { zeros({2, 2, 2}).matrix_H(); });
      s.error("squeeze twice", "appears multiple times", [] { zeros({1, 2}).squeeze({0, -2}); });
    })

RONDO_OP(
    meshgrid, .name = "meshgrid", .doc = "vectors expanded over each other's dimensions",
    .samples = [](ops::Samples& s) {
      s.add("ij", {s.real({2}), s.real({3})}, RONDO_SAMPLE(meshgrid({in[0], in[1]})[0] * meshgrid({in[0], in[1]})[1]));
      s.add("xy", {s.real({2}), s.real({3}), s.real({})},
            RONDO_SAMPLE(meshgrid({in[0], in[1], in[2]}, "xy")[0] * meshgrid({in[0], in[1], in[2]}, "xy")[2]));
      s.add("with nothing", {s.real({2}), s.real({0})}, RONDO_SAMPLE(meshgrid({in[0], in[1]}, "ij")[0]));
      s.error("none", "non-empty TensorList", [] { meshgrid(std::vector<Tensor>()); });
      s.error("matrix", "Expected 0D or 1D tensor", [] { meshgrid({zeros({2, 2})}); });
      s.error("dtypes", "the same dtype", [] { meshgrid({zeros(2), zeros(2, kDouble)}); });
      s.error("indexing", "must be one of", [] { meshgrid({zeros(2)}, "yx"); });
    })

RONDO_OP(
    unfold, .name = "unfold, narrow, narrow_copy, view", .doc = "windows, ranges, memory read as another dtype",
    .samples = [](ops::Samples& s) {
      s.add("overlapping", {s.real({6})}, RONDO_SAMPLE(unfold(in[0], 0, 3, 1)));
      s.add("with gaps", {s.real({2, 7})}, RONDO_SAMPLE(in[0].unfold(1, 2, 3)));
      s.add("first", {s.real({4, 2})}, RONDO_SAMPLE(in[0].unfold(0, 2, 1)));
      s.add("strided", {s.real({2, 4})}, RONDO_SAMPLE(in[0].t().unfold(0, 3, 1)));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(in[0].unfold(0, 1, 1)));
      s.add("narrow", {s.real({4})}, RONDO_SAMPLE(in[0].narrow(0, tensor(1), 2)));
      s.add("narrow_copy", {s.real({2, 4})}, RONDO_SAMPLE(in[0].narrow_copy(1, 1, 2)));
      s.error("size", "maximum size for tensor at dimension 0 is 2 but size is 3", [] { unfold(zeros(2), 0, 3, 1); });
      s.error("step", "step is 0 but must be > 0", [] { unfold(zeros(2), 0, 1, 0); });
      s.error("negative size", "must be >= 0", [] { unfold(zeros(2), 0, -1, 1); });
      s.error("start", "start must be an 0-dim integral Tensor", [] { narrow(zeros(2), 0, ones(1), 1); });
      s.error("wider elements", "self.size(-1) must be divisible", [] { zeros(3).view(kDouble); });
      s.error("another size of a number", "self.dim() cannot be 0", [] { zeros({}).view(kDouble); });
      s.error("another size across strides", "self.stride(-1) must be 1", [] { zeros({2, 2}).t().view(kDouble); });
    })

}  // namespace rondo
