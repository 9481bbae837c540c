// Options of the embeddings.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/enums.h>

#include <optional>

namespace rondo::nn {

struct EmbeddingOptions {
  EmbeddingOptions(int64_t num_embeddings, int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  RONDO_ARG(int64_t, num_embeddings);
  RONDO_ARG(int64_t, embedding_dim);
  // The row that gets no gradient; negative counts from the end.
  RONDO_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
  // Rows that are looked up are scaled down to this norm_type-norm.
  RONDO_ARG(std::optional<double>, max_norm) = std::nullopt;
  RONDO_ARG(double, norm_type) = 2.;
  RONDO_ARG(bool, scale_grad_by_freq) = false;
  RONDO_ARG(bool, sparse) = false;
  RONDO_ARG(Tensor, _weight) = Tensor();
};

struct EmbeddingFromPretrainedOptions {
  RONDO_ARG(bool, freeze) = true;
  RONDO_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
  RONDO_ARG(std::optional<double>, max_norm) = std::nullopt;
  RONDO_ARG(double, norm_type) = 2.;
  RONDO_ARG(bool, scale_grad_by_freq) = false;
  RONDO_ARG(bool, sparse) = false;
};

using EmbeddingBagMode = enumtype::OneOf<enumtype::kSum, enumtype::kMean, enumtype::kMax>;

struct EmbeddingBagOptions {
  EmbeddingBagOptions(int64_t num_embeddings, int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  RONDO_ARG(int64_t, num_embeddings);
  RONDO_ARG(int64_t, embedding_dim);
  RONDO_ARG(std::optional<double>, max_norm) = std::nullopt;
  RONDO_ARG(double, norm_type) = 2.;
  RONDO_ARG(bool, scale_grad_by_freq) = false;
  RONDO_ARG(EmbeddingBagMode, mode) = kMean;
  RONDO_ARG(bool, sparse) = false;
  RONDO_ARG(Tensor, _weight) = Tensor();
  // Offsets end with where the last bag ends.
  RONDO_ARG(bool, include_last_offset) = false;
  // The row that does not count; negative counts from the end.
  RONDO_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
};

struct EmbeddingBagFromPretrainedOptions {
  RONDO_ARG(bool, freeze) = true;
  RONDO_ARG(std::optional<double>, max_norm) = std::nullopt;
  RONDO_ARG(double, norm_type) = 2.;
  RONDO_ARG(bool, scale_grad_by_freq) = false;
  RONDO_ARG(EmbeddingBagMode, mode) = kMean;
  RONDO_ARG(bool, sparse) = false;
  RONDO_ARG(bool, include_last_offset) = false;
  RONDO_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
};

namespace functional {

struct EmbeddingFuncOptions {
  RONDO_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
  RONDO_ARG(std::optional<double>, max_norm) = std::nullopt;
  RONDO_ARG(double, norm_type) = 2.;
  RONDO_ARG(bool, scale_grad_by_freq) = false;
  RONDO_ARG(bool, sparse) = false;
};

struct EmbeddingBagFuncOptions {
  RONDO_ARG(Tensor, offsets) = Tensor();
  RONDO_ARG(std::optional<double>, max_norm) = std::nullopt;
  RONDO_ARG(double, norm_type) = 2.;
  RONDO_ARG(bool, scale_grad_by_freq) = false;
  RONDO_ARG(EmbeddingBagMode, mode) = kMean;
  RONDO_ARG(bool, sparse) = false;
  RONDO_ARG(Tensor, per_sample_weights) = Tensor();
  RONDO_ARG(bool, include_last_offset) = false;
  RONDO_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;
};

}  // namespace functional
}  // namespace rondo::nn
