#include <rondo/data/tensor_dataset.h>

#include <rondo/autograd/ops/methods.h>

#include <fmt/format.h>

namespace rondo::data::datasets {

TensorDataset::TensorDataset(const std::vector<Tensor>& tensors) : TensorDataset(stack(tensors)) {}
TensorDataset::TensorDataset(Tensor tensor_) : tensor(std::move(tensor_)) {
  if (tensor.dim() == 0) fail("TensorDataset", "the tensor has no dimension to take samples along");
}
TensorExample TensorDataset::get(size_t index) {
  if (const auto count = static_cast<size_t>(tensor.size(0)); index >= count) {
    fail_index("TensorDataset", fmt::format("index {} is out of range; there are {} examples", index, count));
  }
  return tensor.select(0, static_cast<int64_t>(index));
}
std::optional<size_t> TensorDataset::size() const { return static_cast<size_t>(tensor.size(0)); }

}  // namespace rondo::data::datasets
