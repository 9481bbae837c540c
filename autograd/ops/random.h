// Random numbers in the streams of libtorch's CPU generator: in place, and draws whose parameters are tensors. Draws
// pass no gradient (zeros to their parameters), but for gamma's.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// Exponential with rate lambd > 0; the number of trials up to the first success, p in (0, 1); Cauchy's distribution;
// e to the power of a normal sample, std > 0. Floating point, the geometric ones any number type.
RONDO_METHOD Tensor& exponential_(Tensor& self, double lambd = 1, std::optional<Generator> generator = std::nullopt);
RONDO_METHOD Tensor& geometric_(Tensor& self, double p, std::optional<Generator> generator = std::nullopt);
RONDO_METHOD Tensor& cauchy_(Tensor& self, double median = 0, double sigma = 1,
                             std::optional<Generator> generator = std::nullopt);
RONDO_METHOD Tensor& log_normal_(Tensor& self, double mean = 1, double std = 2,
                                 std::optional<Generator> generator = std::nullopt);
// 0 and 1 with the probabilities of p, which broadcasts to self.
RONDO_METHOD Tensor& bernoulli_(Tensor& self, const Tensor& p, std::optional<Generator> generator = std::nullopt);
RONDO_METHOD Tensor bernoulli(const Tensor& self, double p, std::optional<Generator> generator = std::nullopt);
// Draws of 0 and 1 with the probabilities `self`.
Tensor bernoulli(const Tensor& self, std::optional<Generator> generator = std::nullopt);
Tensor normal(double mean, double std, IntArrayRef sizes, std::optional<Generator> generator = std::nullopt,
              TensorOptions options = {});
// Normal samples whose mean or standard deviation, or both (shapes broadcast), are tensors.
Tensor normal(const Tensor& mean, double std = 1, std::optional<Generator> generator = std::nullopt);
Tensor normal(double mean, const Tensor& std, std::optional<Generator> generator = std::nullopt);
Tensor normal(const Tensor& mean, const Tensor& std, std::optional<Generator> generator = std::nullopt);
// Indices (int64) drawn with probabilities in proportion to the weights: one row of draws for each row of self, which
// has one or two dimensions.
RONDO_METHOD Tensor multinomial(const Tensor& self, int64_t num_samples, bool replacement = false,
                                std::optional<Generator> generator = std::nullopt);
// Poisson samples with the rates of self.
Tensor poisson(const Tensor& self, std::optional<Generator> generator = std::nullopt);
// Numbers of successes among `count` trials (of prob's floating dtype; shapes broadcast), each of probability `prob`.
Tensor binomial(const Tensor& count, const Tensor& prob, std::optional<Generator> generator = std::nullopt);
// Gamma samples with the shapes alpha >= 0 of self and rate 1, at least the smallest normal number. The gradient is the
// slope of the sample's quantile by alpha, at its probability: _standard_gamma_grad(alpha, sample).
Tensor _standard_gamma(const Tensor& self, std::optional<Generator> generator = std::nullopt);
Tensor _standard_gamma_grad(const Tensor& self, const Tensor& output);
// Shares of gamma samples in their sum over the last dimension: Dirichlet's distribution. No gradient.
Tensor _sample_dirichlet(const Tensor& self, std::optional<Generator> generator = std::nullopt);
// Integers in [low, high) in the shape and dtype of `like`.
Tensor randint_like(const Tensor& like, int64_t high, TensorOptions options = {});
Tensor randint_like(const Tensor& like, int64_t low, int64_t high, TensorOptions options = {});
Tensor randint(int64_t high, IntArrayRef sizes, std::optional<Generator> generator, TensorOptions options = {});
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, std::optional<Generator> generator,
               TensorOptions options = {});

}  // namespace rondo
