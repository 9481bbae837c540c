#include <rondo/data/transform.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo::data::transforms {

Tensor detail::per_channel(ArrayRef<double> values) { return tensor(values.vec(), kFloat32).unsqueeze(1).unsqueeze(2); }

Tensor detail::normalized(const Tensor& input, const Tensor& mean, const Tensor& stddev) {
  return input.sub(mean).div(stddev);
}

Example<> Stack<Example<>>::apply_batch(std::vector<Example<>> examples) {
  std::vector<Tensor> data, targets;
  data.reserve(examples.size());
  targets.reserve(examples.size());
  for (Example<>& example : examples) {
    data.push_back(std::move(example.data));
    targets.push_back(std::move(example.target));
  }
  return {stack(data), stack(targets)};
}

TensorExample Stack<TensorExample>::apply_batch(std::vector<TensorExample> examples) {
  std::vector<Tensor> data;
  data.reserve(examples.size());
  for (TensorExample& example : examples) data.push_back(std::move(example.data));
  return stack(data);
}

}  // namespace rondo::data::transforms
