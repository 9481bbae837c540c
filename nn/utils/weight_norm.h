// Weight normalization: a weight as a length times a direction.
#pragma once

#include <rondo/nn/utils/reparametrize.h>

namespace rondo::nn::utils {

namespace detail {
void apply_weight_norm(Module& module, std::shared_ptr<const TensorMember> member, int64_t dim);
}

// w = g v / |v| (Salimans and Kingma, arXiv:1602.07868): the parameter `weight` gives way to `weight_g` and `weight_v`,
// from which the member is computed whenever the module is called (`conv(x)`; `conv->forward(x)` takes the member as it
// is). The norm is taken over all dimensions but `dim`, or over all for -1. Returns the module. Throws Error if the
// member holds no registered parameter.
//
//   auto conv = weight_norm(nn::Conv1d(2, 3, 3));
//   auto linear = weight_norm(nn::Linear(2, 3), &nn::LinearImpl::weight, -1);
//   auto lstm = weight_norm(nn::LSTM(2, 3), "weight_hh_l0");
template <class Holder, class M = typename Holder::ContainedType>
Holder weight_norm(Holder module, Tensor Holder::ContainedType::*member = &Holder::ContainedType::weight,
                   int64_t dim = 0) {
  detail::apply_weight_norm(*module, detail::member_of<M>(member), dim);
  return module;
}

// The same for a weight of a recurrent layer.
template <class Holder, detail::HasNamedWeights M = typename Holder::ContainedType>
Holder weight_norm(Holder module, const std::string& name, int64_t dim = 0) {
  detail::apply_weight_norm(*module, detail::named_member<M>(name), dim);
  return module;
}

// Ends it: `weight` is a parameter again, with the value that it has. Throws Error without weight_norm.
template <class Holder, class M = typename Holder::ContainedType>
Holder remove_weight_norm(Holder module, Tensor Holder::ContainedType::*member = &Holder::ContainedType::weight) {
  detail::detach(*module, "weight_norm", detail::TensorMemberOf<M>(member));
  return module;
}

template <class Holder, detail::HasNamedWeights M = typename Holder::ContainedType>
Holder remove_weight_norm(Holder module, const std::string& name) {
  detail::detach(*module, "weight_norm", detail::NamedTensor<M>(name));
  return module;
}

}  // namespace rondo::nn::utils
