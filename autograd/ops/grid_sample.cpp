// Sampling at the positions of a grid.

#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/kernels/grid_sample.h>
#include <rondo/autograd/ops/grid_sample.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <vector>

namespace rondo {
namespace {

using kernels::GridMode;
using kernels::GridPadding;
using kernels::GridShape;

// ---- by public operations, for derivatives of any order ----

// One number of each position along a dimension: where it lies, and its weight (0 outside).
struct Tap {
  Tensor source, weight;
};

Tensor reflected(const Tensor& position, int64_t size, bool align_corners) {
  const double low = align_corners ? 0 : -0.5, span = static_cast<double>(align_corners ? size - 1 : size);
  if (span == 0) return position * 0;
  const Tensor at = (position - low).abs(), turns = (at.detach() / span).floor();
  const Tensor rest = at - turns * span;
  return where(turns.remainder(2) == 0, rest, span - rest) + low;
}

Tensor padded(const Tensor& position, int64_t size, const GridShape& shape) {
  if (shape.padding == GridPadding::Zeros) return position;
  Tensor at = position;
  if (shape.padding == GridPadding::Reflection) at = reflected(at, size, shape.align_corners);
  // The slope is 0 at the ends themselves, as in the kernel.
  const Tensor end = zeros({}, position.dtype()) + static_cast<double>(size - 1);
  return where(at <= 0, zeros_like(end), where(at >= end, end, at));
}

std::vector<Tap> taps_of(const Tensor& coordinate, int64_t size, const GridShape& shape) {
  const double extent = static_cast<double>(shape.align_corners ? size - 1 : size);
  Tensor at = (coordinate + 1) * (extent / 2) - (shape.align_corners ? 0.0 : 0.5);
  if (shape.mode != GridMode::Cubic) at = padded(at, size, shape);
  std::vector<Tap> taps;
  const auto add = [&](const Tensor& source, const Tensor& weight) {
    const Tensor inside = (source >= 0).logical_and(source < size).logical_and((at < 1e9).logical_and(at > -1e9));
    taps.push_back({source.masked_fill(inside.logical_not(), 0).to(kLong), where(inside, weight, Scalar(0))});
  };
  if (shape.mode == GridMode::Nearest) {
    add(at.detach().round(), ones_like(at.detach()));
    return taps;
  }
  const Tensor left = at.detach().floor(), part = at - left;
  if (shape.mode == GridMode::Linear) {
    add(left, 1 - part);
    add(left + 1, part);
    return taps;
  }
  constexpr double a = -0.75;
  for (int k = -1; k <= 2; ++k) {
    const Tensor x = k <= 0 ? part - k : k - part;
    const Tensor weight = k == 0 || k == 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : (((x - 5) * x + 8) * x - 4) * a;
    add(padded(left + k, size, shape), weight);
  }
  return taps;
}

Tensor composed(const Tensor& x, const Tensor& grid, const GridShape& shape) {
  const Tensor flat = x.reshape({shape.batch, shape.channels, -1});
  const Tensor points = grid.reshape({shape.batch, shape.points, shape.dims});
  std::vector<Tap> rows = {{zeros({shape.batch, shape.points}, kLong), ones({shape.batch, shape.points}, x.dtype())}};
  for (int d = shape.dims - 1; d >= 0; --d) {
    std::vector<Tap> next;
    for (const Tap& tap : taps_of(points.select(2, d), shape.in[d], shape)) {
      for (const Tap& row : rows) next.push_back({row.source * shape.in[d] + tap.source, row.weight * tap.weight});
    }
    rows = std::move(next);
  }
  Tensor y = zeros({shape.batch, shape.channels, shape.points}, x.dtype());
  for (const Tap& tap : rows) {
    const Tensor source = tap.source.unsqueeze(1).expand({shape.batch, shape.channels, shape.points});
    y = y + gather(flat, 2, source) * tap.weight.unsqueeze(1);
  }
  return y;
}

struct GridSamplerBackward final : ops::Rule {
  ops::Saved x, grid;
  GridShape shape{};

  std::string name() const override { return fmt::format("GridSampler{}DBackward0", shape.dims); }
  void backward(ops::Backward& step) override {
    if (step.create_graph()) {
      const Tensor input = x.get(*this), at = grid.get(*this);
      autograd::variable_list wanted;
      if (step.wants(0)) wanted.push_back(input);
      if (step.wants(1)) wanted.push_back(at);
      const Tensor y = composed(input, at, shape);
      if (!y.requires_grad()) return;
      auto gradients = autograd::grad({y}, wanted, {step.gy().reshape(y.sizes())}, true, true, true);
      if (step.wants(1)) step[1] = std::move(gradients.back());
      if (step.wants(0)) step[0] = std::move(gradients.front());
      return;
    }
    const ScalarType type = x.peek(*this).dtype();
    const Tensor gy = step.gy().contiguous(), input = x.peek(*this).contiguous(), at = grid.peek(*this).contiguous();
    Tensor gx, ggrid;
    if (step.wants(0)) gx = tensor_data::make(input.sizes(), type);
    if (step.wants(1)) ggrid = tensor_data::make(at.sizes(), type);
    kernels::grid_sample_backward(type, shape, gy.data_ptr(), input.data_ptr(), at.data_ptr(),
                                  gx.defined() ? gx.data_ptr() : nullptr, ggrid.defined() ? ggrid.data_ptr() : nullptr);
    step[0] = std::move(gx);
    step[1] = std::move(ggrid);
  }
  void release_variables() override { release(x, grid); }
};

Tensor sampled(const char* name, const Tensor& input, const Tensor& grid, int64_t mode, int64_t padding,
               bool align_corners) {
  const IntArrayRef in = input.sizes(), at = grid.sizes();
  const ScalarType type = input.dtype();
  if (!is_floating_point(type) || grid.dtype() != type) {
    fail_type(name, fmt::format("expected input and grid to have same dtype, but input has {} and grid has {}; need "
                                "floating point",
                                dtype_name(type), dtype_name(grid.dtype())));
  }
  const size_t rank = in.size();
  if ((rank != 4 && rank != 5) || at.size() != rank) {
    fail(name,
         fmt::format("expected 4D or 5D input and grid with same number of dimensions, but got input with sizes {} "
                     "and grid with sizes {}",
                     to_string(in), to_string(at)));
  }
  if (at[0] != in[0]) {
    fail(name, fmt::format("expected grid and input to have same batch size, but got input with sizes {} and grid with "
                           "sizes {}",
                           to_string(in), to_string(at)));
  }
  if (at[rank - 1] != static_cast<int64_t>(rank) - 2) {
    fail(name, fmt::format("expected grid to have size {} in last dimension, but got grid with sizes {}", rank - 2,
                           to_string(at)));
  }
  for (size_t i = 2; i < rank; ++i) {
    if (in[i] > 0) continue;
    fail(name, fmt::format("expected input to have non-empty spatial dimensions, but input has sizes {} with dimension "
                           "{} being empty",
                           to_string(in), i));
  }
  if (mode < 0 || mode > 2 || padding < 0 || padding > 2) {
    fail_value(name, fmt::format("got interpolation_mode {} and padding_mode {}; need 0, 1 or 2", mode, padding));
  }
  if (rank == 5 && mode == 2) fail(name, "bicubic interpolation only supports 4D input; got " + to_string(in));
  if (is_reduced_floating(type)) {
    return sampled(name, input.to(kFloat), grid.to(kFloat), mode, padding, align_corners).to(type);
  }
  GridShape shape{};
  shape.dims = static_cast<int>(rank) - 2;
  shape.batch = in[0];
  shape.channels = in[1];
  shape.mode = static_cast<GridMode>(mode);
  shape.padding = static_cast<GridPadding>(padding);
  shape.align_corners = align_corners;
  Dims out{in[0], in[1]};
  for (size_t i = 1; i + 1 < rank; ++i) out.push_back(at[i]);
  shape.points = 1;
  for (int d = 0; d < 3; ++d) {
    shape.in[d] = d < shape.dims ? in[rank - 1 - static_cast<size_t>(d)] : 1;
    if (d < shape.dims) shape.points *= out[2 + d];
  }
  Tensor x = input, positions = grid;
  {
    NoGradGuard guard;
    x = x.contiguous();
    positions = positions.contiguous();
  }
  Tensor y = tensor_data::make(out, type);
  if (y.numel() > 0) kernels::grid_sample(type, shape, x.data_ptr(), positions.data_ptr(), y.data_ptr());
  if (auto* node = ops::record<GridSamplerBackward>(y, input, grid)) {
    node->x.save_input(input);
    node->grid.save_input(grid);
    node->shape = shape;
  }
  return y;
}

// (count,): from -1 to 1, centers or borders at the ends.
Tensor positions(int64_t count, bool align_corners, ScalarType type) {
  if (count <= 1) return zeros({count}, type);
  const Tensor ends = linspace(-1, 1, count, type);
  return align_corners ? ends : ends * (static_cast<double>(count - 1) / static_cast<double>(count));
}

}  // namespace

Tensor grid_sampler(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                    bool align_corners) {
  return sampled("grid_sampler", input, grid, interpolation_mode, padding_mode, align_corners);
}
Tensor grid_sampler_2d(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                       bool align_corners) {
  if (input.dim() != 4) fail("grid_sampler_2d", "expected 4D input; got " + to_string(input.sizes()));
  return sampled("grid_sampler_2d", input, grid, interpolation_mode, padding_mode, align_corners);
}
Tensor grid_sampler_3d(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                       bool align_corners) {
  if (input.dim() != 5) fail("grid_sampler_3d", "expected 5D input; got " + to_string(input.sizes()));
  return sampled("grid_sampler_3d", input, grid, interpolation_mode, padding_mode, align_corners);
}

Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners) {
  constexpr const char* kName = "affine_grid_generator";
  const auto dims = static_cast<int64_t>(size.size()) - 2;
  if (dims != 2 && dims != 3) {
    fail(kName,
         fmt::format("AffineGridGenerator needs 4d (spatial) or 5d (volumetric) input sizes; got {}", to_string(size)));
  }
  if (theta.dim() != 3 || theta.size(0) != size[0] || theta.size(1) != dims || theta.size(2) != dims + 1) {
    fail(kName, fmt::format("Expected a batch of affine matrices of shape ({}, {}, {}) for size {}. Got {}.", size[0],
                            dims, dims + 1, to_string(size), to_string(theta.sizes())));
  }
  const ScalarType type = theta.dtype();
  Dims shape;
  for (int64_t d = 0; d < dims; ++d) shape.push_back(size[static_cast<size_t>(d) + 2]);
  std::vector<Tensor> columns;  // x, y, z, 1
  for (int64_t d = dims - 1; d >= 0; --d) {
    Dims along(static_cast<int32_t>(dims), 1);
    along[d] = shape[d];
    columns.push_back(positions(shape[d], align_corners, type).reshape(along).expand(shape).reshape({-1}));
  }
  columns.push_back(ones_like(columns[0]));
  Dims out{size[0]};
  for (int64_t each : shape) out.push_back(each);
  out.push_back(dims);
  return graph::unviewed(matmul(stack(columns, 1), theta.transpose(1, 2)).reshape(out));
}

#define RONDO_CASE(mode, padding, align) RONDO_SAMPLE(grid_sampler(in[0], in[1], mode, padding, align))
#define RONDO_PLANES \
  { s.real({2, 2, 3, 4}), s.real({2, 2, 3, 2}, -1.4, 1.4) }
#define RONDO_VOLUMES \
  { s.real({1, 2, 3, 2, 4}), s.real({1, 2, 1, 3, 3}, -1.4, 1.4) }

RONDO_OP(
    grid_sampler, .name = "grid_sampler, grid_sampler_2d, grid_sampler_3d",
    .doc = "numbers between numbers at the positions of a grid; a primitive: one pass forward, two back",
    .samples = [](ops::Samples& s) {
      s.add("bilinear", RONDO_PLANES, RONDO_CASE(0, 0, false));
      s.add("bilinear, aligned", RONDO_PLANES, RONDO_CASE(0, 0, true));
      s.add("bilinear, border", RONDO_PLANES, RONDO_CASE(0, 1, false));
      s.add("bilinear, reflection", RONDO_PLANES, RONDO_CASE(0, 2, false));
      s.add("bilinear, reflection, aligned", RONDO_PLANES, RONDO_CASE(0, 2, true));
      s.add("nearest", RONDO_PLANES, RONDO_CASE(1, 0, false));
      s.add("nearest, border", RONDO_PLANES, RONDO_CASE(1, 1, true));
      s.add("bicubic", RONDO_PLANES, RONDO_CASE(2, 0, false));
      s.add("bicubic, border", RONDO_PLANES, RONDO_CASE(2, 1, true));
      s.add("bicubic, reflection", RONDO_PLANES, RONDO_CASE(2, 2, false));
      s.add("volumes", RONDO_VOLUMES, RONDO_CASE(0, 0, false));
      s.add("volumes, border", RONDO_VOLUMES, RONDO_CASE(0, 1, true));
      s.add("volumes, reflection", RONDO_VOLUMES, RONDO_CASE(0, 2, false));
      s.add("volumes, nearest", RONDO_VOLUMES, RONDO_CASE(1, 0, true));
      s.add("strided", {s.real({2, 2, 4, 3}), s.real({2, 2, 3, 2}, -1, 1)},
            RONDO_SAMPLE(grid_sampler_2d(in[0].transpose(2, 3), in[1].flip({3}), 0, 0, false)));
      s.error("dtypes", "to have same dtype", [] {
        grid_sampler(zeros({1, 1, 2, 2}), zeros({1, 2, 2, 2}, kDouble), 0, 0, false);
      });
      s.error("ranks", "same number of dimensions", [] {
        grid_sampler(zeros({1, 1, 2, 2}), zeros({1, 2, 2}), 0, 0, false);
      });
      s.error("batch", "same batch size", [] { grid_sampler(zeros({1, 1, 2, 2}), zeros({2, 2, 2, 2}), 0, 0, false); });
      s.error("positions", "size 2 in last dimension", [] {
        grid_sampler(zeros({1, 1, 2, 2}), zeros({1, 2, 2, 3}), 0, 0, false);
      });
      s.error("empty", "non-empty spatial dimensions", [] {
        grid_sampler(zeros({1, 1, 0, 2}), zeros({1, 2, 2, 2}), 0, 0, false);
      });
      s.error("mode", "need 0, 1 or 2", [] { grid_sampler(zeros({1, 1, 2, 2}), zeros({1, 2, 2, 2}), 3, 0, false); });
      s.error("cubic volumes", "only supports 4D", [] {
        grid_sampler(zeros({1, 1, 2, 2, 2}), zeros({1, 2, 2, 2, 3}), 2, 0, false);
      });
    });

RONDO_OP(
    affine_grid_generator, .name = "affine_grid_generator", .doc = "theta times the positions of a grid",
    .samples = [](ops::Samples& s) {
      s.add("planes", {s.real({2, 2, 3})}, RONDO_SAMPLE(affine_grid_generator(in[0], {2, 1, 3, 4}, false)));
      s.add("planes, aligned", {s.real({2, 2, 3})}, RONDO_SAMPLE(affine_grid_generator(in[0], {2, 1, 1, 4}, true)));
      s.add("volumes", {s.real({1, 3, 4})}, RONDO_SAMPLE(affine_grid_generator(in[0], {1, 2, 2, 3, 2}, false)));
      s.error("size", "needs 4d (spatial) or 5d", [] { affine_grid_generator(zeros({1, 2, 3}), {1, 2, 3}, false); });
      s.error("theta", "Expected a batch of affine matrices", [] {
        affine_grid_generator(zeros({1, 3, 3}), {1, 2, 3, 3}, false);
      });
    });

#undef RONDO_CASE
#undef RONDO_PLANES
#undef RONDO_VOLUMES

}  // namespace rondo
