// Products. Leading dimensions are folded into rows where the memory allows it, transposed operands are passed as
// strides, and a bias is added by the product itself.
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/kernels/pair_sums.h>
#include <rondo/autograd/kernels/product.h>
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace {

using kernels::MatrixView;

void check_types(const char* operation, const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype()) {
    fail(operation, fmt::format("expected m1 and m2 to have the same dtype, but got: {} != {}", dtype_name(a.dtype()),
                                dtype_name(b.dtype())));
  }
  if (a.dtype() == kBool) fail(operation, "not implemented for 'Bool'; need numbers");
}

[[noreturn]] void fail_sizes(const char* operation, const Tensor& a, const Tensor& b, const char* needed) {
  fail(operation, fmt::format("inner sizes differ: a is {}, b is {}; need {}", to_string(a.sizes()),
                              to_string(b.sizes()), needed));
}

// The last two dimensions, as they are and transposed.
MatrixView matrix_of(const Tensor& x) {
  const TensorImpl& impl = x.impl();
  const int64_t* end = impl.strides.end();
  return {impl.data, end[-2], end[-1]};
}
MatrixView transposed(MatrixView m) { return {m.data, m.column_stride, m.row_stride}; }

// All dimensions but the last as one: the rows of a matrix. Copies where the strides do not allow that.
struct MatrixRows {
  MatrixView view;
  int64_t count = 1;
  Tensor copy;

  explicit MatrixRows(const Tensor& x) {
    const TensorImpl& impl = x.impl();
    const int32_t last = impl.sizes.size() - 1;
    int64_t stride = impl.sizes[last];
    bool folds = true;
    for (int32_t d = last; d-- > 0;) {
      if (impl.sizes[d] == 1) continue;
      if (count == 1) {
        stride = impl.strides[d];
      } else if (impl.strides[d] != stride * count) {
        folds = false;
      }
      count *= impl.sizes[d];
    }
    view = {impl.data, stride, impl.strides[last]};
    if (!folds) {
      NoGradGuard guard;
      copy = x.contiguous();
      view = {copy.data_ptr(), impl.sizes[last], 1};
    }
  }
};

// The sums of a matrix' columns.
Tensor column_sums(const MatrixRows& rows, int64_t columns, ScalarType type) {
  Tensor sums = tensor_data::make(columns, type);
  kernels::ReduceShape shape;
  shape.kept = shape.reduced = 1;
  shape.kept_sizes = &columns;
  shape.kept_strides = &rows.view.column_stride;
  shape.reduced_sizes = &rows.count;
  shape.reduced_strides = &rows.view.row_stride;
  kernels::sum(shape, type, rows.view.data, type, sums.data_ptr());
  return sums;
}

// y = x w (+ bias) for rows x of any number of leading dimensions and one matrix w, which linear gives transposed.
struct RowsProductBackward final : ops::Rule {
  const char* label = "";
  bool is_transposed = false;
  ops::Saved x, w;

  std::string name() const override { return label; }
  void backward(ops::Backward& step) override {
    if (step.create_graph()) return backward_recorded(step);
    const Tensor& gy = step.gy();
    const ScalarType type = gy.dtype();
    const MatrixRows g(gy);
    const int64_t n = gy.sizes().back();
    if (step.wants(0)) {
      const Tensor& weight = w.peek(*this);
      const int64_t k = weight.sizes()[is_transposed ? 1 : 0];
      Dims sizes(gy.sizes());
      sizes.back() = k;
      Tensor gx = tensor_data::make(sizes, type);
      const MatrixView view = matrix_of(weight);
      kernels::gemm(type, g.count, k, n, 1, g.view, is_transposed ? view : transposed(view), 0, gx.data_ptr(), k);
      step[0] = std::move(gx);
    }
    if (step.wants(1)) {
      const Tensor& input = x.peek(*this);
      const MatrixRows rows(input);
      const int64_t k = input.sizes().back();
      if (is_transposed) {
        Tensor gw = tensor_data::make({n, k}, type);
        kernels::gemm(type, n, k, g.count, 1, transposed(g.view), rows.view, 0, gw.data_ptr(), k);
        step[1] = std::move(gw);
      } else {
        Tensor gw = tensor_data::make({k, n}, type);
        kernels::gemm(type, k, n, g.count, 1, transposed(rows.view), g.view, 0, gw.data_ptr(), n);
        step[1] = std::move(gw);
      }
    }
    if (step.wants(2)) step[2] = column_sums(g, n, type);
  }
  void backward_recorded(ops::Backward& step) {
    const Tensor& gy = step.gy();
    const int64_t n = gy.sizes().back(), rows = count_elements(gy.sizes().slice(0, gy.sizes().size() - 1));
    const Tensor g = gy.dim() == 2 ? gy : gy.reshape({rows, n});
    if (step.wants(0)) {
      const Tensor weight = w.get(*this);
      step[0] = matmul(gy, is_transposed ? weight : weight.t());
    }
    if (step.wants(1)) {
      const Tensor input = x.get(*this).reshape({rows, x.peek(*this).sizes().back()});
      step[1] = is_transposed ? mm(g.t(), input) : mm(input.t(), g);
    }
    if (step.wants(2)) step[2] = g.sum(0);
  }
  void release_variables() override { release(x, w); }
};

Tensor rows_product(const char* label, const Tensor& x, const Tensor& w, bool is_transposed, const Tensor& bias) {
  const ScalarType type = x.dtype();
  if (is_reduced_floating(type)) {
    const Tensor wide_bias = bias.defined() ? bias.to(kFloat) : bias;
    return rows_product(label, x.to(kFloat), w.to(kFloat), is_transposed, wide_bias).to(type);
  }
  const MatrixRows rows(x);
  const int64_t k = x.sizes().back(), n = w.sizes()[is_transposed ? 0 : 1];
  Dims sizes(x.sizes());
  sizes.back() = n;
  Tensor y = tensor_data::make(sizes, type);
  const MatrixView view = matrix_of(w);
  Tensor flat;
  const void* added = nullptr;
  if (bias.defined()) {
    if (!bias.is_contiguous()) flat = bias.detach().contiguous();
    added = flat.defined() ? flat.data_ptr() : bias.data_ptr();
  }
  kernels::gemm(type, rows.count, n, k, 1, rows.view, is_transposed ? transposed(view) : view, 0, y.data_ptr(), n,
                added);
  if (auto* node = ops::record<RowsProductBackward>(y, x, w, bias)) {
    node->label = label;
    node->is_transposed = is_transposed;
    if (node->wants(1)) node->x.save_input(x);
    if (node->wants(0)) node->w.save_input(w);
  }
  return y;
}

// The batch of a product: the leading dimensions of both operands, broadcast and merged.
struct Batch {
  Dims sizes;                     // of the result: leading dimensions, m, n
  Dims counts, steps_a, steps_b;  // merged, innermost first
  void add(int64_t count, int64_t a, int64_t b) {
    if (count == 1) return;
    const int32_t last = counts.size() - 1;
    if (last >= 0 && a == steps_a[last] * counts[last] && b == steps_b[last] * counts[last]) {
      counts[last] *= count;
      return;
    }
    counts.push_back(count);
    steps_a.push_back(a);
    steps_b.push_back(b);
  }
};

Batch make_batch(const char* operation, const Tensor& a, const Tensor& b) {
  const size_t lead_a = a.sizes().size() - 2, lead_b = b.sizes().size() - 2;
  const IntArrayRef sizes_a = a.sizes().slice(0, lead_a), sizes_b = b.sizes().slice(0, lead_b);
  Batch batch;
  batch.sizes = sizes_a == sizes_b ? Dims(sizes_a) : broadcast_shapes(operation, sizes_a, sizes_b);
  const auto lead = static_cast<size_t>(batch.sizes.size());
  for (size_t d = lead; d-- > 0;) {
    const auto step = [&](const Tensor& t, size_t own) -> int64_t {
      if (d + own < lead) return 0;
      const size_t place = d + own - lead;
      return t.sizes()[place] == 1 ? 0 : t.strides()[place];
    };
    batch.add(batch.sizes[static_cast<int64_t>(d)], step(a, lead_a), step(b, lead_b));
  }
  batch.sizes.push_back(a.sizes()[lead_a]);
  batch.sizes.push_back(b.sizes()[lead_b + 1]);
  return batch;
}

const char* advance(const char* data, int64_t steps, int64_t bytes) { return data + steps * bytes; }

// a b over the last two dimensions, float32, float64 and integers; the others broadcast. No history.
Tensor batched_product(const char* operation, const Tensor& a, const Tensor& b) {
  const ScalarType type = a.dtype();
  Batch batch = make_batch(operation, a, b);
  Tensor y = tensor_data::make(batch.sizes, type);
  if (y.numel() == 0) return y;
  if (batch.counts.empty()) {
    batch.counts.push_back(1);
    batch.steps_a.push_back(0);
    batch.steps_b.push_back(0);
  }
  const int64_t m = batch.sizes[batch.sizes.size() - 2], n = batch.sizes.back(), k = a.sizes().back();
  const auto bytes = static_cast<int64_t>(element_size(type));
  MatrixView view_a = matrix_of(a), view_b = matrix_of(b);
  const auto* data_a = static_cast<const char*>(view_a.data);
  const auto* data_b = static_cast<const char*>(view_b.data);
  auto* out = static_cast<char*>(y.data_ptr());
  const int64_t inner = batch.counts[0], outer = count_elements(batch.counts) / inner;
  for (int64_t i = 0; i < outer; ++i) {
    int64_t rest = i, offset_a = 0, offset_b = 0;
    for (int32_t d = 1; d < batch.counts.size(); ++d) {
      offset_a += rest % batch.counts[d] * batch.steps_a[d];
      offset_b += rest % batch.counts[d] * batch.steps_b[d];
      rest /= batch.counts[d];
    }
    view_a.data = advance(data_a, offset_a, bytes);
    view_b.data = advance(data_b, offset_b, bytes);
    kernels::gemm_batched(type, inner, m, n, k, 1, view_a, batch.steps_a[0], view_b, batch.steps_b[0], 0,
                          out + i * inner * m * n * bytes, n, m * n);
  }
  return y;
}

struct BatchedProductBackward final : ops::Rule {
  const char* label = "BmmBackward0";
  ops::Saved a, b;

  std::string name() const override { return label; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    if (step.create_graph()) {
      if (step.wants(0)) step[0] = matmul(gy, b.get(*this).transpose(-1, -2));
      if (step.wants(1)) step[1] = matmul(a.get(*this).transpose(-1, -2), gy);
      return;
    }
    if (step.wants(0)) step[0] = batched_product(label, gy, ops::turned_data(b.peek(*this)));
    if (step.wants(1)) step[1] = batched_product(label, ops::turned_data(a.peek(*this)), gy);
  }
  void release_variables() override { release(a, b); }
};

Tensor batched(const char* operation, const char* label, const Tensor& a, const Tensor& b) {
  const ScalarType type = a.dtype();
  if (is_reduced_floating(type)) return batched(operation, label, a.to(kFloat), b.to(kFloat)).to(type);
  const Tensor y = batched_product(operation, a, b);
  if (auto* node = ops::record<BatchedProductBackward>(y, a, b)) {
    node->label = label;
    if (node->wants(1)) node->a.save_input(a);
    if (node->wants(0)) node->b.save_input(b);
  }
  return y;
}

struct MvBackward final : ops::Rule {
  ops::Saved a, v;
  std::string name() const override { return "MvBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.wants(0)) step[0] = step.gy().unsqueeze(1) * v.get(*this);
    if (step.wants(1)) step[1] = mv(a.get(*this).t(), step.gy());
  }
  void release_variables() override { release(a, v); }
};

struct DotBackward final : ops::Rule {
  ops::Saved a, b;
  std::string name() const override { return "DotBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.wants(0)) step[0] = step.gy() * b.get(*this);
    if (step.wants(1)) step[1] = step.gy() * a.get(*this);
  }
  void release_variables() override { release(a, b); }
};

struct AddmmBackward final : ops::Rule {
  Scalar beta, alpha;
  ops::Saved a, b;
  std::string name() const override { return "AddmmBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    const auto scaled = [&](const Tensor& t, Scalar by) { return by.equal(1) ? t : t * by; };
    if (step.wants(0)) step[0] = scaled(gy, beta);
    if (step.wants(1)) step[1] = scaled(mm(gy, b.get(*this).t()), alpha);
    if (step.wants(2)) step[2] = scaled(mm(a.get(*this).t(), gy), alpha);
  }
  void release_variables() override { release(a, b); }
};

// Whether the product itself can add the tensor to each row.
bool is_row_bias(const Tensor& self, int64_t n) { return self.dim() == 1 && self.numel() == n && self.is_contiguous(); }

}  // namespace

Tensor mm(const Tensor& self, const Tensor& other) {
  if (self.dim() != 2 || other.dim() != 2) {
    fail("mm", fmt::format("self must be a matrix and mat2 must be a matrix: a is {}, b is {}; need (m, k) and (k, n)",
                           to_string(self.sizes()), to_string(other.sizes())));
  }
  check_types("mm", self, other);
  if (self.sizes()[1] != other.sizes()[0]) fail_sizes("mm", self, other, "(m, k) and (k, n)");
  return rows_product("MmBackward0", self, other, false, {});
}

Tensor bmm(const Tensor& self, const Tensor& other) {
  if (self.dim() != 3 || other.dim() != 3) {
    fail("bmm", fmt::format("batch1 and batch2 must be 3D tensors: a is {}, b is {}; need (b, m, k) and (b, k, n)",
                            to_string(self.sizes()), to_string(other.sizes())));
  }
  check_types("bmm", self, other);
  if (self.sizes()[0] != other.sizes()[0]) {
    fail("bmm", fmt::format("batch sizes differ: a is {}, b is {}; need (b, m, k) and (b, k, n)",
                            to_string(self.sizes()), to_string(other.sizes())));
  }
  if (self.sizes()[2] != other.sizes()[1]) fail_sizes("bmm", self, other, "(b, m, k) and (b, k, n)");
  return batched("bmm", "BmmBackward0", self, other);
}

Tensor mv(const Tensor& self, const Tensor& vector) {
  if (self.dim() != 2 || vector.dim() != 1) {
    fail("mv", fmt::format("matrix and vector expected: a is {}, b is {}; need (m, k) and (k,)",
                           to_string(self.sizes()), to_string(vector.sizes())));
  }
  check_types("mv", self, vector);
  const int64_t m = self.sizes()[0], k = self.sizes()[1];
  if (k != vector.sizes()[0]) fail_sizes("mv", self, vector, "(m, k) and (k,)");
  const ScalarType type = self.dtype();
  if (is_reduced_floating(type)) return mv(self.to(kFloat), vector.to(kFloat)).to(type);
  Tensor y = tensor_data::make(m, type);
  kernels::gemm(type, m, 1, k, 1, matrix_of(self), {vector.data_ptr(), vector.strides()[0], 1}, 0, y.data_ptr(), 1);
  if (auto* node = ops::record<MvBackward>(y, self, vector)) {
    if (node->wants(1)) node->a.save_input(self);
    if (node->wants(0)) node->v.save_input(vector);
  }
  return y;
}

Tensor dot(const Tensor& self, const Tensor& other) {
  if (self.dim() != 1 || other.dim() != 1) {
    fail("dot", fmt::format("1D tensors expected, but got {}D and {}D tensors: a is {}, b is {}; need (n,) and (n,)",
                            self.dim(), other.dim(), to_string(self.sizes()), to_string(other.sizes())));
  }
  if (self.dtype() != other.dtype()) {
    fail("dot", fmt::format("expected both vectors to have same dtype, but found {} and {}", toString(self.dtype()),
                            toString(other.dtype())));
  }
  check_types("dot", self, other);
  const int64_t n = self.numel();
  if (n != other.numel()) fail_sizes("dot", self, other, "(n,) and (n,)");
  const ScalarType type = self.dtype();
  if (is_reduced_floating(type)) return dot(self.to(kFloat), other.to(kFloat)).to(type);
  Tensor y = tensor_data::make({}, type);
  if ((type == kFloat || type == kDouble) && self.is_contiguous() && other.is_contiguous()) {
    const double sum = kernels::inner_product(type, n, self.data_ptr(), other.data_ptr());
    tensor_data::fill(y, sum);
  } else {
    const MatrixView row{self.data_ptr(), n, self.strides()[0]}, column{other.data_ptr(), other.strides()[0], 1};
    kernels::gemm(type, 1, 1, n, 1, row, column, 0, y.data_ptr(), 1);
  }
  if (auto* node = ops::record<DotBackward>(y, self, other)) {
    if (node->wants(1)) node->a.save_input(self);
    if (node->wants(0)) node->b.save_input(other);
  }
  return y;
}

Tensor matmul(const Tensor& self, const Tensor& other) {
  const int64_t dims_a = self.dim(), dims_b = other.dim();
  if (dims_a == 0 || dims_b == 0) {
    fail("matmul",
         fmt::format("both arguments to matmul need to be at least 1D, but they are {}D and {}D", dims_a, dims_b));
  }
  check_types("matmul", self, other);
  const int64_t k = self.sizes().back(), rows_b = other.sizes()[static_cast<size_t>(std::max<int64_t>(dims_b - 2, 0))];
  if (k != rows_b) {
    fail_sizes(
        "matmul", self, other,
        dims_b == 1 ? "(..., k) and (k,)" : (dims_a == 1 ? "(k,) and (..., k, n)" : "(..., m, k) and (..., k, n)"));
  }
  if (dims_b == 1) {
    if (dims_a == 1) return dot(self, other);
    if (dims_a == 2) return mv(self, other);
    return graph::unviewed(rows_product("MatmulBackward0", self, other.unsqueeze(1), false, {}).squeeze(-1));
  }
  if (dims_a == 1) return graph::unviewed(matmul(self.unsqueeze(0), other).squeeze(-2));
  if (dims_b == 2) return rows_product(dims_a == 2 ? "MmBackward0" : "MatmulBackward0", self, other, false, {});
  return batched("matmul", "MatmulBackward0", self, other);
}

Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, Scalar beta, Scalar alpha) {
  if (mat1.dim() != 2 || mat2.dim() != 2) {
    fail("addmm", fmt::format("mat1 and mat2 must be matrices: mat1 is {}, mat2 is {}; need (m, k) and (k, n)",
                              to_string(mat1.sizes()), to_string(mat2.sizes())));
  }
  check_types("addmm", mat1, mat2);
  const ScalarType type = mat1.dtype();
  if (self.dtype() != type) {
    fail("addmm", fmt::format("expected self and mat1 to have the same dtype, but got: {} != {}",
                              dtype_name(self.dtype()), dtype_name(type)));
  }
  const int64_t m = mat1.sizes()[0], k = mat1.sizes()[1], n = mat2.sizes()[1];
  if (k != mat2.sizes()[0]) fail_sizes("addmm", mat1, mat2, "(m, k) and (k, n)");
  if (!is_floating_point(type)) {  // as libtorch: integers have whole factors
    beta = beta.toLong();
    alpha = alpha.toLong();
    constexpr int64_t kExact = int64_t{1} << 53;  // the kernel's factors are doubles
    const auto exact = [](Scalar factor) { return factor.toLong() >= -kExact && factor.toLong() <= kExact; };
    if (!exact(alpha) || !exact(beta)) return self * beta + mm(mat1, mat2) * alpha;
  }
  if (is_reduced_floating(type)) {
    return addmm(self.to(kFloat), mat1.to(kFloat), mat2.to(kFloat), beta, alpha).to(type);
  }
  Tensor y = tensor_data::make({m, n}, type);
  const double by = alpha.toDouble();
  if (beta.equal(1) && is_row_bias(self, n)) {
    kernels::gemm(type, m, n, k, by, matrix_of(mat1), matrix_of(mat2), 0, y.data_ptr(), n, self.data_ptr());
  } else {
    const Dims shape = broadcast_shapes("addmm", self.sizes(), y.sizes());
    if (IntArrayRef(shape) != y.sizes()) {
      fail("addmm", fmt::format("the expanded size of self must be {}: self is {}", to_string(y.sizes()),
                                to_string(self.sizes())));
    }
    if (!beta.equal(0)) {  // else NaN in self must not reach the result
      Dims strides(2, 0);
      const auto lead = static_cast<int32_t>(2 - self.dim());
      for (int32_t d = lead; d < 2; ++d) {
        const auto own = static_cast<size_t>(d - lead);
        strides[d] = self.sizes()[own] == 1 ? 0 : self.strides()[own];
      }
      kernels::copy(2, y.sizes().data(), type, y.data_ptr(), y.strides().data(), type, self.data_ptr(), strides.data());
    }
    kernels::gemm(type, m, n, k, by, matrix_of(mat1), matrix_of(mat2), beta.toDouble(), y.data_ptr(), n);
  }
  if (auto* node = ops::record<AddmmBackward>(y, self, mat1, mat2)) {
    node->beta = beta;
    node->alpha = alpha;
    if (node->wants(2)) node->a.save_input(mat1);
    if (node->wants(1)) node->b.save_input(mat2);
  }
  return y;
}

Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  const IntArrayRef x = input.sizes(), w = weight.sizes();
  if (x.empty() || w.empty() || w.size() > 2) {
    fail("linear", fmt::format("input is {}, weight is {}; need (..., in) and (out, in)", to_string(x), to_string(w)));
  }
  check_types("linear", input, weight);
  if (x.back() != w.back()) {
    fail("linear", fmt::format("inner sizes differ: input is {}, weight is {}; need (..., in) and (out, in)",
                               to_string(x), to_string(w)));
  }
  if (w.size() == 1) {
    const Tensor y = matmul(input, weight);
    return bias.defined() ? y + bias : y;
  }
  if (!bias.defined()) return rows_product("MmBackward0", input, weight, true, bias);
  if (bias.dtype() != input.dtype()) {
    fail("linear", fmt::format("expected input and bias to have the same dtype, but got: {} != {}",
                               dtype_name(input.dtype()), dtype_name(bias.dtype())));
  }
  if (bias.dim() == 1 && bias.numel() == w[0])
    return rows_product(input.dim() == 2 ? "AddmmBackward0" : "LinearBackward0", input, weight, true, bias);
  if (bias.numel() == 1 && bias.dim() <= 1) return linear(input, weight, bias.expand(w[0]));
  if (bias.dim() > 1) {  // libtorch's addmm takes it
    const Tensor y = rows_product("MmBackward0", input, weight, true, {});
    if (IntArrayRef(broadcast_shapes("linear", y.sizes(), bias.sizes())) == y.sizes()) return y + bias;
  }
  fail("linear", fmt::format("bias is {}, weight is {}; need ({},)", to_string(bias.sizes()), to_string(w), w[0]));
}

#define RONDO_BOTH(f) RONDO_SAMPLE(f(in[0], in[1]))

RONDO_OP(
    mm, .name = "mm", .doc = "y[i][j] = sum_k a[i][k] b[k][j]; a primitive: one call of the product kernel",
    .samples = [](ops::Samples& s) {
      s.add("square", {s.real({3, 3}), s.real({3, 3})}, RONDO_BOTH(mm));
      s.add("rectangles", {s.real({2, 4}), s.real({4, 3})}, RONDO_BOTH(mm));
      s.add("one column", {s.real({5, 2}), s.real({2, 1})}, RONDO_BOTH(mm));
      s.add("inner size 0", {s.real({2, 0}), s.real({0, 3})}, RONDO_BOTH(mm));
      s.add("no rows", {s.real({0, 2}), s.real({2, 3})}, RONDO_BOTH(mm));
      s.add("transposed operands", {s.real({3, 2}), s.real({4, 3})}, RONDO_SAMPLE(mm(in[0].t(), in[1].t())));
      s.add("a broadcast operand", {s.real({1, 3}), s.real({3, 2})}, [](const ops::Samples::Inputs& in) {
        return mm(in[0].expand({4, 3}), in[1]);
      });
      s.error("inner sizes", "inner sizes differ", [] { mm(zeros({2, 3}), zeros({2, 3})); });
      s.error("a vector", "must be a matrix", [] { mm(zeros({2, 3}), zeros({3})); });
      s.error("two dtypes", "expected m1 and m2 to have the same dtype, but got: float32 != float64", [] {
        mm(zeros({2, 3}, kFloat), zeros({3, 2}, kDouble));
      });
      s.error("bool", "not implemented for 'Bool'", [] { mm(zeros({2, 3}, kBool), zeros({3, 2}, kBool)); });
    });

RONDO_OP(
    bmm, .name = "bmm", .doc = "mm of each pair in two stacks of matrices; a primitive: one batched call",
    .samples = [](ops::Samples& s) {
      s.add("a batch of two", {s.real({2, 2, 3}), s.real({2, 3, 2})}, RONDO_BOTH(bmm));
      s.add("an empty batch", {s.real({0, 2, 3}), s.real({0, 3, 2})}, RONDO_BOTH(bmm));
      s.add("inner size 0", {s.real({2, 2, 0}), s.real({2, 0, 2})}, RONDO_BOTH(bmm));
      s.add("transposed operands", {s.real({2, 3, 2}), s.real({2, 3, 2})},
            RONDO_SAMPLE(bmm(in[0].transpose(1, 2), in[1])));
      s.error("batch sizes", "batch sizes differ", [] { bmm(zeros({2, 2, 3}), zeros({3, 3, 2})); });
      s.error("inner sizes", "inner sizes differ", [] { bmm(zeros({2, 2, 3}), zeros({2, 2, 3})); });
      s.error("matrices", "must be 3D tensors", [] { bmm(zeros({2, 3}), zeros({3, 2})); });
    });

RONDO_OP(
    mv, .name = "mv", .doc = "y[i] = sum_k a[i][k] v[k]; a primitive: the product kernel on one column",
    .samples = [](ops::Samples& s) {
      s.add("a matrix and a vector", {s.real({3, 4}), s.real({4})}, RONDO_BOTH(mv));
      s.add("inner size 0", {s.real({3, 0}), s.real({0})}, RONDO_BOTH(mv));
      s.add("a broadcast vector", {s.real({3, 4}), s.real({1})}, RONDO_SAMPLE(mv(in[0], in[1].expand({4}))));
      s.error("sizes", "inner sizes differ", [] { mv(zeros({3, 4}), zeros({3})); });
      s.error("two matrices", "matrix and vector expected", [] { mv(zeros({3, 4}), zeros({4, 1})); });
    });

RONDO_OP(
    dot, .name = "dot", .doc = "y = sum_i a[i] b[i]; a primitive: no product is stored",
    .samples = [](ops::Samples& s) {
      s.add("two vectors", {s.real({5}), s.real({5})}, RONDO_BOTH(dot));
      s.add("empty", {s.real({0}), s.real({0})}, RONDO_BOTH(dot));
      s.add("strided", {s.real({6}), s.real({3})}, RONDO_SAMPLE(dot(in[0].slice(0, 0, 6, 2), in[1])));
      s.error("sizes", "inner sizes differ", [] { dot(zeros({3}), zeros({4})); });
      s.error("matrices", "1D tensors expected, but got 2D and 1D", [] { dot(zeros({3, 4}), zeros({4})); });
      s.error("two dtypes", "expected both vectors to have same dtype, but found Float and Double",
              [] { dot(zeros({3}, kFloat), zeros({3}, kDouble)); });
    });

RONDO_OP(
    matmul, .name = "matmul",
    .doc = "products by NumPy's rules: vectors are rows or columns, leading dimensions broadcast",
    .samples = [](ops::Samples& s) {
      s.add("(k) (k)", {s.real({4}), s.real({4})}, RONDO_BOTH(matmul));
      s.add("(m, k) (k)", {s.real({3, 4}), s.real({4})}, RONDO_BOTH(matmul));
      s.add("(k) (k, n)", {s.real({4}), s.real({4, 3})}, RONDO_BOTH(matmul));
      s.add("(m, k) (k, n)", {s.real({2, 3}), s.real({3, 4})}, RONDO_BOTH(matmul));
      s.add("(b, m, k) (k)", {s.real({2, 3, 2}), s.real({2})}, RONDO_BOTH(matmul));
      s.add("(b, m, k) (k, n)", {s.real({2, 3, 2}), s.real({2, 2})}, RONDO_BOTH(matmul));
      s.add("(k) (b, k, n)", {s.real({2}), s.real({3, 2, 2})}, RONDO_BOTH(matmul));
      s.add("(m, k) (b, k, n)", {s.real({3, 2}), s.real({2, 2, 3})}, RONDO_BOTH(matmul));
      s.add("equal batches", {s.real({2, 2, 2}), s.real({2, 2, 3})}, RONDO_BOTH(matmul));
      s.add("broadcast batches", {s.real({2, 1, 2, 2}), s.real({3, 2, 1})}, RONDO_BOTH(matmul));
      s.add("permuted batches", {s.real({2, 2, 2, 2}), s.real({2, 2, 2, 2})},
            RONDO_SAMPLE(matmul(in[0].transpose(1, 2), in[1].transpose(0, 1))));
      s.add("rows that do not fold", {s.real({2, 3, 2}), s.real({2, 2})},
            RONDO_SAMPLE(matmul(in[0].transpose(0, 1), in[1])));
      s.add("an empty batch", {s.real({0, 2, 3}), s.real({3, 2})}, RONDO_BOTH(matmul));
      s.add("inner size 0", {s.real({2, 2, 0}), s.real({2, 0, 3})}, RONDO_BOTH(matmul));
      s.error("a number", "at least 1D, but they are 0D and 2D", [] { matmul(zeros({}), zeros({2, 2})); });
      s.error("inner sizes", "matmul: inner sizes differ: a is (2, 3), b is (2, 3)", [] {
        matmul(zeros({2, 3}), zeros({2, 3}));
      });
      s.error("batches", "matmul", [] { matmul(zeros({2, 2, 3}), zeros({3, 3, 2})); });
    });

RONDO_OP(
    addmm, .name = "addmm", .doc = "beta * self + alpha * mat1 mat2; a primitive: the product adds to self",
    .samples = [](ops::Samples& s) {
      const auto plain = RONDO_SAMPLE(addmm(in[0], in[1], in[2]));
      const auto scaled = RONDO_SAMPLE(addmm(in[0], in[1], in[2], 0.5, -2));
      s.add("a row", {s.real({3}), s.real({2, 4}), s.real({4, 3})}, plain);
      s.add("a matrix", {s.real({2, 3}), s.real({2, 4}), s.real({4, 3})}, plain);
      s.add("a column", {s.real({2, 1}), s.real({2, 4}), s.real({4, 3})}, scaled);
      s.add("a number", {s.real({}), s.real({2, 4}), s.real({4, 3})}, scaled);
      s.add("a matrix, scaled", {s.real({2, 3}), s.real({2, 4}), s.real({4, 3})}, scaled);
      s.add("beta 0", {s.real({2, 3}), s.real({2, 2}), s.real({2, 3})}, RONDO_SAMPLE(addmm(in[0], in[1], in[2], 0, 3)));
      s.add("inner size 0", {s.real({2, 3}), s.real({2, 0}), s.real({0, 3})}, scaled);
      s.error("inner sizes", "inner sizes differ", [] { addmm(zeros({3}), zeros({2, 3}), zeros({2, 3})); });
      s.error("too large", "expanded size", [] { addmm(zeros({4, 2, 2}), zeros({2, 3}), zeros({3, 2})); });
    });

RONDO_OP(
    linear, .name = "linear",
    .doc = "x w^T + b for (..., in), (out, in), (out,); a primitive: one product adds the bias as it goes",
    .samples = [](ops::Samples& s) {
      const auto biased = RONDO_SAMPLE(linear(in[0], in[1], in[2]));
      s.add("(n, in)", {s.real({4, 3}), s.real({2, 3}), s.real({2})}, biased);
      s.add("one input", {s.real({5, 1}), s.real({4, 1}), s.real({4})}, biased);
      s.add("(in)", {s.real({3}), s.real({2, 3}), s.real({2})}, biased);
      s.add("(a, b, in)", {s.real({2, 3, 2}), s.real({3, 2}), s.real({3})}, biased);
      s.add("without bias", {s.real({4, 3}), s.real({2, 3})}, RONDO_BOTH(linear));
      s.add("a bias of one number", {s.real({4, 3}), s.real({2, 3}), s.real({1})}, biased);
      s.add("a weight of one row", {s.real({4, 3}), s.real({3})}, RONDO_BOTH(linear));
      s.add("transposed input", {s.real({3, 4}), s.real({2, 3}), s.real({2})},
            RONDO_SAMPLE(linear(in[0].t(), in[1], in[2])));
      s.add("transposed weight", {s.real({4, 3}), s.real({3, 2}), s.real({2})},
            RONDO_SAMPLE(linear(in[0], in[1].t(), in[2])));
      s.add("rows that do not fold", {s.real({2, 3, 2}), s.real({2, 2}), s.real({2})},
            RONDO_SAMPLE(linear(in[0].transpose(0, 1), in[1], in[2])));
      s.add("no rows", {s.real({0, 3}), s.real({2, 3}), s.real({2})}, biased);
      s.error("inner sizes", "linear: inner sizes differ: input is (4, 3), weight is (2, 4)", [] {
        linear(zeros({4, 3}), zeros({2, 4}));
      });
      s.error("bias", "bias is (3,), weight is (2, 3); need (2,)", [] {
        linear(zeros({4, 3}), zeros({2, 3}), zeros({3}));
      });
      s.error("two dtypes", "expected m1 and m2 to have the same dtype", [] {
        linear(zeros({4, 3}, kFloat), zeros({2, 3}, kDouble));
      });
    });

#undef RONDO_BOTH

}  // namespace rondo
