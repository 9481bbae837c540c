// Tensors, gradients and a training loop by hand: learns sin(x) to a mean squared error of at most 0.001 and tells
// the derivatives of x^3; exits with 1 where it misses them.
#include <rondo/autograd.h>
#include <rondo/nn.h>
#include <rondo/optim.h>

#include <cmath>
#include <iostream>
#include <numbers>

using namespace rondo;

namespace {

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance; }

// Gradients of a number by backward(), and gradients of gradients.
bool derivatives() {
  Tensor x = tensor(2.0, kDouble).requires_grad_();
  Tensor y = x * x * x;
  y.backward();
  std::cout << "x^3 at 2: " << y.item<double>() << ", its derivative: " << x.grad().item<double>() << '\n';
  bool right = near(x.grad().item<double>(), 12, 1e-12);

  const Tensor first = autograd::grad({x * x * x}, {x}, {}, std::nullopt, /*create_graph=*/true)[0];
  const Tensor second = autograd::grad({first}, {x})[0];
  std::cout << "its second derivative: " << second.item<double>() << '\n';
  right = right && near(second.item<double>(), 12, 1e-12);

  // Broadcasting: each row of a takes part in two sums.
  const Tensor a = tensor({{1.f}, {2.f}}).requires_grad_(), b = tensor({{10.f, 20.f}});
  (a * b).sum().backward();
  std::cout << "gradient of sum(a b):\n" << a.grad() << '\n';
  return right && a.grad().equal(tensor({{30.f}, {30.f}}));
}

// A network, an optimizer, and the five lines of every training step.
double learn_sine() {
  manual_seed(1);
  nn::Sequential net(nn::Linear(1, 32), nn::Tanh(), nn::Linear(32, 32), nn::Tanh(), nn::Linear(32, 1));
  optim::Adam adam(net->parameters(), optim::AdamOptions(3e-3));
  const Tensor x = linspace(-std::numbers::pi, std::numbers::pi, 256).unsqueeze(1), y = sin(x);
  double error = 0;
  for (int step = 0; step <= 2000; ++step) {
    adam.zero_grad();
    Tensor loss = mse_loss(net->forward(x), y);
    loss.backward();
    adam.step();
    error = loss.item<double>();
    if (step % 500 == 0) std::cout << "step " << step << ": mean squared error " << error << '\n';
  }
  return error;
}

}  // namespace

int main() {
  const bool right = derivatives();
  const double error = learn_sine();
  if (right && error <= 1e-3) return 0;
  std::cerr << "autograd: missed a derivative, or a mean squared error of 0.001\n";
  return 1;
}
