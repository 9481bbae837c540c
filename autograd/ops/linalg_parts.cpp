#include <rondo/autograd/ops/linalg_parts.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo::ops {

void check_matrix(const char* operation, const Tensor& x, const char* name) {
  if (x.dim() < 2) {
    fail(operation,
         fmt::format("The input tensor {} must have at least 2 dimensions: it is {}", name, to_string(x.sizes())));
  }
  if (!is_floating_point(x.dtype())) {
    fail(operation, fmt::format("Expected a floating point or complex tensor as input. Got {}", toString(x.dtype())));
  }
  if (x.dtype() != kFloat && x.dtype() != kDouble) {
    fail(operation, fmt::format("Low precision dtypes not supported. Got {}", toString(x.dtype())));
  }
}

void check_square(const char* operation, const Tensor& x, const char* name) {
  check_matrix(operation, x, name);
  if (x.size(-1) != x.size(-2)) {
    fail(operation, fmt::format("{} must be batches of square matrices, but they are {} by {} matrices", name,
                                x.size(-2), x.size(-1)));
  }
}

void check_one_type(const char* operation, const Tensor& a, const Tensor& b) {
  if (a.dtype() == b.dtype()) return;
  fail(operation, fmt::format("Expected both inputs to have the same dtype: got {} and {}", toString(a.dtype()),
                              toString(b.dtype())));
}

Tensor in_type(const char* name, const Tensor& x, std::optional<ScalarType> type) {
  if (!is_floating_point(x.dtype())) {
    fail(name, fmt::format("Expected a floating point or complex tensor as input. Got {}", toString(x.dtype())));
  }
  if (type && !is_floating_point(*type)) {
    fail(name, fmt::format("dtype should be floating point or complex. Got {}", toString(*type)));
  }
  return type ? x.to(*type) : x;
}

Tensor in_wider_type(const char* name, const Tensor& x, std::optional<ScalarType> type) {
  if (type && promote_types(x.dtype(), *type) != *type) {
    fail(name, fmt::format("the dtype of the input ({}) should be convertible without narrowing to the specified dtype "
                           "({})",
                           toString(x.dtype()), toString(*type)));
  }
  return in_type(name, x, type);
}

Dims lead_of(const Tensor& x, std::initializer_list<int64_t> then, int64_t last) {
  Dims sizes(x.sizes().slice(0, static_cast<size_t>(x.dim() - last)));
  for (int64_t size : then) sizes.push_back(size);
  return sizes;
}

int64_t count_of(const Tensor& x) { return count_elements(lead_of(x)); }

std::pair<Tensor, Tensor> broadcast_stacks(const char* operation, const Tensor& a, const Tensor& b) {
  const Dims lead_a = lead_of(a), lead_b = lead_of(b);
  if (lead_a == lead_b) return {a, b};
  const Dims lead = broadcast_shapes(operation, lead_a, lead_b);
  const auto grown = [&](const Tensor& x) {
    Dims sizes = lead;
    sizes.push_back(x.size(-2));
    sizes.push_back(x.size(-1));
    return x.sizes() == IntArrayRef(sizes) ? x : x.expand(sizes);
  };
  return {grown(a), grown(b)};
}

Tensor columns_of(const Tensor& x) {
  const NoGradGuard guard;
  const Tensor from = turned_data(x);
  Tensor y = tensor_data::make(from.sizes(), x.dtype());
  y.copy_(from);
  return y;
}

Tensor identity_like(const Tensor& x) { return eye(x.size(-1), x.dtype()); }

Tensor diagonal_matrix(const Tensor& values) {
  return where(eye(values.size(-1), kBool), values.unsqueeze(-1), Scalar(0));
}

Tensor without_diagonal(const Tensor& x) { return x.masked_fill(eye(x.size(-1), kBool), 0); }

std::string Fault::place() const { return stacked ? fmt::format("(Batch element {}): ", element) : std::string(); }

Fault fault_of(const Tensor& info) {
  const auto* numbers = info.data_ptr<int32_t>();
  for (int64_t i = 0; i < info.numel(); ++i) {
    if (numbers[i] != 0) return {numbers[i], i, info.dim() > 0};
  }
  return {};
}

}  // namespace rondo::ops
