// Names of types and functions as a reader knows them.
#pragma once

#include <string>

namespace rondo::base {

// The C++ name behind a mangled one; the text itself where it is none.
std::string demangle(const char* name);

}  // namespace rondo::base
