// A tensor as a dataset.
#pragma once

#include <rondo/data/dataset.h>

namespace rondo::data::datasets {

// Its slices along the first dimension, without targets. A list of tensors of equal sizes is stacked.
struct TensorDataset : Dataset<TensorDataset, TensorExample> {
  explicit TensorDataset(const std::vector<Tensor>& tensors);
  explicit TensorDataset(Tensor tensor);
  TensorExample get(size_t index) override;
  std::optional<size_t> size() const override;

  Tensor tensor;
};

}  // namespace rondo::data::datasets
