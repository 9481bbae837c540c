// Fortran's LAPACK, which OpenBLAS holds. Its prototypes are declared here: the headers that come with it differ from
// one installation to the next.
#include <rondo/autograd/kernels/lapack.h>
#include <rondo/autograd/kernels/work.h>

#include <rondo/autograd/base/error.h>
#include <rondo/autograd/base/parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

// Lengths of character arguments follow all others.
#define RONDO_LAPACK(P, T)                                                                                             \
  void P##getrf_(const int*, const int*, T*, const int*, int*, int*);                                                  \
  void P##sytrf_(const char*, const int*, T*, const int*, int*, T*, const int*, int*, size_t);                         \
  void P##sytrs_(const char*, const int*, const int*, const T*, const int*, const int*, T*, const int*, int*, size_t); \
  void P##potrf_(const char*, const int*, T*, const int*, int*, size_t);                                               \
  void P##geqrf_(const int*, const int*, T*, const int*, T*, T*, const int*, int*);                                    \
  void P##orgqr_(const int*, const int*, const int*, T*, const int*, const T*, T*, const int*, int*);                  \
  void P##gesdd_(const char*, const int*, const int*, T*, const int*, T*, T*, const int*, T*, const int*, T*,          \
                 const int*, int*, int*, size_t);                                                                      \
  void P##syevd_(const char*, const char*, const int*, T*, const int*, T*, T*, const int*, int*, const int*, int*,     \
                 size_t, size_t);                                                                                      \
  void P##trsm_(const char*, const char*, const char*, const char*, const int*, const int*, const T*, const T*,        \
                const int*, T*, const int*, size_t, size_t, size_t, size_t);                                           \
  void P##gels_(const char*, const int*, const int*, const int*, T*, const int*, T*, const int*, T*, const int*, int*, \
                size_t);                                                                                               \
  void P##gelsy_(const int*, const int*, const int*, T*, const int*, T*, const int*, int*, const T*, int*, T*,         \
                 const int*, int*);                                                                                    \
  void P##gelsd_(const int*, const int*, const int*, T*, const int*, T*, const int*, T*, const T*, int*, T*,           \
                 const int*, int*, int*);                                                                              \
  void P##gelss_(const int*, const int*, const int*, T*, const int*, T*, const int*, T*, const T*, int*, T*,           \
                 const int*, int*);
extern "C" {
RONDO_LAPACK(s, float)
RONDO_LAPACK(d, double)
}
#undef RONDO_LAPACK

namespace rondo::kernels::lapack {
namespace {

template <class T>
struct Fortran;
#define RONDO_LAPACK(P, T)                    \
  template <>                                 \
  struct Fortran<T> {                         \
    static constexpr auto getrf = &P##getrf_; \
    static constexpr auto sytrf = &P##sytrf_; \
    static constexpr auto sytrs = &P##sytrs_; \
    static constexpr auto potrf = &P##potrf_; \
    static constexpr auto geqrf = &P##geqrf_; \
    static constexpr auto orgqr = &P##orgqr_; \
    static constexpr auto gesdd = &P##gesdd_; \
    static constexpr auto syevd = &P##syevd_; \
    static constexpr auto trsm = &P##trsm_;   \
    static constexpr auto gels = &P##gels_;   \
    static constexpr auto gelsy = &P##gelsy_; \
    static constexpr auto gelsd = &P##gelsd_; \
    static constexpr auto gelss = &P##gelss_; \
  };
RONDO_LAPACK(s, float)
RONDO_LAPACK(d, double)
#undef RONDO_LAPACK

int narrow(int64_t size) {
  if (size > 2147483647) fail("linalg", "a matrix has more than 2^31 - 1 rows or columns");
  return static_cast<int>(size);
}

// Calls f(first, last) on pieces of the stack; `work` is about the steps that one matrix takes.
template <class F>
void over_stack(int64_t count, double work, const F& f) {
  constexpr double kPiece = 1 << 16;
  const auto grain = static_cast<int64_t>(std::max(1.0, kPiece / std::max(work, 1.0)));
  parallel_for(0, count, grain, [&](int64_t first, int64_t last) {
    const base::OneOpenMPThread one;
    f(first, last);
  });
}

double cubed(int64_t m, int64_t n) {
  return static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(std::min(m, n));
}

// What a query of the workspace answered.
template <class T>
std::vector<T> workspace(T size) {
  return std::vector<T>(static_cast<size_t>(std::max(T(1), std::ceil(size * T(1.0001)))));
}

// Elimination in the given order of rows; `info` is the first zero on the diagonal.
template <class T>
int lu_without_pivots(int64_t m, int64_t n, T* a) {
  int info = 0;
  for (int64_t k = 0; k < std::min(m, n); ++k) {
    const T pivot = a[k + k * m];
    if (pivot == T(0)) {
      if (info == 0) info = static_cast<int>(k + 1);
      continue;
    }
    for (int64_t i = k + 1; i < m; ++i) a[i + k * m] /= pivot;
    for (int64_t j = k + 1; j < n; ++j) {
      const T factor = a[k + j * m];
      for (int64_t i = k + 1; i < m; ++i) a[i + j * m] -= a[i + k * m] * factor;
    }
  }
  return info;
}

}  // namespace

void lu(ScalarType type, int64_t count, int64_t m, int64_t n, void* a, int32_t* pivots, int32_t* info, bool pivot) {
  const int rows = narrow(m), columns = narrow(n);
  const int64_t k = std::min(m, n);
  with_type(type, [&]<class T>(T) {
    over_stack(count, cubed(m, n), [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        T* matrix = static_cast<T*>(a) + i * m * n;
        int32_t* exchanged = pivots + i * k;
        if (pivot) {
          Fortran<T>::getrf(&rows, &columns, matrix, &rows, exchanged, info + i);
        } else {
          info[i] = lu_without_pivots(m, n, matrix);
          for (int64_t r = 0; r < k; ++r) exchanged[r] = static_cast<int32_t>(r + 1);
        }
      }
    });
  });
}

void cholesky(ScalarType type, int64_t count, int64_t n, void* a, bool upper, int32_t* info) {
  const int size = narrow(n);
  with_type(type, [&]<class T>(T) {
    over_stack(count, cubed(n, n), [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        Fortran<T>::potrf(upper ? "U" : "L", &size, static_cast<T*>(a) + i * n * n, &size, info + i, 1);
      }
    });
  });
}

void ldl(ScalarType type, int64_t count, int64_t n, void* a, int32_t* pivots, int32_t* info) {
  const int size = narrow(n), query = -1;
  with_type(type, [&]<class T>(T) {
    over_stack(count, cubed(n, n), [&](int64_t first, int64_t last) {
      T best = 0;
      int state = 0;
      Fortran<T>::sytrf("L", &size, nullptr, &size, nullptr, &best, &query, &state, 1);
      std::vector<T> work = workspace(best);
      const int length = narrow(static_cast<int64_t>(work.size()));
      for (int64_t i = first; i < last; ++i) {
        Fortran<T>::sytrf("L", &size, static_cast<T*>(a) + i * n * n, &size, pivots + i * n, work.data(), &length,
                          info + i, 1);
      }
    });
  });
}

void ldl_solve(ScalarType type, int64_t count, int64_t n, int64_t columns, const void* a, const int32_t* pivots,
               void* b) {
  const int size = narrow(n), sides = narrow(columns);
  with_type(type, [&]<class T>(T) {
    over_stack(count, cubed(n, columns), [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        int state = 0;
        Fortran<T>::sytrs("L", &size, &sides, static_cast<const T*>(a) + i * n * n, &size, pivots + i * n,
                          static_cast<T*>(b) + i * n * columns, &size, &state, 1);
      }
    });
  });
}

void qr(ScalarType type, int64_t count, int64_t m, int64_t n, void* a, void* tau) {
  const int rows = narrow(m), columns = narrow(n), query = -1;
  const int64_t k = std::min(m, n);
  with_type(type, [&]<class T>(T) {
    over_stack(count, cubed(m, n), [&](int64_t first, int64_t last) {
      T best = 0;
      int info = 0;
      Fortran<T>::geqrf(&rows, &columns, nullptr, &rows, nullptr, &best, &query, &info);
      std::vector<T> work = workspace(best);
      const int length = narrow(static_cast<int64_t>(work.size()));
      for (int64_t i = first; i < last; ++i) {
        Fortran<T>::geqrf(&rows, &columns, static_cast<T*>(a) + i * m * n, &rows, static_cast<T*>(tau) + i * k,
                          work.data(), &length, &info);
      }
    });
  });
}

void reflections(ScalarType type, int64_t count, int64_t m, int64_t n, int64_t k, void* a, const void* tau) {
  const int rows = narrow(m), columns = narrow(n), factors = narrow(k), query = -1;
  with_type(type, [&]<class T>(T) {
    over_stack(count, cubed(m, n), [&](int64_t first, int64_t last) {
      T best = 0;
      int info = 0;
      Fortran<T>::orgqr(&rows, &columns, &factors, nullptr, &rows, nullptr, &best, &query, &info);
      std::vector<T> work = workspace(best);
      const int length = narrow(static_cast<int64_t>(work.size()));
      for (int64_t i = first; i < last; ++i) {
        Fortran<T>::orgqr(&rows, &columns, &factors, static_cast<T*>(a) + i * m * n, &rows,
                          static_cast<const T*>(tau) + i * k, work.data(), &length, &info);
      }
    });
  });
}

void svd(ScalarType type, char job, int64_t count, int64_t m, int64_t n, void* a, void* s, void* u, void* vt,
         int32_t* info) {
  const int64_t k = std::min(m, n);
  const int64_t u_columns = job == 'A' ? m : k, vt_rows = job == 'A' ? n : k;
  const int rows = narrow(m), columns = narrow(n), ldvt = job == 'N' ? 1 : narrow(vt_rows), query = -1;
  with_type(type, [&]<class T>(T) {
    over_stack(count, 10 * cubed(m, n), [&](int64_t first, int64_t last) {
      std::vector<int> integers(static_cast<size_t>(8 * k));
      T best = 0;
      int state = 0;
      Fortran<T>::gesdd(&job, &rows, &columns, nullptr, &rows, nullptr, nullptr, &rows, nullptr, &ldvt, &best, &query,
                        integers.data(), &state, 1);
      std::vector<T> work = workspace(best);
      const int length = narrow(static_cast<int64_t>(work.size()));
      for (int64_t i = first; i < last; ++i) {
        T* left = job == 'N' ? nullptr : static_cast<T*>(u) + i * m * u_columns;
        T* right = job == 'N' ? nullptr : static_cast<T*>(vt) + i * vt_rows * n;
        Fortran<T>::gesdd(&job, &rows, &columns, static_cast<T*>(a) + i * m * n, &rows, static_cast<T*>(s) + i * k,
                          left, &rows, right, &ldvt, work.data(), &length, integers.data(), info + i, 1);
      }
    });
  });
}

void eigh(ScalarType type, bool vectors, bool upper, int64_t count, int64_t n, void* a, void* w, int32_t* info) {
  const int size = narrow(n), query = -1;
  const char *job = vectors ? "V" : "N", *triangle = upper ? "U" : "L";
  with_type(type, [&]<class T>(T) {
    over_stack(count, 10 * cubed(n, n), [&](int64_t first, int64_t last) {
      T best = 0;
      int best_integers = 0, state = 0;
      Fortran<T>::syevd(job, triangle, &size, nullptr, &size, nullptr, &best, &query, &best_integers, &query, &state, 1,
                        1);
      std::vector<T> work = workspace(best);
      std::vector<int> integers(static_cast<size_t>(std::max(1, best_integers)));
      const int length = narrow(static_cast<int64_t>(work.size())), integer_length = static_cast<int>(integers.size());
      for (int64_t i = first; i < last; ++i) {
        Fortran<T>::syevd(job, triangle, &size, static_cast<T*>(a) + i * n * n, &size, static_cast<T*>(w) + i * n,
                          work.data(), &length, integers.data(), &integer_length, info + i, 1, 1);
      }
    });
  });
}

// A row-major matrix is its transpose, column-major: sides and triangles change places.
void triangular_solve(ScalarType type, int64_t count, int64_t n, int64_t columns, const void* a, void* b, bool upper,
                      bool left, bool unit) {
  const int64_t rows = left ? columns : n, across = left ? n : columns;
  const int m = narrow(rows), k = narrow(across), size = narrow(n);
  with_type(type, [&]<class T>(T) {
    const T one = 1;
    over_stack(count, static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(columns),
               [&](int64_t first, int64_t last) {
                 for (int64_t i = first; i < last; ++i) {
                   Fortran<T>::trsm(left ? "R" : "L", upper ? "L" : "U", "N", unit ? "U" : "N", &m, &k, &one,
                                    static_cast<const T*>(a) + i * n * n, &size, static_cast<T*>(b) + i * n * columns,
                                    &m, 1, 1, 1, 1);
                 }
               });
  });
}

namespace {

// One problem after another with one driver; `call(a, b, work, length, i)` is LAPACK's function.
template <class T, class F>
void solve_each(int64_t count, int64_t a_size, int64_t b_size, double steps, void* a, void* b, const F& call) {
  over_stack(count, steps, [&](int64_t first, int64_t last) {
    T best = 0;
    std::vector<int> integers(1);
    call(static_cast<T*>(a), static_cast<T*>(b), &best, -1, integers, first);
    std::vector<T> work = workspace(best);
    integers.resize(static_cast<size_t>(std::max(1, integers[0])));
    const int length = narrow(static_cast<int64_t>(work.size()));
    for (int64_t i = first; i < last; ++i) {
      call(static_cast<T*>(a) + i * a_size, static_cast<T*>(b) + i * b_size, work.data(), length, integers, i);
    }
  });
}

}  // namespace

void least_squares(ScalarType type, LeastSquares driver, double rcond, int64_t count, int64_t m, int64_t n,
                   int64_t columns, void* a, void* b, int64_t* ranks, void* singular_values, int32_t* info) {
  const int rows = narrow(m), across = narrow(n), sides = narrow(columns), ldb = narrow(std::max(m, n));
  const int64_t k = std::min(m, n);
  with_type(type, [&]<class T>(T) {
    const T limit = static_cast<T>(rcond);
    T* values = static_cast<T*>(singular_values);
    solve_each<T>(count, m * n, ldb * columns, 10 * cubed(m, n), a, b,
                  [&](T* matrix, T* side, T* work, int length, std::vector<int>& integers, int64_t i) {
                    int rank = 0, state = 0;
                    if (driver == LeastSquares::gels) {
                      Fortran<T>::gels("N", &rows, &across, &sides, matrix, &rows, side, &ldb, work, &length, &state,
                                       1);
                    } else if (driver == LeastSquares::gelsy) {
                      std::vector<int> order(static_cast<size_t>(n), 0);
                      Fortran<T>::gelsy(&rows, &across, &sides, matrix, &rows, side, &ldb, order.data(), &limit, &rank,
                                        work, &length, &state);
                    } else if (driver == LeastSquares::gelsd) {
                      Fortran<T>::gelsd(&rows, &across, &sides, matrix, &rows, side, &ldb, values + i * k, &limit,
                                        &rank, work, &length, integers.data(), &state);
                    } else {
                      Fortran<T>::gelss(&rows, &across, &sides, matrix, &rows, side, &ldb, values + i * k, &limit,
                                        &rank, work, &length, &state);
                    }
                    info[i] = state;
                    if (ranks) ranks[i] = rank;
                  });
  });
}

}  // namespace rondo::kernels::lapack
