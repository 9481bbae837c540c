#include <rondo/nn/functional/embedding.h>

#include <rondo/autograd/ops/embedding_bag.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo::nn::functional {
Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options) {
  int64_t padding_idx = -1;
  if (options.padding_idx()) {
    padding_idx = *options.padding_idx();
    if (padding_idx >= weight.size(0) || padding_idx < -weight.size(0)) {
      fail("embedding",
           fmt::format("Padding_idx must be within num_embeddings; got {} for {} rows", padding_idx, weight.size(0)));
    }
    if (padding_idx < 0) padding_idx += weight.size(0);
  }
  if (options.max_norm()) {
    Tensor table = weight;
    embedding_renorm_(table, input, *options.max_norm(), options.norm_type());
  }
  return rondo::embedding(weight, input, padding_idx, options.scale_grad_by_freq(), options.sparse());
}

Tensor embedding_bag(const Tensor& input, const Tensor& weight, const EmbeddingBagFuncOptions& options) {
  constexpr const char* kName = "embedding_bag";
  Tensor indices = input, offsets = options.offsets(), sample_weights = options.per_sample_weights();
  if (sample_weights.defined() && sample_weights.sizes() != input.sizes()) {
    fail(kName,
         fmt::format("If per_sample_weights ({}) is not null, then it must have the same shape as the input ({})",
                     to_string(sample_weights.sizes()), to_string(input.sizes())));
  }
  if (input.dim() == 2) {
    if (offsets.defined()) {
      fail(kName,
           "If input is 2D, then offsets has to be null, as input is treated is a mini-batch of fixed length "
           "sequences. However, found offsets of type Tensor");
    }
    const int64_t bags = input.size(0), length = input.size(1);
    offsets = arange(bags + 1, kLong) * length;
    if (!options.include_last_offset()) offsets = offsets.narrow(0, 0, bags);
    indices = input.reshape({-1});
    if (sample_weights.defined()) sample_weights = sample_weights.reshape({-1});
  } else if (input.dim() != 1) {
    fail(kName, fmt::format("input has to be 1D or 2D Tensor, but got Tensor of dimension {}", input.dim()));
  } else if (!offsets.defined()) {
    fail(kName, "offsets has to be a 1D Tensor but got null");
  }
  int64_t mode = 0;
  if (options.mode().is<enumtype::kMean>()) mode = 1;
  if (options.mode().is<enumtype::kMax>()) {
    mode = 2;
    if (options.scale_grad_by_freq()) fail(kName, "max mode does not support scaling the gradient by the frequency");
    if (options.sparse()) fail(kName, "max mode does not support sparse weights");
  }
  if (sample_weights.defined() && mode != 0) {
    fail(kName,
         fmt::format("per_sample_weights was not null. per_sample_weights is only supported for mode='kSum' (got "
                     "mode='{}')",
                     get_enum_name(options.mode())));
  }
  if (options.max_norm()) {
    Tensor table = weight;
    embedding_renorm_(table, indices, *options.max_norm(), options.norm_type());
  }
  return std::get<0>(rondo::embedding_bag(weight, indices, offsets, options.scale_grad_by_freq(), mode,
                                          options.sparse(), sample_weights, options.include_last_offset(),
                                          options.padding_idx()));
}

}  // namespace rondo::nn::functional
