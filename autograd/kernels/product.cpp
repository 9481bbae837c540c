#include <rondo/autograd/base/error.h>
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/product.h>
#include <rondo/autograd/kernels/product_parts.h>

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

namespace rondo::kernels {
namespace {

using product::Task;

// y = beta * y + bias, all that is left where a product has no terms.
template <class T>
void finish_empty(const Task<T>& task) {
  for (int64_t i = 0; i < task.m; ++i) {
    T* y = task.y + i * task.y_row;
    for (int64_t j = 0; j < task.n; ++j) {
      const T kept = task.beta == T(0) ? T(0) : static_cast<T>(task.beta * y[j]);
      y[j] = task.bias == nullptr ? kept : static_cast<T>(kept + task.bias[j]);
    }
  }
}

template <class T>
void multiply(const Task<T>& task) {
  if (task.m <= 0 || task.n <= 0) return;
  if (task.k <= 0 || task.alpha == T(0)) return finish_empty(task);
  if constexpr (std::is_floating_point_v<T>) {
    if (product::direct(task)) return;
    static const bool packs = product::packed_is_quick();
    if (packs || !product::blas(task)) product::packed(task);
  } else {
    // T is unsigned here, of at least 32 bits or shorter than int, so that sums wrap.
    for (int64_t i = 0; i < task.m; ++i) {
      T* y = task.y + i * task.y_row;
      for (int64_t j = 0; j < task.n; ++j) {
        const T kept = task.beta == T(0) ? T(0) : static_cast<T>(task.beta * y[j]);
        y[j] = task.bias == nullptr ? kept : static_cast<T>(kept + task.bias[j]);
      }
      for (int64_t p = 0; p < task.k; ++p) {
        const T factor = static_cast<T>(task.alpha * task.a[i * task.a_row + p * task.a_column]);
        const T* b = task.b + p * task.b_row;
        for (int64_t j = 0; j < task.n; ++j) y[j] = static_cast<T>(y[j] + factor * b[j * task.b_column]);
      }
    }
  }
}

template <class T>
Task<T> make_task(int64_t m, int64_t n, int64_t k, double alpha, MatrixView a, MatrixView b, double beta, void* y,
                  int64_t y_stride, const void* bias) {
  const auto scalar = [](double x) {
    if constexpr (std::is_floating_point_v<T>) return static_cast<T>(x);
    return static_cast<T>(static_cast<int64_t>(x));
  };
  return {m,
          n,
          k,
          scalar(alpha),
          static_cast<const T*>(a.data),
          a.row_stride,
          a.column_stride,
          static_cast<const T*>(b.data),
          b.row_stride,
          b.column_stride,
          scalar(beta),
          static_cast<T*>(y),
          y_stride,
          static_cast<const T*>(bias)};
}

// Calls f with the type in which products of `dtype` are computed; the integers as unsigned ones, whose sums may wrap.
template <class F>
void visit(const char* operation, ScalarType dtype, const F& f) {
  switch (dtype) {
    case kFloat:
      return f(TypeTag<float>{});
    case kDouble:
      return f(TypeTag<double>{});
    case kByte:
    case kChar:
      return f(TypeTag<uint8_t>{});
    case kShort:
      return f(TypeTag<uint16_t>{});
    case kInt:
      return f(TypeTag<uint32_t>{});
    case kLong:
      return f(TypeTag<uint64_t>{});
    default:
      fail_type(operation, fmt::format("got {}; need float32, float64 or an integer type", dtype_name(dtype)));
  }
}

}  // namespace

void gemm(ScalarType dtype, int64_t m, int64_t n, int64_t k, double alpha, MatrixView a, MatrixView b, double beta,
          void* y, int64_t y_stride, const void* bias) {
  visit("gemm", dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    multiply(make_task<T>(m, n, k, alpha, a, b, beta, y, y_stride, bias));
  });
}

void gemm_batched(ScalarType dtype, int64_t batch, int64_t m, int64_t n, int64_t k, double alpha, MatrixView a,
                  int64_t a_batch_stride, MatrixView b, int64_t b_batch_stride, double beta, void* y, int64_t y_stride,
                  int64_t y_batch_stride) {
  visit("gemm_batched", dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const Task<T> first = make_task<T>(m, n, k, alpha, a, b, beta, y, y_stride, nullptr);
    // Whole products are dealt out where there are enough of them; the products share their own work otherwise.
    constexpr int64_t kWork = 1 << 18;
    const int64_t each = std::max<int64_t>(1, m * n * std::max<int64_t>(1, k));
    const int64_t grain = batch >= get_num_threads() ? std::max<int64_t>(1, kWork / each) : batch;
    parallel_for(0, batch, grain, [&](int64_t begin, int64_t end) {
      Task<T> task = first;
      task.a += begin * a_batch_stride;
      task.b += begin * b_batch_stride;
      task.y += begin * y_batch_stride;
      for (int64_t i = begin; i < end; ++i) {
        multiply(task);
        task.a += a_batch_stride;
        task.b += b_batch_stride;
        task.y += y_batch_stride;
      }
    });
  });
}

}  // namespace rondo::kernels
