// Options of the padding modules and of pad. padding: before and after the last dimension, then the one before it, ...
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/nn/enums.h>
#include <rondo/nn/expanding_array.h>

#include <vector>

namespace rondo::nn {

#define RONDO_PAD_OPTIONS(Name)                                         \
  template <size_t D>                                                   \
  struct Name##Options {                                                \
    Name##Options(ExpandingArray<D * 2> padding) : padding_(padding) {} \
    RONDO_ARG(ExpandingArray<D * 2>, padding);                          \
  };
RONDO_PAD_OPTIONS(ReflectionPad)
RONDO_PAD_OPTIONS(ReplicationPad)
RONDO_PAD_OPTIONS(ZeroPad)
#undef RONDO_PAD_OPTIONS

template <size_t D>
struct ConstantPadOptions {
  ConstantPadOptions(ExpandingArray<D * 2> padding, double value) : padding_(padding), value_(value) {}
  RONDO_ARG(ExpandingArray<D * 2>, padding);
  RONDO_ARG(double, value);
};

using ReflectionPad1dOptions = ReflectionPadOptions<1>;
using ReflectionPad2dOptions = ReflectionPadOptions<2>;
using ReflectionPad3dOptions = ReflectionPadOptions<3>;
using ReplicationPad1dOptions = ReplicationPadOptions<1>;
using ReplicationPad2dOptions = ReplicationPadOptions<2>;
using ReplicationPad3dOptions = ReplicationPadOptions<3>;
using ZeroPad1dOptions = ZeroPadOptions<1>;
using ZeroPad2dOptions = ZeroPadOptions<2>;
using ZeroPad3dOptions = ZeroPadOptions<3>;
using ConstantPad1dOptions = ConstantPadOptions<1>;
using ConstantPad2dOptions = ConstantPadOptions<2>;
using ConstantPad3dOptions = ConstantPadOptions<3>;

namespace functional {

// value: of kConstant alone.
struct PadFuncOptions {
  using mode_t = enumtype::OneOf<enumtype::kConstant, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;
  PadFuncOptions(std::vector<int64_t> pad) : pad_(std::move(pad)) {}
  RONDO_ARG(std::vector<int64_t>, pad);
  RONDO_ARG(mode_t, mode) = kConstant;
  RONDO_ARG(double, value) = 0;
};

}  // namespace functional
}  // namespace rondo::nn
