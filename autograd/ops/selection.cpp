#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/selection.h>

#include <fmt/format.h>

#include <iterator>

namespace rondo::ops {
namespace {

Dims common_shape(const char* operation, const std::vector<Tensor>& indices) {
  Dims shape;
  try {
    for (const Tensor& index : indices) {
      if (index.defined()) shape = broadcast_shapes(operation, shape, index.sizes());
    }
  } catch (const Error&) {
    std::string shapes;
    for (const Tensor& index : indices) {
      if (!index.defined()) continue;
      fmt::format_to(std::back_inserter(shapes), "{}{}", shapes.empty() ? "" : ", ", to_string(index.sizes()));
    }
    fail_index(operation,
               fmt::format("shape mismatch: indexing tensors could not be broadcast together with shapes {}", shapes));
  }
  return shape;
}

// `tensor` in a larger shape, without memory for the repetitions.
Tensor broadcast_window(const Tensor& tensor, IntArrayRef sizes) {
  const auto lead = static_cast<int32_t>(sizes.size()) - static_cast<int32_t>(tensor.dim());
  Dims strides(static_cast<int32_t>(sizes.size()), 0);
  for (int32_t i = 0; i < tensor.dim(); ++i) {
    if (tensor.size(i) != 1) strides[lead + i] = tensor.stride(i);
  }
  return tensor_data::window(tensor, sizes, strides, 0);
}

Tensor wrapped(const char* operation, const Tensor& index, IntArrayRef shape, int64_t size, int64_t dim) {
  const Tensor numbers = index.sizes() == shape ? index.contiguous() : broadcast_window(index, shape).contiguous();
  Tensor result = tensor_data::make(numbers.numel(), kLong);
  const auto* from = numbers.data_ptr<int64_t>();
  const int64_t bad = kernels::check_index(from, numbers.numel(), size, result.data_ptr<int64_t>());
  if (bad >= 0) {
    if (size == 0) {
      fail_index(operation, fmt::format("index is out of bounds for dimension with size 0: got index {} for dimension "
                                        "{}",
                                        from[bad], dim));
    }
    fail_index(operation, fmt::format("index {} is out of bounds for dimension {} with size {}", from[bad], dim, size));
  }
  return result;
}

// How a kernel walks an array of the selection's sizes beside one of its result: dimension `dim` of the walk goes over
// the places, and number i of `places` reaches numbers[i] times `reach` elements into the array.
struct Walk {
  Walk(const Selection& selection, IntArrayRef array_strides) : numbers(selection.places) {
    const auto at = [&](int64_t d) { return array_strides[static_cast<size_t>(d)]; };
    const Dims& dims = selection.dims;
    bool merged = true;
    for (int32_t i = 0; i + 1 < dims.size(); ++i) {
      merged &= at(dims[i]) == at(dims[i + 1]) * selection.sizes[dims[i + 1]];
    }
    reach = merged ? at(dims.back()) : 1;
    if (!merged) numbers = offsets(selection, array_strides);

    dim = static_cast<int>(selection.front);
    int32_t next = 0;
    for (int32_t d = 0; d < selection.sizes.size(); ++d) {
      if (sizes.size() == dim && !placed) place();
      if (next < dims.size() && dims[next] == d) {
        ++next;
        continue;
      }
      sizes.push_back(selection.sizes[d]);
      strides.push_back(at(d));
      number_strides.push_back(0);
    }
    if (!placed) place();
  }

  int64_t width() const { return count_elements(IntArrayRef(sizes).slice(static_cast<size_t>(dim) + 1)); }
  // Whether each place is a row without gaps.
  bool has_rows() const {
    return dim == 0 && is_contiguous(IntArrayRef(sizes).slice(1), IntArrayRef(strides).slice(1));
  }

  Tensor numbers;
  int64_t reach;
  int dim;
  Dims sizes, strides, number_strides;

 private:
  void place() {
    sizes.push_back(numbers.numel());
    strides.push_back(reach);
    number_strides.push_back(1);
    placed = true;
  }

  static Tensor offsets(const Selection& selection, IntArrayRef strides) {
    Tensor result = tensor_data::make(selection.places.numel(), kLong);
    const auto* from = selection.places.data_ptr<int64_t>();
    auto* to = result.data_ptr<int64_t>();
    for (int64_t i = 0; i < result.numel(); ++i) {
      int64_t rest = from[i], offset = 0;
      for (int32_t k = selection.dims.size(); k-- > 0;) {
        const int64_t d = selection.dims[k], size = selection.sizes[d];
        offset += rest % size * strides[static_cast<size_t>(d)];
        rest /= size;
      }
      to[i] = offset;
    }
    return result;
  }

  bool placed = false;
};

}  // namespace

Selection make_selection(const char* operation, IntArrayRef sizes, const std::vector<Tensor>& indices,
                         IntArrayRef origin) {
  Selection selection;
  selection.sizes = sizes;
  const Dims shape = common_shape(operation, indices);
  bool neighbours = true;
  for (size_t d = 0; d < sizes.size(); ++d) {
    const auto dim = static_cast<int64_t>(d);
    if (d >= indices.size() || !indices[d].defined()) continue;
    neighbours &= selection.dims.empty() || selection.dims.back() == dim - 1;
    selection.dims.push_back(dim);
    Tensor numbers = wrapped(operation, indices[d], shape, sizes[d], origin[d]);
    if (!selection.places.defined()) {
      selection.places = std::move(numbers);
      continue;
    }
    auto* places = selection.places.data_ptr<int64_t>();
    const auto* number = numbers.data_ptr<int64_t>();
    for (int64_t i = 0; i < numbers.numel(); ++i) places[i] = places[i] * sizes[d] + number[i];
  }
  selection.front = neighbours ? selection.dims[0] : 0;
  int32_t next = 0;
  for (int32_t d = 0; d < selection.sizes.size(); ++d) {
    if (next < selection.dims.size() && selection.dims[next] == d) {
      ++next;
    } else {
      selection.result.push_back(selection.sizes[d]);
    }
  }
  for (int32_t i = 0; i < shape.size(); ++i) {
    selection.result.insert(static_cast<int32_t>(selection.front) + i, shape[i]);
  }
  return selection;
}

Tensor read_selected(const Tensor& self, const Selection& selection) {
  Tensor y = tensor_data::make(selection.result, self.dtype());
  if (y.numel() == 0) return y;
  const Walk walk(selection, self.strides());
  const auto* numbers = walk.numbers.data_ptr<int64_t>();
  if (walk.has_rows()) {
    kernels::take_rows(self.dtype(), walk.width(), self.data_ptr(), walk.reach, numbers, walk.numbers.numel(),
                       y.data_ptr());
  } else {
    kernels::gather(walk.sizes.size(), walk.dim, walk.sizes.data(), self.dtype(), y.data_ptr(),
                    contiguous_strides(walk.sizes).data(), self.data_ptr(), walk.strides.data(), numbers,
                    walk.number_strides.data());
  }
  return y;
}

void write_selected(const Tensor& self, const Selection& selection, const Tensor& values, bool accumulate) {
  if (count_elements(selection.result) == 0) return;
  const Walk walk(selection, self.strides());
  const auto* numbers = walk.numbers.data_ptr<int64_t>();
  const int64_t shape_dims = selection.result.size() - walk.sizes.size() + 1;
  Tensor source = apart_from(self, broadcast_window(values, selection.result));
  // The places are one dimension of the walk.
  if (shape_dims > 1) source = source.contiguous();
  if (accumulate && walk.has_rows() && source.is_contiguous()) {
    kernels::add_rows(self.dtype(), walk.width(), self.data_ptr(), walk.reach, numbers, walk.numbers.numel(),
                      source.data_ptr(), walk.width(), 1);
    return;
  }
  const Dims source_strides = shape_dims > 1 ? contiguous_strides(walk.sizes) : Dims(source.strides());
  const auto kernel = accumulate ? &kernels::scatter_add : &kernels::scatter;
  kernel(walk.sizes.size(), walk.dim, walk.sizes.data(), self.dtype(), self.data_ptr(), walk.strides.data(),
         source.data_ptr(), source_strides.data(), numbers, walk.number_strides.data());
}

}  // namespace rondo::ops
