#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/models/training/feed.h>

#include <algorithm>

namespace rondo::models {
namespace {

constexpr int64_t kBlockBytes = 256 * 1024;  // gathered at once; stays in the cache

Tensor rows_of(const Tensor& tensor, int64_t first, int64_t count) {
  if (!tensor.defined()) return {};
  Dims sizes(tensor.sizes());
  sizes[0] = count;
  return tensor_data::window(tensor, sizes, tensor.strides(), first * tensor.strides()[0]);
}

Tensor picked(const Tensor& tensor, const Tensor& rows) {
  return tensor.defined() ? index_select(tensor, 0, rows) : Tensor();
}

int64_t bytes_per_row(const Columns& data) {
  size_t bytes = 0;
  for (const Tensor* column : {&data.x, &data.classes, &data.values, &data.as_given, &data.weight}) {
    if (column->defined()) bytes += column->nbytes();
  }
  return std::max<int64_t>(1, static_cast<int64_t>(bytes) / data.rows());
}

}  // namespace

Columns row_range(const Columns& data, int64_t first, int64_t count) {
  return {rows_of(data.x, first, count), rows_of(data.classes, first, count), rows_of(data.values, first, count),
          rows_of(data.as_given, first, count), rows_of(data.weight, first, count)};
}

Feed::Feed(Columns data, int64_t batch_size, bool shuffle)
    : data_(std::move(data)),
      rows_(data_.rows()),
      batch_size_(std::min(batch_size, std::max<int64_t>(rows_, 1))),
      shuffle_(shuffle) {
  const int64_t batches = kBlockBytes / (bytes_per_row(data_) * std::min(batch_size_, rows_));
  block_rows_ = std::max<int64_t>(1, batches) * batch_size_;
}

void Feed::start() {
  next_ = block_begin_ = 0;
  block_end_ = shuffle_ ? 0 : rows_;
  if (shuffle_) {
    order_ = randperm(rows_);
  } else {
    block_ = data_;
  }
}

void Feed::gather() {
  block_begin_ = next_;
  block_end_ = std::min(rows_, next_ + block_rows_);
  const Tensor rows = rows_of(order_, block_begin_, block_end_ - block_begin_);
  block_ = {picked(data_.x, rows), picked(data_.classes, rows), picked(data_.values, rows),
            picked(data_.as_given, rows), picked(data_.weight, rows)};
}

bool Feed::next(Columns& batch) {
  if (next_ >= rows_) return false;
  if (next_ >= block_end_) gather();
  const int64_t count = std::min(batch_size_, rows_ - next_);
  batch = row_range(block_, next_ - block_begin_, count);
  next_ += count;
  return true;
}

}  // namespace rondo::models
