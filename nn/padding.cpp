#include <rondo/nn/padding.h>

#include <rondo/autograd/ops/padding.h>
#include <rondo/autograd/ops/shape.h>

#include <ostream>

namespace rondo::nn {

#define RONDO_PAD(Name, D, function)                                                            \
  Name##Impl::Name##Impl(ExpandingArray<D * 2> padding) : Name##Impl(Name##Options(padding)) {} \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) {}                  \
  void Name##Impl::reset() {}                                                                   \
  void Name##Impl::pretty_print(std::ostream& stream) const {                                   \
    stream << "torch::nn::" #Name "(padding=" << options.padding() << ")";                      \
  }                                                                                             \
  Tensor Name##Impl::forward(const Tensor& input) { return rondo::function(input, options.padding()); }
RONDO_PAD(ReflectionPad1d, 1, reflection_pad1d)
RONDO_PAD(ReflectionPad2d, 2, reflection_pad2d)
RONDO_PAD(ReflectionPad3d, 3, reflection_pad3d)
RONDO_PAD(ReplicationPad1d, 1, replication_pad1d)
RONDO_PAD(ReplicationPad2d, 2, replication_pad2d)
RONDO_PAD(ReplicationPad3d, 3, replication_pad3d)
RONDO_PAD(ZeroPad1d, 1, constant_pad_nd)
RONDO_PAD(ZeroPad2d, 2, constant_pad_nd)
RONDO_PAD(ZeroPad3d, 3, constant_pad_nd)
#undef RONDO_PAD

#define RONDO_PAD(Name, D)                                                                                  \
  Name##Impl::Name##Impl(ExpandingArray<D * 2> padding, double value) : options(padding, value) {}          \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) {}                              \
  void Name##Impl::reset() {}                                                                               \
  void Name##Impl::pretty_print(std::ostream& stream) const {                                               \
    stream << "torch::nn::" #Name "(padding=" << options.padding() << ", value=" << options.value() << ")"; \
  }                                                                                                         \
  Tensor Name##Impl::forward(const Tensor& input) { return constant_pad_nd(input, options.padding(), options.value()); }
RONDO_PAD(ConstantPad1d, 1)
RONDO_PAD(ConstantPad2d, 2)
RONDO_PAD(ConstantPad3d, 3)
#undef RONDO_PAD

}  // namespace rondo::nn
