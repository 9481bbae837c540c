// Dimensions of one or more strided arrays that are walked together: merged where they continue each other, put in
// order, and advanced like an odometer.
#pragma once

#include <rondo/autograd/base/error.h>

#include <cstdint>
#include <utility>

namespace rondo::kernels {

// More dimensions than any tensor has after merging; the same limit as libtorch's iterator.
inline constexpr int kMaxLoops = 64;

template <int kArrays>
struct Loops {
  int count = 0;
  int64_t sizes[kMaxLoops];             // outermost first
  int64_t strides[kMaxLoops][kArrays];  // in elements

  Loops() {}  // leaves the arrays as they are: clearing them would cost more than a small kernel

  // Appends an inner dimension; one of size 1 vanishes, one that continues the last is merged with it.
  template <class... S>
  void add(int64_t size, S... steps) {
    static_assert(sizeof...(S) == kArrays);
    if (size == 1) return;
    const int64_t step[kArrays] = {static_cast<int64_t>(steps)...};
    if (count > 0) {
      bool merges = true;
      for (int a = 0; a < kArrays; ++a) merges &= strides[count - 1][a] == size * step[a];
      if (merges) {
        sizes[count - 1] *= size;
        for (int a = 0; a < kArrays; ++a) strides[count - 1][a] = step[a];
        return;
      }
    }
    append(size, steps...);
  }

  // Appends an inner dimension as it is.
  template <class... S>
  void append(int64_t size, S... steps) {
    const int64_t step[kArrays] = {static_cast<int64_t>(steps)...};
    if (count == kMaxLoops) fail("kernel", "more than 64 dimensions that cannot be merged");
    sizes[count] = size;
    for (int a = 0; a < kArrays; ++a) strides[count][a] = step[a];
    ++count;
  }

  // Puts large strides outermost, judged by array 0, then 1, and so on; then merges again. Only for work whose result
  // does not depend on the order.
  void order() {
    if (count < 2) return;
    bool moved = false;
    for (int i = 1; i < count; ++i) {
      for (int j = i; j > 0 && before(j, j - 1); --j) {
        swap(j, j - 1);
        moved = true;
      }
    }
    if (!moved) return;
    const int old = count;
    count = 0;
    for (int d = 0; d < old; ++d) add_at(d);
  }

  void swap(int a, int b) {
    std::swap(sizes[a], sizes[b]);
    std::swap(strides[a], strides[b]);
  }

  // Moves dimension d to the innermost place, keeping the order of the others.
  void move_inside(int d) {
    for (; d + 1 < count; ++d) swap(d, d + 1);
  }

  // The number of positions of the outer `outer` dimensions.
  int64_t total(int outer) const {
    int64_t n = 1;
    for (int d = 0; d < outer; ++d) n *= sizes[d];
    return n;
  }
  int64_t total() const { return total(count); }

 private:
  bool before(int a, int b) const {
    for (int k = 0; k < kArrays; ++k) {
      if (strides[a][k] != strides[b][k]) return strides[a][k] > strides[b][k];
    }
    return false;
  }
  void add_at(int d) {
    const int64_t size = sizes[d];
    int64_t step[kArrays];
    for (int a = 0; a < kArrays; ++a) step[a] = strides[d][a];
    [&]<size_t... I>(std::index_sequence<I...>) { add(size, step[I]...); }
    (std::make_index_sequence<kArrays>());
  }
};

// A position in the outer `outer` dimensions of Loops and its offset in every array.
template <int kArrays>
struct Odometer {
  const Loops<kArrays>& loops;
  const int outer;
  int64_t index[kMaxLoops];
  int64_t offset[kArrays] = {};

  Odometer(const Loops<kArrays>& l, int outer_count, int64_t position) : loops(l), outer(outer_count) {
    for (int d = outer - 1; d >= 0; --d) {
      index[d] = position % loops.sizes[d];
      position /= loops.sizes[d];
      for (int a = 0; a < kArrays; ++a) offset[a] += index[d] * loops.strides[d][a];
    }
  }

  void next() {
    for (int d = outer - 1; d >= 0; --d) {
      for (int a = 0; a < kArrays; ++a) offset[a] += loops.strides[d][a];
      if (++index[d] < loops.sizes[d]) return;
      for (int a = 0; a < kArrays; ++a) offset[a] -= loops.sizes[d] * loops.strides[d][a];
      index[d] = 0;
    }
  }
};

}  // namespace rondo::kernels
