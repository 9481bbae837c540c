// How samplers write and read where they are.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {
namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace data::samplers {

void write_number(serialize::OutputArchive& archive, const char* key, size_t value);
void write_tensor(serialize::OutputArchive& archive, const char* key, const Tensor& tensor);
// Throw Error for what no sampler can have written: a number above `most`, indices of another shape or kind.
size_t read_number(serialize::InputArchive& archive, const char* key, size_t most);
Tensor read_indices(serialize::InputArchive& archive, const char* key);

}  // namespace data::samplers
}  // namespace rondo
