// Tensors cut into parts, which are views.
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace rondo {
namespace {

using ops::Backward;
using ops::Rule;

// Whether the graph watches that parts share memory: a change in place of one of several views is refused.
enum class Watch { Parts, Nothing };

Tensor part_of(const Tensor& self, IntArrayRef sizes, IntArrayRef strides, int64_t offset, Watch watch) {
  Tensor y = tensor_data::window(self, sizes, strides, offset);
  if (watch == Watch::Parts) {
    graph::mark_view(y, self, graph::CreationMeta::MULTI_OUTPUT_NODE);
  } else {
    y.impl().storage = StorageImpl::alias(self.impl().storage);
  }
  return y;
}

struct SplitBackward final : Rule {
  std::string name() const override { return "SplitBackward0"; }
  void backward(Backward& step) override {
    std::vector<Tensor> parts;
    for (int i = 0; i < num_inputs(); ++i) parts.push_back(step.gy_or_zeros(i));
    step[0] = cat(parts, dim);
  }
  int64_t dim = 0;
};
struct UnbindBackward final : Rule {
  std::string name() const override { return "UnbindBackward0"; }
  void backward(Backward& step) override {
    std::vector<Tensor> parts;
    for (int i = 0; i < num_inputs(); ++i) parts.push_back(step.gy_or_zeros(i));
    step[0] = stack(parts, dim);
  }
  int64_t dim = 0;
};

template <class N>
void record_parts(const Tensor& self, const std::vector<Tensor>& parts, int64_t dim) {
  if (parts.empty() || !ops::recording(self)) return;
  auto node = base::Ref<N>(new N);
  node->add_edge(self);
  node->dim = dim;
  for (const Tensor& part : parts) graph::add_history(part, node);
}

std::vector<Tensor> parts_of_lengths(const Tensor& self, IntArrayRef lengths, int64_t dim, Watch watch) {
  dim = wrap_dim("split", dim, self.dim());
  int64_t total = 0;
  bool overflow = false;
  for (int64_t length : lengths) {
    if (length < 0) {
      fail("split", fmt::format("expects split_sizes to have only non-negative entries; got {}", to_string(lengths)));
    }
    overflow |= __builtin_add_overflow(total, length, &total);
  }
  if (overflow || self.dim() == 0 || total != self.size(dim)) {
    fail("split",
         fmt::format("split_with_sizes expects split_sizes to sum exactly to {} (input tensor's size at dimension {}), "
                     "but got split_sizes={}",
                     self.dim() == 0 ? 0 : self.size(dim), dim, to_string(lengths)));
  }
  const TensorImpl& x = self.impl();
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (int64_t length : lengths) {
    Dims sizes = x.sizes;
    sizes[dim] = length;
    parts.push_back(part_of(self, sizes, x.strides, length == 0 ? 0 : start * x.strides[dim], watch));
    start += length;
  }
  record_parts<SplitBackward>(self, parts, dim);
  return parts;
}

std::vector<Tensor> parts_of_length(const Tensor& self, int64_t length, int64_t dim, Watch watch) {
  if (self.dim() == 0) fail("split", "split expects at least a 1-dimensional tensor");
  dim = wrap_dim("split", dim, self.dim());
  const int64_t size = self.size(dim);
  if (length < 0 || (length == 0 && size != 0)) {
    fail("split", fmt::format("split expects split_size be positive, but got split_size={}", length));
  }
  Dims lengths;
  for (int64_t start = 0; start < size; start += length) lengths.push_back(std::min(length, size - start));
  if (lengths.empty()) lengths.push_back(0);
  return parts_of_lengths(self, lengths, dim, watch);
}

// Where there is nothing to share out each part is a tensor all the same.
void check_count(const char* operation, int64_t count) {
  constexpr int64_t kMost = std::numeric_limits<int32_t>::max();
  if (count > kMost) fail(operation, fmt::format("got {} parts; need at most {}", count, kMost));
}

std::vector<Tensor> chunks(const Tensor& self, int64_t count, int64_t dim, Watch watch) {
  if (self.dim() == 0) fail("chunk", "chunk expects at least a 1-dimensional tensor");
  if (count <= 0) fail("chunk", fmt::format("chunk expects `chunks` to be greater than 0, got: {}", count));
  const int64_t size = self.size(dim), length = size / count + (size % count != 0);
  // Nothing still gives as many parts as were asked for.
  if (length == 0) {
    check_count("chunk", count);
    return parts_of_lengths(self, Dims(static_cast<int32_t>(count), 0), dim, watch);
  }
  return parts_of_length(self, length, dim, watch);
}

}  // namespace

std::vector<Tensor> split(const Tensor& self, IntArrayRef sizes, int64_t dim) {
  return parts_of_lengths(self, sizes, dim, Watch::Parts);
}
std::vector<Tensor> split(const Tensor& self, int64_t size, int64_t dim) {
  return parts_of_length(self, size, dim, Watch::Parts);
}
std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef sizes, int64_t dim) {
  return parts_of_lengths(self, sizes, dim, Watch::Parts);
}
std::vector<Tensor> chunk(const Tensor& self, int64_t count, int64_t dim) {
  return chunks(self, count, dim, Watch::Parts);
}
// Each counts its changes for itself.
std::vector<Tensor> unsafe_split(const Tensor& self, int64_t size, int64_t dim) {
  return parts_of_length(self, size, dim, Watch::Nothing);
}
std::vector<Tensor> unsafe_split_with_sizes(const Tensor& self, IntArrayRef sizes, int64_t dim) {
  return parts_of_lengths(self, sizes, dim, Watch::Nothing);
}
std::vector<Tensor> unsafe_chunk(const Tensor& self, int64_t count, int64_t dim) {
  return chunks(self, count, dim, Watch::Nothing);
}

std::vector<Tensor> unbind(const Tensor& self, int64_t dim) {
  if (self.dim() == 0) fail("unbind", "unbind() cannot be applied to a 0-dim tensor");
  dim = wrap_dim("unbind", dim, self.dim());
  const TensorImpl& x = self.impl();
  Dims sizes = x.sizes, strides = x.strides;
  sizes.erase(static_cast<int32_t>(dim));
  strides.erase(static_cast<int32_t>(dim));
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < x.sizes[dim]; ++i) {
    parts.push_back(part_of(self, sizes, strides, i * x.strides[dim], Watch::Parts));
  }
  record_parts<UnbindBackward>(self, parts, dim);
  return parts;
}

// ---- by sections or places ----

namespace {

int64_t sliced_dim(const char* operation, const Tensor& self, int64_t dim) {
  if (self.dim() == 0) {
    fail(operation,
         fmt::format("{} expected at least a 1-dimensional tensor, but got a tensor with 0 dims", operation));
  }
  return wrap_dim(operation, dim, self.dim());
}

struct Straight {
  const char* name;
  int64_t least;  // dimensions of the tensor
  int64_t dim;
};

int64_t dim_of(const Straight& way, const Tensor& self) {
  if (self.dim() < way.least) {
    fail(way.name, fmt::format("torch.{} requires a tensor with at least {} dimension{}, but got a tensor with {} "
                               "dimensions!",
                               way.name, way.least, way.least == 1 ? "" : "s", self.dim()));
  }
  return std::min(way.dim, self.dim() - 1);
}

std::vector<Tensor> even_parts(const Straight& way, const Tensor& self, int64_t sections) {
  const int64_t dim = dim_of(way, self);
  if (sections == 0 || self.size(dim) % sections != 0) {
    fail(way.name,
         fmt::format("torch.{} attempted to split along dimension {}, but the size of the dimension {} is not "
                     "divisible by the split_size {}!",
                     way.name, dim, self.size(dim), sections));
  }
  return tensor_split(self, sections, dim);
}

constexpr Straight kHorizontal{"hsplit", 1, 1}, kVertical{"vsplit", 2, 0}, kDeep{"dsplit", 3, 2};

}  // namespace

std::vector<Tensor> tensor_split(const Tensor& self, int64_t sections, int64_t dim) {
  dim = sliced_dim("tensor_split", self, dim);
  if (sections <= 0) {
    fail_value("tensor_split", fmt::format("number of sections must be larger than 0, got {}", sections));
  }
  check_count("tensor_split", sections);
  const int64_t size = self.size(dim), least = size / sections, longer = size % sections;
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (int64_t i = 0; i < sections; ++i) {
    const int64_t end = start + least + (i < longer ? 1 : 0);
    parts.push_back(self.slice(dim, start, end));
    start = end;
  }
  return parts;
}

std::vector<Tensor> tensor_split(const Tensor& self, IntArrayRef indices, int64_t dim) {
  dim = sliced_dim("tensor_split", self, dim);
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (const int64_t end : indices) {
    parts.push_back(self.slice(dim, start, end));
    start = end;
  }
  parts.push_back(self.slice(dim, start, self.size(dim)));
  return parts;
}

std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& indices_or_sections, int64_t dim) {
  constexpr const char* kName = "tensor_split";
  if (indices_or_sections.dtype() != kLong) {
    fail_type(kName, fmt::format("tensor_split expected tensor_indices_or_sections to have dtype of long, but got {}",
                                 dtype_name(indices_or_sections.dtype())));
  }
  if (indices_or_sections.dim() == 0) return tensor_split(self, indices_or_sections.item<int64_t>(), dim);
  if (indices_or_sections.dim() != 1) {
    fail(kName, fmt::format("tensor_split expected tensor_indices_or_sections to be a zero-dimensional or "
                            "one-dimensional tensor, but got a tensor with {} dims",
                            indices_or_sections.dim()));
  }
  const Tensor places = indices_or_sections.contiguous();
  return tensor_split(self, IntArrayRef(places.data_ptr<int64_t>(), static_cast<size_t>(places.numel())), dim);
}

std::vector<Tensor> hsplit(const Tensor& self, int64_t sections) { return even_parts(kHorizontal, self, sections); }
std::vector<Tensor> vsplit(const Tensor& self, int64_t sections) { return even_parts(kVertical, self, sections); }
std::vector<Tensor> dsplit(const Tensor& self, int64_t sections) { return even_parts(kDeep, self, sections); }
std::vector<Tensor> hsplit(const Tensor& self, IntArrayRef indices) {
  return tensor_split(self, indices, dim_of(kHorizontal, self));
}
std::vector<Tensor> vsplit(const Tensor& self, IntArrayRef indices) {
  return tensor_split(self, indices, dim_of(kVertical, self));
}
std::vector<Tensor> dsplit(const Tensor& self, IntArrayRef indices) {
  return tensor_split(self, indices, dim_of(kDeep, self));
}

RONDO_OP(
    splits, .name = "split, split_with_sizes, chunk, unbind, unsafe_split, unsafe_split_with_sizes, unsafe_chunk",
    .doc = "the parts of a tensor along a dimension", .samples = [](ops::Samples& s) {
      s.add("split", {s.real({5, 2})}, RONDO_SAMPLE(in[0].split(2)[1] * in[0].split(2)[0]));
      s.add("split, the rest", {s.real({2, 5})}, RONDO_SAMPLE(split(in[0], 2, -1)[2]));
      s.add("given sizes", {s.real({5, 2})}, RONDO_SAMPLE(split(in[0], {1, 0, 4})[2] * 2));
      s.add("split_with_sizes", {s.real({2, 5})}, RONDO_SAMPLE(in[0].split_with_sizes({2, 3}, 1)[0]));
      s.add("chunk", {s.real({5})}, RONDO_SAMPLE(cat({in[0].chunk(3)[2], in[0].chunk(3)[0]})));
      s.add("chunk of nothing", {s.real({0, 2})}, RONDO_SAMPLE(in[0].chunk(3)[2]));
      s.add("unbind", {s.real({2, 3})}, RONDO_SAMPLE(in[0].unbind(1)[0] * in[0].unbind(1)[2]));
      s.add("unsafe_split", {s.real({4, 2})}, RONDO_SAMPLE(in[0].unsafe_split(2)[1]));
      s.add("unsafe_split_with_sizes", {s.real({4})}, RONDO_SAMPLE(in[0].unsafe_split_with_sizes({1, 3})[1]));
      s.add("unsafe_chunk", {s.real({4})}, RONDO_SAMPLE(unsafe_chunk(in[0], 2)[0] * unsafe_chunk(in[0], 2)[1]));
      s.error("sum", "expects split_sizes to sum exactly to 3", [] { zeros(3).split(IntArrayRef({1, 1})); });
      s.error("negative size", "non-negative entries", [] { zeros(3).split_with_sizes({4, -1}); });
      s.error("size of 0", "split expects split_size be positive", [] { zeros(3).split(0); });
      s.error("no chunks", "greater than 0", [] { zeros(3).chunk(0); });
      s.error("unbind of a number", "0-dim", [] { zeros({}).unbind(); });
      s.error("in place into one of several views", "multiple views", [] {
        auto x = zeros({4}).requires_grad_() * 1.0;
        x.split(2)[0].add_(1);
      });
    })

RONDO_OP(
    tensor_split, .name = "tensor_split, hsplit, vsplit, dsplit", .doc = "parts by their number or by where they begin",
    .samples = [](ops::Samples& s) {
      s.add("sections", {s.real({5, 2})}, RONDO_SAMPLE(tensor_split(in[0], 3)[1]));
      s.add("more sections than elements", {s.real({2})}, RONDO_SAMPLE(tensor_split(in[0], 3)[2]));
      s.add("indices", {s.real({2, 5})}, RONDO_SAMPLE(in[0].tensor_split({1, 3}, 1)[1]));
      s.add("indices outside", {s.real({5})}, RONDO_SAMPLE(in[0].tensor_split({-2, 9})[1]));
      s.add("a tensor of indices", {s.real({5})}, RONDO_SAMPLE(tensor_split(in[0], tensor({1, 4}))[1]));
      s.add("a tensor of sections", {s.real({5})}, RONDO_SAMPLE(tensor_split(in[0], tensor(2))[0]));
      s.add("hsplit", {s.real({2, 4})}, RONDO_SAMPLE(hsplit(in[0], 2)[1]));
      s.add("hsplit of a vector", {s.real({4})}, RONDO_SAMPLE(in[0].hsplit({1, 2})[2]));
      s.add("vsplit", {s.real({4, 2})}, RONDO_SAMPLE(in[0].vsplit(2)[1] * in[0].vsplit({1, 3})[1]));
      s.add("dsplit", {s.real({1, 2, 4})}, RONDO_SAMPLE(dsplit(in[0], 2)[0] * dsplit(in[0], {2})[1]));
      s.error("no sections", "number of sections must be larger than 0", [] { tensor_split(zeros(2), 0); });
      s.error("0-dimensional", "at least a 1-dimensional", [] { tensor_split(zeros({}), 2); });
      s.error("dtype", "to have dtype of long", [] { tensor_split(zeros(2), ones(1)); });
      s.error("matrix", "zero-dimensional or one-dimensional", [] { tensor_split(zeros(2), ones({1, 1}, kLong)); });
      s.error("hsplit of a number", "torch.hsplit requires a tensor with at least 1 dimension",
              [] { hsplit(zeros({}), 1); });
      s.error("vsplit of a vector", "torch.vsplit requires a tensor with at least 2 dimensions",
              [] { vsplit(zeros(2), 1); });
      s.error("dsplit of a matrix", "torch.dsplit requires a tensor with at least 3 dimensions", [] {
        dsplit(zeros({2, 2}), 1);
      });
      s.error("uneven", "is not divisible by the split_size 3", [] { hsplit(zeros({2, 4}), 3); });
    })

}  // namespace rondo
