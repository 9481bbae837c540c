// The windows of an image as columns, and back.
#include <rondo/autograd/kernels/convolution.h>
#include <rondo/autograd/ops/convolution.h>
#include <rondo/autograd/ops/convolution_parts.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

using kernels::Convolution;

// (N, C, H, W), which has its channels and sizes from `shape`, without N unless `batched`.
Dims image_sizes(const Convolution& s, bool batched) {
  Dims sizes{s.batch, s.in_channels, s.in[1], s.in[2]};
  if (!batched) sizes.erase(0);
  return sizes;
}
Dims column_sizes(const Convolution& s, bool batched) {
  Dims sizes{s.batch, s.in_channels * s.kernel_size(), s.out_size()};
  if (!batched) sizes.erase(0);
  return sizes;
}

Tensor to_columns(const Tensor& image, const Convolution& shape, bool batched);
Tensor to_image(const Tensor& columns, const Convolution& shape, bool batched);

template <bool kToColumns>
struct FoldBackward final : ops::Rule {
  Convolution shape;
  bool batched;

  std::string name() const override { return kToColumns ? "Im2ColBackward0" : "Col2ImBackward0"; }
  void backward(ops::Backward& step) override {
    step[0] = kToColumns ? to_image(step.gy(), shape, batched) : to_columns(step.gy(), shape, batched);
  }
};

Tensor to_columns(const Tensor& image, const Convolution& shape, bool batched) {
  const Tensor x = ops::dense(image);
  Tensor y = tensor_data::make(column_sizes(shape, batched), image.dtype());
  if (y.numel() > 0) {
    kernels::im2col(static_cast<int64_t>(element_size(image.dtype())), shape, x.data_ptr(), y.data_ptr());
  }
  if (auto* node = ops::record<FoldBackward<true>>(y, image)) {
    node->shape = shape;
    node->batched = batched;
  }
  return y;
}

Tensor to_image(const Tensor& columns, const Convolution& shape, bool batched) {
  const ScalarType type = columns.dtype();
  if (is_reduced_floating(type)) return to_image(columns.to(kFloat), shape, batched).to(type);
  const Tensor x = ops::dense(columns);
  Tensor y = tensor_data::make(image_sizes(shape, batched), type);
  if (y.numel() > 0) kernels::col2im(type, shape, x.data_ptr(), y.data_ptr());
  if (auto* node = ops::record<FoldBackward<false>>(y, columns)) {
    node->shape = shape;
    node->batched = batched;
  }
  return y;
}

// All but the batch and the channels.
Convolution windows(const char* name, int64_t height, int64_t width, IntArrayRef kernel_size, IntArrayRef dilation,
                    IntArrayRef padding, IntArrayRef stride) {
  const Dims kernels = ops::conv::expanded(name, "kernel_size", kernel_size, 2);
  const Dims steps = ops::conv::expanded(name, "stride", stride, 2);
  const Dims pads = ops::conv::expanded(name, "padding", padding, 2);
  const Dims gaps = ops::conv::expanded(name, "dilation", dilation, 2);
  Convolution s{0, 1, 0, 1, {1, height, width}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}};
  for (int i = 0; i < 2; ++i) {
    s.kernel[i + 1] = kernels[i];
    s.stride[i + 1] = steps[i];
    s.padding[i + 1] = pads[i];
    s.dilation[i + 1] = gaps[i];
    const auto refuse = [&](const char* what, const Dims& values) {
      fail(name, fmt::format("{} should be greater than zero, but got {}", what, to_string(values)));
    };
    if (kernels[i] < 1) refuse("kernel size", kernels);
    if (steps[i] < 1) refuse("stride", steps);
    if (gaps[i] < 1) refuse("dilation", gaps);
    if (pads[i] < 0) fail(name, fmt::format("padding should be non-negative, but got {}", to_string(pads)));
    int64_t room, reach, around;
    if (__builtin_mul_overflow(gaps[i], kernels[i] - 1, &reach) || __builtin_mul_overflow(pads[i], 2, &around) ||
        __builtin_add_overflow(s.in[i + 1], around, &room) || __builtin_sub_overflow(room, reach, &room)) {
      fail_value(name, fmt::format("kernel_size={}, dilation={}, padding={} are too large", to_string(kernels),
                                   to_string(gaps), to_string(pads)));
    }
    room -= 1;
    s.out[i + 1] = room < 0 ? 0 : room / steps[i] + 1;
  }
  static_cast<void>(count_elements(kernels));  // throws where it overflows, as the next does
  if (count_elements({s.out[1], s.out[2]}) < 1) {
    fail(name, fmt::format("Given input with spatial size ({}, {}), kernel_size={}, dilation={}, padding={}, "
                           "calculated shape of the array of sliding blocks as ({}, {}), but its components must be at "
                           "least one. The stride is {}.",
                           height, width, to_string(kernels), to_string(gaps), to_string(pads), s.out[1], s.out[2],
                           to_string(steps)));
  }
  return s;
}

}  // namespace

Tensor im2col(const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding,
              IntArrayRef stride) {
  const IntArrayRef sizes = self.sizes();
  const bool batched = sizes.size() == 4;
  bool fits = batched || sizes.size() == 3;
  for (size_t i = batched ? 1 : 0; i < sizes.size(); ++i) fits = fits && sizes[i] != 0;
  if (!fits) {
    fail("im2col", fmt::format("Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
                               "dimensions for input, but got: {}",
                               to_string(sizes)));
  }
  const IntArrayRef image = sizes.slice(sizes.size() - 3);
  Convolution s = windows("im2col", image[1], image[2], kernel_size, dilation, padding, stride);
  s.batch = batched ? sizes[0] : 1;
  s.in_channels = image[0];
  return to_columns(self, s, batched);
}

Tensor col2im(const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation,
              IntArrayRef padding, IntArrayRef stride) {
  const Dims image = ops::conv::expanded("col2im", "output_size", output_size, 2);
  Convolution s = windows("col2im", image[0], image[1], kernel_size, dilation, padding, stride);
  const IntArrayRef sizes = self.sizes();
  const bool batched = sizes.size() == 3;
  const int64_t rows = batched || sizes.size() == 2 ? sizes[batched ? 1 : 0] : 0;
  if (rows < 1 || rows % s.kernel_size() != 0 || sizes.back() != s.out_size()) {
    fail("col2im",
         fmt::format("input is {}; need (channels * {}, {}) or a batch of these for kernel_size={} and "
                     "output_size={}",
                     to_string(sizes), s.kernel_size(), s.out_size(), to_string(kernel_size), to_string(output_size)));
  }
  s.batch = batched ? sizes[0] : 1;
  s.in_channels = rows / s.kernel_size();
  return to_image(self, s, batched);
}

RONDO_OP(
    im2col, .name = "im2col", .doc = "windows as columns; a primitive: rows are copied once",
    .samples = [](ops::Samples& s) {
      s.add("batch", {s.real({2, 2, 3, 4})}, RONDO_SAMPLE(im2col(in[0], {2, 3}, 1, 0, 1)));
      s.add("no batch", {s.real({2, 4, 4})}, RONDO_SAMPLE(im2col(in[0], 2, {1, 2}, {1, 2}, {2, 3})));
      s.add("strided", {s.real({3, 4, 2, 2})}, RONDO_SAMPLE(im2col(in[0].permute({2, 3, 0, 1}), 2, 1, 1, 1)));
      s.add("empty batch", {s.real({0, 2, 3, 4})}, RONDO_SAMPLE(im2col(in[0], 2, 1, 0, 1)));
      s.error("rank", "Expected 3D or 4D", [] { im2col(zeros({3, 4}), 2, 1, 0, 1); });
      s.error("kernel", "kernel size should be greater than zero", [] { im2col(zeros({1, 3, 4}), 0, 1, 0, 1); });
      s.error("too small", "must be at least one", [] { im2col(zeros({1, 3, 4}), 5, 1, 0, 1); });
    });
RONDO_OP(
    col2im, .name = "col2im", .doc = "sums of columns where im2col reads them; a primitive: rows are added once",
    .samples = [](ops::Samples& s) {
      s.add("batch", {s.real({2, 8, 6})}, RONDO_SAMPLE(col2im(in[0], {3, 4}, 2, 1, 0, 1)));
      s.add("no batch", {s.real({4, 6})}, RONDO_SAMPLE(col2im(in[0], {4, 4}, 2, {1, 2}, {1, 1}, {2, 2})));
      s.error("rows", "need (channels * 4, 6)", [] { col2im(zeros({1, 6, 6}), {3, 4}, 2, 1, 0, 1); });
      s.error("columns", "need (channels * 4, 6)", [] { col2im(zeros({1, 8, 5}), {3, 4}, 2, 1, 0, 1); });
    });

}  // namespace rondo
