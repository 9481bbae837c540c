#include <rondo/nn/utils/weight_norm.h>

#include <rondo/autograd/base/dims.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>

namespace rondo::nn::utils::detail {
namespace {

// The length of each slice along dim, with sizes that broadcast; of the whole for -1.
Tensor lengths(const Tensor& v, int64_t dim) {
  if (dim == -1) return v.norm(2);
  std::vector<int64_t> others;
  for (int64_t d = 0; d < v.dim(); ++d) {
    if (d != dim) others.push_back(d);
  }
  // Over no dimension at all: the norm of each number.
  return others.empty() ? v.abs() : v.norm(2, others, true);
}

class WeightNorm final : public Reparametrization {
 public:
  WeightNorm(std::shared_ptr<const TensorMember> member, int64_t dim)
      : Reparametrization("weight_norm", std::move(member)), dim_(dim) {}

 private:
  void install(Module& module) override {
    const Tensor weight = find(module, {"_g", "_v"});
    if (dim_ != -1) dim_ = wrap_dim("weight_norm", dim_, weight.dim());
    module.unregister_parameter(name());
    NoGradGuard no_grad;
    g_ = module.register_parameter(name() + "_g", lengths(weight, dim_));
    v_ = module.register_parameter(name() + "_v", weight.detach().clone());
  }
  Tensor computed(bool) override { return v_ * (g_ / lengths(v_, dim_)); }
  void uninstall(Module& module) override {
    module.unregister_parameter(name() + "_g");
    module.unregister_parameter(name() + "_v");
  }
  std::shared_ptr<Reparametrization> copy() const override { return std::make_shared<WeightNorm>(*this); }

  int64_t dim_;
  Tensor g_, v_;
};

}  // namespace

void apply_weight_norm(Module& module, std::shared_ptr<const TensorMember> member, int64_t dim) {
  attach(module, std::make_shared<WeightNorm>(std::move(member), dim));
}

}  // namespace rondo::nn::utils::detail
