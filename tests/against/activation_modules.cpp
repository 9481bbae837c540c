// Activations as modules and in nn::functional, and initial values.
#include "case.h"

using against::gradients;
using against::real;
using against::refuses;
using against::value;
namespace F = torch::nn::functional;
namespace init = torch::nn::init;

#define MODULE(label, ...) gradients(label, {real({3, 4}, -5, 5)}, AGAINST_F(__VA_ARGS__(in[0])), false)

AGAINST(activation_modules) {
  using namespace torch::nn;
  MODULE("ReLU", ReLU());
  MODULE("ReLU6", ReLU6());
  MODULE("LeakyReLU", LeakyReLU(LeakyReLUOptions().negative_slope(0.42)));
  MODULE("ELU", ELU(ELUOptions().alpha(0.7)));
  MODULE("SELU", SELU());
  MODULE("CELU", CELU(CELUOptions().alpha(2)));
  MODULE("GELU", GELU());
  MODULE("GELU tanh", GELU(GELUOptions().approximate("tanh")));
  MODULE("GLU", GLU(1));
  MODULE("Hardshrink", Hardshrink(0.7));
  MODULE("Softshrink", Softshrink(0.7));
  MODULE("Hardtanh", Hardtanh(HardtanhOptions().min_val(-0.5).max_val(2)));
  MODULE("Softplus", Softplus(SoftplusOptions().beta(0.24).threshold(0.5)));
  MODULE("Threshold", Threshold(ThresholdOptions(0.3, 7)));
  MODULE("SiLU", SiLU());
  MODULE("Mish", Mish());
  MODULE("Sigmoid", Sigmoid());
  MODULE("LogSigmoid", LogSigmoid());
  MODULE("Tanh", Tanh());
  MODULE("Tanhshrink", Tanhshrink());
  MODULE("Softsign", Softsign());
  MODULE("Softmax", Softmax(1));
  MODULE("Softmin", Softmin(0));
  MODULE("LogSoftmax", LogSoftmax(1));
  gradients("Softmax2d", {real({2, 3, 2, 2})}, AGAINST_F(Softmax2d()(in[0])));
  gradients("RReLU", {real({3, 4})}, AGAINST_F(RReLU()(in[0])), false);
  gradients(
      "RReLU eval", {real({3, 4})},
      [](const against::Inputs& in) -> torch::Tensor {
        RReLU module(RReLUOptions().lower(0.24).upper(0.42));
        module->eval();
        return module(in[0]);
      },
      false);
  gradients(
      "PReLU", {real({2, 3})},
      [](const against::Inputs& in) -> torch::Tensor {
        PReLU module(PReLUOptions().num_parameters(3).init(0.42));
        module->to(torch::kDouble);
        return module(in[0]);
      },
      false);
  refuses("Hardtanh", [] { Hardtanh(HardtanhOptions().min_val(1).max_val(1)); });
  refuses("Softmax2d", [] { Softmax2d()(torch::ones({2, 2})); });
}

AGAINST(gumbel_softmax) {
  using Options = F::GumbelSoftmaxFuncOptions;
  gradients("soft", {real({3, 4})}, AGAINST_F(F::gumbel_softmax(in[0])));
  gradients("soft 0", {real({3, 4})}, AGAINST_F(F::gumbel_softmax(in[0], Options().tau(0.5).dim(0))));
  gradients("hard", {real({3, 4})}, AGAINST_F(F::gumbel_softmax(in[0], Options().hard(true).dim(1))));
  value("float", F::gumbel_softmax(torch::zeros({2, 20})));
}

AGAINST(initial_values) {
  value("dirac_", init::dirac_(torch::ones({2, 3, 3, 2})));
  value("eye_", init::eye_(torch::ones({2, 3})));
  // Of float32 by two ways: the first digits.
  value("orthogonal_ wide", (init::orthogonal_(torch::empty({3, 5})) * 1000).round());
  value("orthogonal_ tall", (init::orthogonal_(torch::empty({5, 2}), 2) * 1000).round());
  value("orthogonal_ of a convolution", (init::orthogonal_(torch::empty({4, 2, 3})) * 1000).round());
  value("sparse_", init::sparse_(torch::empty({5, 3}), 0.5, 0.1));
  value("xavier_uniform_", init::xavier_uniform_(torch::empty({4, 3}), 2));
  value("xavier_normal_", init::xavier_normal_(torch::empty({4, 5})));
  value("kaiming_uniform_", init::kaiming_uniform_(torch::empty({4, 3, 2}), 0.1, torch::kFanOut, torch::kReLU));
  value("kaiming_normal_", init::kaiming_normal_(torch::empty({4, 5})));
  refuses("orthogonal_", [] { init::orthogonal_(torch::empty({3})); });
  refuses("dirac_", [] { init::dirac_(torch::empty({3, 3})); });
  refuses("eye_", [] { init::eye_(torch::empty({3})); });
  refuses("sparse_", [] { init::sparse_(torch::empty({3, 3, 3}), 0.5); });
}
