#include <rondo/autograd/base/scalar.h>

#include <rondo/autograd/base/error.h>

#include <string>

namespace rondo {

void fail_conversion(ScalarType type) {
  const char* const names[] = {"uint8_t", "int8_t", "int16_t", "int", "int64_t", "at::Half", "float", "double"};
  const auto index = static_cast<size_t>(type);
  const char* const name = index < sizeof(names) / sizeof(names[0]) ? names[index] : toString(type);
  fail("Scalar", std::string("value cannot be converted to type ") + name + " without overflow");
}

}  // namespace rondo
