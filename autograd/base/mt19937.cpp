#include <rondo/autograd/base/mt19937.h>

#include <algorithm>

namespace rondo::base {
namespace {

constexpr int kShift = 397;

// The loops are without branches and of lengths that are known and multiples of a register, which is what g++ asks to
// make vector code at -O2.
inline uint32_t twist(uint32_t high, uint32_t low) {
  const uint32_t joined = (high & 0x80000000u) | (low & 0x7fffffffu);
  return (joined >> 1) ^ ((0u - (low & 1u)) & 0x9908b0dfu);
}
template <int kCount, int kDistance>
inline void renew(uint32_t* words) {
  for (int i = 0; i < kCount; ++i) words[i] = words[i + kDistance] ^ twist(words[i], words[i + 1]);
}

}  // namespace

void Mt19937::seed(uint32_t seed) {
  state_.words[0] = seed;
  for (uint32_t i = 1; i < kWords; ++i) {
    const uint32_t last = state_.words[i - 1];
    state_.words[i] = 1812433253u * (last ^ (last >> 30)) + i;
  }
  state_.position = kWords;
}

void Mt19937::advance() {
  uint32_t* words = state_.words;
  constexpr uint32_t kFirst = kWords - kShift;
  renew<224, kShift>(words);
  renew<kFirst - 224, kShift>(words + 224);
  renew<kWords - 1 - kFirst, -static_cast<int>(kFirst)>(words + kFirst);
  words[kWords - 1] = words[kShift - 1] ^ twist(words[kWords - 1], words[0]);
  state_.position = 0;
}

void Mt19937::temper_group(const uint32_t* __restrict words, uint32_t* __restrict outputs) {
  for (int i = 0; i < kGroup; ++i) outputs[i] = temper(words[i]);
}

void Mt19937::fill(uint32_t* outputs, size_t count) {
  while (count > 0) {
    if (state_.position >= kWords) advance();
    const size_t some = std::min<size_t>(count, kWords - state_.position);
    const uint32_t* words = state_.words + state_.position;
    size_t i = 0;
    for (; i + kGroup <= some; i += kGroup) temper_group(words + i, outputs + i);
    for (; i < some; ++i) outputs[i] = temper(words[i]);
    state_.position += static_cast<uint32_t>(some);
    outputs += some;
    count -= some;
  }
}

void Mt19937::set_state(const State& state) {
  state_ = state;
  state_.position = std::min(state_.position, kWords);
}

}  // namespace rondo::base
