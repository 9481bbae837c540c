// All parameters as one vector, and back.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <vector>

namespace rondo::nn::utils {

// The elements of all parameters, one after the other.
Tensor parameters_to_vector(const std::vector<Tensor>& parameters);
// Makes the parameters views of slices of the vector. Throws Error if it is too short.
void vector_to_parameters(const Tensor& vector, const std::vector<Tensor>& parameters);

}  // namespace rondo::nn::utils
