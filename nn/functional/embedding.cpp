#include <rondo/nn/functional/embedding.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/reduction.h>

#include <fmt/format.h>

namespace rondo::nn::functional {
namespace {

// Scales the rows that are looked up down to max_norm.
void limit_rows(const Tensor& weight, const Tensor& input, double max_norm, double norm_type) {
  NoGradGuard no_grad;
  const Tensor wanted = input.to(kLong).contiguous();
  const int64_t* rows = wanted.data_ptr<int64_t>();
  std::vector<bool> seen(static_cast<size_t>(weight.size(0)));
  for (int64_t i = 0; i < wanted.numel(); ++i) {
    const auto row = static_cast<size_t>(rows[i]);
    if (row >= seen.size() || seen[row]) continue;  // the lookup reports what is out of range
    seen[row] = true;
    const Tensor values = weight.detach().select(0, rows[i]);
    const double norm = values.norm(norm_type).item<double>();
    if (norm > max_norm) weight.select(0, rows[i]).mul_(max_norm / (norm + 1e-7));
  }
}

}  // namespace

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
  if (options.max_norm()) limit_rows(weight, input, *options.max_norm(), options.norm_type());
  return rondo::embedding(weight, input, padding_idx, options.scale_grad_by_freq(), options.sparse());
}

}  // namespace rondo::nn::functional
