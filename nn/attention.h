// MultiheadAttention and rotary positions.
#pragma once

#include <rondo/nn/any_module.h>
#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/attention.h>
#include <rondo/nn/linear.h>

namespace rondo::nn {

// Attention in num_heads parts of embed_dim, whose inputs and output are projected. query (queries, batch, embed_dim),
// key (keys, batch, kdim), value (keys, batch, vdim); the masks are those of functional::multi_head_attention_forward.
// Returns the attended values and, with need_weights, the weights. in_proj_weight (3 * embed_dim, embed_dim), or
// q_proj_weight, k_proj_weight, v_proj_weight where kdim or vdim differ, begin as xavier_uniform_ says, biases as 0.
class MultiheadAttentionImpl : public Cloneable<MultiheadAttentionImpl> {
 public:
  MultiheadAttentionImpl(int64_t embed_dim, int64_t num_heads);
  explicit MultiheadAttentionImpl(const MultiheadAttentionOptions& options);
  void reset() override;
  void _reset_parameters();
  std::tuple<Tensor, Tensor> forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                     const Tensor& key_padding_mask = {}, bool need_weights = true,
                                     const Tensor& attn_mask = {}, bool average_attn_weights = true);

  MultiheadAttentionOptions options;
  bool _qkv_same_embed_dim = true;
  Tensor in_proj_weight, in_proj_bias, bias_k, bias_v;
  Linear out_proj = nullptr;
  Tensor q_proj_weight, k_proj_weight, v_proj_weight;
  int64_t head_dim = 0;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
};
RONDO_MODULE(MultiheadAttention);

struct RotaryEmbeddingOptions {
  RotaryEmbeddingOptions(int64_t dim) : dim_(dim) {}
  // The last dimension's size; must be even.
  RONDO_ARG(int64_t, dim);
  RONDO_ARG(double, base) = 10000;
  // Pairs are neighbours; else one number of the first half with one of the second.
  RONDO_ARG(bool, interleaved) = true;
};

// rotary_embedding of (..., time, dim); `offset` is the position of the first row.
class RotaryEmbeddingImpl : public Cloneable<RotaryEmbeddingImpl> {
 public:
  explicit RotaryEmbeddingImpl(const RotaryEmbeddingOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, int64_t offset = 0);

  RotaryEmbeddingOptions options;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
};
RONDO_MODULE(RotaryEmbedding);

}  // namespace rondo::nn
