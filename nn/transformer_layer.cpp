#include <rondo/nn/transformer_layer.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>

namespace rondo::nn {
namespace {

MultiheadAttention attention_of(int64_t width, int64_t heads, double dropout) {
  return MultiheadAttention(MultiheadAttentionOptions(width, heads).dropout(dropout));
}
LayerNorm norm_of(int64_t width) { return LayerNorm(LayerNormOptions({width})); }

}  // namespace

Tensor activation_t::operator()(const Tensor& input) const {
  if (function_) return function_->call(input);
  return kind_ == enumtype::Kind::GELU ? gelu(input) : relu(input);
}

TransformerEncoderLayerImpl::TransformerEncoderLayerImpl(const TransformerEncoderLayerOptions& options_)
    : options(options_) {
  TransformerEncoderLayerImpl::reset();
}

void TransformerEncoderLayerImpl::reset() {
  const int64_t width = options.d_model(), inner = options.dim_feedforward();
  const double p = options.dropout();
  self_attn = register_module("self_attn", attention_of(width, options.nhead(), p));
  linear1 = register_module("linear1", Linear(width, inner));
  dropout = register_module("dropout", Dropout(p));
  linear2 = register_module("linear2", Linear(inner, width));
  norm1 = register_module("norm1", norm_of(width));
  norm2 = register_module("norm2", norm_of(width));
  dropout1 = register_module("dropout1", Dropout(p));
  dropout2 = register_module("dropout2", Dropout(p));
}

void TransformerEncoderLayerImpl::reset_parameters() {
  self_attn->_reset_parameters();
  linear1->reset_parameters();
  linear2->reset_parameters();
  norm1->reset_parameters();
  norm2->reset_parameters();
}

Tensor TransformerEncoderLayerImpl::forward(const Tensor& src, const Tensor& src_mask,
                                            const Tensor& src_key_padding_mask) {
  const Tensor attended =
      std::get<0>(self_attn->forward(src, src, src, src_key_padding_mask, /*need_weights=*/false, src_mask));
  const Tensor x = norm1(src + dropout1(attended));
  return norm2(x + dropout2(linear2(dropout(options.activation()(linear1(x))))));
}

TransformerDecoderLayerImpl::TransformerDecoderLayerImpl(const TransformerDecoderLayerOptions& options_)
    : options(options_) {
  TransformerDecoderLayerImpl::reset();
}

void TransformerDecoderLayerImpl::reset() {
  const int64_t width = options.d_model(), inner = options.dim_feedforward();
  const double p = options.dropout();
  self_attn = register_module("self_attn", attention_of(width, options.nhead(), p));
  multihead_attn = register_module("multihead_attn", attention_of(width, options.nhead(), p));
  linear1 = register_module("linear1", Linear(width, inner));
  dropout = register_module("dropout", Dropout(p));
  linear2 = register_module("linear2", Linear(inner, width));
  norm1 = register_module("norm1", norm_of(width));
  norm2 = register_module("norm2", norm_of(width));
  norm3 = register_module("norm3", norm_of(width));
  dropout1 = register_module("dropout1", Dropout(p));
  dropout2 = register_module("dropout2", Dropout(p));
  dropout3 = register_module("dropout3", Dropout(p));
}

void TransformerDecoderLayerImpl::reset_parameters() {
  self_attn->_reset_parameters();
  multihead_attn->_reset_parameters();
  linear1->reset_parameters();
  linear2->reset_parameters();
  norm1->reset_parameters();
  norm2->reset_parameters();
  norm3->reset_parameters();
}

Tensor TransformerDecoderLayerImpl::forward(Tensor tgt, const Tensor& memory, const Tensor& tgt_mask,
                                            const Tensor& memory_mask, const Tensor& tgt_key_padding_mask,
                                            const Tensor& memory_key_padding_mask) {
  const Tensor to_itself =
      std::get<0>(self_attn->forward(tgt, tgt, tgt, tgt_key_padding_mask, /*need_weights=*/false, tgt_mask));
  tgt = norm1(tgt + dropout1(to_itself));
  const Tensor to_memory = std::get<0>(
      multihead_attn->forward(tgt, memory, memory, memory_key_padding_mask, /*need_weights=*/false, memory_mask));
  tgt = norm2(tgt + dropout2(to_memory));
  return norm3(tgt + dropout3(linear2(dropout(options.activation()(linear1(tgt))))));
}

TransformerEncoderLayerImpl::TransformerEncoderLayerImpl(int64_t d_model, int64_t nhead)
    : TransformerEncoderLayerImpl(TransformerEncoderLayerOptions(d_model, nhead)) {}
TransformerDecoderLayerImpl::TransformerDecoderLayerImpl(int64_t d_model, int64_t nhead)
    : TransformerDecoderLayerImpl(TransformerDecoderLayerOptions(d_model, nhead)) {}

RONDO_DEFAULT_ARGS(TransformerEncoderLayerImpl, {1, AnyValue(Tensor())}, {2, AnyValue(Tensor())})
RONDO_DEFAULT_ARGS(TransformerDecoderLayerImpl, {2, AnyValue(Tensor())}, {3, AnyValue(Tensor())},
                   {4, AnyValue(Tensor())}, {5, AnyValue(Tensor())})

}  // namespace rondo::nn
