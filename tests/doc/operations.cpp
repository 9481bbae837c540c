// Prints docs/ops.md from the list of operations. With --check FILE it compares instead, and ends with 1 where the file
// is out of date.
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

namespace {

using rondo::Tensor;
using rondo::ops::OpInfo;

struct Counter final : rondo::ops::Samples {
  int samples = 0, refusals = 0;
  Tensor real(rondo::IntArrayRef sizes, double low, double high) override {
    return rondo::full(sizes, (low + high) / 2, rondo::kDouble);
  }
  Tensor index(rondo::IntArrayRef sizes, int64_t) override { return rondo::zeros(sizes, rondo::kLong); }
  Tensor boolean(rondo::IntArrayRef sizes) override { return rondo::zeros(sizes, rondo::kBool); }
  void add(const char*, Inputs, Function) override { ++samples; }
  void error(const char*, const char*, void (*)()) override { ++refusals; }
};

std::string document() {
  std::vector<const OpInfo*> all(rondo::ops::all_operations().begin(), rondo::ops::all_operations().end());
  std::sort(all.begin(), all.end(), [](auto* a, auto* b) { return std::strcmp(a->name, b->name) < 0; });
  std::string text = fmt::format(
      "# Operations\n\nWritten from the list of operations (`tests/doc/operations.cpp`); each block in `autograd/ops` "
      "enters itself. {} operations. A derivative: checked against finite differences, first and second order, on the "
      "samples that the block names; refusals: wrong uses whose message is checked.\n\n"
      "| operation | what it computes | derivative | samples | refusals |\n|---|---|---|---|---|\n",
      all.size());
  for (const OpInfo* info : all) {
    Counter counter;
    if (info->samples) info->samples(counter);
    std::string doc;
    for (const char* c = info->doc; *c; ++c) doc += *c == '|' ? std::string("\\|") : std::string(1, *c);
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", info->name, doc, info->differentiable ? "yes" : "",
                        info->arity > 0 ? "elementwise" : std::to_string(counter.samples), counter.refusals);
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string text = document();
  if (argc == 1) {
    std::cout << text;
    return 0;
  }
  std::stringstream have;
  have << std::ifstream(argv[argc - 1]).rdbuf();
  if (have.str() == text) return 0;
  std::cout << argv[argc - 1] << " is out of date: write the output of this program there\n";
  return 1;
}
