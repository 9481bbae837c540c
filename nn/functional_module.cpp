#include <rondo/nn/functional_module.h>

#include <ostream>

namespace rondo::nn {

FunctionalImpl::FunctionalImpl(std::shared_ptr<Callable> function) : function_(std::move(function)) {}
void FunctionalImpl::reset() {}
void FunctionalImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Functional()"; }
bool FunctionalImpl::is_serializable() const { return false; }
Tensor FunctionalImpl::forward(const Tensor& input) { return function_->call(input); }
Tensor FunctionalImpl::operator()(const Tensor& input) { return function_->call(input); }

}  // namespace rondo::nn
