// The activations as modules; nn/functional/activation.h has their formulas.
#pragma once

#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/activation.h>

namespace rondo::nn {

// Name with NameOptions, from which it is made; and Name without options.
#define RONDO_ACTIVATION(Name, ...)                                \
  class Name##Impl : public Cloneable<Name##Impl> {                \
   public:                                                         \
    explicit Name##Impl(const Name##Options& options __VA_ARGS__); \
    void reset() override;                                         \
    void pretty_print(std::ostream& stream) const override;        \
    Tensor forward(const Tensor& input);                           \
                                                                   \
    Name##Options options;                                         \
  };                                                               \
  RONDO_MODULE(Name);
#define RONDO_PLAIN_ACTIVATION(Name)                        \
  class Name##Impl : public Cloneable<Name##Impl> {         \
   public:                                                  \
    Name##Impl();                                           \
    void reset() override;                                  \
    void pretty_print(std::ostream& stream) const override; \
    Tensor forward(const Tensor& input);                    \
  };                                                        \
  RONDO_MODULE(Name);

RONDO_ACTIVATION(ReLU, = {})
RONDO_ACTIVATION(ReLU6, = {})
RONDO_ACTIVATION(LeakyReLU, = {})
RONDO_ACTIVATION(ELU, = {})
RONDO_ACTIVATION(SELU, = {})
RONDO_ACTIVATION(CELU, = {})
RONDO_ACTIVATION(GELU, = {})
RONDO_ACTIVATION(GLU, = {})
RONDO_ACTIVATION(RReLU, = {})
RONDO_ACTIVATION(Hardshrink, = {})
RONDO_ACTIVATION(Softshrink, = {})
RONDO_ACTIVATION(Softplus, = {})
RONDO_ACTIVATION(Hardswish, = {})
RONDO_ACTIVATION(Hardsigmoid, = {})
RONDO_PLAIN_ACTIVATION(SiLU)
RONDO_PLAIN_ACTIVATION(Mish)
RONDO_PLAIN_ACTIVATION(Sigmoid)
RONDO_PLAIN_ACTIVATION(LogSigmoid)
RONDO_PLAIN_ACTIVATION(Tanh)
RONDO_PLAIN_ACTIVATION(Tanhshrink)
RONDO_PLAIN_ACTIVATION(Softsign)
// Softmax over the channels of (N, C, H, W) or (C, H, W).
RONDO_PLAIN_ACTIVATION(Softmax2d)
#undef RONDO_ACTIVATION
#undef RONDO_PLAIN_ACTIVATION

// Limits to [min_val, max_val]; throws Error unless max_val > min_val.
class HardtanhImpl : public Cloneable<HardtanhImpl> {
 public:
  HardtanhImpl(double min_val, double max_val);
  explicit HardtanhImpl(const HardtanhOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  HardtanhOptions options;
};
RONDO_MODULE(Hardtanh);

class ThresholdImpl : public Cloneable<ThresholdImpl> {
 public:
  ThresholdImpl(double threshold, double value);
  explicit ThresholdImpl(const ThresholdOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  ThresholdOptions options;
};
RONDO_MODULE(Threshold);

class SoftmaxImpl : public Cloneable<SoftmaxImpl> {
 public:
  explicit SoftmaxImpl(int64_t dim);
  explicit SoftmaxImpl(const SoftmaxOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  SoftmaxOptions options;
};
RONDO_MODULE(Softmax);

class SoftminImpl : public Cloneable<SoftminImpl> {
 public:
  explicit SoftminImpl(int64_t dim);
  explicit SoftminImpl(const SoftminOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  SoftminOptions options;
};
RONDO_MODULE(Softmin);

class LogSoftmaxImpl : public Cloneable<LogSoftmaxImpl> {
 public:
  explicit LogSoftmaxImpl(int64_t dim);
  explicit LogSoftmaxImpl(const LogSoftmaxOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LogSoftmaxOptions options;
};
RONDO_MODULE(LogSoftmax);

// A slope below zero that is learned: weight (num_parameters,) begins as `init`.
class PReLUImpl : public Cloneable<PReLUImpl> {
 public:
  explicit PReLUImpl(const PReLUOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  PReLUOptions options;
  Tensor weight;
};
RONDO_MODULE(PReLU);

}  // namespace rondo::nn
