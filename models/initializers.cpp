#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/models/initializers.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rondo::initializers {
namespace {

// The deviation of a standard normal variable limited to +-2.
constexpr double kTruncatedDeviation = 0.87962566103423978;

struct Fans {
  double in, out;
};

Fans fans_of(IntArrayRef sizes) {
  const size_t n = sizes.size();
  if (n == 0) return {1, 1};
  if (n == 1) return {static_cast<double>(sizes[0]), static_cast<double>(sizes[0])};
  double field = 1;  // of a convolution; its kernels are (..., in, out)
  for (size_t i = 0; i + 2 < n; ++i) field *= static_cast<double>(sizes[i]);
  return {field * static_cast<double>(sizes[n - 2]), field * static_cast<double>(sizes[n - 1])};
}

Tensor truncated_normal(IntArrayRef sizes, ScalarType type, double mean, double stddev) {
  Tensor values = rondo::empty(sizes, kDouble);
  values.normal_();
  double* data = values.data_ptr<double>();
  Tensor fresh;
  const double* drawn = nullptr;
  int64_t next = 0, count = 0;
  for (int64_t i = 0; i < values.numel(); ++i) {
    while (std::abs(data[i]) > 2) {
      if (next == count) {
        count = std::max<int64_t>(16, values.numel() / 16);
        fresh = rondo::empty({count}, kDouble).normal_();
        drawn = fresh.data_ptr<double>();
        next = 0;
      }
      data[i] = drawn[next++];
    }
    data[i] = mean + stddev * data[i];
  }
  return values.to(type);
}

// Rows of a (rows, columns) matrix made orthonormal, rows <= columns. A second pass removes what rounding left.
void orthonormalize_rows(double* a, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; ++i) {
    double* row = a + i * columns;
    for (int pass = 0; pass < 2; ++pass) {
      for (int64_t j = 0; j < i; ++j) {
        const double* other = a + j * columns;
        double product = 0;
        for (int64_t k = 0; k < columns; ++k) product += row[k] * other[k];
        for (int64_t k = 0; k < columns; ++k) row[k] -= product * other[k];
      }
    }
    double square = 0;
    for (int64_t k = 0; k < columns; ++k) square += row[k] * row[k];
    const double scale = 1 / std::sqrt(square);
    for (int64_t k = 0; k < columns; ++k) row[k] *= scale;
  }
}

Tensor orthogonal(IntArrayRef sizes, ScalarType type, double gain) {
  if (sizes.size() < 2) {
    fail_value("orthogonal", fmt::format("got shape {}; need at least 2 dimensions", to_string(sizes)));
  }
  const int64_t columns = sizes[sizes.size() - 1];
  const int64_t rows = columns == 0 ? 0 : count_elements(sizes) / columns;
  const int64_t few = std::min(rows, columns), many = std::max(rows, columns);
  Tensor q = rondo::empty({few, many}, kDouble).normal_();
  orthonormalize_rows(q.data_ptr<double>(), few, many);
  Tensor placed = rows > columns ? q.t().contiguous() : q;
  return (placed * gain).reshape(sizes).to(type);
}

Tensor identity(IntArrayRef sizes, ScalarType type, double gain) {
  if (sizes.size() != 2) fail_value("identity", fmt::format("got shape {}; need 2 dimensions", to_string(sizes)));
  return rondo::eye(sizes[0], sizes[1], type) * gain;
}

}  // namespace

Initializer::Initializer(const std::string& name) : Initializer(Kind::kConstant, 0) {
  const std::pair<const char*, Initializer> known[] = {
      {"zeros", Zeros()},
      {"ones", Ones()},
      {"constant", Constant()},
      {"random_uniform", RandomUniform()},
      {"uniform", RandomUniform()},
      {"random_normal", RandomNormal()},
      {"normal", RandomNormal()},
      {"truncated_normal", TruncatedNormal()},
      {"variance_scaling", VarianceScaling()},
      {"glorot_uniform", GlorotUniform()},
      {"glorot_normal", GlorotNormal()},
      {"he_uniform", HeUniform()},
      {"he_normal", HeNormal()},
      {"lecun_uniform", LecunUniform()},
      {"lecun_normal", LecunNormal()},
      {"orthogonal", Orthogonal()},
      {"identity", Identity()},
  };
  std::vector<const char*> names;
  for (const auto& [key, initializer] : known) {
    if (name == key) {
      *this = initializer;
      return;
    }
    names.push_back(key);
  }
  fail_value("initializer", fmt::format("unknown name \"{}\"; known are: {}", name, fmt::join(names, ", ")));
}

Initializer::Fan Initializer::fan_named(const std::string& mode) {
  if (mode == "fan_in") return Fan::kIn;
  if (mode == "fan_out") return Fan::kOut;
  if (mode == "fan_avg") return Fan::kAverage;
  fail_value("variance_scaling", fmt::format("mode is \"{}\"; need fan_in, fan_out or fan_avg", mode));
}

Initializer::Distribution Initializer::distribution_named(const std::string& name) {
  if (name == "uniform") return Distribution::kUniform;
  if (name == "truncated_normal" || name == "normal") return Distribution::kTruncatedNormal;
  if (name == "untruncated_normal") return Distribution::kUntruncatedNormal;
  fail_value("variance_scaling",
             fmt::format("distribution is \"{}\"; need uniform, truncated_normal, normal or untruncated_normal", name));
}

VarianceScaling::VarianceScaling(VarianceScalingOptions options)
    : Initializer(options.scale, fan_named(options.mode), distribution_named(options.distribution)) {
  if (!(options.scale > 0)) {
    fail_value("variance_scaling", fmt::format("scale is {}; need a positive number", options.scale));
  }
}

Tensor Initializer::scaled(IntArrayRef sizes, ScalarType type) const {
  const auto [in, out] = fans_of(sizes);
  const double n = fan_ == Fan::kIn ? in : fan_ == Fan::kOut ? out : (in + out) / 2;
  const double variance = a_ / std::max(1.0, n);
  if (distribution_ == Distribution::kUniform) {
    const double limit = std::sqrt(3 * variance);
    return rondo::empty(sizes, type).uniform_(-limit, limit);
  }
  if (distribution_ == Distribution::kUntruncatedNormal) {
    return rondo::empty(sizes, type).normal_(0, std::sqrt(variance));
  }
  return truncated_normal(sizes, type, 0, std::sqrt(variance) / kTruncatedDeviation);
}

Tensor Initializer::operator()(IntArrayRef sizes, ScalarType type) const {
  NoGradGuard no_grad;
  switch (kind_) {
    case Kind::kConstant:
      return rondo::full(sizes, a_, type);
    case Kind::kUniform:
      return rondo::empty(sizes, type).uniform_(a_, b_);
    case Kind::kNormal:
      return rondo::empty(sizes, type).normal_(a_, b_);
    case Kind::kTruncatedNormal:
      return truncated_normal(sizes, type, a_, b_);
    case Kind::kScaled:
      return scaled(sizes, type);
    case Kind::kOrthogonal:
      return orthogonal(sizes, type, a_);
    case Kind::kIdentity:
      return identity(sizes, type, a_);
    case Kind::kFunction:
      break;
  }
  Tensor made = function_(sizes, type);
  if (IntArrayRef(made.sizes()) != sizes || made.dtype() != type) {
    fail_value("initializer",
               fmt::format("the function made {} of shape {}; need {} of shape {}", dtype_name(made.dtype()),
                           to_string(made.sizes()), dtype_name(type), to_string(sizes)));
  }
  return made;
}

}  // namespace rondo::initializers
