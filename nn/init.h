// Initial values of parameters. All work in place, without recording, draw from the default generator as libtorch does,
// and return the tensor.
#pragma once

#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/enums.h>

#include <tuple>

namespace rondo::nn::init {

using NonlinearityType =
    enumtype::OneOf<enumtype::kLinear, enumtype::kConv1D, enumtype::kConv2D, enumtype::kConv3D,
                    enumtype::kConvTranspose1D, enumtype::kConvTranspose2D, enumtype::kConvTranspose3D,
                    enumtype::kSigmoid, enumtype::kTanh, enumtype::kReLU, enumtype::kLeakyReLU>;
using FanModeType = enumtype::OneOf<enumtype::kFanIn, enumtype::kFanOut>;

// The recommended gain: 1, tanh 5/3, relu sqrt(2), leaky_relu sqrt(2 / (1 + param^2)).
double calculate_gain(NonlinearityType nonlinearity, double param = 0.01);

Tensor constant_(Tensor tensor, Scalar value);
Tensor zeros_(Tensor tensor);
Tensor ones_(Tensor tensor);
// Ones on the diagonal of a matrix.
Tensor eye_(Tensor matrix);
// The identity of a convolution: weight [out, in, ...] that passes channel i on. Throws unless of 3 to 5 dimensions.
Tensor dirac_(Tensor tensor);
Tensor uniform_(Tensor tensor, double low = 0, double high = 1);
Tensor normal_(Tensor tensor, double mean = 0, double std = 1);
// N(mean, std^2) within [low, high], by the inverse of its distribution function.
Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double low = -2, double high = 2);
// Rows, or columns where these are fewer, that are orthogonal and of length gain: the Q of a random matrix (Saxe et al.
// 2013); further dimensions count as columns. Throws Error below two dimensions.
Tensor orthogonal_(Tensor tensor, double gain = 1.0);
// A column of `sparsity` zeros and normal numbers: each column has ceil(sparsity * rows) zeros.
Tensor sparse_(Tensor matrix, double sparsity, double std = 0.01);
// Glorot and Bengio: U(-a, a) with a = gain sqrt(6 / (fan_in + fan_out)); N(0, gain^2 2 / (fan_in + fan_out)).
Tensor xavier_uniform_(Tensor tensor, double gain = 1.0);
Tensor xavier_normal_(Tensor tensor, double gain = 1.0);
// He and others: U(-b, b) with b = gain sqrt(3 / fan); N(0, gain^2 / fan). `a` is the slope of a leaky_relu.
Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                        NonlinearityType nonlinearity = kLeakyReLU);
Tensor kaiming_normal_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                       NonlinearityType nonlinearity = kLeakyReLU);

// Numbers that enter and leave one unit of weight [out, in, ...]. Throws Error below two dimensions.
std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor);

}  // namespace rondo::nn::init
