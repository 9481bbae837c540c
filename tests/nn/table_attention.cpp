#include <rondo/tests/nn/table.h>

using namespace table;

namespace {

const char* const kAttention =
    "torch::nn::MultiheadAttention(\n  (out_proj): torch::nn::Linear(in_features=4, out_features=4, bias=true)\n)";

}  // namespace

MODULES(attention) {
  row(
      "MultiheadAttention", [] { return nn::MultiheadAttention(4, 2); }, {real({3, 2, 4}), real({5, 2, 4})}, kAttention,
      [](nn::MultiheadAttentionImpl& module, const Inputs& in) { return module.forward(in[0], in[1], in[1]); });
  row(
      "MultiheadAttention of itself, without weights", [] { return nn::MultiheadAttention(4, 2); }, {real({3, 2, 4})},
      kAttention,
      [](nn::MultiheadAttentionImpl& module, const Inputs& in) {
        const Tensor padding = rondo::tensor({false, false, true, false, false, false}).view({2, 3});
        return std::get<0>(module.forward(in[0], in[0], in[0], padding, false));
      });
  row(
      "MultiheadAttention with everything",
      [] {
        return nn::MultiheadAttention(
            nn::MultiheadAttentionOptions(4, 2).bias(false).add_bias_kv(true).add_zero_attn(true).kdim(3).vdim(5));
      },
      {real({3, 2, 4}), real({5, 2, 3}), real({5, 2, 5})},
      "torch::nn::MultiheadAttention(\n  (out_proj): torch::nn::Linear(in_features=4, out_features=4, bias=false)\n)",
      [](nn::MultiheadAttentionImpl& module, const Inputs& in) {
        return module.forward(in[0], in[1], in[2], {}, true, rondo::linspace(-1, 1, 15, rondo::kDouble).view({3, 5}),
                              false);
      });
  row(
      "RotaryEmbedding", [] { return nn::RotaryEmbedding(4); }, {real({2, 3, 4})},
      "torch::nn::RotaryEmbedding(4, base=10000, interleaved=true)",
      [](nn::RotaryEmbeddingImpl& module, const Inputs& in) { return module.forward(in[0], 2); });
  row(
      "TransformerEncoderLayer",
      [] {
        return nn::TransformerEncoderLayer(nn::TransformerEncoderLayerOptions(4, 2).dim_feedforward(3).dropout(0));
      },
      {real({3, 2, 4})}, "",
      [](nn::TransformerEncoderLayerImpl& module, const Inputs& in) {
        return module.forward(in[0], nn::TransformerImpl::generate_square_subsequent_mask(3));
      });
  row(
      "TransformerDecoderLayer",
      [] {
        return nn::TransformerDecoderLayer(
            nn::TransformerDecoderLayerOptions(4, 2).dim_feedforward(3).dropout(0).activation(rondo::kGELU));
      },
      {real({3, 2, 4}), real({2, 2, 4})}, "");
  row(
      "TransformerEncoder",
      [] {
        nn::LayerNorm norm(std::vector<int64_t>{4});
        return nn::TransformerEncoder(
            nn::TransformerEncoderOptions(
                nn::TransformerEncoderLayerOptions(4, 2).dim_feedforward(3).dropout(0).activation(
                    [](const Tensor& x) { return rondo::tanh(x); }),
                2)
                .norm(nn::AnyModule(norm)));
      },
      {real({3, 2, 4})}, "",
      [](nn::TransformerEncoderImpl& module, const Inputs& in) { return module.forward(in[0]); });
  row(
      "Transformer", [] { return nn::Transformer(nn::TransformerOptions(4, 2, 1, 1).dim_feedforward(3).dropout(0)); },
      {real({3, 2, 4}), real({2, 2, 4})}, "",
      [](nn::TransformerImpl& module, const Inputs& in) {
        return module.forward(in[0], in[1], {}, nn::TransformerImpl::generate_square_subsequent_mask(2));
      });
}
