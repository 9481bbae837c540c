// Chebyshev series.
#pragma once

#include <cstddef>

namespace rondo::kernels::special {

// c[0] + c[1] T1(t) + c[2] T2(t) + ... by Clenshaw's recurrence.
template <size_t N>
double chebyshev(const double (&c)[N], double t) {
  double now = 0, before = 0;
  for (size_t k = N; k-- > 1;) {
    const double next = 2 * t * now - before + c[k];
    before = now;
    now = next;
  }
  return t * now - before + c[0];
}

}  // namespace rondo::kernels::special
