#include <rondo/data/mnist.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/data/idx.h>

#include <fmt/format.h>

#include <filesystem>

namespace rondo::data::datasets {
namespace {

constexpr int64_t kSide = 28, kClasses = 10;

std::string found(const std::string& root, const std::string& name, const char* what) {
  const std::filesystem::path plain = std::filesystem::path(root) / name;
  std::error_code unused;
  if (std::filesystem::exists(plain, unused)) return plain.string();
  const std::string packed = plain.string() + ".gz";
  if (std::filesystem::exists(packed, unused)) return packed;
  fail("MNIST", fmt::format("Error opening {} file at {}: neither this nor {} is there", what, plain.string(), packed));
}

Tensor read_images(const std::string& path) {
  const Tensor images = read_idx_file(path);
  if (images.scalar_type() != kByte || images.dim() != 3 || images.size(1) != kSide || images.size(2) != kSide) {
    fail("MNIST", fmt::format("{} holds {} of sizes {}; need uint8 of (N, {}, {})", path,
                              toString(images.scalar_type()), to_string(images.sizes()), kSide, kSide));
  }
  return images.unsqueeze(1).to(kFloat32).div_(255);
}

Tensor read_targets(const std::string& path) {
  const Tensor targets = read_idx_file(path);
  if (targets.scalar_type() != kByte || targets.dim() != 1) {
    fail("MNIST", fmt::format("{} holds {} of sizes {}; need uint8 of (N,)", path, toString(targets.scalar_type()),
                              to_string(targets.sizes())));
  }
  if (targets.numel() > 0 && targets.max().item<int64_t>() >= kClasses) {
    fail("MNIST",
         fmt::format("{} holds the label {}; need 0 to {}", path, targets.max().item<int64_t>(), kClasses - 1));
  }
  return targets.to(kInt64);
}

}  // namespace

MNIST::MNIST(const std::string& root, Mode mode) : mode_(mode) {
  const std::string begin = mode == Mode::kTrain ? "train" : "t10k";
  images_ = read_images(found(root, begin + "-images-idx3-ubyte", "images"));
  targets_ = read_targets(found(root, begin + "-labels-idx1-ubyte", "targets"));
  if (images_.size(0) != targets_.size(0)) {
    fail("MNIST", fmt::format("{} images have {} labels in {}", images_.size(0), targets_.size(0), root));
  }
}

Example<> MNIST::get(size_t index) {
  const auto i = static_cast<int64_t>(index);
  return {images_.select(0, i), targets_.select(0, i)};
}
std::optional<size_t> MNIST::size() const { return static_cast<size_t>(images_.size(0)); }
bool MNIST::is_train() const noexcept { return mode_ == Mode::kTrain; }

}  // namespace rondo::data::datasets
