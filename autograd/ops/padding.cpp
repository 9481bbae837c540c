// Reflection, replication and circular padding.
#include <rondo/autograd/kernels/padding.h>
#include <rondo/autograd/ops/padding.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace rondo {
namespace {

enum class PaddingMode : uint8_t { Reflection, Replication, Circular };
constexpr const char* kPaddingNames[] = {"reflection_pad", "replication_pad", "circular_pad"};
constexpr const char* kPaddingNodes[] = {"ReflectionPad", "ReplicationPad", "CircularPad"};

struct Padding {
  PaddingMode mode = PaddingMode::Reflection;
  Dims pads;

  int spatial() const { return pads.size() / 2; }
  // Of the padded dimension i, counted from the last.
  int64_t before(int i) const { return pads[2 * i]; }
  int64_t after(int i) const { return pads[2 * i + 1]; }
  Dims padded(IntArrayRef sizes) const {
    Dims out(sizes);
    for (int i = 0; i < spatial(); ++i) out[out.size() - 1 - i] += before(i) + after(i);
    return out;
  }
};

// Which number of a dimension of `size` stands at each place behind the pads.
std::vector<int64_t> sources(PaddingMode mode, int64_t before, int64_t after, int64_t size) {
  std::vector<int64_t> source(static_cast<size_t>(size + before + after));
  const int64_t cut = std::max<int64_t>(-before, 0), kept = size - cut - std::max<int64_t>(-after, 0);
  int64_t place = -before;
  for (int64_t& from : source) {
    if (mode == PaddingMode::Replication) {
      from = std::clamp<int64_t>(place, 0, size - 1);
    } else if (mode == PaddingMode::Reflection) {
      from = place < 0 ? -place : place < size ? place : 2 * (size - 1) - place;
    } else {
      from = cut + ((place - cut) % kept + kept) % kept;
    }
    ++place;
  }
  return source;
}

// The kernel's view of one padding.
struct Plan {
  Plan(const Padding& padding, IntArrayRef sizes) {
    const int spatial = padding.spatial(), ndim = static_cast<int>(sizes.size());
    shape.planes = count_elements(sizes.slice(0, sizes.size() - static_cast<size_t>(spatial)));
    for (int i = 0; i < 3; ++i) {  // from the last dimension
      const int64_t size = i < spatial ? sizes[static_cast<size_t>(ndim - 1 - i)] : 1;
      const int64_t before = i < spatial ? padding.before(i) : 0, after = i < spatial ? padding.after(i) : 0;
      lists[i] = sources(padding.mode, before, after, size);
      shape.in[2 - i] = size;
      shape.out[2 - i] = static_cast<int64_t>(lists[i].size());
      shape.source[2 - i] = lists[i].data();
      if (i > 0) continue;
      shape.inside_begin = std::max<int64_t>(before, 0);
      shape.inside_end = std::max(shape.inside_begin, shape.out[2] - std::max<int64_t>(after, 0));
    }
  }
  std::vector<int64_t> lists[3];
  kernels::PaddedPlanes shape;
};

Tensor padded(const Tensor& x, const Padding& padding);
// The transposed operation: the gradient of an input of these sizes.
Tensor unpadded(const Tensor& gy, const Padding& padding, IntArrayRef sizes);

struct PadBackward final : ops::Rule {
  Padding padding;
  Dims sizes;

  std::string name() const override {
    return fmt::format("{}{}DBackward0", kPaddingNodes[static_cast<int>(padding.mode)], padding.spatial());
  }
  Traits traits() const override { return {.flat_slope = padding.mode != PaddingMode::Circular}; }
  void backward(ops::Backward& step) override { step[0] = unpadded(step.gy(), padding, sizes); }
};

struct PadBackwardBackward final : ops::Rule {
  Padding padding;

  std::string name() const override {
    return fmt::format("{}{}DBackwardBackward0", kPaddingNodes[static_cast<int>(padding.mode)], padding.spatial());
  }
  void backward(ops::Backward& step) override { step[0] = padded(step.gy(), padding); }
};

Tensor padded(const Tensor& x, const Padding& padding) {
  const Tensor input = ops::dense(x);
  Tensor y = tensor_data::make(padding.padded(x.sizes()), x.dtype());
  if (y.numel() > 0) {
    const Plan plan(padding, x.sizes());
    kernels::pad_planes(static_cast<int64_t>(element_size(x.dtype())), plan.shape, input.data_ptr(), y.data_ptr());
  }
  if (auto* node = ops::record<PadBackward>(y, x)) {
    node->padding = padding;
    node->sizes = x.sizes();
  }
  return y;
}

Tensor unpadded(const Tensor& gy, const Padding& padding, IntArrayRef sizes) {
  const ScalarType type = gy.dtype();
  if (is_reduced_floating(type)) return unpadded(gy.to(kFloat), padding, sizes).to(type);
  const Tensor dense_gy = ops::dense(gy);
  Tensor gx = tensor_data::make(sizes, type);
  if (gx.numel() > 0) {
    const Plan plan(padding, sizes);
    kernels::pad_planes_backward(type, plan.shape, dense_gy.data_ptr(), gx.data_ptr());
  }
  if (auto* node = ops::record<PadBackwardBackward>(gx, gy)) node->padding = padding;
  return gx;
}

Tensor checked_pad(const Tensor& self, IntArrayRef pads, int spatial, PaddingMode mode) {
  const std::string name = kPaddingNames[static_cast<int>(mode)] + std::to_string(spatial) + "d";
  const IntArrayRef sizes = self.sizes();
  const auto ndim = static_cast<int>(sizes.size());
  if (static_cast<int>(pads.size()) != 2 * spatial) {
    fail(name, fmt::format("Invalid padding size, expected {} but got {}", 2 * spatial, pads.size()));
  }
  // The batch alone may be empty.
  bool fits = ndim == spatial + 1 || ndim == spatial + 2;
  for (int i = ndim == spatial + 2 ? 1 : 0; i < ndim; ++i) fits = fits && sizes[static_cast<size_t>(i)] != 0;
  if (!fits) {
    fail(name, fmt::format("Expected {}D or {}D (batch mode) tensor with possibly 0 batch size and other non-zero "
                           "dimensions for input, but got: {}",
                           spatial + 1, spatial + 2, to_string(sizes)));
  }
  Padding padding{mode, Dims(pads)};
  for (int i = 0; i < spatial; ++i) {
    const int64_t before = padding.before(i), after = padding.after(i), size = sizes[static_cast<size_t>(ndim - 1 - i)];
    const int64_t most = std::max(before, after);
    int64_t out = size;
    constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();  // has no opposite
    if (std::min(before, after) == kLeast || __builtin_add_overflow(out, before, &out) ||
        __builtin_add_overflow(out, after, &out)) {
      fail(name, fmt::format("padding ({}, {}) at dimension {} of input {} goes beyond the largest size", before, after,
                             ndim - 1 - i, to_string(sizes)));
    }
    if (mode == PaddingMode::Reflection && most >= size) {
      fail(name, fmt::format("Padding size should be less than the corresponding input dimension, but got: padding "
                             "({}, {}) at dimension {} of input {}",
                             before, after, ndim - 1 - i, to_string(sizes)));
    }
    if (mode == PaddingMode::Circular && most > size) {
      fail(name, fmt::format("Padding value causes wrapping around more than once: padding ({}, {}) at dimension {} of "
                             "input {}",
                             before, after, ndim - 1 - i, to_string(sizes)));
    }
    const bool keeps =
        mode != PaddingMode::Circular || size + std::min<int64_t>(before, 0) + std::min<int64_t>(after, 0) > 0;
    if (out < 1 || !keeps) {
      fail(name, fmt::format("input {} is too small: padding ({}, {}) at dimension {} leaves {}", to_string(sizes),
                             before, after, ndim - 1 - i, out));
    }
  }
  return padded(self, padding);
}

}  // namespace

Tensor reflection_pad1d(const Tensor& self, IntArrayRef padding) {
  return checked_pad(self, padding, 1, PaddingMode::Reflection);
}
Tensor reflection_pad2d(const Tensor& self, IntArrayRef padding) {
  return checked_pad(self, padding, 2, PaddingMode::Reflection);
}
Tensor reflection_pad3d(const Tensor& self, IntArrayRef padding) {
  return checked_pad(self, padding, 3, PaddingMode::Reflection);
}
Tensor replication_pad1d(const Tensor& self, IntArrayRef padding) {
  return checked_pad(self, padding, 1, PaddingMode::Replication);
}
Tensor replication_pad2d(const Tensor& self, IntArrayRef padding) {
  return checked_pad(self, padding, 2, PaddingMode::Replication);
}
Tensor replication_pad3d(const Tensor& self, IntArrayRef padding) {
  return checked_pad(self, padding, 3, PaddingMode::Replication);
}

Tensor pad(const Tensor& self, IntArrayRef pad, std::string_view mode, std::optional<double> value) {
  if (pad.size() % 2 != 0) fail("pad", fmt::format("Padding length must be divisible by 2; got {}", pad.size()));
  const auto spatial = static_cast<int64_t>(pad.size() / 2);
  if (spatial > self.dim()) {
    fail("pad", fmt::format("Padding length too large: {} numbers for input {}", pad.size(), to_string(self.sizes())));
  }
  if (mode == "constant") return constant_pad_nd(self, pad, value.value_or(0));
  if (mode != "reflect" && mode != "replicate" && mode != "circular") {
    fail("pad", fmt::format("Unrecognised padding mode {}; need constant, reflect, replicate or circular", mode));
  }
  if (value) fail("pad", fmt::format("Padding mode \"{}\" doesn't take in value argument; got {}", mode, *value));
  if (spatial < 1 || spatial > 3 || self.dim() < spatial + 1 || self.dim() > spatial + 2) {
    fail("pad", fmt::format("Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now; got input {} "
                            "and {} numbers",
                            to_string(self.sizes()), pad.size()));
  }
  return checked_pad(self, pad, static_cast<int>(spatial),
                     mode == "reflect"     ? PaddingMode::Reflection
                     : mode == "replicate" ? PaddingMode::Replication
                                           : PaddingMode::Circular);
}

#define RONDO_CASE(f, ...) RONDO_SAMPLE(f(in[0], {__VA_ARGS__}))
#define RONDO_PAD1(f)                                                           \
  s.add("batch", {s.real({2, 2, 4})}, RONDO_CASE(f, 2, 1));                     \
  s.add("channels", {s.real({2, 4})}, RONDO_CASE(f, 0, 3));                     \
  s.add("negative", {s.real({2, 1, 4})}, RONDO_CASE(f, -1, 2));                 \
  s.add("strided", {s.real({4, 3})}, RONDO_SAMPLE(f(in[0].t(), {1, 2})));       \
  s.add("empty batch", {s.real({0, 2, 4})}, RONDO_CASE(f, 1, 1));               \
  s.error("rank", "Expected 2D or 3D", [] { f(zeros({4}), {1, 1}); });          \
  s.error("pads", "Invalid padding size", [] { f(zeros({2, 4}), {1, 1, 1}); }); \
  s.error("too small", "is too small", [] { f(zeros({2, 4}), {-2, -2}); })
#define RONDO_PAD2(f)                                                                          \
  s.add("batch", {s.real({2, 2, 3, 4})}, RONDO_CASE(f, 2, 1, 1, 2));                           \
  s.add("channels", {s.real({2, 3, 4})}, RONDO_CASE(f, 0, 3, 2, 0));                           \
  s.add("negative", {s.real({2, 1, 3, 4})}, RONDO_CASE(f, -1, 2, 1, -1));                      \
  s.add("strided", {s.real({4, 3, 2})}, RONDO_SAMPLE(f(in[0].transpose(0, 2), {1, 2, 1, 1}))); \
  s.error("rank", "Expected 3D or 4D", [] { f(zeros({4, 4}), {1, 1, 1, 1}); })
#define RONDO_PAD3(f)                                                            \
  s.add("batch", {s.real({2, 1, 2, 3, 2})}, RONDO_CASE(f, 1, 1, 2, 1, 1, 0));    \
  s.add("channels", {s.real({2, 2, 3, 2})}, RONDO_CASE(f, 0, 1, 2, 0, 1, 1));    \
  s.add("negative", {s.real({1, 2, 3, 4})}, RONDO_CASE(f, -1, 2, 1, -1, 1, -1)); \
  s.error("rank", "Expected 4D or 5D", [] { f(zeros({4, 4}), {1, 1, 1, 1, 1, 1}); })

RONDO_OP(
    reflection_pad1d, .name = "reflection_pad1d", .doc = "borders mirrored; a primitive: rows are copied once",
    .samples = [](ops::Samples& s) {
      RONDO_PAD1(reflection_pad1d);
      s.error("too far", "should be less than the corresponding input dimension", [] {
        reflection_pad1d(zeros({2, 4}), {4, 0});
      });
    });
RONDO_OP(
    reflection_pad2d, .name = "reflection_pad2d", .doc = "borders mirrored; a primitive: rows are copied once",
    .samples = [](ops::Samples& s) { RONDO_PAD2(reflection_pad2d); });
RONDO_OP(
    reflection_pad3d, .name = "reflection_pad3d", .doc = "borders mirrored; a primitive: rows are copied once",
    .samples = [](ops::Samples& s) { RONDO_PAD3(reflection_pad3d); });
RONDO_OP(
    replication_pad1d, .name = "replication_pad1d", .doc = "borders repeated; a primitive: rows are copied once",
    .samples = [](ops::Samples& s) { RONDO_PAD1(replication_pad1d); });
RONDO_OP(
    replication_pad2d, .name = "replication_pad2d", .doc = "borders repeated; a primitive: rows are copied once",
    .samples = [](ops::Samples& s) { RONDO_PAD2(replication_pad2d); });
RONDO_OP(
    replication_pad3d, .name = "replication_pad3d", .doc = "borders repeated; a primitive: rows are copied once",
    .samples = [](ops::Samples& s) { RONDO_PAD3(replication_pad3d); });

RONDO_OP(
    pad, .name = "pad", .doc = "padding by mode; circular is a primitive: rows are copied once",
    .samples = [](ops::Samples& s) {
      s.add("constant", {s.real({2, 3})}, RONDO_SAMPLE(pad(in[0], {1, 2}, "constant", 1.5)));
      s.add("reflect", {s.real({2, 3})}, RONDO_SAMPLE(pad(in[0], {1, 2}, "reflect")));
      s.add("replicate", {s.real({2, 2, 3})}, RONDO_SAMPLE(pad(in[0], {1, 2, 0, 1}, "replicate")));
      s.add("circular", {s.real({2, 2, 3})}, RONDO_SAMPLE(pad(in[0], {3, 2}, "circular")));
      s.add("circular planes", {s.real({2, 2, 3, 2})}, RONDO_SAMPLE(pad(in[0], {1, 2, 2, 3}, "circular")));
      s.add("circular volumes", {s.real({1, 2, 2, 3, 2})}, RONDO_SAMPLE(pad(in[0], {1, 2, 0, 1, 1, 1}, "circular")));
      s.add("circular and cut", {s.real({2, 2, 4})}, RONDO_SAMPLE(pad(in[0], {-1, 2}, "circular")));
      s.error("mode", "Unrecognised padding mode", [] { pad(zeros({2, 3}), {1, 1}, "mirror"); });
      s.error("odd", "must be divisible by 2", [] { pad(zeros({2, 3}), {1}); });
      s.error("value", "doesn't take in value argument", [] { pad(zeros({2, 3}), {1, 1}, "reflect", 2.0); });
      s.error("wraps twice", "wrapping around more than once", [] { pad(zeros({2, 3, 3}), {4, 1}, "circular"); });
      s.error("rank", "Only 2D, 3D, 4D, 5D padding", [] { pad(zeros({3}), {1, 1}, "reflect"); });
    });

#undef RONDO_CASE
#undef RONDO_PAD1
#undef RONDO_PAD2
#undef RONDO_PAD3

}  // namespace rondo
