#include <rondo/nn/functional/vision.h>

#include <rondo/autograd/ops/grid_sample.h>

#include <fmt/format.h>

namespace rondo::nn::functional {

Tensor affine_grid(const Tensor& theta, IntArrayRef size, bool align_corners) {
  if (!theta.is_floating_point()) {
    fail_type("affine_grid",
              fmt::format("Expected theta to have floating point type, but got {}", dtype_name(theta.dtype())));
  }
  for (int64_t each : size) {
    if (each <= 0) fail("affine_grid", "Expected non-zero, positive output size. Got " + to_string(size));
  }
  return affine_grid_generator(theta, size, align_corners);
}

Tensor grid_sample(const Tensor& input, const Tensor& grid, const GridSampleFuncOptions& options) {
  if (!options.align_corners()) {
    warn(
        "Default grid_sample and affine_grid behavior is align_corners=False. Please specify align_corners=True if the "
        "other behavior is desired.");
  }
  int64_t mode = 0, padding = 0;
  if (options.mode().is<enumtype::kNearest>()) mode = 1;
  if (options.mode().is<enumtype::kBicubic>()) mode = 2;
  if (options.padding_mode().is<enumtype::kBorder>()) padding = 1;
  if (options.padding_mode().is<enumtype::kReflection>()) padding = 2;
  return grid_sampler(input, grid, mode, padding, options.align_corners().value_or(false));
}

}  // namespace rondo::nn::functional
