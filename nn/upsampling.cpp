#include <rondo/nn/upsampling.h>

#include <rondo/autograd/tensor/stream.h>

#include <ostream>

namespace rondo::nn {

UpsampleImpl::UpsampleImpl(const UpsampleOptions& options_) : options(options_) {}

void UpsampleImpl::reset() {}

void UpsampleImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Upsample(";
  if (options.scale_factor()) {
    stream << "scale_factor=" << ArrayRef<double>(*options.scale_factor());
  } else if (options.size()) {
    stream << "size=" << IntArrayRef(*options.size());
  }
  stream << ", mode=" << get_enum_name(options.mode()) << ")";
}

Tensor UpsampleImpl::forward(const Tensor& input) {
  functional::InterpolateFuncOptions how;
  how.size(options.size()).scale_factor(options.scale_factor()).align_corners(options.align_corners());
  switch (options.mode().kind()) {
    case enumtype::Kind::Linear:
      how.mode(kLinear);
      break;
    case enumtype::Kind::Bilinear:
      how.mode(kBilinear);
      break;
    case enumtype::Kind::Bicubic:
      how.mode(kBicubic);
      break;
    case enumtype::Kind::Trilinear:
      how.mode(kTrilinear);
      break;
    default:
      how.mode(kNearest);
  }
  return functional::interpolate(input, how);
}

}  // namespace rondo::nn
