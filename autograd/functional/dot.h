// The graph of a result as a picture.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <string>
#include <utility>
#include <vector>

namespace rondo::autograd {

// The graph behind a result in Graphviz' language: operations as boxes with the shapes of their outputs, leaves as
// ellipses, arrows from inputs to results. `names` labels leaves, as a module's named_parameters() does.
//
//   std::ofstream("graph.dot") << autograd::to_dot(loss);   // dot -Tsvg graph.dot > graph.svg
std::string to_dot(const Tensor& result, const std::vector<std::pair<std::string, Tensor>>& names = {});

}  // namespace rondo::autograd
