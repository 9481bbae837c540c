// The public forms of convolution: checks, and the sizes of each.
#include <rondo/autograd/ops/convolution.h>
#include <rondo/autograd/ops/convolution_parts.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace ops::conv {

Dims expanded(const char* operation, const char* what, IntArrayRef list, int count) {
  if (list.size() == static_cast<size_t>(count)) return Dims(list);
  if (list.size() != 1) {
    fail(operation, fmt::format("expected {0} to be a single integer value or a list of {1} values to match the "
                                "convolution dimensions, but got {0}={2}",
                                what, count, to_string(list)));
  }
  Dims all;
  all.resize(count);
  for (int i = 0; i < count; ++i) all[i] = list[0];
  return all;
}

namespace {

enum class Same : uint8_t { No, Yes };

// Everything that a form was called with.
struct Call {
  const char* name;
  const Tensor &input, &weight;
  Tensor bias;
  int spatial;
  Dims stride, padding, dilation, output_padding;
  bool transposed;
  int64_t groups;
};

void refuse_below(const Call& call, const char* what, const Dims& values, int64_t least, const char* text) {
  for (int64_t value : values) {
    if (value < least) fail(call.name, fmt::format("{} is not supported; got {}={}", text, what, to_string(values)));
  }
}

void check_dtypes(const Call& call) {
  const ScalarType type = call.input.dtype();
  if (type == kBool) {
    fail_type(call.name, "input is bool; need a floating point or an integer dtype");
  }
  const auto check = [&](const char* what, const Tensor& other) {
    if (other.defined() && other.dtype() != type) {
      fail(call.name, fmt::format("Input type ({}) and {} type ({}) should be the same", dtype_name(type), what,
                                  dtype_name(other.dtype())));
    }
  };
  check("weight", call.weight);
  check("bias", call.bias);
}

void check_shapes(const Call& call, IntArrayRef input) {
  const IntArrayRef weight = call.weight.sizes();
  const int64_t groups = call.groups;
  refuse_below(call, "padding", call.padding, 0, "negative padding");
  refuse_below(call, "output_padding", call.output_padding, 0, "negative output_padding");
  refuse_below(call, "stride", call.stride, 1, "non-positive stride");
  refuse_below(call, "dilation", call.dilation, 1, "dilation should be greater than zero: a smaller one");
  if (groups < 1) fail(call.name, fmt::format("non-positive groups is not supported; got groups={}", groups));
  if (weight[0] < groups || weight[0] % groups != 0) {
    fail(call.name,
         fmt::format("Given groups={0}, expected weight to be {2} {0} at dimension 0, but got weight of size "
                     "{1} instead",
                     groups, to_string(weight), weight[0] < groups ? "at least" : "divisible by"));
  }
  for (size_t i = 2; i < weight.size(); ++i) {
    if (weight[i] < 1)
      fail(call.name, fmt::format("weight is {}; need a kernel without empty dimensions", to_string(weight)));
  }
  const int64_t channels = call.transposed ? weight[0] : weight[1] * groups;
  const int64_t out = call.transposed ? weight[1] * groups : weight[0];
  if (input[1] != channels) {
    fail(call.name,
         fmt::format("Given {}groups={}, weight of size {}, expected input{} to have {} channels, but got {} "
                     "channels instead",
                     call.transposed ? "transposed=1, " : "", groups, to_string(weight), to_string(input), channels,
                     input[1]));
  }
  if (call.bias.defined() && (call.bias.dim() != 1 || call.bias.size(0) != out)) {
    fail(call.name,
         fmt::format("Given weight of size {}, expected bias to be 1-dimensional with {} elements, but got bias "
                     "of size {} instead",
                     to_string(weight), out, to_string(call.bias.sizes())));
  }
}

Plan plan_of(const Call& call, IntArrayRef input, Same same) {
  Plan plan;
  plan.transposed = call.transposed;
  const IntArrayRef weight = call.weight.sizes();
  kernels::Convolution& s = plan.shape;
  s.batch = input[0];
  s.groups = call.groups;
  const int64_t out_channels = call.transposed ? weight[1] * call.groups : weight[0];
  Dims result(input);
  result[1] = out_channels;
  constexpr int64_t kMost = int64_t{1} << 47;  // bytes that an address reaches
  int64_t padded_count = 1;
  for (int i = 0; i < 3; ++i) {
    const int dim = i - (3 - call.spatial);
    if (dim < 0) {
      s.in[i] = s.kernel[i] = s.out[i] = s.stride[i] = s.dilation[i] = 1;
      s.padding[i] = 0;
      continue;
    }
    const auto at = static_cast<size_t>(dim) + 2;
    const int64_t size = input[at];
    int64_t reach, spread = 0;
    if (__builtin_mul_overflow(call.dilation[dim], weight[at] - 1, &reach) || reach >= kMost ||
        call.padding[dim] >= kMost ||
        (call.transposed && (__builtin_mul_overflow(size, call.stride[dim], &spread) || spread >= kMost))) {
      fail(call.name, fmt::format("dilation {}, padding {} and stride {} at dimension {} go beyond what memory holds",
                                  call.dilation[dim], call.padding[dim], call.stride[dim], at));
    }
    ++reach;
    s.kernel[i] = weight[at];
    s.stride[i] = call.stride[dim];
    s.dilation[i] = call.dilation[dim];
    s.padding[i] = same == Same::Yes ? (reach - 1) / 2 : call.padding[dim];
    int64_t to = size;
    if (call.transposed) {
      to = (size - 1) * s.stride[i] - 2 * s.padding[i] + reach + call.output_padding[dim];
    } else if (same == Same::No) {
      const int64_t padded = size + 2 * s.padding[i];
      if (padded < reach) {
        fail(call.name,
             fmt::format("Calculated padded input size per channel: {} at dimension {} of input {}. Kernel size: "
                         "{} with dilation {}. Kernel size can't be greater than actual input size",
                         padded, at, to_string(input), weight[at], s.dilation[i]));
      }
      to = (padded - reach) / s.stride[i] + 1;
    }
    if (to < 1 && (call.transposed || size > 0)) {
      fail(call.name,
           fmt::format("Given input size per channel: {}, the calculated output size would be {} at dimension {}. "
                       "Output size is too small",
                       size, to, at));
    }
    const bool wide =
        call.transposed && call.output_padding[dim] >= s.stride[i] && call.output_padding[dim] >= s.dilation[i];
    if (wide) {
      fail(call.name,
           fmt::format("output padding must be smaller than either stride or dilation, but got output_padding {}, "
                       "stride {}, dilation {} at dimension {}",
                       call.output_padding[dim], s.stride[i], s.dilation[i], at));
    }
    (call.transposed ? s.out : s.in)[i] = size;
    (call.transposed ? s.in : s.out)[i] = to;
    result[static_cast<int>(at)] = to;
    if (__builtin_mul_overflow(padded_count, s.in[i] + 2 * s.padding[i], &padded_count) || padded_count >= kMost) {
      fail(call.name, fmt::format("the padded input of {} goes beyond what memory holds: dilation {}, padding {} at "
                                  "dimension {}",
                                  to_string(input), s.dilation[i], s.padding[i], at));
    }
  }
  s.in_channels = call.transposed ? out_channels : input[1];
  s.out_channels = call.transposed ? input[1] : out_channels;
  plan.w_sizes = Dims(weight);
  plan.x_sizes = call.transposed ? result : Dims(input);
  plan.y_sizes = call.transposed ? Dims(input) : result;
  return plan;
}

Tensor run(const Call& call, Same same = Same::No) {
  check_dtypes(call);
  const int64_t dims = call.spatial + 2;
  if (call.weight.dim() != dims) {
    fail(call.name, fmt::format("weight is {}; need {} dimensions", to_string(call.weight.sizes()), dims));
  }
  if (call.input.dim() != dims && call.input.dim() != dims - 1) {
    fail(call.name, fmt::format("Expected {}D (unbatched) or {}D (batched) input to {}, but got input of size: {}",
                                dims - 1, dims, call.name, to_string(call.input.sizes())));
  }
  const bool batched = call.input.dim() == dims;
  const Tensor input = batched ? call.input : call.input.unsqueeze(0);
  check_shapes(call, input.sizes());
  const Plan plan = plan_of(call, input.sizes(), same);
  const ScalarType type = input.dtype();
  const bool narrow = is_reduced_floating(type);
  const auto wide = [&](const Tensor& t) { return narrow && t.defined() ? t.to(kFloat) : t; };
  Tensor y = call.transposed ? data(wide(input), wide(call.weight), wide(call.bias), plan)
                             : output(wide(input), wide(call.weight), wide(call.bias), plan);
  if (narrow) y = y.to(type);
  return batched ? y : y.squeeze(0);
}

Tensor plain(const char* name, int spatial, const Tensor& input, const Tensor& weight,
             const std::optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation,
             int64_t groups) {
  return run({name, input, weight, bias.value_or(Tensor()), spatial, expanded(name, "stride", stride, spatial),
              expanded(name, "padding", padding, spatial), expanded(name, "dilation", dilation, spatial), Dims(), false,
              groups});
}

Tensor named(const char* name, int spatial, const Tensor& input, const Tensor& weight,
             const std::optional<Tensor>& bias, IntArrayRef stride, std::string_view padding, IntArrayRef dilation,
             int64_t groups) {
  const bool same = padding == "same";
  if (!same && padding != "valid")
    fail(name, fmt::format("Invalid padding string: '{}'; need 'valid' or 'same'", padding));
  const Dims strides = expanded(name, "stride", stride, spatial);
  for (int64_t step : strides) {
    if (same && step != 1) {
      fail(name,
           fmt::format("padding='same' is not supported for strided convolutions; got stride={}", to_string(strides)));
    }
  }
  return run({name, input, weight, bias.value_or(Tensor()), spatial, strides, expanded(name, "padding", 0, spatial),
              expanded(name, "dilation", dilation, spatial), Dims(), false, groups},
             same ? Same::Yes : Same::No);
}

Tensor transposed(const char* name, int spatial, const Tensor& input, const Tensor& weight,
                  const std::optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding,
                  IntArrayRef output_padding, int64_t groups, IntArrayRef dilation) {
  return run({name, input, weight, bias.value_or(Tensor()), spatial, expanded(name, "stride", stride, spatial),
              expanded(name, "padding", padding, spatial), expanded(name, "dilation", dilation, spatial),
              expanded(name, "output_padding", output_padding, spatial), true, groups});
}

}  // namespace
}  // namespace ops::conv

#define RONDO_CONVOLUTION(D)                                                                                          \
  Tensor conv##D##d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride, \
                    IntArrayRef padding, IntArrayRef dilation, int64_t groups) {                                      \
    return ops::conv::plain("conv" #D "d", D, input, weight, bias, stride, padding, dilation, groups);                \
  }                                                                                                                   \
  Tensor conv##D##d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride, \
                    PaddingName padding, IntArrayRef dilation, int64_t groups) {                                      \
    return ops::conv::named("conv" #D "d", D, input, weight, bias, stride, padding.text, dilation, groups);           \
  }                                                                                                                   \
  Tensor conv_transpose##D##d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias,           \
                              IntArrayRef stride, IntArrayRef padding, IntArrayRef output_padding, int64_t groups,    \
                              IntArrayRef dilation) {                                                                 \
    return ops::conv::transposed("conv_transpose" #D "d", D, input, weight, bias, stride, padding, output_padding,    \
                                 groups, dilation);                                                                   \
  }
RONDO_CONVOLUTION(1)
RONDO_CONVOLUTION(2)
RONDO_CONVOLUTION(3)

Tensor convolution(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride,
                   IntArrayRef padding, IntArrayRef dilation, bool transposed, IntArrayRef output_padding,
                   int64_t groups) {
  const int spatial = static_cast<int>(weight.dim()) - 2;
  if (spatial < 1 || spatial > 3 || input.dim() != weight.dim()) {
    fail("convolution", fmt::format("input is {}, weight is {}; need 3 to 5 dimensions, as many of both",
                                    to_string(input.sizes()), to_string(weight.sizes())));
  }
  if (transposed) {
    return ops::conv::transposed("convolution", spatial, input, weight, bias, stride, padding, output_padding, groups,
                                 dilation);
  }
  return ops::conv::plain("convolution", spatial, input, weight, bias, stride, padding, dilation, groups);
}

Tensor conv_tbc(const Tensor& self, const Tensor& weight, const Tensor& bias, int64_t pad) {
  if (self.dim() != 3 || weight.dim() != 3 || bias.dim() != 1) {
    fail("conv_tbc",
         fmt::format("input is {}, weight is {}, bias is {}; need (time, batch, channels), (kernel, channels, "
                     "out) and (out,)",
                     to_string(self.sizes()), to_string(weight.sizes()), to_string(bias.sizes())));
  }
  return conv1d(self.permute({1, 2, 0}), weight.permute({2, 1, 0}), bias, 1, pad).permute({2, 0, 1}).contiguous();
}

RONDO_OP(
    conv1d, .name = "conv1d", .doc = "sums of windows times weights; a primitive: products of matrices with columns",
    .samples = [](ops::Samples& s) {
      s.add("batch", {s.real({2, 2, 5}), s.real({3, 2, 2}), s.real({3})}, RONDO_SAMPLE(conv1d(in[0], in[1], in[2])));
      s.add("no batch", {s.real({2, 5}), s.real({3, 2, 2})}, RONDO_SAMPLE(conv1d(in[0], in[1])));
      s.add("stride, padding and dilation", {s.real({2, 1, 6}), s.real({2, 1, 3})},
            RONDO_SAMPLE(conv1d(in[0], in[1], {}, 2, 3, 2)));
      s.add("groups", {s.real({1, 4, 4}), s.real({2, 2, 3}), s.real({2})},
            RONDO_SAMPLE(conv1d(in[0], in[1], in[2], 1, 1, 1, 2)));
      s.add("same", {s.real({1, 2, 4}), s.real({2, 2, 2})}, RONDO_SAMPLE(conv1d(in[0], in[1], {}, 1, "same")));
      s.add("strided", {s.real({5, 2}), s.real({2, 2, 3})}, RONDO_SAMPLE(conv1d(in[0].t(), in[1].transpose(0, 1))));
      s.add("empty batch", {s.real({0, 2, 5}), s.real({3, 2, 2}), s.real({3})},
            RONDO_SAMPLE(conv1d(in[0], in[1], in[2])));
      s.error("rank", "Expected 2D (unbatched) or 3D (batched) input", [] { conv1d(zeros({3}), zeros({1, 1, 1})); });
      s.error("channels", "expected input(1, 2, 3) to have 3 channels", [] {
        conv1d(zeros({1, 2, 3}), zeros({1, 3, 1}));
      });
      s.error("dtype", "should be the same", [] { conv1d(zeros({1, 2, 3}), zeros({1, 2, 1}, kDouble)); });
      s.error("bias", "expected bias to be 1-dimensional with 4 elements", [] {
        conv1d(zeros({1, 2, 3}), zeros({4, 2, 1}), zeros({2}));
      });
      s.error("stride", "non-positive stride", [] { conv1d(zeros({1, 2, 3}), zeros({4, 2, 1}), {}, 0); });
      s.error("groups", "at least 4 at dimension 0", [] {
        conv1d(zeros({1, 4, 3}), zeros({2, 1, 1}), {}, 1, 0, 1, 4);
      });
      s.error("kernel", "Kernel size can't be greater than actual input size", [] {
        conv1d(zeros({1, 2, 3}), zeros({4, 2, 4}));
      });
      s.error("padding", "Invalid padding string", [] { conv1d(zeros({1, 2, 3}), zeros({4, 2, 1}), {}, 1, "full"); });
      s.error("same", "not supported for strided convolutions", [] {
        conv1d(zeros({1, 2, 3}), zeros({4, 2, 1}), {}, 2, "same");
      });
    });
RONDO_OP(
    conv2d, .name = "conv2d", .doc = "sums of windows times weights; a primitive: products of matrices with columns",
    .samples = [](ops::Samples& s) {
      s.add("batch", {s.real({2, 2, 3, 4}), s.real({3, 2, 2, 2}), s.real({3})},
            RONDO_SAMPLE(conv2d(in[0], in[1], in[2])));
      s.add("no batch", {s.real({2, 3, 3}), s.real({2, 2, 3, 1})}, RONDO_SAMPLE(conv2d(in[0], in[1])));
      s.add("one pixel windows", {s.real({2, 3, 2, 2}), s.real({2, 3, 1, 1}), s.real({2})},
            RONDO_SAMPLE(conv2d(in[0], in[1], in[2])));
      s.add("stride, padding and dilation", {s.real({1, 1, 5, 4}), s.real({2, 1, 2, 3}), s.real({2})},
            RONDO_SAMPLE(conv2d(in[0], in[1], in[2], {2, 1}, {3, 1}, {1, 2})));
      s.add("groups", {s.real({1, 4, 3, 3}), s.real({4, 1, 3, 3})}, RONDO_SAMPLE(conv2d(in[0], in[1], {}, 1, 1, 1, 4)));
      s.add("same", {s.real({1, 1, 3, 4}), s.real({2, 1, 2, 4})}, RONDO_SAMPLE(conv2d(in[0], in[1], {}, 1, "same")));
      s.add("valid", {s.real({1, 1, 3, 4}), s.real({2, 1, 2, 4})}, RONDO_SAMPLE(conv2d(in[0], in[1], {}, 2, "valid")));
    });
RONDO_OP(
    conv3d, .name = "conv3d", .doc = "sums of windows times weights; a primitive: products of matrices with columns",
    .samples = [](ops::Samples& s) {
      s.add("batch", {s.real({2, 1, 3, 2, 3}), s.real({2, 1, 2, 2, 2}), s.real({2})},
            RONDO_SAMPLE(conv3d(in[0], in[1], in[2])));
      s.add("stride, padding and dilation", {s.real({1, 3, 2, 4}), s.real({1, 1, 2, 2, 2})},
            RONDO_SAMPLE(conv3d(in[0], in[1], {}, {2, 1, 1}, {1, 0, 2}, {1, 1, 2})));
      s.add("groups and same", {s.real({1, 2, 2, 2, 2}), s.real({2, 1, 2, 1, 3})},
            RONDO_SAMPLE(conv3d(in[0], in[1], {}, 1, "same", 1, 2)));
    });
RONDO_OP(
    conv_transpose1d, .name = "conv_transpose1d",
    .doc = "the gradient of conv1d; a primitive: columns added to an image", .samples = [](ops::Samples& s) {
      s.add("batch", {s.real({2, 2, 3}), s.real({2, 3, 2}), s.real({3})},
            RONDO_SAMPLE(conv_transpose1d(in[0], in[1], in[2])));
      s.add("no batch", {s.real({2, 3}), s.real({2, 1, 3})}, RONDO_SAMPLE(conv_transpose1d(in[0], in[1])));
      s.add("all options", {s.real({1, 4, 3}), s.real({4, 1, 3}), s.real({2})},
            RONDO_SAMPLE(conv_transpose1d(in[0], in[1], in[2], 3, 1, 2, 2, 2)));
      s.error("output_padding", "output padding must be smaller than either stride or dilation", [] {
        conv_transpose1d(zeros({1, 2, 3}), zeros({2, 1, 3}), {}, 2, 0, 2);
      });
      s.error("channels", "to have 3 channels, but got 2", [] {
        conv_transpose1d(zeros({1, 2, 3}), zeros({3, 1, 3}));
      });
      s.error("too small", "Output size is too small", [] {
        conv_transpose1d(zeros({1, 2, 1}), zeros({2, 1, 1}), {}, 1, 1);
      });
    });
RONDO_OP(
    conv_transpose2d, .name = "conv_transpose2d",
    .doc = "the gradient of conv2d; a primitive: columns added to an image", .samples = [](ops::Samples& s) {
      s.add("batch", {s.real({2, 2, 2, 3}), s.real({2, 1, 2, 2}), s.real({1})},
            RONDO_SAMPLE(conv_transpose2d(in[0], in[1], in[2])));
      s.add("one pixel windows", {s.real({2, 3, 2, 2}), s.real({3, 2, 1, 1}), s.real({2})},
            RONDO_SAMPLE(conv_transpose2d(in[0], in[1], in[2])));
      s.add("all options", {s.real({1, 2, 2, 2}), s.real({2, 1, 3, 2}), s.real({2})},
            RONDO_SAMPLE(conv_transpose2d(in[0], in[1], in[2], {2, 1}, {1, 0}, {1, 0}, 2, {1, 2})));
    });
RONDO_OP(
    conv_transpose3d, .name = "conv_transpose3d",
    .doc = "the gradient of conv3d; a primitive: columns added to an image", .samples = [](ops::Samples& s) {
      s.add("batch", {s.real({1, 2, 2, 1, 2}), s.real({2, 1, 2, 2, 2}), s.real({1})},
            RONDO_SAMPLE(conv_transpose3d(in[0], in[1], in[2])));
      s.add("stride and padding", {s.real({1, 2, 2, 2}), s.real({1, 1, 2, 2, 2})},
            RONDO_SAMPLE(conv_transpose3d(in[0], in[1], {}, 2, {1, 0, 0}, {0, 1, 0})));
    });
RONDO_OP(
    convolution, .name = "convolution", .doc = "any of conv1d to conv_transpose3d", .samples = [](ops::Samples& s) {
      s.add("plain", {s.real({1, 1, 4, 3}), s.real({2, 1, 2, 2})},
            RONDO_SAMPLE(convolution(in[0], in[1], {}, 2, 1, 1, false, 0, 1)));
      s.add("transposed", {s.real({1, 2, 4}), s.real({2, 1, 2}), s.real({1})},
            RONDO_SAMPLE(convolution(in[0], in[1], in[2], 2, 1, 1, true, 1, 1)));
      s.error("rank", "need 3 to 5 dimensions", [] {
        convolution(zeros({1, 2, 3}), zeros({2, 2, 3, 3}), {}, 1, 0, 1, false, 0, 1);
      });
      s.error("stride", "expected stride to be a single integer value or a list of 1 values", [] {
        convolution(zeros({1, 2, 3}), zeros({2, 2, 3}), {}, {1, 1}, 0, 1, false, 0, 1);
      });
    });
RONDO_OP(
    conv_tbc, .name = "conv_tbc", .doc = "conv1d with time first", .samples = [](ops::Samples& s) {
      s.add("padded", {s.real({4, 2, 2}), s.real({3, 2, 1}), s.real({1})},
            RONDO_SAMPLE(conv_tbc(in[0], in[1], in[2], 1)));
      s.error("rank", "need (time, batch, channels)", [] { conv_tbc(zeros({2, 2}), zeros({1, 2, 2}), zeros({2})); });
    });

#undef RONDO_CONVOLUTION

}  // namespace rondo
