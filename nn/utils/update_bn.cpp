#include <rondo/nn/utils/update_bn.h>

#include <rondo/nn/channel_norm.h>

namespace rondo::nn::utils::detail {
namespace {

template <class Norm, class F>
bool visit(Module& module, F f) {
  auto* norm = dynamic_cast<Norm*>(&module);
  if (!norm) return false;
  if (norm->running_mean.defined()) f(*norm);
  return true;
}

}  // namespace

BatchNormUpdate::BatchNormUpdate(Module& module) : module_(module) {
  const auto begin = [&](auto& norm) {
    norm.reset_running_stats();
    momenta_.emplace_back(&norm.options.momentum(), norm.options.momentum());
    norm.options.momentum(std::nullopt);  // the mean over all batches
  };
  module.apply([&](Module& each) {
    training_.emplace_back(&each, each.is_training());
    visit<BatchNorm1dImpl>(each, begin) || visit<BatchNorm2dImpl>(each, begin) || visit<BatchNorm3dImpl>(each, begin);
  });
  if (any()) module_.train();
}

BatchNormUpdate::~BatchNormUpdate() {
  for (const auto& [momentum, before] : momenta_) *momentum = before;
  if (!any()) return;
  // The whole comes before its parts, which may have had another mode.
  for (const auto& [module, training] : training_) module->train(training);
}

}  // namespace rondo::nn::utils::detail
