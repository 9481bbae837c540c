#include <rondo/tests/nn/table.h>

using namespace table;

#define PLAIN(Name) \
  row(              \
      #Name, [] { return nn::Name(); }, {real({3, 4})}, "torch::nn::" #Name "()")

MODULES(activation) {
  PLAIN(ReLU);
  PLAIN(ReLU6);
  PLAIN(SELU);
  PLAIN(GELU);
  PLAIN(Hardswish);
  PLAIN(Hardsigmoid);
  PLAIN(SiLU);
  PLAIN(Mish);
  PLAIN(Sigmoid);
  PLAIN(LogSigmoid);
  PLAIN(Tanh);
  PLAIN(Tanhshrink);
  PLAIN(Softsign);
  row(
      "ELU", [] { return nn::ELU(nn::ELUOptions().alpha(42.42)); }, {real({3, 4})}, "torch::nn::ELU(alpha=42.42)");
  row(
      "CELU", [] { return nn::CELU(); }, {real({3, 4})}, "torch::nn::CELU(alpha=1)");
  row(
      "GELU by tanh", [] { return nn::GELU(nn::GELUOptions().approximate("tanh")); }, {real({3, 4})},
      "torch::nn::GELU()");
  row(
      "GLU", [] { return nn::GLU(1); }, {real({3, 4})}, "torch::nn::GLU(dim=1)");
  row(
      "Hardshrink", [] { return nn::Hardshrink(0.5); }, {real({3, 4})}, "torch::nn::Hardshrink(0.5)");
  row(
      "Softshrink", [] { return nn::Softshrink(0.5); }, {real({3, 4})}, "torch::nn::Softshrink(0.5)");
  row(
      "Hardtanh", [] { return nn::Hardtanh(-0.42, 0.42); }, {real({3, 4})},
      "torch::nn::Hardtanh(min_val=-0.42, max_val=0.42)");
  row(
      "LeakyReLU", [] { return nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.42)); }, {real({3, 4})},
      "torch::nn::LeakyReLU(negative_slope=0.42)");
  row(
      "Softplus", [] { return nn::Softplus(nn::SoftplusOptions().beta(0.24).threshold(42.42)); }, {real({3, 4})},
      "torch::nn::Softplus(beta=0.24, threshold=42.42)");
  row(
      "Threshold", [] { return nn::Threshold(0.24, 42.42); }, {real({3, 4})},
      "torch::nn::Threshold(threshold=0.24, value=42.42)");
  row(
      "Softmax", [] { return nn::Softmax(1); }, {real({3, 4})}, "torch::nn::Softmax(dim=1)");
  row(
      "Softmin", [] { return nn::Softmin(1); }, {real({3, 4})}, "torch::nn::Softmin(dim=1)");
  row(
      "LogSoftmax", [] { return nn::LogSoftmax(1); }, {real({3, 4})}, "torch::nn::LogSoftmax(dim=1)");
  row(
      "Softmax2d", [] { return nn::Softmax2d(); }, {real({2, 3, 2, 2})}, "torch::nn::Softmax2d()");
  row(
      "PReLU", [] { return nn::PReLU(nn::PReLUOptions().num_parameters(4)); }, {real({3, 4})},
      "torch::nn::PReLU(num_parameters=4)");
  row(
      "RReLU", [] { return nn::RReLU(nn::RReLUOptions().lower(0.24).upper(0.42)); }, {real({3, 4})},
      "torch::nn::RReLU(lower=0.24, upper=0.42)");
  row(
      "SwiGLU", [] { return nn::SwiGLU(3, 4); }, {real({2, 3})},
      "torch::nn::SwiGLU(\n"
      "  (gate): torch::nn::Linear(in_features=3, out_features=4, bias=true)\n"
      "  (up): torch::nn::Linear(in_features=3, out_features=4, bias=true)\n"
      ")");
  row(
      "SwiGLU without bias", [] { return nn::SwiGLU(nn::SwiGLUOptions(3, 2).bias(false)); }, {real({2, 2, 3})}, "");
}

MODULES(dropout) {
  row(
      "Dropout", [] { return nn::Dropout(0.42); }, {real({3, 4})}, "torch::nn::Dropout(p=0.42, inplace=false)");
  row(
      "Dropout2d", [] { return nn::Dropout2d(); }, {real({2, 3, 2, 2})}, "torch::nn::Dropout2d(p=0.5, inplace=false)");
  row(
      "Dropout3d", [] { return nn::Dropout3d(0.42); }, {real({2, 3, 2, 1, 2})},
      "torch::nn::Dropout3d(p=0.42, inplace=false)");
  row(
      "AlphaDropout", [] { return nn::AlphaDropout(0.2); }, {real({3, 4})},
      "torch::nn::AlphaDropout(p=0.2, inplace=false)");
  row(
      "FeatureAlphaDropout", [] { return nn::FeatureAlphaDropout(0.2); }, {real({2, 3, 4})},
      "torch::nn::FeatureAlphaDropout(p=0.2, inplace=false)");
  row(
      "Unflatten",
      [] {
        return nn::Unflatten(1, std::vector<int64_t>({2, 3}));
      },
      {real({2, 6})}, "torch::nn::Unflatten(dim=1, unflattened_size={2, 3})");
}

MODULES(embedding) {
  row(
      "Embedding with padding", [] { return nn::Embedding(nn::EmbeddingOptions(5, 2).padding_idx(3)); },
      {integers({2, 3}, 3)}, "torch::nn::Embedding(num_embeddings=5, embedding_dim=2, padding_idx=3)");
  row(
      "EmbeddingBag", [] { return nn::EmbeddingBag(5, 2); }, {integers({2, 3}, 5)},
      "torch::nn::EmbeddingBag(num_embeddings=5, embedding_dim=2)");
  row(
      "EmbeddingBag of sums with weights",
      [] { return nn::EmbeddingBag(nn::EmbeddingBagOptions(5, 2).mode(rondo::kSum).padding_idx(2)); },
      {integers({6}, 5), rondo::tensor({0, 2, 2}), real({6})},
      "torch::nn::EmbeddingBag(num_embeddings=5, embedding_dim=2, mode=kSum, padding_idx=2)");
  row(
      "EmbeddingBag of maxima", [] { return nn::EmbeddingBag(nn::EmbeddingBagOptions(5, 2).mode(rondo::kMax)); },
      {integers({6}, 5), rondo::tensor({0, 2, 2})},
      "torch::nn::EmbeddingBag(num_embeddings=5, embedding_dim=2, mode=kMax)");
}
