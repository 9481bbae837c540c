// Batch, instance and group norm, and normalization across channels.
#include "case.h"

using namespace against;
namespace nn = torch::nn;
namespace F = torch::nn::functional;

namespace {

// Values, buffers and gradients of a module over two batches of training and one of evaluation.
template <class Norm>
void steps(const std::string& what, Norm norm, torch::IntArrayRef sizes) {
  norm->to(torch::kDouble);
  for (int step = 0; step < 3; ++step) {
    if (step == 2) norm->eval();
    const auto x = real(sizes).requires_grad_();
    const auto y = norm(x);
    const std::string now = what + ", step " + std::to_string(step);
    value(now, y);
    (y * y * y).sum().backward();
    value(now + " gradient", x.grad());
  }
  for (const auto& parameter : norm->named_parameters()) {
    value(what + " gradient of " + parameter.key(), parameter.value().grad());
  }
  for (const auto& buffer : norm->named_buffers()) value(what + " " + buffer.key(), buffer.value());
}

}  // namespace

AGAINST(batch_norm_modules) {
  steps("1d rows", nn::BatchNorm1d(3), {4, 3});
  steps("1d", nn::BatchNorm1d(nn::BatchNorm1dOptions(3).momentum(0.4)), {4, 3, 5});
  steps("2d", nn::BatchNorm2d(nn::BatchNorm2dOptions(3).eps(0.1)), {2, 3, 4, 2});
  steps("2d mean of all", nn::BatchNorm2d(nn::BatchNorm2dOptions(3).momentum(c10::nullopt)), {2, 3, 4, 2});
  steps("2d not affine", nn::BatchNorm2d(nn::BatchNorm2dOptions(3).affine(false)), {2, 3, 4, 2});
  steps("2d no statistics", nn::BatchNorm2d(nn::BatchNorm2dOptions(3).track_running_stats(false)), {2, 3, 4, 2});
  steps("3d", nn::BatchNorm3d(2), {2, 2, 2, 3, 2});
  refuses("one value", [] { nn::BatchNorm1d(3)(torch::rand({1, 3})); });
  refuses("dimensions", [] { nn::BatchNorm2d(3)(torch::rand({1, 3})); });
  refuses("channels", [] { nn::BatchNorm2d(3)(torch::rand({2, 4, 2, 2})); });
}

AGAINST(instance_norm_modules) {
  steps("1d", nn::InstanceNorm1d(nn::InstanceNorm1dOptions(3).affine(true)), {4, 3, 5});
  steps("1d alone", nn::InstanceNorm1d(3), {3, 5});
  steps("2d", nn::InstanceNorm2d(nn::InstanceNorm2dOptions(3).track_running_stats(true).momentum(0.3)), {2, 3, 4, 2});
  steps("3d", nn::InstanceNorm3d(nn::InstanceNorm3dOptions(2).affine(true).track_running_stats(true)), {2, 2, 2, 3, 2});
  refuses("dimensions", [] { nn::InstanceNorm2d(3)(torch::rand({1, 3})); });
}

AGAINST(norm_functions) {
  gradients("batch_norm", {real({2, 3, 4}), real({3}), real({3})},
            AGAINST_F(torch::batch_norm(in[0], in[1], in[2], {}, {}, true, 0.1, 1e-5, false)));
  gradients("batch_norm in evaluation", {real({2, 3, 4}), real({3}), real({3})},
            AGAINST_F(F::batch_norm(in[0], torch::ones({3}, torch::kDouble), torch::full({3}, 2.0, torch::kDouble),
                                    F::BatchNormFuncOptions().weight(in[1]).bias(in[2]))));
  gradients("instance_norm", {real({2, 3, 4}), real({3}), real({3})},
            AGAINST_F(F::instance_norm(in[0], F::InstanceNormFuncOptions().weight(in[1]).bias(in[2]))));
  gradients("group_norm", {real({2, 6, 4}), real({6}), real({6})},
            AGAINST_F(torch::group_norm(in[0], 2, in[1], in[2], 1e-3)));
  gradients("group_norm of rows", {real({2, 6})}, AGAINST_F(F::group_norm(in[0], F::GroupNormFuncOptions(2))));
  gradients("local_response_norm", {real({2, 5, 4})},
            AGAINST_F(F::local_response_norm(in[0], F::LocalResponseNormFuncOptions(3).alpha(0.5).k(2))));
  gradients("local_response_norm of images", {real({2, 5, 2, 2})},
            AGAINST_F(F::local_response_norm(in[0], F::LocalResponseNormFuncOptions(4).beta(0.5))));
  nn::GroupNorm norm(nn::GroupNormOptions(2, 4));
  norm->to(torch::kDouble);
  value("GroupNorm", norm(real({2, 4, 3})));
  refuses("groups", [] { torch::group_norm(torch::rand({2, 4}), 3); });
  refuses("no statistics", [] { torch::batch_norm(torch::rand({2, 4}), {}, {}, {}, {}, false, 0.1, 1e-5, false); });
  refuses("two dimensions", [] { F::local_response_norm(torch::rand({2, 3}), F::LocalResponseNormFuncOptions(2)); });
}
