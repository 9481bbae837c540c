// How weights begin: Keras' initializers, by name or as objects. Numbers come from rondo's generator, so that
// manual_seed reproduces them.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <string>
#include <type_traits>

namespace rondo::initializers {

// It converts from a name (throws ValueError for an unknown one, listing the known ones) and from any function
// `Tensor(IntArrayRef sizes, ScalarType type)` without state.
class Initializer {
 public:
  using Function = Tensor (*)(IntArrayRef sizes, ScalarType type);

  Initializer(const char* name) : Initializer(std::string(name)) {}
  Initializer(const std::string& name);
  template <class F>
  requires(std::is_convertible_v<F, Function>) Initializer(F function) : kind_(Kind::kFunction), function_(function) {}

  // A new tensor without gradient.
  Tensor operator()(IntArrayRef sizes, ScalarType type) const;

 protected:
  enum class Kind : uint8_t {
    kConstant,
    kUniform,
    kNormal,
    kTruncatedNormal,
    kScaled,
    kOrthogonal,
    kIdentity,
    kFunction
  };
  Initializer(Kind kind, double a, double b = 0) : kind_(kind), a_(a), b_(b) {}

  enum class Fan : uint8_t { kIn, kOut, kAverage };
  enum class Distribution : uint8_t { kUniform, kTruncatedNormal, kUntruncatedNormal };
  Initializer(double scale, Fan fan, Distribution distribution)
      : kind_(Kind::kScaled), fan_(fan), distribution_(distribution), a_(scale) {}
  static Fan fan_named(const std::string& mode);
  static Distribution distribution_named(const std::string& name);

 private:
  Tensor scaled(IntArrayRef sizes, ScalarType type) const;

  Kind kind_;
  Fan fan_ = Fan::kIn;
  Distribution distribution_ = Distribution::kUniform;
  double a_ = 0, b_ = 0;  // value; bounds; mean and deviation; scale; gain
  Function function_ = nullptr;
};

struct Zeros : Initializer {
  Zeros() : Initializer(Kind::kConstant, 0) {}
};
struct Ones : Initializer {
  Ones() : Initializer(Kind::kConstant, 1) {}
};
struct Constant : Initializer {
  explicit Constant(double value = 0) : Initializer(Kind::kConstant, value) {}
};

struct RandomUniformOptions {
  double minval = -0.05, maxval = 0.05;
};
struct RandomUniform : Initializer {
  explicit RandomUniform(RandomUniformOptions options = {})
      : Initializer(Kind::kUniform, options.minval, options.maxval) {}
};

struct RandomNormalOptions {
  double mean = 0, stddev = 0.05;
};
struct RandomNormal : Initializer {
  explicit RandomNormal(RandomNormalOptions options = {}) : Initializer(Kind::kNormal, options.mean, options.stddev) {}
};
// Numbers beyond two deviations are drawn again.
struct TruncatedNormal : Initializer {
  explicit TruncatedNormal(RandomNormalOptions options = {})
      : Initializer(Kind::kTruncatedNormal, options.mean, options.stddev) {}
};

struct VarianceScalingOptions {
  double scale = 1;
  std::string mode = "fan_in";                    // fan_in, fan_out, fan_avg
  std::string distribution = "truncated_normal";  // also "normal"; uniform, untruncated_normal
};
// With s = scale / max(1, n), n the number of inputs, of outputs or their mean: uniform in +-sqrt(3 s), or normal of
// variance s.
struct VarianceScaling : Initializer {
  explicit VarianceScaling(VarianceScalingOptions options = {});
};
struct GlorotUniform : Initializer {
  GlorotUniform() : Initializer(1, Fan::kAverage, Distribution::kUniform) {}
};
struct GlorotNormal : Initializer {
  GlorotNormal() : Initializer(1, Fan::kAverage, Distribution::kTruncatedNormal) {}
};
struct HeUniform : Initializer {
  HeUniform() : Initializer(2, Fan::kIn, Distribution::kUniform) {}
};
struct HeNormal : Initializer {
  HeNormal() : Initializer(2, Fan::kIn, Distribution::kTruncatedNormal) {}
};
struct LecunUniform : Initializer {
  LecunUniform() : Initializer(1, Fan::kIn, Distribution::kUniform) {}
};
struct LecunNormal : Initializer {
  LecunNormal() : Initializer(1, Fan::kIn, Distribution::kTruncatedNormal) {}
};

// Q of the QR factorization of normal numbers, with R's diagonal positive; needs at least two dimensions.
struct Orthogonal : Initializer {
  explicit Orthogonal(double gain = 1) : Initializer(Kind::kOrthogonal, gain) {}
};
// Needs two dimensions.
struct Identity : Initializer {
  explicit Identity(double gain = 1) : Initializer(Kind::kIdentity, gain) {}
};

}  // namespace rondo::initializers
