// Anomaly mode: where a node was recorded.
#pragma once

#include <rondo/autograd/graph/node.h>

namespace rondo::graph {

// Keeps the calls that led here with the node.
void remember_origin(Node& node);
// Warns "Error detected in <node>. Traceback of forward call that caused the error: ..." with functions and, where the
// program has debug information, files and lines; once more for each node whose rule recorded the one before.
void warn_of_origin(const Node& node);

}  // namespace rondo::graph
