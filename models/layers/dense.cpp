#include <rondo/autograd/ops/methods.h>
#include <rondo/models/layers/dense.h>
#include <rondo/models/layers/layer_impl.h>

#include <fmt/format.h>

namespace rondo::layers {
namespace {

class DenseImpl final : public LayerImpl {
 public:
  DenseImpl(int64_t units, const DenseOptions& options)
      : LayerImpl("Dense", {options.input_shape, options.name, options.trainable, options.dtype}),
        units_(units),
        options_(options) {
    if (units <= 0) fail_value(layer_name(), fmt::format("units is {}; need a positive number", units));
  }

  void make_weights(IntArrayRef in) override {
    check_rank(in);
    width_ = in[in.size() - 1];
    if (width_ < 0) {
      reject_input(
          fmt::format("the last dimension must be known, but received input with shape {}", models::shape_text(in)));
    }
    kernel_ = add_weight("kernel", {width_, units_}, options_.kernel_initializer);
    if (options_.use_bias) bias_ = add_weight("bias", {units_}, options_.bias_initializer);
  }

  void check_input(IntArrayRef in) const override {
    check_rank(in);
    if (in[in.size() - 1] != width_) {
      reject_input(fmt::format("expected axis -1 of input shape to have value {}, but received input with shape {}",
                               width_, models::shape_text(in)));
    }
  }

  Dims output_shape(IntArrayRef in) const override {
    Dims out(in);
    out.back() = units_;
    return out;
  }

  Tensor call(const Tensor& x, bool training) override { return options_.activation(call_before_ending(x, training)); }

  Tensor call_before_ending(const Tensor& x, bool) override {
    if (x.dim() == 2 && bias_.defined()) return addmm(bias_, x, kernel_);
    Tensor y = matmul(x, kernel_);
    return bias_.defined() ? y + bias_ : y;
  }

  Ending ending() const override {
    if (options_.activation.is_softmax()) return Ending::kSoftmax;
    if (options_.activation.is_sigmoid()) return Ending::kSigmoid;
    return Ending::kOther;
  }

 private:
  void check_rank(IntArrayRef in) const {
    if (in.size() >= 2) return;
    reject_input(
        fmt::format("expected min_ndim=2, found ndim={}. Full shape received: {}", in.size(), models::shape_text(in)));
  }

  int64_t units_, width_ = 0;
  DenseOptions options_;
  Tensor kernel_, bias_;
};

}  // namespace

Dense::Dense(int64_t units, DenseOptions options) : Layer(std::make_shared<DenseImpl>(units, options)) {}

}  // namespace rondo::layers
