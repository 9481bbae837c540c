#include <rondo/nn/activation.h>

#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <ostream>

namespace rondo::nn {
namespace {

// ", inplace=true" where that holds, and nothing elsewhere.
struct IfInplace {
  bool inplace;
  const char* before = ", ";
};
std::ostream& operator<<(std::ostream& stream, IfInplace option) {
  return option.inplace ? stream << option.before << "inplace=" << std::boolalpha << true : stream;
}

}  // namespace

// The parts that all share; `call` is forward's result.
#define RONDO_ACTIVATION(Name, call)                                           \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) {} \
  void Name##Impl::reset() {}                                                  \
  Tensor Name##Impl::forward(const Tensor& input) { return call; }
#define RONDO_PLAIN_ACTIVATION(Name, call)                                                          \
  Name##Impl::Name##Impl() = default;                                                               \
  void Name##Impl::reset() {}                                                                       \
  void Name##Impl::pretty_print(std::ostream& stream) const { stream << "torch::nn::" #Name "()"; } \
  Tensor Name##Impl::forward(const Tensor& input) { return call; }

RONDO_ACTIVATION(ReLU, functional::relu(input, options))
RONDO_ACTIVATION(ReLU6, functional::relu6(input, options))
RONDO_ACTIVATION(LeakyReLU, functional::leaky_relu(input, options))
RONDO_ACTIVATION(ELU, functional::elu(input, options))
RONDO_ACTIVATION(SELU, functional::selu(input, options))
RONDO_ACTIVATION(CELU, functional::celu(input, options))
RONDO_ACTIVATION(GELU, functional::gelu(input, options))
RONDO_ACTIVATION(GLU, functional::glu(input, options))
RONDO_ACTIVATION(RReLU, functional::rrelu(input, functional::RReLUFuncOptions()
                                                     .lower(options.lower())
                                                     .upper(options.upper())
                                                     .training(is_training())
                                                     .inplace(options.inplace())))
RONDO_ACTIVATION(Hardshrink, functional::hardshrink(input, options))
RONDO_ACTIVATION(Softshrink, functional::softshrink(input, options))
RONDO_ACTIVATION(Softplus, functional::softplus(input, options))
RONDO_ACTIVATION(Threshold, functional::threshold(input, options))
RONDO_ACTIVATION(Softmax, functional::softmax(input, options.dim()))
RONDO_ACTIVATION(Softmin, functional::softmin(input, options.dim()))
RONDO_ACTIVATION(LogSoftmax, functional::log_softmax(input, options.dim()))
RONDO_ACTIVATION(Hardswish, functional::hardswish(input, options))
RONDO_ACTIVATION(Hardsigmoid, functional::hardsigmoid(input, options))
RONDO_PLAIN_ACTIVATION(SiLU, functional::silu(input))
RONDO_PLAIN_ACTIVATION(Mish, functional::mish(input))
RONDO_PLAIN_ACTIVATION(Sigmoid, rondo::sigmoid(input))
RONDO_PLAIN_ACTIVATION(LogSigmoid, functional::logsigmoid(input))
RONDO_PLAIN_ACTIVATION(Tanh, rondo::tanh(input))
RONDO_PLAIN_ACTIVATION(Tanhshrink, functional::tanhshrink(input))
RONDO_PLAIN_ACTIVATION(Softsign, functional::softsign(input))
#undef RONDO_ACTIVATION
#undef RONDO_PLAIN_ACTIVATION

void ReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ReLU(" << IfInplace{options.inplace(), ""} << ")";
}
void ReLU6Impl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ReLU6(" << IfInplace{options.inplace(), ""} << ")";
}
void HardswishImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Hardswish(" << IfInplace{options.inplace(), ""} << ")";
}
void HardsigmoidImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Hardsigmoid(" << IfInplace{options.inplace(), ""} << ")";
}
void LeakyReLUImpl::pretty_print(std::ostream& stream) const {
  stream << std::boolalpha << "torch::nn::LeakyReLU(negative_slope=" << options.negative_slope()
         << IfInplace{options.inplace()} << ")";
}
void ELUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ELU(alpha=" << options.alpha() << IfInplace{options.inplace()} << ")";
}
void SELUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::SELU(" << IfInplace{options.inplace(), ""} << ")";
}
void CELUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::CELU(alpha=" << options.alpha() << IfInplace{options.inplace()} << ")";
}
void GELUImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::GELU()"; }
void GLUImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::GLU(dim=" << options.dim() << ")"; }
void RReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::RReLU(lower=" << options.lower() << ", upper=" << options.upper()
         << IfInplace{options.inplace()} << ")";
}
void HardshrinkImpl::pretty_print(std::ostream& stream) const {
  stream << std::boolalpha << "torch::nn::Hardshrink(" << options.lambda() << ")";
}
void SoftshrinkImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softshrink(" << options.lambda() << ")";
}
void SoftplusImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softplus(beta=" << options.beta() << ", threshold=" << options.threshold() << ")";
}

Softmax2dImpl::Softmax2dImpl() = default;
void Softmax2dImpl::reset() {}
void Softmax2dImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Softmax2d()"; }
Tensor Softmax2dImpl::forward(const Tensor& input) {
  if (input.dim() != 3 && input.dim() != 4) {
    fail("Softmax2d", fmt::format("requires a 3D or 4D tensor as input; got {}", to_string(input.sizes())));
  }
  return functional::softmax(input, -3);
}

HardtanhImpl::HardtanhImpl(double min_val, double max_val)
    : HardtanhImpl(HardtanhOptions().min_val(min_val).max_val(max_val)) {}
HardtanhImpl::HardtanhImpl(const HardtanhOptions& options_) : options(options_) { HardtanhImpl::reset(); }
void HardtanhImpl::reset() {
  if (options.max_val() > options.min_val()) return;
  fail("Hardtanh", fmt::format("max_val must be greater than min_val; got min_val={}, max_val={}", options.min_val(),
                               options.max_val()));
}
void HardtanhImpl::pretty_print(std::ostream& stream) const {
  stream << std::boolalpha << "torch::nn::Hardtanh(min_val=" << options.min_val() << ", max_val=" << options.max_val()
         << IfInplace{options.inplace()} << ")";
}
Tensor HardtanhImpl::forward(const Tensor& input) { return functional::hardtanh(input, options); }

ThresholdImpl::ThresholdImpl(double threshold, double value) : ThresholdImpl(ThresholdOptions(threshold, value)) {}
void ThresholdImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Threshold(threshold=" << options.threshold() << ", value=" << options.value()
         << IfInplace{options.inplace()} << ")";
}

SoftmaxImpl::SoftmaxImpl(int64_t dim) : SoftmaxImpl(SoftmaxOptions(dim)) {}
void SoftmaxImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softmax(dim=" << options.dim() << ")";
}

SoftminImpl::SoftminImpl(int64_t dim) : SoftminImpl(SoftminOptions(dim)) {}
void SoftminImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Softmin(dim=" << options.dim() << ")";
}

LogSoftmaxImpl::LogSoftmaxImpl(int64_t dim) : LogSoftmaxImpl(LogSoftmaxOptions(dim)) {}
void LogSoftmaxImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LogSoftmax(dim=" << options.dim() << ")";
}

PReLUImpl::PReLUImpl(const PReLUOptions& options_) : options(options_) { PReLUImpl::reset(); }
void PReLUImpl::reset() {
  weight = register_parameter("weight", full({options.num_parameters()}, options.init(), default_dtype()));
}
void PReLUImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::PReLU(num_parameters=" << options.num_parameters() << ")";
}
Tensor PReLUImpl::forward(const Tensor& input) { return functional::prelu(input, weight); }

}  // namespace rondo::nn
