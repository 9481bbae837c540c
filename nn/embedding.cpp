#include <rondo/nn/embedding.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/nn/init.h>

#include <fmt/format.h>

#include <ostream>

namespace rondo::nn {

EmbeddingImpl::EmbeddingImpl(int64_t num_embeddings, int64_t embedding_dim)
    : EmbeddingImpl(EmbeddingOptions(num_embeddings, embedding_dim)) {}

EmbeddingImpl::EmbeddingImpl(EmbeddingOptions options_) : options(std::move(options_)) { EmbeddingImpl::reset(); }

void EmbeddingImpl::reset() {
  const int64_t count = options.num_embeddings();
  if (options.padding_idx()) {
    const int64_t row = *options.padding_idx();
    if (row >= count || row < -count) {
      fail("Embedding", fmt::format("Padding_idx must be within num_embeddings; got {} for {} rows", row, count));
    }
    if (row < 0) options.padding_idx(row + count);
  }
  if (!options._weight().defined()) {
    weight = register_parameter("weight", empty({count, options.embedding_dim()}));
    reset_parameters();
    return;
  }
  if (!(options._weight().sizes() == IntArrayRef({count, options.embedding_dim()}))) {
    fail("Embedding", fmt::format("Shape of _weight does not match num_embeddings and embedding_dim: it is {}, need "
                                  "({}, {})",
                                  to_string(options._weight().sizes()), count, options.embedding_dim()));
  }
  weight = register_parameter("weight", options._weight());
}

void EmbeddingImpl::reset_parameters() {
  init::normal_(weight);
  if (!options.padding_idx()) return;
  NoGradGuard no_grad;
  weight.select(0, *options.padding_idx()).zero_();
}

void EmbeddingImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Embedding(num_embeddings=" << options.num_embeddings()
         << ", embedding_dim=" << options.embedding_dim();
  if (options.padding_idx()) stream << ", padding_idx=" << *options.padding_idx();
  if (options.max_norm()) stream << ", max_norm=" << *options.max_norm();
  if (options.norm_type() != 2) stream << ", norm_type=" << options.norm_type();
  if (options.scale_grad_by_freq()) stream << ", scale_grad_by_freq=true";
  if (options.sparse()) stream << ", sparse=true";
  stream << ")";
}

Tensor EmbeddingImpl::forward(const Tensor& indices) {
  if (!options.max_norm()) {
    return rondo::embedding(weight, indices, options.padding_idx().value_or(-1), options.scale_grad_by_freq(),
                            options.sparse());
  }
  return functional::embedding(indices, weight,
                               functional::EmbeddingFuncOptions()
                                   .padding_idx(options.padding_idx())
                                   .max_norm(options.max_norm())
                                   .norm_type(options.norm_type())
                                   .scale_grad_by_freq(options.scale_grad_by_freq())
                                   .sparse(options.sparse()));
}

Embedding Embedding::from_pretrained(const Tensor& embeddings, const EmbeddingFromPretrainedOptions& options) {
  if (embeddings.dim() != 2) {
    fail("Embedding::from_pretrained",
         fmt::format("Embeddings parameter is expected to be 2-dimensional; got {}", to_string(embeddings.sizes())));
  }
  Embedding embedding(EmbeddingOptions(embeddings.size(0), embeddings.size(1))
                          ._weight(embeddings)
                          .padding_idx(options.padding_idx())
                          .max_norm(options.max_norm())
                          .norm_type(options.norm_type())
                          .scale_grad_by_freq(options.scale_grad_by_freq())
                          .sparse(options.sparse()));
  embedding->weight.requires_grad_(!options.freeze());
  return embedding;
}

}  // namespace rondo::nn
