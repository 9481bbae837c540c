#include <rondo/autograd/kernels/random.h>
#include <rondo/autograd/kernels/random_lanes.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

namespace rondo::kernels {
namespace {

constexpr double kPi = 3.141592653589793238;

template <class T>
constexpr bool is_half = std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;
template <class T>
constexpr bool is_floating = std::is_floating_point_v<T> || is_half<T>;
// Bits of the mantissa, the hidden one among them.
template <class T>
constexpr int kDigits = std::numeric_limits<T>::digits;
template <>
constexpr int kDigits<Half> = 11;
template <>
constexpr int kDigits<BFloat16> = 8;

// The conversions of C++, through float for the 16-bit types.
template <class T, class From>
T convert(From x) {
  if constexpr (is_half<T>) {
    return T(static_cast<float>(x));
  } else {
    return static_cast<T>(x);
  }
}

double uniform_double(RandomSource& source) {
  return static_cast<double>(source.engine.next64() & ((uint64_t{1} << 53) - 1)) * 0x1p-53;
}
// The pair's second sample waits in the source.
double normal_double(RandomSource& source, double mean, double std) {
  if (source.has_next_normal) {
    source.has_next_normal = false;
    return source.next_normal * std + mean;
  }
  const double u1 = uniform_double(source), u2 = uniform_double(source);
  const double radius = std::sqrt(-2.0 * std::log(1.0 - u2)), angle = 2.0 * kPi * u1;
  source.next_normal = radius * std::sin(angle);
  source.has_next_normal = true;
  return radius * std::cos(angle) * std + mean;
}

// Words for so many numbers at a time; a multiple of two blocks of 16 doubles.
constexpr int64_t kChunkWords = 2048;

// Calls f(words, first number, numbers) until n numbers of T have had theirs.
template <class T, class F>
void for_chunks(RandomSource& source, int64_t n, F f) {
  constexpr int64_t kWordsPer = sizeof(T) / sizeof(uint32_t), kChunk = kChunkWords / kWordsPer;
  uint32_t words[kChunkWords];
  for (int64_t first = 0; first < n; first += kChunk) {
    const int64_t count = std::min(kChunk, n - first);
    source.engine.fill(words, static_cast<size_t>(count * kWordsPer));
    f(words, first, count);
  }
}

// As for_chunks, with numbers in [0, 1).
template <class T, class F>
void for_uniform(RandomSource& source, int64_t n, F f) {
  for_chunks<T>(source, n, [=](const uint32_t* words, int64_t first, int64_t count) {
    T u[kChunkWords * sizeof(uint32_t) / sizeof(T)];
    uniform_of_words(words, static_cast<size_t>(count), T(1), T(0), u);
    f(u, first, count);
  });
}

template <class T>
void uniform_into(RandomSource& source, int64_t n, T* y, double from, double to) {
  const T low = convert<T>(from), high = convert<T>(to);
  if constexpr (is_half<T>) {
    constexpr uint32_t kMask = (1u << kDigits<T>)-1;
    const float width = T(float(high) - float(low));
    for (int64_t i = 0; i < n; ++i) {
      const float u = static_cast<float>(source.engine.next() & kMask) * (1.0f / (kMask + 1));
      y[i] = T(u * width + float(low));
    }
  } else {
    for_chunks<T>(source, n, [=](const uint32_t* words, int64_t first, int64_t count) {
      uniform_of_words(words, static_cast<size_t>(count), high - low, low, y + first);
    });
  }
}

// A block of 16 in a 16-bit type. libtorch computes float16 in float32 and rounds the radius, the angle and the result;
// bfloat16 it rounds after every operation.
template <class T>
void normal_block(T* y, T mean, T std) {
  const auto step = [](float x) { return std::is_same_v<T, BFloat16> ? float(T(x)) : x; };
  for (int j = 0; j < 8; ++j) {
    const float u1 = T(1.0f - float(y[j])), u2 = y[j + 8];
    const float radius = T(std::sqrt(step(-2.0f * step(std::log(u1)))));
    const float angle = convert<T>(2.0 * kPi * static_cast<double>(u2));
    y[j] = T(step(step(radius * step(std::cos(angle))) * float(std)) + float(mean));
    y[j + 8] = T(step(step(radius * step(std::sin(angle))) * float(std)) + float(mean));
  }
}

template <class T>
void normal_blocks(RandomSource& source, int64_t n, T* y, T mean, T std) {
  if constexpr (is_half<T>) {
    uniform_into(source, n, y, 0, 1);
    for (int64_t i = 0; i + 16 <= n; i += 16) normal_block(y + i, mean, std);
    if (n % 16 == 0) return;
    uniform_into(source, 16, y + n - 16, 0, 1);
    normal_block(y + n - 16, mean, std);
  } else {
    for_chunks<T>(source, n, [=](const uint32_t* words, int64_t first, int64_t count) {
      normal_of_words(words, static_cast<size_t>(count / 16), mean, std, y + first);
    });
    if (n % 16 == 0) return;
    for_chunks<T>(source, 16,
                  [=](const uint32_t* words, int64_t, int64_t) { normal_of_words(words, 1, mean, std, y + n - 16); });
  }
}

template <class T, class F>
void fill_with(int64_t n, void* y, F f) {
  auto* out = static_cast<T*>(y);
  for (int64_t i = 0; i < n; ++i) out[i] = f();
}

// f(T*) for the floating types; the callers have refused the others.
template <class F>
void visit_floating(ScalarType type, void* y, F f) {
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (is_floating<T>) f(static_cast<T*>(y));
  });
}

// Numbers that are made in float64 and converted.
template <class F>
void fill_floating(ScalarType type, int64_t n, void* y, F f) {
  visit_floating(type, y, [&]<class T>(T* out) { fill_with<T>(n, out, [&] { return convert<T>(f()); }); });
}

// x as T holds it, back in an integer; x itself where that overflows.
template <class T>
int64_t through(int64_t x) {
  const auto held = static_cast<double>(convert<T>(x));
  return std::abs(held) < 0x1p63 ? static_cast<int64_t>(held) : x;
}
// The distance of T's numbers at x, for |x| of more than kDigits bits.
template <class T>
int64_t spacing(int64_t x) {
  return int64_t{1} << std::max(0, std::ilogb(std::abs(static_cast<long double>(x))) - kDigits<T> + 1);
}

template <class T>
void shuffle(RandomSource& source, int64_t n, T* y) {
  for (int64_t i = 0; i < n; ++i) y[i] = convert<T>(i);
  for (int64_t i = 0; i + 1 < n; ++i) {
    const auto step = static_cast<int64_t>(source.engine.next() % static_cast<uint64_t>(n - i));
    std::swap(y[i], y[i + step]);
  }
}

}  // namespace

void uniform(RandomSource& source, ScalarType type, int64_t n, void* y, double from, double to) {
  visit_floating(type, y, [&](auto* out) { uniform_into(source, n, out, from, to); });
}

void normal(RandomSource& source, ScalarType type, int64_t n, void* y, double mean, double std, bool blocks) {
  if (n < 16 || !blocks) return fill_floating(type, n, y, [&] { return normal_double(source, mean, std); });
  visit_floating(type, y, [&]<class T>(T* out) { normal_blocks(source, n, out, convert<T>(mean), convert<T>(std)); });
}

void bernoulli(RandomSource& source, ScalarType type, int64_t n, void* y, double p) {
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    auto* out = static_cast<T*>(y);
    for_uniform<double>(source, n, [=](const double* u, int64_t first, int64_t count) {
      for (int64_t i = 0; i < count; ++i) out[first + i] = convert<T>(static_cast<int>(u[i] < p));
    });
  });
}

void bernoulli(RandomSource& source, ScalarType type, int64_t n, void* y, ScalarType p_type, const void* p) {
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    auto* out = static_cast<T*>(y);
    visit_floating(p_type, const_cast<void*>(p), [&]<class P>(const P* probabilities) {
      using U = std::conditional_t<std::is_same_v<P, double>, double, float>;
      for_uniform<U>(source, n, [=](const U* u, int64_t first, int64_t count) {
        for (int64_t i = 0; i < count; ++i) {
          out[first + i] = convert<T>(static_cast<int>(u[i] < static_cast<U>(probabilities[first + i])));
        }
      });
    });
  });
}

void random_range(RandomSource& source, ScalarType type, int64_t n, void* y, int64_t from, uint64_t range) {
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    constexpr bool kWide = std::is_same_v<T, int64_t> || (is_floating<T> && !std::is_same_v<T, Half>);
    const auto base = static_cast<uint64_t>(from);
    if (kWide && range >= uint64_t{1} << 32) {
      fill_with<T>(n, y, [&] { return convert<T>(static_cast<int64_t>(source.engine.next64() % range + base)); });
    } else if (range <= std::numeric_limits<uint32_t>::max()) {
      const auto narrow = static_cast<uint32_t>(range);  // a quicker division
      fill_with<T>(n, y, [&] { return convert<T>(static_cast<int64_t>(source.engine.next() % narrow + base)); });
    } else {
      fill_with<T>(n, y, [&] { return convert<T>(static_cast<int64_t>(source.engine.next() % range + base)); });
    }
  });
}

RandomBounds representable_bounds(ScalarType type, int64_t from, int64_t to) {
  RandomBounds bounds{from, to};
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (is_floating<T>) {
      const int64_t after = through<T>(from + 1), before = through<T>(to - 1);
      if (after < from) bounds.from = after + spacing<T>(from + 1);
      if (before >= to) bounds.to = before - spacing<T>(to - 1);
    }
  });
  return bounds;
}

void random_any(RandomSource& source, ScalarType type, int64_t n, void* y) {
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (std::is_same_v<T, bool>) {
      fill_with<T>(n, y, [&] { return (source.engine.next() & 1) != 0; });
    } else if constexpr (is_floating<T>) {
      constexpr uint64_t kRange = (uint64_t{1} << kDigits<T>)+1;
      if constexpr (std::is_same_v<T, double>) {
        fill_with<T>(n, y, [&] { return convert<T>(source.engine.next64() % kRange); });
      } else {
        fill_with<T>(n, y, [&] { return convert<T>(source.engine.next() % kRange); });
      }
    } else if constexpr (sizeof(T) == 8) {
      fill_with<T>(n, y, [&] { return static_cast<T>(source.engine.next64() & ~(uint64_t{1} << 63)); });
    } else {
      constexpr auto kMask = static_cast<uint32_t>(std::numeric_limits<T>::max());
      fill_with<T>(n, y, [&] { return static_cast<T>(source.engine.next() & kMask); });
    }
  });
}

void random_bits(RandomSource& source, ScalarType type, int64_t n, void* y) {
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    fill_with<T>(n, y, [&] { return convert<T>(static_cast<int64_t>(source.engine.next64())); });
  });
}

void random_permutation(RandomSource& source, ScalarType type, int64_t n, void* y) {
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    shuffle(source, n, static_cast<T*>(y));
  });
}

void exponential(RandomSource& source, ScalarType type, int64_t n, void* y, double lambda) {
  fill_floating(type, n, y, [&] { return -1.0 / lambda * std::log(1.0 - uniform_double(source)); });
}

void log_normal(RandomSource& source, ScalarType type, int64_t n, void* y, double mean, double std) {
  fill_floating(type, n, y, [&] { return std::exp(normal_double(source, mean, std)); });
}

void cauchy(RandomSource& source, ScalarType type, int64_t n, void* y, double median, double sigma) {
  fill_floating(type, n, y, [&] { return median + sigma * std::tan(kPi * (uniform_double(source) - 0.5)); });
}

void geometric(RandomSource& source, ScalarType type, int64_t n, void* y, double p) {
  visit_dtype(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    fill_with<T>(n, y, [&] { return convert<T>(std::ceil(std::log(uniform_double(source)) / std::log(1.0 - p))); });
  });
}

}  // namespace rondo::kernels
