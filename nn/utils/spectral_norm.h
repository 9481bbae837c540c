// Spectral normalization: a weight over its largest singular value.
#pragma once

#include <rondo/nn/utils/reparametrize.h>

namespace rondo::nn::utils {

namespace detail {

void apply_spectral_norm(Module& module, std::shared_ptr<const TensorMember> member, int64_t n_power_iterations,
                         double eps, int64_t dim);

// Where the output features are: transposed convolutions have them second.
template <class M>
int64_t output_dim(const M& module) {
  if constexpr (requires { module.options.transposed(); }) return module.options.transposed() ? 1 : 0;
  return 0;
}

}  // namespace detail

// w = weight / sigma (Miyato et al., arXiv:1802.05957), sigma the largest singular value of the weight as a matrix
// whose rows go along `dim` (1 for transposed convolutions, else 0, unless given). The parameter `weight` becomes
// `weight_orig`, from which the member is computed whenever the module is called (`conv(x)`; `conv->forward(x)` takes
// the member as it is). The singular vectors are the buffers `weight_u` and `weight_v`; each call while training goes
// on with n_power_iterations steps towards them. Returns the module. Throws Error if the member holds no registered
// parameter, and for fewer than 1 iteration.
template <class Holder, class M = typename Holder::ContainedType>
Holder spectral_norm(Holder module, Tensor Holder::ContainedType::*member = &Holder::ContainedType::weight,
                     int64_t n_power_iterations = 1, double eps = 1e-12, std::optional<int64_t> dim = std::nullopt) {
  detail::apply_spectral_norm(*module, detail::member_of<M>(member), n_power_iterations, eps,
                              dim ? *dim : detail::output_dim(*module));
  return module;
}

// The same for a weight of a recurrent layer.
template <class Holder, detail::HasNamedWeights M = typename Holder::ContainedType>
Holder spectral_norm(Holder module, const std::string& name, int64_t n_power_iterations = 1, double eps = 1e-12,
                     int64_t dim = 0) {
  detail::apply_spectral_norm(*module, detail::named_member<M>(name), n_power_iterations, eps, dim);
  return module;
}

// Ends it: `weight` is a parameter again, with the value that it has. Throws Error without spectral_norm.
template <class Holder, class M = typename Holder::ContainedType>
Holder remove_spectral_norm(Holder module, Tensor Holder::ContainedType::*member = &Holder::ContainedType::weight) {
  detail::detach(*module, "spectral_norm", detail::TensorMemberOf<M>(member));
  return module;
}

template <class Holder, detail::HasNamedWeights M = typename Holder::ContainedType>
Holder remove_spectral_norm(Holder module, const std::string& name) {
  detail::detach(*module, "spectral_norm", detail::NamedTensor<M>(name));
  return module;
}

}  // namespace rondo::nn::utils
