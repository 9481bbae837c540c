#include <rondo/nn/utils/convert_parameters.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/view.h>

#include <fmt/format.h>

namespace rondo::nn::utils {

Tensor parameters_to_vector(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> flat;
  flat.reserve(parameters.size());
  for (const Tensor& parameter : parameters) flat.push_back(parameter.reshape({-1}));
  return cat(flat);
}

void vector_to_parameters(const Tensor& vector, const std::vector<Tensor>& parameters) {
  int64_t place = 0, needed = 0;
  for (const Tensor& parameter : parameters) needed += parameter.numel();
  if (vector.dim() == 0 || vector.size(0) < needed) {
    fail("vector_to_parameters", fmt::format("got a vector of shape {}; the {} parameters need {} numbers",
                                             to_string(vector.sizes()), parameters.size(), needed));
  }
  for (const Tensor& parameter : parameters) {
    const int64_t count = parameter.numel();
    parameter.set_data(vector.slice(0, place, place + count).view_as(parameter).data());
    place += count;
  }
}

}  // namespace rondo::nn::utils
