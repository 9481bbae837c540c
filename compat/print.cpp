#include <rondo/compat/names.h>

#include <iostream>

namespace rondo {

void print(const Tensor& tensor, int64_t line_size) { print(std::cout, tensor, line_size); }

}  // namespace rondo
