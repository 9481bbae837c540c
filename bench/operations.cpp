// A row for each operation of the list: its first sample, forward, and forward with backward where it has a derivative.
// Elementwise operations also run over 100,000 numbers. Inputs are float32.
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/tensor/factory.h>

#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

namespace {

using rondo::Tensor;
using rondo::ops::OpInfo;
using Inputs = rondo::ops::Samples::Inputs;

struct First final : rondo::ops::Samples {
  Inputs inputs;
  Function f = nullptr;
  Tensor real(rondo::IntArrayRef sizes, double low, double high) override {
    return rondo::rand(sizes) * (high - low) + low;
  }
  Tensor index(rondo::IntArrayRef sizes, int64_t high) override { return rondo::randint(high, sizes, rondo::kLong); }
  Tensor boolean(rondo::IntArrayRef sizes) override { return rondo::rand(sizes) < 0.5; }
  void add(const char*, Inputs in, Function function) override {
    if (f) return;
    inputs = std::move(in);
    f = function;
  }
  void error(const char*, const char*, void (*)()) override {}
};

void add_rows(const std::string& name, Inputs inputs, rondo::ops::Samples::Function f, bool differentiable) {
  benchmark::RegisterBenchmark(name.c_str(), [inputs, f](benchmark::State& state) {
    rondo::NoGradGuard guard;
    for (auto _ : state) benchmark::DoNotOptimize(f(inputs));
  });
  if (!differentiable) return;
  benchmark::RegisterBenchmark((name + "/with_backward").c_str(), [inputs, f](benchmark::State& state) {
    Inputs leaves;
    for (const Tensor& input : inputs) {
      leaves.push_back(input.is_floating_point() ? input.detach().requires_grad_() : input);
    }
    for (auto _ : state) {
      const Tensor y = f(leaves);
      if (y.requires_grad()) y.backward(rondo::ones_like(y));
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  rondo::manual_seed(1);
  for (const OpInfo* info : rondo::ops::all_operations()) {
    First first;
    if (info->samples) info->samples(first);
    if (first.f) add_rows(info->name, first.inputs, first.f, info->differentiable);
    for (int64_t size : {8, 100000}) {
      if (info->arity == 0) break;
      Inputs inputs;
      for (int i = 0; i < info->arity; ++i) inputs.push_back(first.real({size}, info->low, info->high));
      add_rows(info->name + ("/" + std::to_string(size)), inputs, info->call, info->differentiable);
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
