// Multi-head attention.
#pragma once

#include <rondo/autograd/ops/attention.h>
#include <rondo/nn/options/attention.h>

#include <tuple>

namespace rondo::nn::functional {

// Vaswani et al., Attention Is All You Need (2017): query [queries, batch, embed], key and value [keys, batch, ..] ->
// the attended values [queries, batch, embed] and, with need_weights, the weights [batch, queries, keys] (averaged over
// the heads) or [batch, heads, queries, keys]. Without need_weights the matrix of weights is never made.
std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                                        const MultiheadAttentionForwardFuncOptions& options);

inline Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                           const std::optional<Tensor>& attn_mask = {}, double dropout_p = 0,
                                           bool is_causal = false, std::optional<double> scale = std::nullopt) {
  return rondo::scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, scale);
}

}  // namespace rondo::nn::functional
