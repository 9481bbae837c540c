#include <rondo/autograd/kernels/select.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/select.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Where the lanes' conditions, a byte each, are not 0.
template <class D>
HWY_INLINE hn::Mask<D> holds(D d, const uint8_t* condition) {
  const auto bytes = hn::LoadU(hn::Rebind<uint8_t, D>(), condition);
  if constexpr (sizeof(hn::TFromD<D>) == 1) {
    return hn::Ne(bytes, hn::Zero(d));
  } else if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return hn::Ne(hn::PromoteTo(d, hn::PromoteTo(hn::Rebind<uint32_t, D>(), bytes)), hn::Zero(d));
  } else {
    return hn::Ne(hn::PromoteTo(d, bytes), hn::Zero(d));
  }
}

// kA, kB: whether a, b are arrays; else one number stands for all.
template <bool kA, bool kB, class Word>
HWY_INLINE void select_run(Word* y, const uint8_t* condition, const Word* a, const Word* b, int64_t n) {
  const hn::ScalableTag<Word> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto one_a = hn::Set(d, *a), one_b = hn::Set(d, *b);
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto yes = kA ? hn::LoadU(d, a + i) : one_a, no = kB ? hn::LoadU(d, b + i) : one_b;
    hn::StoreU(hn::IfThenElse(holds(d, condition + i), yes, no), d, y + i);
  }
  for (; i < n; ++i) y[i] = condition[i] ? a[kA ? i : 0] : b[kB ? i : 0];
}

template <class Word>
void select(const void*, void* const* data, const int64_t* step, int64_t n) {
  auto* y = static_cast<Word*>(data[0]);
  const auto* condition = static_cast<const uint8_t*>(data[1]);
  const auto *a = static_cast<const Word*>(data[2]), *b = static_cast<const Word*>(data[3]);
  if (n <= 0) return;
  if (step[1] == 0) {
    const bool yes = *condition;
    const Word* from = yes ? a : b;
    const int64_t stride = step[yes ? 2 : 3];
    for (int64_t i = 0; i < n; ++i) y[i] = from[i * stride];
  } else if (step[2] == 1) {
    step[3] == 1 ? select_run<true, true>(y, condition, a, b, n) : select_run<true, false>(y, condition, a, b, n);
  } else {
    step[3] == 1 ? select_run<false, true>(y, condition, a, b, n) : select_run<false, false>(y, condition, a, b, n);
  }
}

void select_8(const void* op, void* const* data, const int64_t* step, int64_t n) { select<uint8_t>(op, data, step, n); }
void select_16(const void* op, void* const* data, const int64_t* step, int64_t n) {
  select<uint16_t>(op, data, step, n);
}
void select_32(const void* op, void* const* data, const int64_t* step, int64_t n) {
  select<uint32_t>(op, data, step, n);
}
void select_64(const void* op, void* const* data, const int64_t* step, int64_t n) {
  select<uint64_t>(op, data, step, n);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <rondo/autograd/kernels/dispatch.h>

namespace rondo {
namespace {
HWY_EXPORT(select_8);
HWY_EXPORT(select_16);
HWY_EXPORT(select_32);
HWY_EXPORT(select_64);
}  // namespace

namespace kernels {

Loop select_loop(int64_t element_bytes) {
  switch (element_bytes) {
    case 1:
      return RONDO_CHOSEN(select_8);
    case 2:
      return RONDO_CHOSEN(select_16);
    case 4:
      return RONDO_CHOSEN(select_32);
    default:
      return RONDO_CHOSEN(select_64);
  }
}

}  // namespace kernels
}  // namespace rondo
#endif
