// Linear, Bilinear, Identity, Flatten, Unflatten.
#pragma once

#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/linear.h>
#include <rondo/nn/options/linear.h>

namespace rondo::nn {

// Passes its input on; any arguments of the constructor are ignored.
class IdentityImpl : public Cloneable<IdentityImpl> {
 public:
  IdentityImpl();
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
RONDO_MODULE(Identity);

// x weight^T + bias: (..., in_features) -> (..., out_features). weight (out, in) and bias (out,) begin uniform in
// +-1 / sqrt(in).
class LinearImpl : public Cloneable<LinearImpl> {
 public:
  LinearImpl(int64_t in_features, int64_t out_features);
  explicit LinearImpl(const LinearOptions& options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LinearOptions options;
  Tensor weight, bias;  // bias: undefined without one
};
RONDO_MODULE(Linear);

// Joins the dimensions from start_dim to end_dim.
class FlattenImpl : public Cloneable<FlattenImpl> {
 public:
  explicit FlattenImpl(const FlattenOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  FlattenOptions options;
};
RONDO_MODULE(Flatten);

// Splits dimension `dim` into `sizes`.
class UnflattenImpl : public Cloneable<UnflattenImpl> {
 public:
  UnflattenImpl(int64_t dim, std::vector<int64_t> sizes);
  explicit UnflattenImpl(UnflattenOptions options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  UnflattenOptions options;
};
RONDO_MODULE(Unflatten);

// y_k = x1 W_k x2 + b_k. weight (out, in1, in2) and bias (out,) begin uniform in +-1 / sqrt(in1).
class BilinearImpl : public Cloneable<BilinearImpl> {
 public:
  BilinearImpl(int64_t in1_features, int64_t in2_features, int64_t out_features);
  explicit BilinearImpl(const BilinearOptions& options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2);

  BilinearOptions options;
  Tensor weight, bias;
};
RONDO_MODULE(Bilinear);

}  // namespace rondo::nn
