// What tests of modules and optimizers share: comparing a tensor's numbers with a list, warnings and texts.
#pragma once

#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

namespace support {

inline std::vector<double> values(const rondo::Tensor& tensor) {
  const rondo::Tensor flat = tensor.detach().to(rondo::kDouble).contiguous();
  const double* data = flat.data_ptr<double>();
  return std::vector<double>(data, data + flat.numel());
}

// Each number within `tolerance`, absolutely and relatively.
inline void check_values(const rondo::Tensor& got, const std::vector<double>& wanted, double tolerance = 1e-6) {
  const std::vector<double> numbers = values(got);
  BOOST_REQUIRE_EQUAL(numbers.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    BOOST_TEST(std::abs(numbers[i] - wanted[i]) <= tolerance * (1 + std::abs(wanted[i])),
               "element " << i << " is " << numbers[i] << ", not " << wanted[i]);
  }
}

template <class T>
std::string printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

// Collects the warnings of a scope.
class Warnings {
 public:
  Warnings() : before_(rondo::set_warning_handler(&Warnings::add)) { texts().clear(); }
  ~Warnings() { rondo::set_warning_handler(before_); }
  static std::vector<std::string>& texts() {
    static std::vector<std::string> all;
    return all;
  }

 private:
  static void add(std::string_view text) { texts().emplace_back(text); }
  rondo::WarningFunction before_;
};

// Whether `call` throws an E whose text holds `needle`.
template <class E = rondo::Error, class F>
void check_error(F call, const std::string& needle) {
  try {
    call();
  } catch (const E& error) {
    BOOST_TEST(std::string(error.what()).find(needle) != std::string::npos,
               "\"" << error.what() << "\" lacks \"" << needle << "\"");
    return;
  }
  BOOST_ERROR("nothing was thrown; expected \"" << needle << "\"");
}

}  // namespace support
