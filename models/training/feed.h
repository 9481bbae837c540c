// Batches of prepared data.
#pragma once

#include <rondo/models/losses.h>

namespace rondo::models {

// The data of a run, one row a sample: x in the model's type, y in the forms that losses and metrics want. What nobody
// wants is undefined.
struct Columns {
  Tensor x = {}, classes = {}, values = {}, as_given = {}, weight = {};

  int64_t rows() const { return x.defined() ? x.size(0) : 0; }
  const Tensor& target(losses::Target form) const {
    return form == losses::Target::kClasses ? classes : form == losses::Target::kValues ? values : as_given;
  }
};

// Rows first ... first + count - 1, without a copy.
Columns row_range(const Columns& data, int64_t first, int64_t count);

// Goes through the rows in batches, the last of which may be smaller; in a fresh order each time where they are
// shuffled. Shuffled rows are gathered for several batches at once, so that small ones do not pay for a call each.
class Feed {
 public:
  Feed(Columns data, int64_t batch_size, bool shuffle);

  int64_t steps() const { return (rows_ + batch_size_ - 1) / batch_size_; }
  void start();
  // The next batch; false after the last.
  bool next(Columns& batch);

 private:
  void gather();

  Columns data_, block_;
  Tensor order_;
  int64_t rows_, batch_size_, block_rows_, next_ = 0, block_begin_ = 0, block_end_ = 0;
  bool shuffle_;
};

}  // namespace rondo::models
