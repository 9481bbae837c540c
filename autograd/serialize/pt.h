// PyTorch's .pt files: what torch.save writes of state dictionaries, and torch::save of anything.
#pragma once

#include <rondo/autograd/serialize/safetensors.h>

namespace rondo {

// The tensors of a state dictionary that PyTorch 1.6 or newer has saved (a zip archive with a pickle), by name; nested
// dictionaries, lists and TorchScript's modules give names with dots. Tensors that share memory in the file share it
// here. Nothing in the file is run: the pickle may only name tensors, and is refused otherwise. Throws Error unless the
// file is sound.
StateDict load_pt(const std::string& path);

namespace serialize {

class Source;
struct Entries;

bool is_pt(const Source& source);
// Throws Error for PyTorch's old format, with what can be done.
void check_pt(const Source& source);
Entries read_pt(const Source& source);

}  // namespace serialize
}  // namespace rondo
