// What the beginnings of several modules share.
#pragma once

#include <cmath>
#include <cstdint>

namespace rondo::nn {

// The limit of the uniform numbers with which a bias begins: 1 / sqrt(inputs), 0 without inputs.
inline double bias_bound(int64_t inputs) { return inputs > 0 ? 1 / std::sqrt(static_cast<double>(inputs)) : 0; }

}  // namespace rondo::nn
