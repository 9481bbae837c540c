// Options of multi-head attention.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/tensor/tensor.h>

namespace rondo::nn {

struct MultiheadAttentionOptions {
  MultiheadAttentionOptions(int64_t embed_dim, int64_t num_heads)
      : embed_dim_(embed_dim), num_heads_(num_heads), kdim_(embed_dim), vdim_(embed_dim) {}
  RONDO_ARG(int64_t, embed_dim);
  RONDO_ARG(int64_t, num_heads);
  // Of the attention weights.
  RONDO_ARG(double, dropout) = 0.0;
  RONDO_ARG(bool, bias) = true;
  // A learned key and value behind the others.
  RONDO_ARG(bool, add_bias_kv) = false;
  // A key and a value of zeros behind the others.
  RONDO_ARG(bool, add_zero_attn) = false;
  RONDO_ARG(int64_t, kdim);
  RONDO_ARG(int64_t, vdim);
};

namespace functional {

struct MultiheadAttentionForwardFuncOptions {
  MultiheadAttentionForwardFuncOptions(int64_t embed_dim_to_check, int64_t num_heads, Tensor in_proj_weight,
                                       Tensor in_proj_bias, Tensor bias_k, Tensor bias_v, bool add_zero_attn,
                                       double dropout_p, Tensor out_proj_weight, Tensor out_proj_bias)
      : embed_dim_to_check_(embed_dim_to_check),
        num_heads_(num_heads),
        in_proj_weight_(std::move(in_proj_weight)),
        in_proj_bias_(std::move(in_proj_bias)),
        bias_k_(std::move(bias_k)),
        bias_v_(std::move(bias_v)),
        add_zero_attn_(add_zero_attn),
        dropout_p_(dropout_p),
        out_proj_weight_(std::move(out_proj_weight)),
        out_proj_bias_(std::move(out_proj_bias)) {}
  RONDO_ARG(int64_t, embed_dim_to_check);
  RONDO_ARG(int64_t, num_heads);
  RONDO_ARG(Tensor, in_proj_weight);
  RONDO_ARG(Tensor, in_proj_bias);
  RONDO_ARG(Tensor, bias_k);
  RONDO_ARG(Tensor, bias_v);
  RONDO_ARG(bool, add_zero_attn);
  RONDO_ARG(double, dropout_p);
  RONDO_ARG(Tensor, out_proj_weight);
  RONDO_ARG(Tensor, out_proj_bias);
  RONDO_ARG(bool, training) = true;
  // bool [batch, keys]: true where a key is padding.
  RONDO_ARG(Tensor, key_padding_mask) = {};
  RONDO_ARG(bool, need_weights) = true;
  // Added to the scores, [queries, keys] or [batch * heads, queries, keys]; of bool, true hides a key.
  RONDO_ARG(Tensor, attn_mask) = {};
  RONDO_ARG(bool, use_separate_proj_weight) = false;
  RONDO_ARG(Tensor, q_proj_weight) = {};
  RONDO_ARG(Tensor, k_proj_weight) = {};
  RONDO_ARG(Tensor, v_proj_weight) = {};
  // Keys and values [batch * heads, keys, depth] in place of the projected ones.
  RONDO_ARG(Tensor, static_k) = {};
  RONDO_ARG(Tensor, static_v) = {};
  RONDO_ARG(bool, average_attn_weights) = true;
};

}  // namespace functional
}  // namespace rondo::nn
