// MNIST and data sets of the same form.
#pragma once

#include <rondo/data/dataset.h>

#include <string>

namespace rondo::data::datasets {

// The handwritten digits: images float32 (1, 28, 28) in [0, 1], targets int64. Reads train-images-idx3-ubyte and
// train-labels-idx1-ubyte, or t10k-... for the test images, from the folder `root`, plain or with the ending .gz.
// Throws Error where a file is missing or unsound, and where images and labels differ in number.
class MNIST : public Dataset<MNIST> {
 public:
  enum class Mode { kTrain, kTest };

  explicit MNIST(const std::string& root, Mode mode = Mode::kTrain);
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override;
  bool is_train() const noexcept;
  // (N, 1, 28, 28) and (N,).
  const Tensor& images() const { return images_; }
  const Tensor& targets() const { return targets_; }

 private:
  Mode mode_;
  Tensor images_, targets_;
};

}  // namespace rondo::data::datasets
