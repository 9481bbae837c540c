// The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), whose streams PyTorch's CPU generator and NumPy's
// RandomState draw.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rondo::base {

class Mt19937 {
 public:
  static constexpr uint32_t kWords = 624;
  struct State {
    uint32_t words[kWords];
    uint32_t position;  // the next word to give; kWords: all were given
  };

  // The reference implementation's init_genrand.
  explicit Mt19937(uint32_t seed = 5489) { this->seed(seed); }
  void seed(uint32_t seed);

  uint32_t next() {
    if (state_.position >= kWords) advance();
    return temper(state_.words[state_.position++]);
  }
  // Two outputs; the first is the high half.
  uint64_t next64() {
    const uint64_t high = next();
    return high << 32 | next();
  }
  // The next `count` outputs, as many calls of next() give them but quicker.
  void fill(uint32_t* outputs, size_t count);

  const State& state() const { return state_; }
  // A position above kWords counts as kWords.
  void set_state(const State& state);

 private:
  static constexpr uint32_t temper(uint32_t y) {
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }
  static constexpr int kGroup = 48;
  static void temper_group(const uint32_t* words, uint32_t* outputs);
  void advance();

  State state_;
};

// What a generator of normal samples carries from call to call: the engine and the second of a pair of samples.
struct RandomSource {
  Mt19937 engine;
  double next_normal = 0;
  bool has_next_normal = false;

  explicit RandomSource(uint32_t seed) : engine(seed) {}
  void seed(uint32_t seed) { *this = RandomSource(seed); }
};

}  // namespace rondo::base
