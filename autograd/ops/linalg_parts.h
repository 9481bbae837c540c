// What the operations of linear algebra share: checks, stacks of matrices as LAPACK wants them, nodes of several
// outputs.
#pragma once

#include <rondo/autograd/ops/record.h>

#include <initializer_list>
#include <utility>

namespace rondo::ops {

// Throw Error unless x is a (stack of) matrices of float32 or float64, or of square ones.
void check_matrix(const char* operation, const Tensor& x, const char* name = "A");
void check_square(const char* operation, const Tensor& x, const char* name = "A");
// Throws Error unless both have one dtype.
void check_one_type(const char* operation, const Tensor& a, const Tensor& b);

// x in `type` where one is given. Throws Error for integers; in_wider_type, which linalg's norms use, also where digits
// would be lost.
Tensor in_type(const char* name, const Tensor& x, std::optional<ScalarType> type);
Tensor in_wider_type(const char* name, const Tensor& x, std::optional<ScalarType> type);

// The sizes before the last `last` ones, then those that are given.
Dims lead_of(const Tensor& x, std::initializer_list<int64_t> then = {}, int64_t last = 2);
// How many matrices x holds.
int64_t count_of(const Tensor& x);

// Both with the leading dimensions to which they broadcast.
std::pair<Tensor, Tensor> broadcast_stacks(const char* operation, const Tensor& a, const Tensor& b);

// The last two dimensions exchanged, with history (record.h has turned_data, without it).
inline Tensor turned(const Tensor& x) { return x.transpose(-2, -1); }
// A copy without history whose memory is column-major: a contiguous tensor of the exchanged sizes.
Tensor columns_of(const Tensor& x);

// The identity, as many rows as x has columns, of x's dtype.
Tensor identity_like(const Tensor& x);
// Square matrices with the vectors on their diagonals.
Tensor diagonal_matrix(const Tensor& values);
// x with zeros on its main diagonal.
Tensor without_diagonal(const Tensor& x);

// The first matrix whose info is not 0: its message begins with "(Batch element i): " where there are several. Null
// where all are 0.
struct Fault {
  int32_t info = 0;
  int64_t element = 0;
  bool stacked = false;
  explicit operator bool() const { return info != 0; }
  std::string place() const;
};
Fault fault_of(const Tensor& info);

// record() for several outputs, in their order.
template <class N, class... Tensors>
N* record_outputs(std::initializer_list<Tensor> outputs, const Tensors&... inputs) {
  if (!recording(inputs...)) return nullptr;
  auto node = base::Ref<N>(new N);
  (node->add_edge(inputs), ...);
  for (const Tensor& output : outputs) graph::add_history(output, node);
  return node.get();
}

}  // namespace rondo::ops
