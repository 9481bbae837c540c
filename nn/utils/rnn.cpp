#include <rondo/nn/utils/rnn.h>

#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/recurrent.h>
#include <rondo/autograd/ops/sorting.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo::nn::utils::rnn {

Tensor invert_permutation(const Tensor& permutation) {
  if (!permutation.defined()) return {};
  Tensor output = empty_like(permutation);
  return output.scatter_(0, permutation, arange(permutation.numel()));
}

PackedSequence::PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices, Tensor unsorted_indices)
    : data_(std::move(data)),
      batch_sizes_(std::move(batch_sizes)),
      sorted_indices_(std::move(sorted_indices)),
      unsorted_indices_(std::move(unsorted_indices)) {
  if (!unsorted_indices_.defined()) unsorted_indices_ = invert_permutation(sorted_indices_);
}

PackedSequence PackedSequence::pin_memory() const { return *this; }

PackedSequence PackedSequence::to(TensorOptions options) const {
  Tensor data = data_.to(options);
  return data.is_same(data_) ? *this : PackedSequence(data, batch_sizes_, sorted_indices_, unsorted_indices_);
}

PackedSequence PackedSequence::cpu() const { return to(TensorOptions().device(kCPU)); }
PackedSequence PackedSequence::cuda() const { return to(TensorOptions().device(kCUDA)); }

PackedSequence pack_padded_sequence(const Tensor& input, const Tensor& lengths, bool batch_first, bool enforce_sorted) {
  const Tensor given = lengths.to(kLong);
  if (enforce_sorted) {
    auto [data, batch_sizes] = _pack_padded_sequence(input, given, batch_first);
    return PackedSequence(std::move(data), std::move(batch_sizes));
  }
  if (given.dim() != 1) {
    fail("pack_padded_sequence", fmt::format("lengths is {}; need one dimension", to_string(given.sizes())));
  }
  const auto [sorted, order] = sort(given, -1, true);
  auto [data, batch_sizes] = _pack_padded_sequence(input.index_select(batch_first ? 0 : 1, order), sorted, batch_first);
  return PackedSequence(std::move(data), std::move(batch_sizes), order);
}

std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first, double padding_value,
                                               std::optional<int64_t> total_length) {
  const int64_t longest = sequence.batch_sizes().size(0);
  if (total_length && *total_length < longest) {
    fail("pad_packed_sequence",
         fmt::format("Expected total_length to be at least the length of the longest sequence in input, but got "
                     "total_length={} and max sequence length being {}",
                     *total_length, longest));
  }
  auto [padded, lengths] = _pad_packed_sequence(sequence.data(), sequence.batch_sizes(), batch_first, padding_value,
                                                total_length.value_or(longest));
  const Tensor& order = sequence.unsorted_indices();
  if (!order.defined()) return {std::move(padded), std::move(lengths)};
  return {padded.index_select(batch_first ? 0 : 1, order), lengths.index_select(0, order)};
}

Tensor pad_sequence(TensorList sequences, bool batch_first, double padding_value, std::string_view padding_side) {
  if (padding_side == "left") {
    std::vector<Tensor> turned;
    for (const Tensor& sequence : sequences) turned.push_back(sequence.flip(0));
    return rondo::pad_sequence(turned, batch_first, padding_value).flip(batch_first ? 1 : 0);
  }
  if (padding_side != "right") {
    fail_value("pad_sequence", fmt::format("padding_side is '{}'; need 'right' or 'left'", padding_side));
  }
  return rondo::pad_sequence(sequences, batch_first, padding_value);
}

PackedSequence pack_sequence(TensorList sequences, bool enforce_sorted) {
  std::vector<int64_t> lengths;
  for (const Tensor& sequence : sequences) lengths.push_back(sequence.size(0));
  return pack_padded_sequence(rondo::pad_sequence(sequences), tensor(lengths, kLong), false, enforce_sorted);
}

}  // namespace rondo::nn::utils::rnn
