#include <rondo/nn/swiglu.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>

#include <ostream>

namespace rondo::nn {

SwiGLUImpl::SwiGLUImpl(int64_t in_features, int64_t hidden_features)
    : SwiGLUImpl(SwiGLUOptions(in_features, hidden_features)) {}
SwiGLUImpl::SwiGLUImpl(const SwiGLUOptions& options_) : options(options_) { SwiGLUImpl::reset(); }

void SwiGLUImpl::reset() {
  const LinearOptions linear = LinearOptions(options.in_features(), options.hidden_features()).bias(options.bias());
  gate = register_module("gate", Linear(linear));
  up = register_module("up", Linear(linear));
}

void SwiGLUImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::SwiGLU"; }

Tensor SwiGLUImpl::forward(const Tensor& input) { return silu(gate->forward(input)) * up->forward(input); }

}  // namespace rondo::nn
