// Batches of sequences of unequal length.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <optional>
#include <tuple>

namespace rondo::nn::utils::rnn {

// The inverse of a permutation of int64; undefined for undefined.
Tensor invert_permutation(const Tensor& permutation);

// Sequences sorted by falling length, their elements step by step without padding: data [sum of batch_sizes, ...]; step
// t has batch_sizes[t] rows. sorted_indices and unsorted_indices, where they are defined, lead from the order of the
// user's batch to the sorted one and back. pack_sequence and pack_padded_sequence make them.
class PackedSequence {
 public:
  explicit PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices = {}, Tensor unsorted_indices = {});

  const Tensor& data() const { return data_; }
  const Tensor& batch_sizes() const { return batch_sizes_; }
  const Tensor& sorted_indices() const { return sorted_indices_; }
  const Tensor& unsorted_indices() const { return unsorted_indices_; }

  PackedSequence pin_memory() const;
  // With its data converted; itself where nothing changes.
  PackedSequence to(TensorOptions options) const;
  PackedSequence cpu() const;
  // Throws Error: rondo computes on the CPU.
  PackedSequence cuda() const;
  bool is_cuda() const { return false; }
  bool is_pinned() const { return false; }

 private:
  Tensor data_, batch_sizes_, sorted_indices_, unsorted_indices_;
};

// Of padded sequences [time, batch, ...] (or [batch, time, ...]). Without enforce_sorted they are sorted first. Throws
// Error for lengths that are not positive, that do not fall where they must, or that are not one for each sequence.
PackedSequence pack_padded_sequence(const Tensor& input, const Tensor& lengths, bool batch_first = false,
                                    bool enforce_sorted = true);
// The padded sequences in the order of the user's batch, and their lengths. total_length: how many steps they get.
std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first = false,
                                               double padding_value = 0.0,
                                               std::optional<int64_t> total_length = std::nullopt);
// Sequences [length, ...] side by side, padded to the longest. `padding_side`: "right" or "left".
Tensor pad_sequence(TensorList sequences, bool batch_first = false, double padding_value = 0,
                    std::string_view padding_side = "right");
PackedSequence pack_sequence(TensorList sequences, bool enforce_sorted = true);

}  // namespace rondo::nn::utils::rnn
