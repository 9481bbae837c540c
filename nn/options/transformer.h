// Options of the transformer's modules.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/nn/any_module.h>
#include <rondo/nn/enums.h>

#include <memory>
#include <type_traits>

namespace rondo::nn {

// The function between the two linear layers of a block: kReLU, kGELU, or anything that takes and returns a Tensor.
class activation_t {
 public:
  activation_t(enumtype::kReLU) {}
  activation_t(enumtype::kGELU) : kind_(enumtype::Kind::GELU) {}
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, activation_t> && std::is_invocable_r_v<Tensor, F&, const Tensor&>)
      activation_t(F&& function)
      : function_(new FunctionOf<std::decay_t<F>>(std::forward<F>(function))) {}
  Tensor operator()(const Tensor& input) const;

 private:
  struct Function {
    virtual ~Function() = default;
    virtual Tensor call(const Tensor& input) = 0;
  };
  template <class F>
  struct FunctionOf final : Function {
    template <class G>
    explicit FunctionOf(G&& given) : function(std::forward<G>(given)) {}
    Tensor call(const Tensor& input) override { return function(input); }
    F function;
  };

  enumtype::Kind kind_ = enumtype::Kind::ReLU;
  std::shared_ptr<Function> function_;
};

struct TransformerEncoderLayerOptions {
  TransformerEncoderLayerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  RONDO_ARG(int64_t, d_model);
  RONDO_ARG(int64_t, nhead);
  RONDO_ARG(int64_t, dim_feedforward) = 2048;
  RONDO_ARG(double, dropout) = 0.1;
  RONDO_ARG(activation_t, activation) = kReLU;
};

struct TransformerDecoderLayerOptions {
  TransformerDecoderLayerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  RONDO_ARG(int64_t, d_model);
  RONDO_ARG(int64_t, nhead);
  RONDO_ARG(int64_t, dim_feedforward) = 2048;
  RONDO_ARG(double, dropout) = 0.1;
  RONDO_ARG(activation_t, activation) = kReLU;
};

struct TransformerOptions {
  TransformerOptions() = default;
  TransformerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  TransformerOptions(int64_t d_model, int64_t nhead, int64_t num_encoder_layers, int64_t num_decoder_layers)
      : d_model_(d_model),
        nhead_(nhead),
        num_encoder_layers_(num_encoder_layers),
        num_decoder_layers_(num_decoder_layers) {}
  RONDO_ARG(int64_t, d_model) = 512;
  RONDO_ARG(int64_t, nhead) = 8;
  RONDO_ARG(int64_t, num_encoder_layers) = 6;
  RONDO_ARG(int64_t, num_decoder_layers) = 6;
  RONDO_ARG(int64_t, dim_feedforward) = 2048;
  RONDO_ARG(double, dropout) = 0.1;
  RONDO_ARG(activation_t, activation) = kReLU;
  // In place of the ones that the other options describe.
  RONDO_ARG(AnyModule, custom_encoder);
  RONDO_ARG(AnyModule, custom_decoder);
};

}  // namespace rondo::nn
