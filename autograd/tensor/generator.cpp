#include <rondo/autograd/tensor/generator.h>

#include <rondo/autograd/base/error.h>
#include <rondo/autograd/base/mt19937.h>

#include <fmt/format.h>

#include <cstring>
#include <mutex>
#include <random>

namespace rondo {

struct GeneratorImpl : base::RefCounted {
  std::mutex mutex;
  std::mutex lent;  // to those who ask for a lock: members take the other one while it is held
  base::RandomSource source;
  uint64_t seed;

  explicit GeneratorImpl(uint64_t seed_number) : source(static_cast<uint32_t>(seed_number)), seed(seed_number) {}
  static void dispose(GeneratorImpl* impl) { delete impl; }
};

namespace {

constexpr uint64_t kMagic = 0x315254534f444e52;  // "RNDOSTR1", the first byte lowest

// What get_state writes, in the machine's byte order (little on every machine that is supported).
struct SavedState {
  uint64_t magic, seed;
  base::Mt19937::State engine;
  uint32_t has_next_normal;
  uint32_t unused;
  double next_normal;
};
static_assert(sizeof(SavedState) == 2536);

}  // namespace

Generator::Generator() : Generator(kDefaultSeed) {}
Generator::Generator(uint64_t seed) : impl_(new GeneratorImpl(seed)) {}
Generator::Generator(const Generator& other) = default;
Generator::Generator(Generator&& other) noexcept = default;
Generator& Generator::operator=(const Generator& other) = default;
Generator& Generator::operator=(Generator&& other) noexcept = default;
Generator::~Generator() = default;

void Generator::set_current_seed(uint64_t seed) const {
  const std::lock_guard lock(impl_->mutex);
  impl_->source.seed(static_cast<uint32_t>(seed));
  impl_->seed = seed;
}

uint64_t Generator::current_seed() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->seed;
}

uint64_t Generator::seed() const {
  std::random_device device;
  const uint64_t high = device();
  // 53 bits, so that a double holds the seed.
  const uint64_t seed = ((high << 32) | device()) & ((uint64_t{1} << 53) - 1);
  set_current_seed(seed);
  return seed;
}

uint32_t Generator::random() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->source.engine.next();
}

uint64_t Generator::random64() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->source.engine.next64();
}

std::vector<uint8_t> Generator::get_state() const {
  const std::lock_guard lock(impl_->mutex);
  const base::RandomSource& source = impl_->source;
  const SavedState saved{kMagic, impl_->seed, source.engine.state(), source.has_next_normal, 0, source.next_normal};
  std::vector<uint8_t> bytes(sizeof(SavedState));
  std::memcpy(bytes.data(), &saved, sizeof(SavedState));
  return bytes;
}

void Generator::set_state(const std::vector<uint8_t>& state) const {
  SavedState saved;
  if (state.size() != sizeof(SavedState)) {
    fail("Generator::set_state",
         fmt::format("the state has {} bytes; need the {} of get_state", state.size(), sizeof(SavedState)));
  }
  std::memcpy(&saved, state.data(), sizeof(SavedState));
  if (saved.magic != kMagic || saved.engine.position > base::Mt19937::kWords || saved.has_next_normal > 1) {
    fail("Generator::set_state", "the bytes are not a generator's state; need those of get_state");
  }
  const std::lock_guard lock(impl_->mutex);
  impl_->seed = saved.seed;
  impl_->source.engine.set_state(saved.engine);
  impl_->source.has_next_normal = saved.has_next_normal != 0;
  impl_->source.next_normal = saved.next_normal;
}

Generator Generator::clone() const {
  Generator copy;
  copy.set_state(get_state());
  return copy;
}

void* Generator::lent_mutex() const { return &impl_->lent; }

GeneratorLock::GeneratorLock(const Generator& generator) : impl_(generator.impl_) { impl_->mutex.lock(); }
GeneratorLock::~GeneratorLock() { impl_->mutex.unlock(); }
base::RandomSource& GeneratorLock::source() const { return impl_->source; }

const Generator& default_generator() {
  static const Generator& generator = *new Generator();  // never destroyed: others' destructors may draw
  return generator;
}

Generator manual_seed(uint64_t seed) { return default_generator().manual_seed(seed); }

}  // namespace rondo
