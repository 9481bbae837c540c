// Diagonals, triangles, padding, channels to pixels; and questions about tensors.
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise_family.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace rondo {

// ---- diagonals and triangles ----

Tensor diag(const Tensor& self, int64_t diagonal) {
  if (self.dim() == 1) return diag_embed(self, diagonal);
  if (self.dim() == 2) return self.diagonal(diagonal).clone().contiguous();
  fail("diag", fmt::format("diag(): Supports 1D or 2D tensors. Got {}D", self.dim()));
}

Tensor diag_embed(const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  const int64_t a = wrap_dim("diag_embed", dim1, self.dim() + 1), b = wrap_dim("diag_embed", dim2, self.dim() + 1);
  if (a == b) fail("diag_embed", fmt::format("diagonal dimensions cannot be identical {}, {}", dim1, dim2));
  if (self.dim() == 0) fail_index("diag_embed", "needs a tensor of at least 1 dimension; got ()");
  const int64_t size = self.size(-1) + std::abs(offset);
  Dims sizes(self.sizes());
  sizes.erase(sizes.size() - 1);
  sizes.insert(static_cast<int32_t>(std::min(a, b)), size);
  sizes.insert(static_cast<int32_t>(std::max(a, b)), size);
  Tensor y = zeros(sizes, self.dtype());
  y.diagonal(offset, a, b).copy_(self);
  return y;
}

Tensor diagflat(const Tensor& self, int64_t offset) { return diag_embed(self.reshape({-1}), offset); }

Tensor& triu_(Tensor& self, int64_t diagonal) { return ops::become("triu_", self, triu(self, diagonal)); }
Tensor& tril_(Tensor& self, int64_t diagonal) { return ops::become("tril_", self, tril(self, diagonal)); }

Tensor& fill_diagonal_(Tensor& self, Scalar value, bool wrap) {
  constexpr const char* kName = "fill_diagonal_";
  if (self.dim() < 2) fail(kName, fmt::format("dimensions must larger than 1; got {}", to_string(self.sizes())));
  const int64_t rows = self.size(0), columns = self.size(1), size = std::min(rows, columns);
  int64_t step = 0;
  for (int64_t d = 0; d < self.dim(); ++d) {
    step += self.stride(d);
    if (self.dim() > 2 && self.size(d) != rows) {
      fail(kName, fmt::format("all dimensions of input must be of equal length; got {}", to_string(self.sizes())));
    }
  }
  const int64_t offset = self.storage_offset();
  self.as_strided({size}, {step}, offset).fill_(value);
  if (wrap && self.dim() == 2 && rows > columns + 1) {
    const int64_t more = (self.numel() + columns) / (columns + 1) - size;
    self.as_strided({more}, {step}, offset + self.stride(0) * (columns + 1)).fill_(value);
  }
  return self;
}

namespace {

Tensor triangle_places(const char* operation, int64_t rows, int64_t columns, int64_t offset, bool upper,
                       TensorOptions options) {
  if (rows < 0 || columns < 0) {
    fail_value(operation, fmt::format("row and col must be non-negative, got {} and {}", rows, columns));
  }
  static_cast<void>(count_elements({rows, columns}));  // throws where there are too many
  offset = std::clamp(offset, -rows, columns);
  // f(row, its first column, one past its last), where it has any.
  const auto each_row = [&](auto f) {
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t edge = i + offset;
      const int64_t first = upper ? std::max<int64_t>(edge, 0) : 0;
      const int64_t last = upper ? columns : std::min(edge + 1, columns);
      if (first < last) f(i, first, last);
    }
  };
  int64_t count = 0;
  each_row([&](int64_t, int64_t first, int64_t last) { count += last - first; });
  Tensor places = tensor_data::make({2, count}, kLong);
  int64_t *row = places.data_ptr<int64_t>(), *column = row + count;
  each_row([&](int64_t i, int64_t first, int64_t last) {
    row = std::fill_n(row, last - first, i);
    std::iota(column, column + (last - first), first);
    column += last - first;
  });
  return places.to(options.has_dtype() ? options.dtype() : kLong);
}

}  // namespace

Tensor triu_indices(int64_t row, int64_t col, int64_t offset, TensorOptions options) {
  return triangle_places("triu_indices", row, col, offset, true, options);
}
Tensor tril_indices(int64_t row, int64_t col, int64_t offset, TensorOptions options) {
  return triangle_places("tril_indices", row, col, offset, false, options);
}

Tensor ravel(const Tensor& self) { return self.reshape({-1}); }

// ---- channels and pixels ----

namespace {

// [batch, ...], whatever stands before the last three dimensions; throws where there are fewer.
Tensor as_images(const char* operation, const Tensor& self) {
  if (self.dim() < 3) {
    fail(operation, fmt::format("{} expects input to have at least 3 dimensions, but got input with {} dimension(s)",
                                operation, self.dim()));
  }
  return self.reshape({count_elements(self.sizes().slice(0, static_cast<size_t>(self.dim()) - 3)), self.size(-3),
                       self.size(-2), self.size(-1)});
}

Tensor with_last_three(const Tensor& x, IntArrayRef like, int64_t c, int64_t h, int64_t w) {
  Dims sizes = like;
  const int32_t at = sizes.size() - 3;
  sizes[at] = c;
  sizes[at + 1] = h;
  sizes[at + 2] = w;
  return x.reshape(sizes);
}

}  // namespace

Tensor pixel_shuffle(const Tensor& self, int64_t r) {
  constexpr const char* kName = "pixel_shuffle";
  const Tensor x = as_images(kName, self);
  if (r <= 0) fail_value(kName, fmt::format("pixel_shuffle expects a positive upscale_factor, but got {}", r));
  const int64_t n = x.size(0), c = x.size(1) / r / r, h = x.size(2), w = x.size(3);
  if (x.size(1) % r != 0 || x.size(1) / r % r != 0) {
    fail(kName, fmt::format("pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of "
                            "upscale_factor, but input.size(-3)={} is not divisible by {:.0f}",
                            x.size(1), static_cast<double>(r) * static_cast<double>(r)));
  }
  const Tensor apart = x.reshape({n, c, r, r, h, w}).permute({0, 1, 4, 2, 5, 3});
  return with_last_three(apart, self.sizes(), c, h * r, w * r);
}

Tensor pixel_unshuffle(const Tensor& self, int64_t r) {
  constexpr const char* kName = "pixel_unshuffle";
  const Tensor x = as_images(kName, self);
  if (r <= 0) fail_value(kName, fmt::format("pixel_unshuffle expects a positive downscale_factor, but got {}", r));
  const int64_t n = x.size(0), c = x.size(1), h = x.size(2) / r, w = x.size(3) / r;
  if (x.size(2) % r != 0 || x.size(3) % r != 0) {
    fail(kName, fmt::format("pixel_unshuffle expects height and width to be divisible by downscale_factor, but "
                            "input.size(-2)={} and input.size(-1)={} are not both divisible by {}",
                            x.size(2), x.size(3), r));
  }
  const Tensor apart = x.reshape({n, c, h, r, w, r}).permute({0, 1, 3, 5, 2, 4});
  return with_last_three(apart, self.sizes(), c * r * r, h, w);
}

Tensor channel_shuffle(const Tensor& self, int64_t groups) {
  constexpr const char* kName = "channel_shuffle";
  if (self.dim() < 3) {
    fail(kName, fmt::format("channel_shuffle expects input with > 2 dims, but got input with sizes {}",
                            to_string(self.sizes())));
  }
  if (groups <= 0)
    fail_value(kName, fmt::format("Number of groups to divide channels in must be positive, got {}", groups));
  const int64_t channels = self.size(1);
  if (channels % groups != 0) {
    fail(kName, fmt::format("Number of channels must be divisible by groups. Got {} channels and {} groups.", channels,
                            groups));
  }
  return self.unflatten(1, {groups, channels / groups}).transpose(1, 2).reshape(self.sizes());
}

// ---- padding ----

namespace {

// The transposed operation cuts where padding was added, and pads with zeros where it had cut.
struct ConstantPadNdBackward final : ops::Rule {
  Dims pad;

  std::string name() const override { return "ConstantPadNdBackward0"; }
  void backward(ops::Backward& step) override {
    Dims opposite = pad;
    for (int64_t& each : opposite) each = -each;
    step[0] = constant_pad_nd(step.gy(), opposite);
  }
};

// `inside`, from `starts` on, within a tensor of these sizes that holds `value` elsewhere.
Tensor surrounded(const Tensor& inside, IntArrayRef sizes, const Dims& starts, Scalar value) {
  NoGradGuard guard;
  Tensor y = inside.sizes() == sizes ? tensor_data::make(sizes, inside.dtype()) : full(sizes, value, inside.dtype());
  Tensor place = y;
  for (int64_t d = 0; d < inside.dim(); ++d) {
    const int64_t at = starts[d];
    if (inside.size(d) != sizes[static_cast<size_t>(d)]) place = place.slice(d, at, at + inside.size(d));
  }
  place.copy_(inside);
  return y;
}

}  // namespace

Tensor constant_pad_nd(const Tensor& self, IntArrayRef pad, Scalar value) {
  constexpr const char* kName = "constant_pad_nd";
  const auto pairs = static_cast<int64_t>(pad.size() / 2);
  if (pad.size() % 2 != 0) fail(kName, fmt::format("Length of pad must be even but instead it equals {}", pad.size()));
  if (pairs > self.dim()) {
    fail(kName, fmt::format("Length of pad should be no more than twice the number of dimensions of the input. Pad "
                            "length is {} while the input has {} dimensions.",
                            pad.size(), self.dim()));
  }
  // What is cut away goes first; then the rest is copied into a larger tensor.
  Tensor inside = self.detach();
  Dims sizes(self.sizes()), starts(static_cast<int32_t>(self.dim()), 0);
  for (int64_t i = 0; i < pairs; ++i) {
    const int64_t d = self.dim() - 1 - i, before = pad[static_cast<size_t>(2 * i)],
                  after = pad[static_cast<size_t>(2 * i) + 1];
    if (std::min(before, after) == std::numeric_limits<int64_t>::min() ||
        __builtin_add_overflow(sizes[d], before, &sizes[d]) || __builtin_add_overflow(sizes[d], after, &sizes[d])) {
      fail(kName, fmt::format("padding {} and {} at dimension {} of {} goes beyond the largest size", before, after, d,
                              to_string(self.sizes())));
    }
    if (sizes[d] < 0) {
      fail(kName, fmt::format("The input size {}, plus negative padding {} and {} resulted in a negative output size, "
                              "which is invalid. Check dimension {} of your input.",
                              self.size(d), before, after, d));
    }
    starts[d] = std::max<int64_t>(before, 0);
    const int64_t first = std::min(std::max<int64_t>(-before, 0), self.size(d));
    const int64_t last = std::max(self.size(d) - std::max<int64_t>(-after, 0), first);
    if (last - first != self.size(d)) inside = inside.slice(d, first, last);
  }
  Tensor y = surrounded(inside, sizes, starts, value);
  if (auto* node = ops::record<ConstantPadNdBackward>(y, self)) node->pad = Dims(pad);
  return y;
}

Tensor ops::rising_powers(const Tensor& base, int64_t n) {
  const Tensor column = base.unsqueeze(-1);
  Dims sizes(column.sizes());
  sizes[sizes.size() - 1] = n;
  if (n < 1) return base.new_empty(sizes);
  --sizes[sizes.size() - 1];
  return cat({ones_like(column), column.expand(sizes)}, -1).cumprod(-1);
}

Tensor vander(const Tensor& x, std::optional<int64_t> N, bool increasing) {
  if (x.dim() != 1) fail("vander", fmt::format("x must be a one-dimensional tensor; got {}", to_string(x.sizes())));
  const int64_t n = N.value_or(x.size(0));
  if (n < 0) fail_value("vander", fmt::format("N must be non-negative; got {}", n));
  const Tensor base = x.to(promote_types(x.dtype(), kLong));
  const Tensor powers = ops::rising_powers(base, n);
  return increasing ? powers : powers.flip(1);
}

// ---- new tensors ----

Tensor new_empty(const Tensor& self, IntArrayRef sizes, TensorOptions options) {
  return empty(sizes, tensor_data::options_like(self, options));
}
Tensor new_empty_strided(const Tensor& self, IntArrayRef sizes, IntArrayRef strides, TensorOptions options) {
  return empty_strided(sizes, strides, tensor_data::options_like(self, options));
}
Tensor new_full(const Tensor& self, IntArrayRef sizes, Scalar value, TensorOptions options) {
  return full(sizes, value, tensor_data::options_like(self, options));
}
Tensor new_zeros(const Tensor& self, IntArrayRef sizes, TensorOptions options) {
  return zeros(sizes, tensor_data::options_like(self, options));
}
Tensor new_ones(const Tensor& self, IntArrayRef sizes, TensorOptions options) {
  return ones(sizes, tensor_data::options_like(self, options));
}
Tensor& resize_as_(Tensor& self, const Tensor& other) { return self.resize_(other.sizes()); }

// ---- questions ----

bool is_same_size(const Tensor& self, const Tensor& other) { return self.sizes() == other.sizes(); }

bool is_nonzero(const Tensor& self) {
  if (self.numel() == 0) fail("is_nonzero", "Boolean value of Tensor with no values is ambiguous");
  if (self.numel() > 1) {
    fail("is_nonzero",
         fmt::format("Boolean value of Tensor with more than one value is ambiguous; got {}", to_string(self.sizes())));
  }
  return self.item().to<bool>();
}

ScalarType result_type(const Tensor& tensor, const Tensor& other) {
  const Tensor* both[] = {&tensor, &other};
  return ops::result_type(both, 2);
}
ScalarType result_type(const Tensor& tensor, Scalar other) { return ops::result_type(tensor, other); }
ScalarType result_type(Scalar scalar, const Tensor& tensor) { return ops::result_type(tensor, scalar); }
ScalarType result_type(Scalar scalar1, Scalar scalar2) {
  const auto type = [](Scalar number) { return number.isFloatingPoint() ? default_dtype() : number.type(); };
  return promote_types(type(scalar1), type(scalar2));
}

// ---- the table ----

RONDO_OP(
    diagonals, .name = "diag, diag_embed, diagflat", .doc = "vectors on the diagonals of matrices, and back",
    .samples = [](ops::Samples& s) {
      s.add("diag of a vector", {s.real({3})}, RONDO_SAMPLE(diag(in[0], 1)));
      s.add("diag of a matrix", {s.real({3, 4})}, RONDO_SAMPLE(in[0].diag(-1)));
      s.add("diag of a transposed", {s.real({3, 4})}, RONDO_SAMPLE(diag(in[0].t())));
      s.add("diag beyond", {s.real({2, 2})}, RONDO_SAMPLE(diag(in[0], 5)));
      s.add("diag_embed", {s.real({2, 3})}, RONDO_SAMPLE(diag_embed(in[0])));
      s.add("diag_embed, in front", {s.real({2, 3})}, RONDO_SAMPLE(diag_embed(in[0], -1, 0, 2)));
      s.add("diag_embed, dims swapped", {s.real({2, 3})}, RONDO_SAMPLE(in[0].diag_embed(1, 2, 0)));
      s.add("diag_embed of nothing", {s.real({2, 0})}, RONDO_SAMPLE(diag_embed(in[0], 1)));
      s.add("diagflat", {s.real({2, 2})}, RONDO_SAMPLE(diagflat(in[0], 1)));
      s.add("diagflat of a number", {s.real({})}, RONDO_SAMPLE(in[0].diagflat()));
      s.error("diag of three dimensions", "Supports 1D or 2D tensors. Got 3D", [] { diag(zeros({2, 2, 2})); });
      s.error("one dimension twice", "cannot be identical", [] { diag_embed(zeros({2, 2}), 0, 1, -2); });
    })

RONDO_OP(
    fill_diagonal, .name = "fill_diagonal_, new_empty, new_zeros, ...",
    .doc = "one number on a diagonal, in place; new tensors of a tensor's dtype", .samples = [](ops::Samples& s) {
      s.add("wide", {s.real({2, 4})}, RONDO_SAMPLE((in[0] * in[0]).fill_diagonal_(1.5)));
      s.add("tall", {s.real({7, 2})}, RONDO_SAMPLE((in[0] * in[0]).fill_diagonal_(1.5)));
      s.add("tall, again", {s.real({8, 2})}, RONDO_SAMPLE((in[0] * in[0]).fill_diagonal_(1.5, true)));
      s.add("cube", {s.real({2, 2, 2})}, RONDO_SAMPLE((in[0] * in[0]).fill_diagonal_(0)));
      s.add("of a transposed", {s.real({2, 3})}, RONDO_SAMPLE((in[0] * in[0]).t().fill_diagonal_(0)));
      s.add("new_full", {s.real({2})}, RONDO_SAMPLE(in[0] + in[0].new_full({3, 1}, 2) + in[0].new_zeros({2})));
      s.error("vector", "dimensions must larger than 1", [] { zeros(2).fill_diagonal_(1); });
      s.error("not a cube", "must be of equal length", [] { zeros({2, 2, 3}).fill_diagonal_(1); });
    })

RONDO_OP(
    triangles_, .name = "triu_, tril_, triu_indices, tril_indices", .doc = "triangles in place; their places",
    .samples = [](ops::Samples& s) {
      s.add("triu_", {s.real({3, 4})}, RONDO_SAMPLE((in[0] * 2).triu_(1)));
      s.add("tril_ of a transposed", {s.real({3, 4})}, RONDO_SAMPLE((in[0] * 2).t().tril_()));
      s.add("places", {s.real({3, 4})},
            RONDO_SAMPLE(in[0].index({triu_indices(3, 4, 1)[0], triu_indices(3, 4, 1)[1]})));
      s.add("lower places", {s.real({3, 4})},
            RONDO_SAMPLE(in[0].index({tril_indices(3, 4, -1)[0], tril_indices(3, 4, -1)[1]})));
      s.error("a vector", "at least 2 dimensions", [] { zeros(3).triu_(); });
      s.error("negative", "must be non-negative", [] { triu_indices(-1, 2); });
    })

RONDO_OP(
    pixels, .name = "pixel_shuffle, pixel_unshuffle, channel_shuffle", .doc = "channels and pixels exchanged",
    .samples = [](ops::Samples& s) {
      s.add("shuffle", {s.real({2, 4, 1, 2})}, RONDO_SAMPLE(pixel_shuffle(in[0], 2)));
      s.add("shuffle one image", {s.real({4, 2, 1})}, RONDO_SAMPLE(pixel_shuffle(in[0], 2)));
      s.add("unshuffle", {s.real({1, 1, 4, 2})}, RONDO_SAMPLE(pixel_unshuffle(in[0], 2)));
      s.add("unshuffle, strided", {s.real({2, 4, 1})}, RONDO_SAMPLE(pixel_unshuffle(in[0].transpose(0, 2), 2)));
      s.add("channels", {s.real({1, 4, 2})}, RONDO_SAMPLE(channel_shuffle(in[0], 2)));
      s.error("few dimensions", "at least 3 dimensions", [] { pixel_shuffle(zeros({4, 4}), 2); });
      s.error("channels", "input.size(-3)=3 is not divisible by 4", [] { pixel_shuffle(zeros({3, 2, 2}), 2); });
      s.error("no factor", "positive upscale_factor", [] { pixel_shuffle(zeros({4, 2, 2}), 0); });
      s.error("height", "height and width to be divisible", [] { pixel_unshuffle(zeros({1, 3, 2}), 2); });
      s.error("groups", "must be divisible by groups", [] { channel_shuffle(zeros({1, 3, 2}), 2); });
      s.error("groups of channels of few dimensions", "> 2 dims", [] { channel_shuffle(zeros({3, 2}), 1); });
    })

RONDO_OP(
    constant_pad_nd, .name = "constant_pad_nd", .doc = "one number around a tensor; negative padding cuts",
    .samples = [](ops::Samples& s) {
      s.add("last", {s.real({2, 3})}, RONDO_SAMPLE(constant_pad_nd(in[0], {1, 2}, 0.5)));
      s.add("both, cut", {s.real({3, 4})}, RONDO_SAMPLE(constant_pad_nd(in[0], {-1, 2, 1, -2})));
      s.add("none", {s.real({2})}, RONDO_SAMPLE(constant_pad_nd(in[0], {})));
      s.add("strided", {s.real({2, 3})}, RONDO_SAMPLE(constant_pad_nd(in[0].t(), {1, 0}, -1)));
      s.add("cut more than all", {s.real({2})}, RONDO_SAMPLE(constant_pad_nd(in[0], {-3, 5}, 2)));
      s.error("odd", "must be even", [] { constant_pad_nd(zeros(2), {1}); });
      s.error("long", "no more than twice the number", [] { constant_pad_nd(zeros(2), {1, 1, 1, 1}); });
      s.error("negative", "resulted in a negative output size", [] { constant_pad_nd(zeros(2), {-2, -1}); });
    })

RONDO_OP(
    vander, .name = "vander, ravel", .doc = "powers as columns; one dimension", .samples = [](ops::Samples& s) {
      s.add("vander", {s.real({3})}, RONDO_SAMPLE(vander(in[0])));
      s.add("vander, increasing", {s.real({3})}, RONDO_SAMPLE(vander(in[0], 4, true)));
      s.add("vander, no column", {s.real({3})}, RONDO_SAMPLE(vander(in[0], 0)));
      s.add("ravel", {s.real({2, 3})}, RONDO_SAMPLE(ravel(in[0].t())));
      s.add("ravel of a number", {s.real({})}, RONDO_SAMPLE(in[0].ravel()));
      s.error("matrix", "must be a one-dimensional tensor", [] { vander(zeros({2, 2})); });
      s.error("negative", "N must be non-negative", [] { vander(zeros(2), -1); });
      s.error("is_nonzero of none", "no values is ambiguous", [] { is_nonzero(zeros(0)); });
      s.error("is_nonzero of two", "more than one value", [] { zeros(2).is_nonzero(); });
    })

}  // namespace rondo
