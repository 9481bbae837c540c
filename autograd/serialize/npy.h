// NumPy's files: .npy, one array, and .npz, a zip archive of them by name.
#pragma once

#include <rondo/autograd/serialize/safetensors.h>

#include <string>

namespace rondo {

// Reads an array of versions 1 to 3 of the format: floating point numbers, integers and bools of either byte order.
// Arrays in Fortran's order become tensors with such strides. Throws Error unless the file is sound to the last byte,
// and for dtypes that rondo does not have.
Tensor load_npy(const std::string& path);
// Writes version 1, row by row. Throws Error for bfloat16, which NumPy does not have.
namespace by_name {
void save_npy(const Tensor& tensor, const std::string& path);
}

// The arrays of an archive, stored or deflated, by name without ".npy".
StateDict load_npz(const std::string& path);
// Writes an archive as numpy.savez does, or, deflated, as numpy.savez_compressed.
void save_npz(const StateDict& tensors, const std::string& path, bool compressed = false);

namespace serialize {

class Source;
Tensor read_npy(const Source& source);
StateDict read_npz(const Source& source);

}  // namespace serialize
}  // namespace rondo
