// IDX files: arrays of numbers with their sizes before them, as MNIST comes.
#pragma once

#include <rondo/autograd/base/array_ref.h>
#include <rondo/autograd/tensor/tensor.h>

#include <cstdint>
#include <string>

namespace rondo::data {

// The array in a file's bytes, packed by gzip or not: uint8, int8, int16, int32, float32 or float64. Throws Error if
// anything is wrong with it, such as a length that is not what the sizes ask for. `name` is what messages call it.
// The format: http://yann.lecun.com/exdb/mnist
Tensor read_idx(ArrayRef<uint8_t> bytes, const std::string& name = "the bytes");
// The same of a file.
Tensor read_idx_file(const std::string& path);

}  // namespace rondo::data
