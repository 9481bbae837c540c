#include <rondo/nn/functional/padding.h>

#include <rondo/autograd/ops/padding.h>

namespace rondo::nn::functional {

Tensor pad(const Tensor& input, const PadFuncOptions& options) {
  const char* mode = "constant";
  if (options.mode().is<enumtype::kReflect>()) mode = "reflect";
  if (options.mode().is<enumtype::kReplicate>()) mode = "replicate";
  if (options.mode().is<enumtype::kCircular>()) mode = "circular";
  std::optional<double> value;
  if (options.value() != 0) value = options.value();
  return rondo::pad(input, options.pad(), mode, value);
}

}  // namespace rondo::nn::functional
