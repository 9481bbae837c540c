// Attention and rotary positions.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <optional>

namespace rondo::by_name {

// softmax(scale query key^T + mask) value: query [..., queries, depth], key [..., keys, depth], value [..., keys,
// width], whose leading dimensions broadcast; scale is 1 / sqrt(depth) unless given. attn_mask broadcasts to [...,
// queries, keys] and is added; of bool, it says which keys take part. is_causal: query i sees the keys up to i (not
// with a mask). dropout_p of the weights are dropped, also in evaluation: the caller says when. Throws Error for shapes
// that do not fit.
Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const std::optional<Tensor>& attn_mask = {}, double dropout_p = 0,
                                    bool is_causal = false, std::optional<double> scale = std::nullopt);

// Su et al., RoFormer (2021): x [..., time, depth], whose number pairs i turn by the angle (offset + position) *
// base^(-2 i / depth). Pairs are neighbours, or (not interleaved) a number of the first half with one of the second.
// The product of two such rows depends on the distance of their positions alone.
Tensor rotary_embedding(const Tensor& x, double base = 10000, int64_t offset = 0, bool interleaved = true);

}  // namespace rondo::by_name
