// libtorch's settings of the process, its generators, and its loops over ranges.
#pragma once

#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/tensor/generator.h>
#include <rondo/autograd/tensor/tensor.h>

#include <vector>

namespace rondo {

// What make_generator takes: rondo has generators for the CPU alone.
struct CPUGeneratorImpl {};
template <class Impl>
requires(std::is_same_v<Impl, CPUGeneratorImpl>) Generator make_generator(uint64_t seed = kDefaultSeed) {
  return Generator(seed);
}
namespace detail {
inline Generator createCPUGenerator(uint64_t seed = kDefaultSeed) { return Generator(seed); }
inline const Generator& getDefaultCPUGenerator() { return default_generator(); }
}  // namespace detail

// What rondo computes is the same on every run and for every number of threads, whatever is set here.
class Context {
 public:
  const Generator& defaultGenerator(Device = kCPU) const { return default_generator(); }
  bool deterministicAlgorithms() const { return deterministic_; }
  void setDeterministicAlgorithms(bool value, bool = false) { deterministic_ = value; }
  bool hasCUDA() const { return false; }
  void setUserEnabledCuDNN(bool) {}
  void setBenchmarkCuDNN(bool) {}
  void setDeterministicCuDNN(bool) {}
  void setAllowTF32CuBLAS(bool) {}
  void setAllowTF32CuDNN(bool) {}
  void setAllowFP16ReductionCuBLAS(bool) {}
  void setAllowBF16ReductionCuBLAS(bool) {}

 private:
  bool deterministic_ = false;
};
inline Context& globalContext() {
  static Context context;
  return context;
}

inline bool hasCUDA() { return false; }
inline size_t getNumGPUs() { return 0; }
inline bool hasMPS() { return false; }
inline bool hasMKL() { return false; }
inline bool hasMKLDNN() { return false; }
inline bool hasLAPACK() { return true; }
inline bool hasOpenMP() { return true; }

// Operations run one after the other; several threads share the work of one.
inline void init_num_threads() {}
namespace internal {
constexpr int64_t GRAIN_SIZE = 32768;  // of parallel_for, where its callers take it from here
}
inline int get_num_interop_threads() { return 1; }
inline void set_num_interop_threads(int) {}

// join(... join(identity, f(begin, b, identity)) ..., f(x, end, identity)) over pieces of `grain`, whose number does
// not depend on that of the threads.
template <class T, class F, class Join>
T parallel_reduce(int64_t begin, int64_t end, int64_t grain, const T& identity, const F& f, const Join& join) {
  if (begin >= end) return identity;
  grain = grain < 1 ? 1 : grain;
  const int64_t pieces = (end - begin + grain - 1) / grain;
  struct Part {
    T value;
  };
  std::vector<Part> parts(static_cast<size_t>(pieces), Part{identity});
  parallel_for(0, pieces, 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      const int64_t from = begin + i * grain;
      parts[static_cast<size_t>(i)].value = f(from, from + grain < end ? from + grain : end, identity);
    }
  });
  T result = identity;
  for (const Part& part : parts) result = join(result, part.value);
  return result;
}

// Code below autograd: nothing is recorded.
struct AutoDispatchBelowAutograd : NoGradGuard {};
struct AutoDispatchBelowADInplaceOrView : NoGradGuard {};
struct AutoNonVariableTypeMode : NoGradGuard {
  explicit AutoNonVariableTypeMode(bool = true) {}
};

namespace autograd {
using rondo::AutoGradMode;
using rondo::GradMode;
// The same numbers as a leaf.
inline Tensor make_variable(const Tensor& data, bool requires_grad = false) {
  return data.detach().set_requires_grad(requires_grad);
}
}  // namespace autograd

}  // namespace rondo

template <>
struct std::hash<rondo::Device> {
  size_t operator()(const rondo::Device& device) const noexcept {
    return static_cast<size_t>(device.type()) * 257 + static_cast<size_t>(device.index() + 1);
  }
};
