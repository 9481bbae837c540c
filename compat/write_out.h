// How an operation's result gets into a tensor of the caller's.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <utility>

namespace rondo::compat {

// Copies the result into `out`, which takes its shape (with a warning where it had elements before) and keeps its
// dtype. Throws Error where gradients are involved, or where out's dtype cannot hold the result's kind of number.
Tensor& write_out(const char* operation, const Tensor& result, Tensor& out);
// The same into any dtype.
Tensor& convert_out(const char* operation, const Tensor& result, Tensor& out);
// Numbers in a row, which fill any shape that holds as many.
Tensor& counted_out(const char* operation, const Tensor& result, Tensor& out);

template <class... Results, class... Outs>
std::tuple<Outs&...> write_out(const char* operation, const std::tuple<Results...>& results, Outs&... outs) {
  const auto write = [&]<size_t... I>(std::index_sequence<I...>) {
    (write_out(operation, std::get<I>(results), outs), ...);
  };
  write(std::index_sequence_for<Outs...>());
  return {outs...};
}

}  // namespace rondo::compat
