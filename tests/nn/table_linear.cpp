#include <rondo/tests/nn/table.h>

using namespace table;

MODULES(linear) {
  row(
      "Linear", [] { return nn::Linear(3, 4); }, {real({2, 3})},
      "torch::nn::Linear(in_features=3, out_features=4, bias=true)");
  row(
      "Linear without bias", [] { return nn::Linear(nn::LinearOptions(3, 4).bias(false)); }, {real({2, 3})},
      "torch::nn::Linear(in_features=3, out_features=4, bias=false)");
  row(
      "Bilinear", [] { return nn::Bilinear(2, 3, 2); }, {real({4, 2}), real({4, 3})},
      "torch::nn::Bilinear(in1_features=2, in2_features=3, out_features=2, bias=true)");
  row(
      "Flatten", [] { return nn::Flatten(); }, {real({2, 2, 3})}, "torch::nn::Flatten(start_dim=1, end_dim=-1)");
  row(
      "Identity", [] { return nn::Identity(); }, {real({2, 3})}, "torch::nn::Identity()");
  row(
      "LayerNorm", [] { return nn::LayerNorm(std::vector<int64_t>{3}); }, {real({2, 3})},
      "torch::nn::LayerNorm([3], eps=1e-05, elementwise_affine=true)");
  row(
      "Embedding", [] { return nn::Embedding(5, 2); }, {integers({2, 3}, 5)},
      "torch::nn::Embedding(num_embeddings=5, embedding_dim=2)");
}
