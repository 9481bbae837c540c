// Stable sorting along a dimension: numbers become unsigned keys of the same order, and a radix sort from the lowest
// byte up carries the places along.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/scratch.h>
#include <rondo/autograd/kernels/strided.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <type_traits>
#include <utility>

namespace rondo::kernels {
namespace {

// ---- keys

template <class U>
constexpr U kSign = U{1} << (8 * sizeof(U) - 1);

// Without branches: the signs of numbers are hard to predict.
template <class F, class U>
U float_key(F x) {
  const U bits = std::bit_cast<U>(x + F{0});  // -0 + 0 = 0: the zeros are equal
  const U flips = static_cast<U>(U{0} - (bits >> (8 * sizeof(U) - 1))) | kSign<U>;
  return x != x ? std::numeric_limits<U>::max() : bits ^ flips;  // NaN is above infinity
}

// An unsigned number whose order is that of x.
template <class T>
auto key_of(T x) {
  if constexpr (std::is_same_v<T, double>) {
    return float_key<double, uint64_t>(x);
  } else if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16> || std::is_same_v<T, float>) {
    return float_key<float, uint32_t>(static_cast<float>(x));
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return static_cast<uint64_t>(x) ^ (uint64_t{1} << 63);
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<uint32_t>(static_cast<int32_t>(x)) ^ 0x80000000u;
  } else {
    return static_cast<uint32_t>(x);
  }
}

// The number of a key, or the number at its place where the key does not tell: zeros and NaN, the short formats.
template <class T, class Key>
T value_of(Key key, const T* x, int64_t place) {
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
    if (key == kSign<Key> || key == std::numeric_limits<Key>::max()) return x[place];
    return std::bit_cast<T>(static_cast<Key>(key ^ (key & kSign<Key> ? kSign<Key> : std::numeric_limits<Key>::max())));
  } else {
    return x[place];
  }
}

// A key with the place that it came from: in one word where both fit, else in two.
struct Narrow {
  using Count = uint32_t;
  uint64_t word;

  template <class K>
  static Narrow make(K key, int64_t place) {
    return {static_cast<uint64_t>(key) << 32 | static_cast<uint32_t>(place)};
  }
  uint64_t key() const { return word >> 32; }
  int64_t place() const { return static_cast<int64_t>(word & 0xffffffffu); }
  bool operator<(const Narrow& other) const { return word < other.word; }
};
struct Wide {
  using Count = uint64_t;
  uint64_t word;
  int64_t origin;

  template <class K>
  static Wide make(K key, int64_t place) {
    return {key, place};
  }
  uint64_t key() const { return word; }
  int64_t place() const { return origin; }
  bool operator<(const Wide& other) const { return word < other.word || (word == other.word && origin < other.origin); }
};

// ---- sorting of items

template <class Item>
void insertion_sort(Item* items, int64_t n) {
  for (int64_t i = 1; i < n; ++i) {
    const Item item = items[i];
    int64_t j = i;
    for (; j > 0 && items[j - 1].key() > item.key(); --j) items[j] = items[j - 1];
    items[j] = item;
  }
}

// Returns the array that holds the result: items or other.
template <int kBytes, class Item>
Item* radix_sort(Item* items, Item* other, int64_t n) {
  using Count = typename Item::Count;
  std::array<std::array<Count, 256>, kBytes> counts{};
  for (int64_t i = 0; i < n; ++i) {
    const uint64_t key = items[i].key();
    for (int b = 0; b < kBytes; ++b) ++counts[b][key >> (8 * b) & 255];
  }
  for (int b = 0; b < kBytes; ++b) {
    std::array<Count, 256>& starts = counts[b];
    if (static_cast<int64_t>(starts[items[0].key() >> (8 * b) & 255]) == n) continue;  // a byte that all share
    Count sum = 0;
    for (Count& start : starts) sum += std::exchange(start, sum);
    for (int64_t i = 0; i < n; ++i) other[starts[items[i].key() >> (8 * b) & 255]++] = items[i];
    std::swap(items, other);
  }
  return items;
}

constexpr int64_t kInsertion = 40;  // below, insertion is quicker than counting

// The places of a sorted line that are asked for.
struct Part {
  int64_t first, count;
};

// Brings the items of the part to their places; items compare by key and place, so that the order is the stable one.
template <class Item>
[[gnu::noinline]] void select(Item* items, int64_t n, Part part) {
  const int64_t end = part.first + part.count;
  if (end <= n / 64) {  // one comparison for most items
    std::partial_sort(items, items + end, items + n);
    return;
  }
  if (end < n) std::nth_element(items, items + end, items + n);
  if (part.first > 0) std::nth_element(items, items + part.first, items + end);
  std::sort(items + part.first, items + end);
}

// One contiguous line to contiguous results; `items` has room for 2 n.
template <class T, class Item>
void sort_line(const T* x, int64_t n, bool descending, Part part, Item* items, T* values, int64_t* indices) {
  using Key = decltype(key_of(T()));
  const Key flip = descending ? std::numeric_limits<Key>::max() : 0;
  for (int64_t i = 0; i < n; ++i) items[i] = Item::make(static_cast<Key>(key_of(x[i]) ^ flip), i);
  if (n <= kInsertion) {
    insertion_sort(items, n);
  } else if (part.first + part.count <= n / 64 || (part.count <= n / 4 && (sizeof(Key) == 8 || n <= 256))) {
    select(items, n, part);
  } else {
    items = radix_sort<sizeof(Key)>(items, items + n, n);
  }
  items += part.first;
  const int64_t count = part.count;
  for (int64_t i = 0; i < count; ++i) {
    indices[i] = items[i].place();
    values[i] = value_of(static_cast<Key>(items[i].key() ^ flip), x, indices[i]);
  }
}

// ---- lines of the shape

template <class T, class Item>
void sort_lines(const LineShape& s, const T* x, bool descending, Part part, T* values, int64_t* indices) {
  const bool direct = s.inner == 1 && s.stride == 1;
  const int64_t n = s.size, block = direct ? 1 : std::min<int64_t>(s.inner, 8);  // neighbours share cache lines
  const int64_t blocks = (s.inner + block - 1) / block;
  const int64_t bytes = 2 * n * static_cast<int64_t>(sizeof(Item)) +
                        (direct ? 0 : block * n * static_cast<int64_t>(sizeof(int64_t) + 2 * sizeof(T)));
  parallel_for(0, s.outer * blocks, std::max<int64_t>(1, 8192 / (n * block)), [&](int64_t first, int64_t last) {
    Scratch<2048> scratch(static_cast<size_t>(bytes));
    Item* items = scratch.as<Item>();
    auto* places = reinterpret_cast<int64_t*>(items + 2 * n);
    T* dense = reinterpret_cast<T*>(places + block * n);
    T* sorted = dense + block * n;
    for (int64_t task = first; task < last; ++task) {
      const int64_t o = task / blocks, i = task % blocks * block, m = std::min(block, s.inner - i);
      const T* from = x + o * s.outer_stride + i * s.inner_stride;
      const int64_t at = o * part.count * s.inner + i;
      if (direct) {
        sort_line(from, n, descending, part, items, values + at, indices + at);
        continue;
      }
      for (int64_t r = 0; r < n; ++r) {
        for (int64_t b = 0; b < m; ++b) dense[b * n + r] = from[r * s.stride + b * s.inner_stride];
      }
      for (int64_t b = 0; b < m; ++b) {
        sort_line(dense + b * n, n, descending, part, items, sorted + b * n, places + b * n);
      }
      for (int64_t r = 0; r < part.count; ++r) {
        for (int64_t b = 0; b < m; ++b) values[at + r * s.inner + b] = sorted[b * n + r];
        for (int64_t b = 0; b < m; ++b) indices[at + r * s.inner + b] = places[b * n + r];
      }
    }
  });
}

}  // namespace

void sort(const LineShape& shape, ScalarType type, const void* x, bool descending, int64_t first, int64_t count,
          void* values, int64_t* indices) {
  if (shape.outer == 0 || count == 0 || shape.inner == 0) return;
  visit_dtype(type == kBool ? kByte : type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* from = static_cast<const T*>(x);
    T* to = static_cast<T*>(values);
    if (sizeof(T) < 8 && shape.size <= std::numeric_limits<uint32_t>::max()) {
      sort_lines<T, Narrow>(shape, from, descending, {first, count}, to, indices);
    } else {
      sort_lines<T, Wide>(shape, from, descending, {first, count}, to, indices);
    }
  });
}

}  // namespace rondo::kernels
