#include <rondo/nn/attention.h>

#include <rondo/autograd/tensor/factory.h>
#include <rondo/nn/init.h>

#include <fmt/format.h>

#include <ostream>

namespace rondo::nn {

MultiheadAttentionImpl::MultiheadAttentionImpl(const MultiheadAttentionOptions& options_)
    : Cloneable("torch::nn::MultiheadAttention"), options(options_) {
  MultiheadAttentionImpl::reset();
}

void MultiheadAttentionImpl::reset() {
  const int64_t width = options.embed_dim();
  _qkv_same_embed_dim = options.kdim() == width && options.vdim() == width;
  if (options.num_heads() <= 0 || width % options.num_heads() != 0) {
    fail("MultiheadAttention",
         fmt::format("embed_dim must be divisible by num_heads; got {} and {}", width, options.num_heads()));
  }
  head_dim = width / options.num_heads();
  if (_qkv_same_embed_dim) {
    in_proj_weight = register_parameter("in_proj_weight", empty({3 * width, width}));
    for (const char* name : {"q_proj_weight", "k_proj_weight", "v_proj_weight"}) register_parameter(name, {}, false);
  } else {
    q_proj_weight = register_parameter("q_proj_weight", empty({width, width}));
    k_proj_weight = register_parameter("k_proj_weight", empty({width, options.kdim()}));
    v_proj_weight = register_parameter("v_proj_weight", empty({width, options.vdim()}));
    register_parameter("in_proj_weight", {}, false);
  }
  if (options.bias()) {
    in_proj_bias = register_parameter("in_proj_bias", empty({3 * width}));
  } else {
    in_proj_bias = register_parameter("in_proj_bias", {}, false);
  }
  out_proj = register_module("out_proj", Linear(LinearOptions(width, width).bias(options.bias())));
  if (options.add_bias_kv()) {
    bias_k = register_parameter("bias_k", empty({1, 1, width}));
    bias_v = register_parameter("bias_v", empty({1, 1, width}));
  } else {
    bias_k = {};
    bias_v = {};
  }
  _reset_parameters();
}

void MultiheadAttentionImpl::_reset_parameters() {
  if (_qkv_same_embed_dim) {
    init::xavier_uniform_(in_proj_weight);
  } else {
    init::xavier_uniform_(q_proj_weight);
    init::xavier_uniform_(k_proj_weight);
    init::xavier_uniform_(v_proj_weight);
  }
  if (in_proj_bias.defined()) {
    init::constant_(in_proj_bias, 0);
    init::constant_(out_proj->bias, 0);
  }
  if (bias_k.defined()) init::xavier_normal_(bias_k);
  if (bias_v.defined()) init::xavier_normal_(bias_v);
}

std::tuple<Tensor, Tensor> MultiheadAttentionImpl::forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                           const Tensor& key_padding_mask, bool need_weights,
                                                           const Tensor& attn_mask, bool average_attn_weights) {
  functional::MultiheadAttentionForwardFuncOptions call(options.embed_dim(), options.num_heads(), in_proj_weight,
                                                        in_proj_bias, bias_k, bias_v, options.add_zero_attn(),
                                                        options.dropout(), out_proj->weight, out_proj->bias);
  call.training(is_training())
      .key_padding_mask(key_padding_mask)
      .need_weights(need_weights)
      .attn_mask(attn_mask)
      .average_attn_weights(average_attn_weights);
  if (!_qkv_same_embed_dim) {
    call.use_separate_proj_weight(true)
        .q_proj_weight(q_proj_weight)
        .k_proj_weight(k_proj_weight)
        .v_proj_weight(v_proj_weight);
  }
  return functional::multi_head_attention_forward(query, key, value, call);
}

RotaryEmbeddingImpl::RotaryEmbeddingImpl(const RotaryEmbeddingOptions& options_) : options(options_) {
  RotaryEmbeddingImpl::reset();
}
void RotaryEmbeddingImpl::reset() {
  if (options.dim() > 0 && options.dim() % 2 == 0) return;
  fail("RotaryEmbedding", fmt::format("dim is {}; need a positive even number", options.dim()));
}
void RotaryEmbeddingImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::RotaryEmbedding(" << options.dim() << ", base=" << options.base()
         << ", interleaved=" << std::boolalpha << options.interleaved() << ")";
}
Tensor RotaryEmbeddingImpl::forward(const Tensor& input, int64_t offset) {
  if (input.dim() < 2 || input.size(-1) != options.dim()) {
    fail("RotaryEmbedding", fmt::format("input is {}; need (..., time, {})", to_string(input.sizes()), options.dim()));
  }
  return rotary_embedding(input, options.base(), offset, options.interleaved());
}

MultiheadAttentionImpl::MultiheadAttentionImpl(int64_t embed_dim, int64_t num_heads)
    : MultiheadAttentionImpl(MultiheadAttentionOptions(embed_dim, num_heads)) {}

RONDO_DEFAULT_ARGS(MultiheadAttentionImpl, {3, AnyValue(Tensor())}, {4, AnyValue(true)}, {5, AnyValue(Tensor())},
                   {6, AnyValue(true)})
RONDO_DEFAULT_ARGS(RotaryEmbeddingImpl, {1, AnyValue(int64_t{0})})

}  // namespace rondo::nn
