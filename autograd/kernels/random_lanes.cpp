#include <rondo/autograd/kernels/random_lanes.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/random_lanes.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <rondo/autograd/kernels/lanes-inl.h>
#include <rondo/autograd/kernels/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

// The uniform number in [0, 1) that starts at a word.
HWY_INLINE Lanes<float> uniform_lanes(const uint32_t* words, float) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto bits = hn::And(hn::LoadU(di, reinterpret_cast<const int32_t*>(words)), hn::Set(di, 0xffffff));
  return Lanes<float>(hn::ConvertTo(d, bits)) * 0x1p-24;
}
HWY_INLINE Lanes<double> uniform_lanes(const uint32_t* words, double) {
  HWY_ALIGN double numbers[HWY_MAX_BYTES / sizeof(double)];
  for (size_t i = 0; i < Lanes<double>::count(); ++i) {
    const uint64_t bits = (static_cast<uint64_t>(words[2 * i] & 0x1fffff) << 32) | words[2 * i + 1];
    numbers[i] = static_cast<double>(static_cast<int64_t>(bits)) * 0x1p-53;
  }
  return Lanes<double>::load(numbers);
}
template <class T>
constexpr size_t kWordsPer = sizeof(T) / sizeof(uint32_t);

template <class T>
HWY_INLINE void uniform_loop(const uint32_t* words, size_t n, T width, T from, T* y) {
  const size_t step = Lanes<T>::count();
  const Lanes<T> scale(static_cast<double>(width)), offset(static_cast<double>(from));
  size_t i = 0;
  for (; i + step <= n; i += step) fma(uniform_lanes(words + i * kWordsPer<T>, T()), scale, offset).store(y + i);
  if (i == n) return;
  uint32_t rest[HWY_MAX_BYTES / sizeof(uint32_t)] = {};
  std::memcpy(rest, words + i * kWordsPer<T>, (n - i) * sizeof(T));
  fma(uniform_lanes(rest, T()), scale, offset).store_first(y + i, n - i);
}

template <class T>
struct Pair {
  Lanes<T> cosine, sine;
};
template <class T>
HWY_INLINE Pair<T> box_muller(Lanes<T> u1, Lanes<T> u2, Lanes<T> mean, Lanes<T> std) {
  // 1 - u1 is in (0, 1] and normal, the angle within a turn: no special cases.
  const Lanes<T> radius = sqrt(-2.0 * math::log_of_parts(math::log_parts(1.0 - u1), Lanes<T>(0.0)));
  const SinCos<T> angle = math::sincos_bounded(u2 * 6.283185307179586477);
  return {fma(radius * angle.cos, std, mean), fma(radius * angle.sin, std, mean)};
}

template <class T>
HWY_INLINE void normal_loop(const uint32_t* words, size_t blocks, T mean_number, T std_number, T* y) {
  const Lanes<T> mean(static_cast<double>(mean_number)), std(static_cast<double>(std_number));
  const size_t step = Lanes<T>::count();
  for (; blocks > 0; --blocks, words += 16 * kWordsPer<T>, y += 16) {
    for (size_t j = 0; j < 8; j += step) {
      const Pair<T> pair = box_muller(uniform_lanes(words + j * kWordsPer<T>, T()),
                                      uniform_lanes(words + (j + 8) * kWordsPer<T>, T()), mean, std);
      pair.cosine.store(y + j);
      pair.sine.store(y + j + 8);
    }
  }
}

#if HWY_MAX_BYTES == 64
// A register holds a block of float: two blocks at once, their first halves in one register, their second in another.
HWY_INLINE void normal_loop(const uint32_t* words, size_t blocks, float mean_number, float std_number, float* y) {
  const Lanes<float> mean(static_cast<double>(mean_number)), std(static_cast<double>(std_number));
  const hn::ScalableTag<float> d;
  for (; blocks > 0; words += 32, y += 32) {
    const Lanes<float> a = uniform_lanes(words, 0.0f), b = blocks > 1 ? uniform_lanes(words + 16, 0.0f) : a;
    const Pair<float> pair = box_muller(Lanes<float>(hn::ConcatLowerLower(d, b.v, a.v)),
                                        Lanes<float>(hn::ConcatUpperUpper(d, b.v, a.v)), mean, std);
    Lanes<float>(hn::ConcatLowerLower(d, pair.sine.v, pair.cosine.v)).store(y);
    if (blocks == 1) return;
    Lanes<float>(hn::ConcatUpperUpper(d, pair.sine.v, pair.cosine.v)).store(y + 16);
    blocks -= 2;
  }
}
#endif

void uniform_float(const uint32_t* words, size_t n, float width, float from, float* y) {
  uniform_loop(words, n, width, from, y);
}
void uniform_double(const uint32_t* words, size_t n, double width, double from, double* y) {
  uniform_loop(words, n, width, from, y);
}
void normal_float(const uint32_t* words, size_t blocks, float mean, float std, float* y) {
  normal_loop(words, blocks, mean, std, y);
}
void normal_double(const uint32_t* words, size_t blocks, double mean, double std, double* y) {
  normal_loop(words, blocks, mean, std, y);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo::kernels {
namespace {
HWY_EXPORT(uniform_float);
HWY_EXPORT(uniform_double);
HWY_EXPORT(normal_float);
HWY_EXPORT(normal_double);
}  // namespace

void uniform_of_words(const uint32_t* words, size_t n, float width, float from, float* y) {
  HWY_DYNAMIC_DISPATCH(uniform_float)(words, n, width, from, y);
}
void uniform_of_words(const uint32_t* words, size_t n, double width, double from, double* y) {
  HWY_DYNAMIC_DISPATCH(uniform_double)(words, n, width, from, y);
}
void normal_of_words(const uint32_t* words, size_t blocks, float mean, float std, float* y) {
  HWY_DYNAMIC_DISPATCH(normal_float)(words, blocks, mean, std, y);
}
void normal_of_words(const uint32_t* words, size_t blocks, double mean, double std, double* y) {
  HWY_DYNAMIC_DISPATCH(normal_double)(words, blocks, mean, std, y);
}

}  // namespace rondo::kernels
#endif  // HWY_ONCE
