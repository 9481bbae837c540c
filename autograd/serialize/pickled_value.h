// Values as PyTorch's files: what a Python program loads by torch.load, and what it has written by torch.save.
#pragma once

#include <rondo/autograd/functional/dict.h>

#include <vector>

namespace rondo {

// The bytes of a .pt file with the value: numbers, strings, tensors (views of one storage share it there too), lists,
// tuples and dictionaries of them. Throws Error for tensors that are not defined, and for strings that are not UTF-8.
std::vector<char> pickle_save(const IValue& value);
// The value in the bytes of such a file. What is read, and what is refused, is as with load_pt; a dictionary that
// Python made gives a GenericDict, a list one of any values. Throws Error unless the bytes are sound.
IValue pickle_load(const std::vector<char>& data);

namespace jit {
using rondo::pickle_load;
using rondo::pickle_save;
}  // namespace jit

namespace serialize {

class Source;
IValue read_pickled(const Source& source);

}  // namespace serialize
}  // namespace rondo
