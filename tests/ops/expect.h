// Comparisons that the tests of operations share.
#pragma once

#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace expect {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

inline std::vector<double> numbers(const rondo::Tensor& x) {
  const rondo::Tensor flat = x.detach().to(rondo::kDouble).contiguous();
  const double* data = flat.data_ptr<double>();
  return {data, data + flat.numel()};
}

// |a - b| <= tolerance * max(1, |b|); NaN equals NaN.
inline void close(const std::vector<double>& a, const std::vector<double>& b, double tolerance = 1e-12) {
  BOOST_REQUIRE_EQUAL(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    const bool same = (std::isnan(a[i]) && std::isnan(b[i])) || a[i] == b[i] ||
                      std::abs(a[i] - b[i]) <= tolerance * std::max(1.0, std::abs(b[i]));
    BOOST_CHECK_MESSAGE(same, "element " << i << " is " << a[i] << ", expected " << b[i]);
  }
}
inline void close(const rondo::Tensor& a, const std::vector<double>& b, double tolerance = 1e-12) {
  close(numbers(a), b, tolerance);
}
inline void shape(const rondo::Tensor& x, rondo::IntArrayRef sizes) {
  BOOST_CHECK_EQUAL(rondo::to_string(x.sizes()), rondo::to_string(sizes));
}

template <class F>
void error(const std::string& needle, const F& f) {
  try {
    f();
    BOOST_ERROR("nothing was thrown; expected \"" + needle + "\"");
  } catch (const rondo::Error& e) {
    BOOST_CHECK_MESSAGE(std::string(e.what()).find(needle) != std::string::npos,
                        "message is \"" << e.what() << "\"; expected \"" << needle << "\"");
  }
}

// The gradient of sum(f(x)) with respect to x.
template <class F>
rondo::Tensor gradient(const rondo::Tensor& x, const F& f) {
  const rondo::Tensor leaf = x.detach().clone().requires_grad_();
  f(leaf).sum().backward();
  return leaf.grad();
}

}  // namespace expect
