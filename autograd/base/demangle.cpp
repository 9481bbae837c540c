#include <rondo/autograd/base/demangle.h>

#include <cxxabi.h>

#include <cstdlib>

namespace rondo::base {

std::string demangle(const char* name) {
  int status = 0;
  char* plain = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  std::string result = status == 0 && plain ? plain : name;
  std::free(plain);
  return result;
}

}  // namespace rondo::base
