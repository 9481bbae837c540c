// The safetensors format: named tensors, readable from many languages (https://github.com/huggingface/safetensors).
#pragma once

#include <rondo/autograd/base/ordered_dict.h>
#include <rondo/autograd/tensor/tensor.h>

#include <string>
#include <utility>
#include <vector>

namespace rondo {

// Tensors by name, in order.
using StateDict = OrderedDict<std::string, Tensor>;
// Texts by name: what a file says beside its tensors.
using Metadata = OrderedDict<std::string, std::string>;

// Writes the tensors to a new file that then takes the place of `path`. Larger elements come first, so that all lie
// aligned. Throws Error for undefined tensors and where the writing fails.
void save_safetensors(const StateDict& tensors, const std::string& path, const Metadata& metadata = Metadata());
// Reads a file whole, each tensor into memory of its own; `metadata` gets the texts. Throws Error unless the file is
// sound to the last byte, and for dtypes that rondo does not have.
StateDict load_safetensors(const std::string& path, Metadata* metadata = nullptr);

namespace serialize {

class Source;
class Sink;

struct Safetensors {
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<std::pair<std::string, Tensor>> tensors;
};
// Whether the bytes begin as such a file does.
bool is_safetensors(const Source& source);
// The tensors in the order in which they lie in the file.
Safetensors read_safetensors(const Source& source);
void write_safetensors(Sink& sink, Safetensors file);
// The order in which tensors are written: larger elements first, otherwise as they came.
bool before_in_file(const std::pair<std::string, Tensor>& a, const std::pair<std::string, Tensor>& b);

}  // namespace serialize
}  // namespace rondo
