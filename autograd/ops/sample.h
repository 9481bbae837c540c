// The function of a sample: an expression in `in`, the list of inputs.
#pragma once

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/op.h>

#define RONDO_SAMPLE(...) [](const ::rondo::ops::Samples::Inputs& in) -> ::rondo::Tensor { return __VA_ARGS__; }
