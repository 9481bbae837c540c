// Pooling by the largest number: windows, adaptive windows, windows at random places; and its reverse.
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/pool_plan.h>
#include <rondo/autograd/ops/pooling.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

using kernels::PoolShape;
using ops::PoolPlan;

// gx has what each result's place says; recorded, it is a scatter of gy, whose derivative is known. Windows without a
// place (-1) give nothing.
Tensor spread(const PoolShape& s, const Tensor& gy, const Tensor& indices, IntArrayRef sizes) {
  const Dims flat({s.planes, s.numbers_out()});
  return zeros({s.planes, s.numbers_in()}, gy.options())
      .scatter_add(1, indices.clamp_min(0).view(flat), gy.masked_fill(indices < 0, 0).reshape(flat))
      .view(sizes);
}

struct MaxPoolBackward final : ops::Rule {
  ops::Saved indices;
  PoolShape shape;
  Dims sizes;
  int dims = 2;

  std::string name() const override { return fmt::format("MaxPool{}DWithIndicesBackward0", dims); }
  Traits traits() const override { return {.flat_slope = true}; }
  void backward(ops::Backward& step) override {
    const Tensor& places = indices.peek(*this);
    if (step.create_graph()) {
      step[0] = spread(shape, step.gy(), places, sizes);
      return;
    }
    const Tensor gy = step.gy().contiguous();
    Tensor gx = tensor_data::make(sizes, gy.dtype());
    kernels::max_pool_backward(gy.dtype(), shape, gy.data_ptr(), places.data_ptr<int64_t>(), gx.data_ptr());
    step[0] = std::move(gx);
  }
  void release_variables() override { release(indices); }
};

// The places in the plane from those in the 2x2 windows.
Tensor indices_of(const PoolShape& s, const Tensor& places, IntArrayRef sizes) {
  Tensor indices = tensor_data::make(sizes, kLong);
  const uint8_t* from = places.data_ptr<uint8_t>();
  int64_t* to = indices.data_ptr<int64_t>();
  const int64_t rows = s.planes * s.out[1];
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t top = row % s.out[1] * 2 * s.in[2];
    for (int64_t k = 0; k < s.out[2]; ++k, ++from, ++to) *to = top + 2 * k + (*from >> 1) * s.in[2] + (*from & 1);
  }
  return indices;
}

struct QuarterPoolBackward final : ops::Rule {
  ops::Saved places;
  PoolShape shape;
  Dims sizes;

  std::string name() const override { return "MaxPool2DWithIndicesBackward0"; }
  Traits traits() const override { return {.flat_slope = true}; }
  void backward(ops::Backward& step) override {
    const Tensor& at = places.peek(*this);
    if (step.create_graph()) {
      step[0] = spread(shape, step.gy(), indices_of(shape, at, at.sizes()), sizes);
      return;
    }
    const Tensor gy = step.gy().contiguous();
    Tensor gx = tensor_data::make(sizes, gy.dtype());
    kernels::quarter_pool_backward(gy.dtype(), shape, gy.data_ptr(), at.data_ptr<uint8_t>(), gx.data_ptr());
    step[0] = std::move(gx);
  }
  void release_variables() override { release(places); }
};

void record_indices(const PoolPlan& plan, int dims, const Tensor& input, const Tensor& y, const Tensor& indices) {
  auto* node = ops::record<MaxPoolBackward>(y, input);
  if (!node) return;
  node->indices.save_input(indices);
  node->shape = plan.shape;
  node->sizes = Dims(input.sizes());
  node->dims = dims;
}

std::tuple<Tensor, Tensor> pooled(const PoolPlan& plan, int dims, const Tensor& input) {
  const ScalarType type = input.dtype();
  if (is_reduced_floating(input.dtype())) {
    auto [y, indices] = pooled(plan, dims, input.to(kFloat));
    return {y.to(type), indices};
  }
  const Tensor x = ops::dense(input);
  Tensor y = tensor_data::make(plan.sizes, type), indices = tensor_data::make(plan.sizes, kLong);
  kernels::max_pool(type, plan.shape, x.data_ptr(), y.data_ptr(), indices.data_ptr<int64_t>());
  record_indices(plan, dims, input, y, indices);
  return {y, indices};
}

// Without indices the common windows of 2x2 go without them altogether.
Tensor pooled_alone(const PoolPlan& plan, int dims, const Tensor& input) {
  if (!kernels::is_quarter_pool(plan.shape) || is_reduced_floating(input.dtype()))
    return std::get<0>(pooled(plan, dims, input));
  const Tensor x = ops::dense(input);
  Tensor y = tensor_data::make(plan.sizes, input.dtype()), places = tensor_data::make(plan.sizes, kByte);
  kernels::quarter_pool(input.dtype(), plan.shape, x.data_ptr(), y.data_ptr(), places.data_ptr<uint8_t>());
  if (auto* node = ops::record<QuarterPoolBackward>(y, input)) {
    node->places.save_input(places);
    node->shape = plan.shape;
    node->sizes = Dims(input.sizes());
  }
  return y;
}

}  // namespace

#define RONDO_DEFINE(D)                                                                                               \
  Tensor max_pool##D##d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,         \
                        IntArrayRef dilation, bool ceil_mode) {                                                       \
    return pooled_alone(                                                                                              \
        ops::plan_windows({"max_pool" #D "d", D, kernel_size, stride, padding, dilation, ceil_mode}, self), D, self); \
  }                                                                                                                   \
  std::tuple<Tensor, Tensor> max_pool##D##d_with_indices(const Tensor& self, IntArrayRef kernel_size,                 \
                                                         IntArrayRef stride, IntArrayRef padding,                     \
                                                         IntArrayRef dilation, bool ceil_mode) {                      \
    return pooled(ops::plan_windows({"max_pool" #D "d", D, kernel_size, stride, padding, dilation, ceil_mode}, self), \
                  D, self);                                                                                           \
  }                                                                                                                   \
  std::tuple<Tensor, Tensor> adaptive_max_pool##D##d(const Tensor& self, IntArrayRef output_size) {                   \
    return pooled(ops::plan_adaptive("adaptive_max_pool" #D "d", D, self, output_size), D, self);                     \
  }
RONDO_DEFINE(1)
RONDO_DEFINE(2)
RONDO_DEFINE(3)
#undef RONDO_DEFINE

namespace {

// The first numbers of `count` windows of `size` in `in` numbers, moved by a sample in [0, 1).
void place_windows(double sample, int64_t in, int64_t count, int64_t size, int64_t* to) {
  if (count > 1) {
    const double alpha = static_cast<double>(in - size) / static_cast<double>(count - 1);
    for (int64_t i = 0; i < count - 1; ++i) {
      to[i] = static_cast<int64_t>((static_cast<double>(i) + sample) * alpha) - static_cast<int64_t>(sample * alpha);
    }
  }
  if (count > 0) to[count - 1] = in - size;
}

std::tuple<Tensor, Tensor> fractional(const char* op, int dims, const Tensor& self, IntArrayRef kernel_size,
                                      IntArrayRef output_size, const Tensor& random_samples) {
  ops::check_pool_dtype(op, self);
  PoolPlan plan;
  PoolShape& s = plan.shape;
  ops::expand_numbers(op, "kernel_size", dims, kernel_size, s.size);
  ops::expand_numbers(op, "output_size", dims, output_size, s.out);
  ops::set_planes(op, dims, self, plan);
  for (int d = 3 - dims; d < 3; ++d) {
    if (s.size[d] < 1 || s.out[d] < 1 || s.size[d] > s.in[d] || s.out[d] > s.in[d] - s.size[d] + 1) {
      fail(op, fmt::format("pool size {} and output size {} are too large relative to the input size {}",
                           to_string(kernel_size), to_string(output_size), to_string(self.sizes())));
    }
  }
  if (random_samples.numel() != s.planes * dims) {
    fail(op, fmt::format("random_samples are {}; need {} for each of {} channels", to_string(random_samples.sizes()),
                         dims, s.planes));
  }
  if (is_reduced_floating(self.dtype())) {
    auto [y, indices] = fractional(op, dims, self.to(kFloat), kernel_size, output_size, random_samples);
    return {y.to(self.dtype()), indices};
  }
  const Tensor x = ops::dense(self), samples = random_samples.detach().to(kDouble).contiguous();
  // libtorch draws the samples in the order width, height (or depth, height, width).
  std::vector<int64_t> starts[3];
  const int64_t* at[3];
  for (int d = 0; d < 3; ++d) {
    starts[d].resize(static_cast<size_t>(s.planes * s.out[d]));
    const int which = dims == 2 ? 2 - d : d;
    for (int64_t plane = 0; d >= 3 - dims && plane < s.planes; ++plane) {
      place_windows(samples.data_ptr<double>()[plane * dims + which], s.in[d], s.out[d], s.size[d],
                    starts[d].data() + plane * s.out[d]);
    }
    at[d] = starts[d].data();
  }
  Tensor y = tensor_data::make(plan.sizes, self.dtype()), indices = tensor_data::make(plan.sizes, kLong);
  kernels::max_pool_at(self.dtype(), s, at, x.data_ptr(), y.data_ptr(), indices.data_ptr<int64_t>());
  record_indices(plan, dims, self, y, indices);
  return {y, indices};
}

struct MaxUnpoolBackward final : ops::Rule {
  ops::Saved indices;
  int64_t planes = 0, count = 0, numbers = 0;
  Dims sizes;

  std::string name() const override { return "MaxUnpoolBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor& places = indices.peek(*this);
    if (step.create_graph()) {
      step[0] = step.gy().reshape({planes, numbers}).gather(1, places.reshape({planes, count})).view(sizes);
      return;
    }
    const Tensor gy = step.gy().contiguous(), at = places.contiguous();
    Tensor gx = tensor_data::make(sizes, gy.dtype());
    kernels::gather_planes(gy.dtype(), planes, count, numbers, gy.data_ptr(), at.data_ptr<int64_t>(), gx.data_ptr());
    step[0] = std::move(gx);
  }
  void release_variables() override { release(indices); }
};

Tensor unpooled(const char* op, int dims, const Tensor& self, const Tensor& indices, IntArrayRef output_size) {
  ops::check_pool_dtype(op, self);
  if (indices.dtype() != kLong) {
    fail(op, fmt::format("elements in indices should be type int64 but got: {}", dtype_name(indices.dtype())));
  }
  if (indices.sizes() != self.sizes()) {
    fail(op, fmt::format(
                 "Expected shape of indices to be same as that of the input tensor ({}) but got indices tensor with "
                 "shape: {}",
                 to_string(self.sizes()), to_string(indices.sizes())));
  }
  if (output_size.size() != static_cast<size_t>(dims)) {
    fail(op, fmt::format("There should be exactly {} elements in output_size; got {}", dims, to_string(output_size)));
  }
  PoolPlan plan;
  for (int d = 0; d < dims; ++d) plan.shape.out[3 - dims + d] = output_size[static_cast<size_t>(d)];
  ops::set_planes(op, dims, self, plan);
  if (is_reduced_floating(self.dtype()))
    return unpooled(op, dims, self.to(kFloat), indices, output_size).to(self.dtype());
  const PoolShape& s = plan.shape;
  const Tensor x = ops::dense(self), at = ops::dense(indices);
  Tensor y = tensor_data::make(plan.sizes, self.dtype());
  const int64_t wrong = kernels::max_unpool(self.dtype(), s.planes, s.numbers_in(), s.numbers_out(), x.data_ptr(),
                                            at.data_ptr<int64_t>(), y.data_ptr());
  if (wrong != -1) {
    fail(op, fmt::format("Found an invalid max index: {} (output volumes are of size {})",
                         at.data_ptr<int64_t>()[wrong], to_string(output_size)));
  }
  if (auto* node = ops::record<MaxUnpoolBackward>(y, self)) {
    node->indices.save_input(indices);
    node->planes = s.planes;
    node->count = s.numbers_in();
    node->numbers = s.numbers_out();
    node->sizes = Dims(self.sizes());
  }
  return y;
}

}  // namespace

std::tuple<Tensor, Tensor> fractional_max_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size,
                                                 const Tensor& random_samples) {
  return fractional("fractional_max_pool2d", 2, self, kernel_size, output_size, random_samples);
}
std::tuple<Tensor, Tensor> fractional_max_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size,
                                                 const Tensor& random_samples) {
  return fractional("fractional_max_pool3d", 3, self, kernel_size, output_size, random_samples);
}

Tensor max_unpool2d(const Tensor& self, const Tensor& indices, IntArrayRef output_size) {
  return unpooled("max_unpool2d", 2, self, indices, output_size);
}
Tensor max_unpool3d(const Tensor& self, const Tensor& indices, IntArrayRef output_size, IntArrayRef stride,
                    IntArrayRef padding) {
  int64_t checked[3];
  ops::expand_numbers("max_unpool3d", "stride", 3, stride, checked);
  for (int64_t step : checked) {
    if (step < 1)
      fail("max_unpool3d", fmt::format("strides should be greater than zero, but got {}", to_string(stride)));
  }
  ops::expand_numbers("max_unpool3d", "padding", 3, padding, checked);
  return unpooled("max_unpool3d", 3, self, indices, output_size);
}

#define RONDO_SIZES(...) IntArrayRef({__VA_ARGS__})
#define RONDO_POOL_OP(D, sizes_in, wide)                                                                   \
  RONDO_OP(                                                                                                \
      max_pool##D##d, .name = "max_pool" #D "d", .doc = "the largest number of each window",               \
      .samples = [](ops::Samples& s) {                                                                     \
        s.add("plain", {s.real(sizes_in)}, RONDO_SAMPLE(max_pool##D##d(in[0], 2)));                        \
        s.add("overlapping", {s.real(sizes_in)}, RONDO_SAMPLE(max_pool##D##d(in[0], 3, 1, 1, 1, true)));   \
        s.add("dilated", {s.real(sizes_in)}, RONDO_SAMPLE(max_pool##D##d(in[0], 2, 2, 0, 2)));             \
        s.add("with indices", {s.real(sizes_in)},                                                          \
              RONDO_SAMPLE(std::get<0>(max_pool##D##d_with_indices(in[0], 2, 1))));                        \
        s.error("small", "Output size is too small", [] { max_pool##D##d(zeros(wide), 9); });              \
        s.error("padding", "pad should be smaller than", [] { max_pool##D##d(zeros(wide), 2, 2, 2); });    \
        s.error("integers", "need a floating point dtype", [] { max_pool##D##d(zeros(wide, kLong), 2); }); \
      });                                                                                                  \
  RONDO_OP(                                                                                                \
      adaptive_max_pool##D##d, .name = "adaptive_max_pool" #D "d",                                         \
      .doc = "the largest numbers of as many windows as are asked for", .samples = [](ops::Samples& s) {   \
        s.add("three", {s.real(sizes_in)}, RONDO_SAMPLE(std::get<0>(adaptive_max_pool##D##d(in[0], 3))));  \
        s.error("dimensions", "batch mode", [] { adaptive_max_pool##D##d(zeros({2}), 2); });               \
      });
RONDO_POOL_OP(1, RONDO_SIZES(2, 2, 7), RONDO_SIZES(1, 1, 4))
RONDO_POOL_OP(2, RONDO_SIZES(2, 5, 6), RONDO_SIZES(1, 1, 4, 4))
RONDO_POOL_OP(3, RONDO_SIZES(1, 4, 4, 5), RONDO_SIZES(1, 1, 4, 4, 4))
#undef RONDO_POOL_OP
#undef RONDO_SIZES

RONDO_OP(
    fractional_max_pool2d, .name = "fractional_max_pool2d", .doc = "the largest numbers of windows at random places",
    .samples = [](ops::Samples& s) {
      s.add("images", {s.real({2, 5, 6})},
            RONDO_SAMPLE(std::get<0>(fractional_max_pool2d(in[0], 2, 3, full({1, 2, 2}, 0.4, in[0].options())))));
      s.error("large", "too large relative to the input size", [] {
        fractional_max_pool2d(zeros({1, 4, 4}), 2, 4, zeros({1, 1, 2}));
      });
    });
RONDO_OP(
    fractional_max_pool3d, .name = "fractional_max_pool3d", .doc = "fractional_max_pool2d for volumes",
    .samples = [](ops::Samples& s) {
      s.add("volumes", {s.real({1, 4, 4, 5})},
            RONDO_SAMPLE(std::get<0>(fractional_max_pool3d(in[0], 2, 2, full({1, 1, 3}, 0.4, in[0].options())))));
      s.error("samples", "need 3 for each of 1 channels", [] {
        fractional_max_pool3d(zeros({1, 4, 4, 4}), 2, 2, zeros({1, 1, 2}));
      });
    });
RONDO_OP(
    max_unpool2d, .name = "max_unpool2d", .doc = "numbers back at the places that max_pool2d_with_indices gave",
    .samples = [](ops::Samples& s) {
      s.add("images", {s.real({2, 2, 2})},
            RONDO_SAMPLE(max_unpool2d(in[0], tensor({0, 3, 9, 10, 1, 2, 8, 15}).view({2, 2, 2}), {4, 4})));
      s.error("index", "Found an invalid max index: 16", [] {
        max_unpool2d(zeros({1, 1, 1}), full({1, 1, 1}, 16, kLong), {4, 4});
      });
      s.error("negative index", "Found an invalid max index: -1", [] {
        max_unpool2d(zeros({1, 1, 1}), full({1, 1, 1}, -1, kLong), {4, 4});
      });
      s.error("shape", "Expected shape of indices to be same", [] {
        max_unpool2d(zeros({1, 1, 1}), zeros({1, 1, 2}, kLong), {4, 4});
      });
    });
RONDO_OP(
    max_unpool3d, .name = "max_unpool3d", .doc = "max_unpool2d for volumes", .samples = [](ops::Samples& s) {
      s.add("volumes", {s.real({1, 1, 2, 2})},
            RONDO_SAMPLE(max_unpool3d(in[0], tensor({0, 3, 9, 10}).view({1, 1, 2, 2}), {2, 4, 4}, 2, 0)));
      s.error("stride", "strides should be greater than zero", [] {
        max_unpool3d(zeros({1, 1, 1, 1}), zeros({1, 1, 1, 1}, kLong), {2, 2, 2}, 0, 0);
      });
    });

}  // namespace rondo
