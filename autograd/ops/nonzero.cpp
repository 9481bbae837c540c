// The places that are not zero: nonzero, masked_select.
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>

#include <fmt/format.h>

namespace rondo {
namespace {

// The row-major numbers of the elements that are not zero.
Tensor flat_nonzero(const Tensor& self) {
  const Tensor x = self.contiguous();
  return visit_dtype(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* numbers = x.data_ptr<T>();
    const int64_t n = x.numel();
    const auto holds = [](T value) { return static_cast<int64_t>(value != T(0)); };
    int64_t count = 0;
    for (int64_t i = 0; i < n; ++i) count += holds(numbers[i]);
    Tensor places = tensor_data::make(count, kLong);
    auto* out = places.data_ptr<int64_t>();
    int64_t filled = 0;
    for (int64_t i = 0; filled < count; ++i) {
      out[filled] = i;
      filled += holds(numbers[i]);
    }
    return places;
  });
}

}  // namespace

Tensor nonzero(const Tensor& self) {
  const Tensor flat = flat_nonzero(self);
  const auto* numbers = flat.data_ptr<int64_t>();
  const int64_t count = flat.numel(), ndim = self.dim();
  if (ndim == 0) return tensor_data::make({count, ndim}, kLong);
  // One row for each dimension, so that the columns of the result are contiguous: they serve as indices.
  const Tensor rows = tensor_data::make({ndim, count}, kLong);
  auto* place = rows.data_ptr<int64_t>();
  const IntArrayRef sizes = self.sizes();
  Dims position(static_cast<int32_t>(ndim), 0);
  int64_t before = 0;
  for (int64_t i = 0; i < count; ++i) {
    // From the place before: only a carry divides.
    position[ndim - 1] += numbers[i] - before;
    before = numbers[i];
    for (int64_t d = ndim - 1; d > 0 && position[d] >= sizes[static_cast<size_t>(d)]; --d) {
      position[d - 1] += position[d] / sizes[static_cast<size_t>(d)];
      position[d] %= sizes[static_cast<size_t>(d)];
    }
    for (int64_t d = 0; d < ndim; ++d) place[d * count + i] = position[d];
  }
  return graph::unviewed(rows.t());
}

Tensor masked_select(const Tensor& self, const Tensor& mask) {
  if (mask.dtype() != kBool && mask.dtype() != kByte) {
    fail_type("masked_select",
              fmt::format("expected BoolTensor or ByteTensor for mask, got {}", dtype_name(mask.dtype())));
  }
  const Dims shape = broadcast_shapes("masked_select", self.sizes(), mask.sizes());
  const Tensor places = flat_nonzero(mask.expand(shape));
  return index_select(self.expand(shape).reshape({-1}), 0, places);
}

RONDO_OP(
    nonzero, .name = "nonzero", .doc = "the positions of the elements that are not zero, [count, dim()]",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.add("matrix", {s.real({3, 4})}, RONDO_SAMPLE(nonzero(in[0].gt(0)).to(in[0].dtype())));
      s.add("cube", {s.real({2, 3, 2})}, RONDO_SAMPLE(nonzero(in[0].gt(0)).to(in[0].dtype())));
      s.add("0-dim", {s.real({})}, RONDO_SAMPLE(nonzero(in[0].gt(0)).to(in[0].dtype())));
      s.add("empty", {s.real({2, 0})}, RONDO_SAMPLE(nonzero(in[0].gt(0)).to(in[0].dtype())));
    })

RONDO_OP(
    masked_select, .name = "masked_select", .doc = "the elements where the mask holds, in a list",
    .samples = [](ops::Samples& s) {
      s.add("matrix", {s.real({3, 4}), s.boolean({3, 4})}, RONDO_SAMPLE(masked_select(in[0], in[1])));
      s.add("mask of rows", {s.real({3, 2}), s.boolean({3, 1})}, RONDO_SAMPLE(masked_select(in[0], in[1])));
      s.add("broadcast input", {s.real({2}), s.boolean({3, 2})}, RONDO_SAMPLE(masked_select(in[0], in[1])));
      s.add("transposed", {s.real({3, 2}), s.boolean({2, 3})}, RONDO_SAMPLE(masked_select(in[0].t(), in[1])));
      s.add("0-dim", {s.real({}), s.boolean({})}, RONDO_SAMPLE(masked_select(in[0], in[1])));
      s.add("empty", {s.real({0}), s.boolean({0})}, RONDO_SAMPLE(masked_select(in[0], in[1])));
      s.error("dtype", "expected BoolTensor", [] { masked_select(ones(3), ones(3)); });
      s.error("shape", "do not broadcast", [] { masked_select(ones(3), full(2, true)); });
    })

}  // namespace rondo
