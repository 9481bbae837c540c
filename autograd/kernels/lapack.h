// LAPACK over stacks of matrices: `count` matrices that follow each other without gaps, column-major unless said
// otherwise, of float32 or float64. Each matrix is computed on one thread, so that no bit depends on their number; the
// matrices of a stack are shared among threads. `info` (one for each matrix) is LAPACK's: 0 where all went well.
// Matrices must have elements.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels::lapack {

// a (m x n) becomes L and U; `pivots` (min(m, n) for each) are exchanged rows from 1. Without `pivot` none are.
void lu(ScalarType type, int64_t count, int64_t m, int64_t n, void* a, int32_t* pivots, int32_t* info, bool pivot);
// The named triangle of a (n x n) becomes the Cholesky factor; the other is left as it is.
void cholesky(ScalarType type, int64_t count, int64_t n, void* a, bool upper, int32_t* info);
// The lower triangle of a (n x n, symmetric) becomes L and D; `pivots` (n for each) are exchanged rows from 1, negative
// in pairs where D has a block of 2 x 2.
void ldl(ScalarType type, int64_t count, int64_t n, void* a, int32_t* pivots, int32_t* info);
// x with L D L^T x = b in place of b (n x columns), from what ldl leaves.
void ldl_solve(ScalarType type, int64_t count, int64_t n, int64_t columns, const void* a, const int32_t* pivots,
               void* b);
// a (m x n) becomes R over the reflections, whose factors go to tau (min(m, n) for each).
void qr(ScalarType type, int64_t count, int64_t m, int64_t n, void* a, void* tau);
// a (m x n), with k <= n <= m reflections in its columns, becomes the first n columns of their product.
void reflections(ScalarType type, int64_t count, int64_t m, int64_t n, int64_t k, void* a, const void* tau);
// a (m x n) is destroyed; s gets min(m, n) numbers. job 'N': nothing else, 'S': u is m x min and vt min x n, 'A': both
// square.
void svd(ScalarType type, char job, int64_t count, int64_t m, int64_t n, void* a, void* s, void* u, void* vt,
         int32_t* info);
// a (n x n, one triangle read) becomes the eigenvectors where they are asked for, w the n ascending eigenvalues.
void eigh(ScalarType type, bool vectors, bool upper, int64_t count, int64_t n, void* a, void* w, int32_t* info);

// Row-major: x with a x = b (left) or x a = b, in place of b. a is n x n; b is n x columns, or columns x n.
void triangular_solve(ScalarType type, int64_t count, int64_t n, int64_t columns, const void* a, void* b, bool upper,
                      bool left, bool unit);

enum class LeastSquares { gels, gelsy, gelsd, gelss };
// b (max(m, n) x columns) becomes the solutions in its first n rows; a (m x n) is destroyed. ranks (not for gels) and
// the min(m, n) singular values (gelsd, gelss alone) are one for each matrix.
void least_squares(ScalarType type, LeastSquares driver, double rcond, int64_t count, int64_t m, int64_t n,
                   int64_t columns, void* a, void* b, int64_t* ranks, void* singular_values, int32_t* info);

}  // namespace rondo::kernels::lapack
