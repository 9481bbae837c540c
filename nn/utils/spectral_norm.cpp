#include <rondo/nn/utils/spectral_norm.h>

#include <rondo/autograd/base/dims.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/nn/functional/normalization.h>

#include <fmt/format.h>

namespace rondo::nn::utils::detail {
namespace {

class SpectralNorm final : public Reparametrization {
 public:
  SpectralNorm(std::shared_ptr<const TensorMember> member, int64_t iterations, double eps, int64_t dim)
      : Reparametrization("spectral_norm", std::move(member)), iterations_(iterations), eps_(eps), dim_(dim) {
    if (iterations < 1) {
      fail("spectral_norm",
           fmt::format("Expected n_power_iterations to be positive, but got n_power_iterations={}", iterations));
    }
  }

 private:
  void install(Module& module) override {
    weight_ = find(module, {"_orig", "_u", "_v"});
    dim_ = wrap_dim("spectral_norm", dim_, weight_.dim());
    module.unregister_parameter(name());
    NoGradGuard no_grad;
    const Tensor matrix = as_matrix();
    u_ = unit(empty({matrix.size(0)}, weight_.options()).normal_());
    v_ = unit(empty({matrix.size(1)}, weight_.options()).normal_());
    module.register_parameter(name() + "_orig", weight_);
    module.register_buffer(name() + "_u", u_);
    module.register_buffer(name() + "_v", v_);
  }

  Tensor computed(bool step) override {
    const Tensor matrix = as_matrix();
    Tensor u = u_, v = v_;
    if (step) {
      NoGradGuard no_grad;
      for (int64_t i = 0; i < iterations_; ++i) {
        v_.copy_(unit(mv(matrix.t(), u_)));
        u_.copy_(unit(mv(matrix, v_)));
      }
      // The next call changes the buffers in place, perhaps before this one's backward.
      u = u_.clone();
      v = v_.clone();
    }
    return weight_ / dot(u, mv(matrix, v));
  }

  void uninstall(Module& module) override {
    module.unregister_parameter(name() + "_orig");
    module.unregister_buffer(name() + "_u");
    module.unregister_buffer(name() + "_v");
  }
  std::shared_ptr<Reparametrization> copy() const override { return std::make_shared<SpectralNorm>(*this); }

  Tensor as_matrix() const {
    const Tensor first = dim_ == 0 ? weight_ : weight_.movedim(dim_, 0);
    return first.reshape({first.size(0), -1});
  }
  Tensor unit(const Tensor& x) const {
    return functional::normalize(x, functional::NormalizeFuncOptions().dim(0).eps(eps_));
  }

  int64_t iterations_;
  double eps_;
  int64_t dim_;
  Tensor weight_, u_, v_;
};

}  // namespace

void apply_spectral_norm(Module& module, std::shared_ptr<const TensorMember> member, int64_t n_power_iterations,
                         double eps, int64_t dim) {
  attach(module, std::make_shared<SpectralNorm>(std::move(member), n_power_iterations, eps, dim));
}

}  // namespace rondo::nn::utils::detail
