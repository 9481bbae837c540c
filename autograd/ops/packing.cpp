// Batches of sequences of unequal length: packed, padded.
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/recurrent.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace {

// Numbers of the rows, in [time, batch], that sequences of these sizes a step have, in packed order.
Tensor rows_of(const int64_t* sizes, int64_t steps, int64_t batch) {
  int64_t count = 0;
  for (int64_t t = 0; t < steps; ++t) count += sizes[t];
  Tensor rows = tensor_data::make(count, kLong);
  auto* to = rows.data_ptr<int64_t>();
  for (int64_t t = 0; t < steps; ++t) {
    for (int64_t b = 0; b < sizes[t]; ++b) *to++ = t * batch + b;
  }
  return rows;
}

// The first two dimensions as one.
Tensor joined(const Tensor& x) {
  Dims sizes(x.sizes().slice(1, x.sizes().size() - 1));
  sizes[0] = x.size(0) * x.size(1);
  return x.reshape(sizes);
}

}  // namespace

std::tuple<Tensor, Tensor> _pack_padded_sequence(const Tensor& input, const Tensor& lengths, bool batch_first) {
  const char* const name = "pack_padded_sequence";
  if (input.numel() == 0) fail(name, fmt::format("Cannot pack empty tensors; got {}", to_string(input.sizes())));
  if (input.dim() < 2) fail(name, fmt::format("input is {}; need (time, batch, ...)", to_string(input.sizes())));
  if (lengths.dim() != 1 || lengths.dtype() != kLong) {
    fail(name, fmt::format("lengths is {} of {}; need one dimension of int64", to_string(lengths.sizes()),
                           dtype_name(lengths.dtype())));
  }
  const Tensor by_time = batch_first ? input.transpose(0, 1) : input;
  const int64_t time = by_time.size(0), batch = by_time.size(1);
  if (lengths.size(0) != batch) {
    fail(name, fmt::format("Expected `len(lengths)` to be equal to batch_size, but got {} (batch_size={})",
                           lengths.size(0), batch));
  }
  const Tensor dense = lengths.contiguous();
  const auto* const length = dense.data_ptr<int64_t>();
  for (int64_t i = 0; i < batch; ++i) {
    if (length[i] <= 0) {
      fail(name,
           fmt::format("Length of all samples has to be greater than 0, but found an element in 'lengths' that is "
                       "<= 0: number {} is {}",
                       i, length[i]));
    }
    if (i > 0 && length[i] > length[i - 1]) {
      fail(name,
           "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
           "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if "
           "you do not need ONNX exportability.");
    }
  }
  if (length[0] > time) {
    fail(name, fmt::format("the longest of the lengths is {}, the sequences have {} steps", length[0], time));
  }
  Tensor batch_sizes = tensor_data::make(length[0], kLong);
  auto* const sizes = batch_sizes.data_ptr<int64_t>();
  int64_t running = batch;
  for (int64_t t = 0; t < length[0]; ++t) {
    while (length[running - 1] <= t) --running;
    sizes[t] = running;
  }
  return {index_select(joined(by_time), 0, rows_of(sizes, length[0], batch)), batch_sizes};
}

std::tuple<Tensor, Tensor> _pad_packed_sequence(const Tensor& data, const Tensor& batch_sizes, bool batch_first,
                                                Scalar padding_value, int64_t total_length) {
  const char* const name = "pad_packed_sequence";
  if (batch_sizes.dim() != 1 || batch_sizes.dtype() != kLong || batch_sizes.numel() == 0 || data.dim() == 0) {
    fail(name, fmt::format("the data are {}, batch_sizes is {} of {}; need (rows, ...) and int64 of one dimension",
                           to_string(data.sizes()), to_string(batch_sizes.sizes()), dtype_name(batch_sizes.dtype())));
  }
  const Tensor dense = batch_sizes.contiguous();
  const auto* const sizes = dense.data_ptr<int64_t>();
  const int64_t steps = dense.numel(), batch = sizes[0];
  if (total_length > 0 && total_length < steps) {
    fail(name, fmt::format("Expected total_length to be at least the length of the longest sequence in input, but got "
                           "total_length={} and max sequence length being {}",
                           total_length, steps));
  }
  const int64_t time = std::max(total_length, steps);
  Tensor lengths = tensor_data::make(batch, kLong);
  auto* const length = lengths.data_ptr<int64_t>();
  std::fill(length, length + batch, 0);
  int64_t rows = 0;
  for (int64_t t = 0; t < steps; ++t) {
    if (sizes[t] <= 0 || (t > 0 && sizes[t] > sizes[t - 1])) {
      fail(name, fmt::format("batch_sizes must be positive and must not increase; number {} is {}", t, sizes[t]));
    }
    rows += sizes[t];
    for (int64_t b = 0; b < sizes[t]; ++b) ++length[b];
  }
  if (rows != data.size(0)) {
    fail(name, fmt::format("batch_sizes sum to {}; the data have {} rows", rows, data.size(0)));
  }
  Dims flat(data.sizes()), padded{time};
  flat[0] = time * batch;
  padded.push_back(batch);
  for (int64_t d = 1; d < data.dim(); ++d) padded.push_back(data.size(d));
  const Tensor filled = full(flat, padding_value, data.options());
  const Tensor output = filled.index_copy(0, rows_of(sizes, steps, batch), data).view(padded);
  return {batch_first ? output.transpose(0, 1) : output, lengths};
}

Tensor pad_sequence(TensorList sequences, bool batch_first, double padding_value) {
  if (sequences.empty()) fail("pad_sequence", "received an empty list of sequences");
  int64_t longest = 0;
  for (const Tensor& sequence : sequences) {
    if (sequence.dim() == 0) fail("pad_sequence", "got a sequence of no dimension; need (length, ...)");
    longest = std::max(longest, sequence.size(0));
  }
  const IntArrayRef trailing = sequences[0].sizes().slice(1, sequences[0].sizes().size() - 1);
  std::vector<Tensor> padded;
  for (const Tensor& sequence : sequences) {
    if (!(sequence.sizes().slice(1, sequence.sizes().size() - 1) == trailing)) {
      fail("pad_sequence", fmt::format("the sequences must have the same sizes but for the first; got {} and {}",
                                       to_string(sequences[0].sizes()), to_string(sequence.sizes())));
    }
    std::vector<int64_t> pad(static_cast<size_t>(2 * sequence.dim()), 0);
    pad.back() = longest - sequence.size(0);
    padded.push_back(pad.back() == 0 ? sequence : constant_pad_nd(sequence, pad, padding_value));
  }
  return stack(padded, batch_first ? 0 : 1);
}

RONDO_OP(
    packing, .name = "packed sequences", .doc = "rows of padded sequences without the padding, and back",
    .samples = [](ops::Samples& s) {
      s.add("pack", {s.real({3, 2, 2})},
            RONDO_SAMPLE(std::get<0>(_pack_padded_sequence(in[0], tensor({3, 1}), false))));
      s.add("pack, batch first", {s.real({2, 3})},
            RONDO_SAMPLE(std::get<0>(_pack_padded_sequence(in[0], tensor({2, 2}), true))));
      s.add("pad", {s.real({4, 2})},
            RONDO_SAMPLE(std::get<0>(_pad_packed_sequence(in[0], tensor({2, 1, 1}), false, 0.5, 0))));
      s.add("pad, batch first, longer", {s.real({4})},
            RONDO_SAMPLE(std::get<0>(_pad_packed_sequence(in[0], tensor({2, 2}), true, 0, 4))));
      s.add("pad_sequence", {s.real({2, 2}), s.real({3, 2})}, RONDO_SAMPLE(pad_sequence({in[0], in[1]}, false, -1)));
      s.add("pad_sequence, batch first", {s.real({2}), s.real({1}), s.real({2})},
            RONDO_SAMPLE(pad_sequence({in[0], in[1], in[2]}, true)));
      s.error("order", "must be sorted in decreasing order", [] {
        _pack_padded_sequence(ones({3, 2}), tensor({1, 3}), false);
      });
      s.error("lengths", "Expected `len(lengths)` to be equal to batch_size", [] {
        _pack_padded_sequence(ones({3, 2}), tensor({3}), false);
      });
      s.error("zero", "has to be greater than 0", [] { _pack_padded_sequence(ones({3, 2}), tensor({3, 0}), false); });
      s.error("nothing", "empty list", [] { pad_sequence({}); });
      s.error("sizes", "the same sizes", [] { pad_sequence({ones({2, 2}), ones({2, 3})}); });
    });

}  // namespace rondo
