// How the modules' sources print their options.
#pragma once

namespace rondo::nn {

inline const char* text_of(bool value) { return value ? "true" : "false"; }

}  // namespace rondo::nn
