#include <rondo/nn/functional/vision.h>

#include <rondo/autograd/ops/grid_sample.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rondo::nn::functional {

namespace {

// As libtorch's messages write sizes.
std::string bracketed(IntArrayRef sizes) { return fmt::format("[{}]", fmt::join(sizes.begin(), sizes.end(), ", ")); }

}  // namespace

Tensor affine_grid(const Tensor& theta, IntArrayRef size, bool align_corners) {
  if (!theta.is_floating_point()) {
    fail_type("affine_grid",
              fmt::format("Expected theta to have floating point type, but got {}", dtype_name(theta.dtype())));
  }
  for (int64_t each : size) {
    if (each <= 0) fail("affine_grid", "Expected non-zero, positive output size. Got " + bracketed(size));
  }
  const size_t spatial = size.size() - 2;
  if (size.size() != 4 && size.size() != 5) {
    fail("affine_grid",
         "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got "
         "size " +
             bracketed(size));
  }
  if (theta.dim() != 3 || theta.size(-2) != static_cast<int64_t>(spatial) ||
      theta.size(-1) != static_cast<int64_t>(spatial) + 1) {
    fail("affine_grid",
         fmt::format("Expected a batch of {0}D affine matrices of shape Nx{0}x{1} for size {2}. Got {3}.", spatial,
                     spatial + 1, bracketed(size), bracketed(theta.sizes())));
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
