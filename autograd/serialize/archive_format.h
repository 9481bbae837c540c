// Archives as safetensors files: docs/state.md describes the layout.
#pragma once

#include <rondo/autograd/serialize/entries.h>

namespace rondo::serialize {

class Source;
class Sink;

void write_archive(Sink& sink, const Entries& entries);
// Reads what write_archive wrote, any other safetensors file, and PyTorch's .pt.
Entries read_archive(const Source& source);

// A key as it stands in paths: without dots.
std::string escaped(std::string_view key);
std::string unescaped(std::string_view part);

}  // namespace rondo::serialize
