#include <rondo/nn/enums.h>

namespace rondo::enumtype {

const char* name_of(Kind kind) {
  switch (kind) {
#define RONDO_CASE(name) \
  case Kind::name:       \
    return "k" #name;
    RONDO_ENUMS(RONDO_CASE)
#undef RONDO_CASE
  }
  return "";
}

}  // namespace rondo::enumtype
