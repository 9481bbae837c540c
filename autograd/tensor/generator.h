// The source of random numbers: one seed gives the streams of libtorch's CPU generator.
#pragma once

#include <rondo/autograd/base/ref.h>

#include <cstdint>
#include <vector>

namespace rondo {

namespace base {
struct RandomSource;
}
struct GeneratorImpl;
template <class>
struct GeneratorMutex;

inline constexpr uint64_t kDefaultSeed = 67280421310721u;

// A handle: copies share one state; `clone` makes a state of its own. Every member may be called from several threads.
class Generator {
 public:
  // A new state, as manual_seed(kDefaultSeed) leaves it.
  Generator();
  explicit Generator(uint64_t seed);
  Generator(const Generator& other);
  Generator(Generator&& other) noexcept;
  Generator& operator=(const Generator& other);
  Generator& operator=(Generator&& other) noexcept;
  ~Generator();

  // Starts the stream anew. Its low 32 bits matter.
  void set_current_seed(uint64_t seed) const;
  const Generator& manual_seed(uint64_t seed) const {
    set_current_seed(seed);
    return *this;
  }
  // The seed in force, all 64 bits.
  uint64_t current_seed() const;
  // Draws a seed from the system, sets it and returns it.
  uint64_t seed() const;

  // The next output of MT19937, and the next two with the first as the high half.
  uint32_t random() const;
  uint64_t random64() const;

  // The whole state, the waiting second sample of a normal pair included, in 2536 bytes that may be saved to disk.
  // set_state throws Error for bytes that get_state has not written.
  std::vector<uint8_t> get_state() const;
  void set_state(const std::vector<uint8_t>& state) const;

  Generator clone() const;
  bool defined() const { return static_cast<bool>(impl_); }
  bool operator==(const Generator& other) const { return impl_ == other.impl_; }
  // A lock for those who share a generator, as libtorch's programs take it; the members need none. Its type,
  // std::mutex, comes with compat/generator_mutex.h.
  template <class T = void>
  decltype(auto) mutex() const {
    return GeneratorMutex<T>::of(*this);
  }

 private:
  friend class GeneratorLock;
  template <class>
  friend struct GeneratorMutex;
  void* lent_mutex() const;
  base::Ref<GeneratorImpl> impl_;
};

// Holds a generator against other threads while a kernel draws from it.
class GeneratorLock {
 public:
  explicit GeneratorLock(const Generator& generator);
  ~GeneratorLock();
  GeneratorLock(const GeneratorLock&) = delete;
  GeneratorLock& operator=(const GeneratorLock&) = delete;

  base::RandomSource& source() const;

 private:
  base::Ref<GeneratorImpl> impl_;
};

// The generator that is used where none is given.
const Generator& default_generator();
// Seeds it.
Generator manual_seed(uint64_t seed);

}  // namespace rondo
