#include <rondo/autograd/ops/methods.h>
#include <rondo/models/activations.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rondo::activations {
namespace {

struct Known {
  const char* name;
  Activation::Function function;
};
constexpr Known kKnown[] = {
    {"linear", nullptr},
    {"relu", relu},
    {"softmax", softmax},
    {"sigmoid", sigmoid},
    {"tanh", tanh},
    {"elu", elu},
    {"selu", selu},
    {"softplus", softplus},
    {"softsign", softsign},
    {"swish", swish},
    {"silu", swish},
    {"gelu", gelu},
    {"exponential", exponential},
    {"mish", mish},
    {"hard_sigmoid", hard_sigmoid},
    {"leaky_relu", leaky_relu},
    {"relu6", relu6},
};

}  // namespace

Activation::Activation(const std::string& name) : name_(name) {
  std::vector<const char*> names;
  for (const Known& known : kKnown) {
    if (name == known.name) {
      function_ = known.function;
      return;
    }
    names.push_back(known.name);
  }
  fail_value("activation", fmt::format("unknown name \"{}\"; known are: {}", name, fmt::join(names, ", ")));
}

Tensor relu(const Tensor& x) { return rondo::relu(x); }
Tensor softmax(const Tensor& x) {
  if (x.dim() < 2) {
    fail_value("softmax", fmt::format("got shape {}; need at least 2 dimensions, of which the last is normalized",
                                      to_string(x.sizes())));
  }
  return rondo::softmax(x, -1);
}
Tensor sigmoid(const Tensor& x) { return rondo::sigmoid(x); }
Tensor tanh(const Tensor& x) { return rondo::tanh(x); }
Tensor elu(const Tensor& x) { return rondo::elu(x); }
Tensor selu(const Tensor& x) { return rondo::selu(x); }
Tensor softplus(const Tensor& x) { return rondo::softplus(x); }
Tensor softsign(const Tensor& x) { return rondo::softsign(x); }
Tensor swish(const Tensor& x) { return rondo::silu(x); }
Tensor gelu(const Tensor& x) { return rondo::gelu(x); }
Tensor exponential(const Tensor& x) { return rondo::exp(x); }
Tensor mish(const Tensor& x) { return rondo::mish(x); }
Tensor hard_sigmoid(const Tensor& x) { return rondo::clamp(0.2 * x + 0.5, Scalar(0.0), Scalar(1.0)); }
Tensor leaky_relu(const Tensor& x) { return rondo::leaky_relu(x, 0.2); }
Tensor relu6(const Tensor& x) { return rondo::relu6(x); }

}  // namespace rondo::activations
