#include <rondo/optim/accumulate.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/optim/step-inl.h>

namespace rondo::optim {

GradientAccumulator::GradientAccumulator(Optimizer& optimizer, int64_t steps) : optimizer_(optimizer), steps_(steps) {
  if (steps < 1) fail_value("GradientAccumulator", fmt::format("steps is {}; need at least 1", steps));
}

bool GradientAccumulator::backward(const Tensor& loss) {
  (steps_ == 1 ? loss : loss / static_cast<double>(steps_)).backward();
  return ++pending_ >= steps_;
}

void GradientAccumulator::step() {
  if (pending_ == 0) return;
  if (pending_ != steps_) {
    NoGradGuard no_grad;
    const double scale = static_cast<double>(steps_) / static_cast<double>(pending_);
    for (const OptimizerParamGroup& group : optimizer_.param_groups()) {
      for (const Tensor& parameter : group.params()) {
        if (const Tensor* grad = gradient_of(parameter)) grad->mul_(scale);
      }
    }
    pending_ = steps_;  // a step that throws may be tried again
  }
  optimizer_.step();
  optimizer_.zero_grad();
  pending_ = 0;
}

}  // namespace rondo::optim
