#include <rondo/autograd/graph/mode.h>

namespace rondo::graph {

constinit thread_local Modes modes;

}  // namespace rondo::graph
