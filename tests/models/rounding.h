// The tutorial's network and data, as tests want them.
#pragma once

#include <rondo/autograd.h>
#include <rondo/models.h>
#include <rondo/nn.h>

#include <cmath>

namespace rounding {

using namespace rondo;

// Restores what tests change for the whole process.
struct Session {
  explicit Session(const char* floatx = "float32") {
    models::clear_session();
    models::set_floatx(floatx);
  }
  ~Session() { models::set_floatx("float32"); }
};

inline models::Sequential network() {
  return models::Sequential({
      layers::Dense(8, {.activation = "relu", .input_shape = {1}}),
      layers::Dense(2, {.activation = "softmax"}),
  });
}

// x = frac((i + 1) * golden ratio) rounded to float, labels x >= 0.5 of shape (n, 1).
inline Tensor inputs(int64_t n = 10000) {
  Tensor x = empty({n, 1});
  float* data = x.data_ptr<float>();
  for (int64_t i = 0; i < n; ++i) {
    const double product = static_cast<double>(i + 1) * 0.6180339887498949;
    data[i] = static_cast<float>(product - std::floor(product));
  }
  return x;
}
inline Tensor labels(const Tensor& x) { return (x >= 0.5).to(kLong); }

inline std::vector<Tensor> fixed_weights() {
  return {tensor({{0.5, -0.4, 0.3, -0.2, 0.6, -0.1, 0.7, -0.3}}, kDouble), zeros({8}),
          tensor({{.3, -.2}, {.1, .4}, {-.5, .2}, {.2, -.3}, {-.1, .5}, {.4, .1}, {-.3, .3}, {.6, -.6}}, kDouble),
          zeros({2})};
}

}  // namespace rounding
