// Reductions over strided shapes: two forms, one for reduced dimensions that are contiguous (runs), one for kept ones
// (columns).
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/loops.h>
#include <rondo/autograd/kernels/reduce.h>
#include <rondo/autograd/kernels/scratch.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace rondo::kernels {
namespace {

constexpr int64_t kGrain = 32768;   // numbers that are worth a thread
constexpr int64_t kPiece = 4096;    // numbers that a run joins at one go
constexpr int64_t kTask = 65536;    // numbers of a run that one thread joins alone
constexpr int64_t kRowPiece = 512;  // rows that columns join at one go
constexpr int64_t kRowTask = 4096;  // rows that one thread joins alone, at most
constexpr int64_t kBuffer = 512;    // numbers converted at one go

// Everything that stays the same during one call.
struct Work {
  const Reducer& kernels;
  ScalarType x_type;
  const char* x;
  char* out;
  int64_t outputs = 1, length = 1;
  Loops<2> kept;     // strides of x and of the output
  Loops<1> reduced;  // strides of x

  Work(const Reducer& reducer, ScalarType type, const void* from, void* to)
      : kernels(reducer), x_type(type), x(static_cast<const char*>(from)), out(static_cast<char*>(to)) {}

  const char* at(int64_t offset) const { return x + offset * static_cast<int64_t>(element_size(x_type)); }
  char* result(char* array, int64_t index) const { return array + index * static_cast<int64_t>(kernels.width); }
  bool native() const { return x_type == kernels.native; }

  // `count` runs of n numbers with the stride of the innermost reduced dimension.
  void join_runs(int64_t offset, int64_t n, int64_t stride, int64_t count, int64_t step, char* to) const {
    if (native() && (stride == 1 || n <= 1)) return kernels.run(at(offset), n, count, step, to);
    alignas(64) char numbers[kBuffer * 8];
    alignas(8) char part[kMaxAccumulator];
    const int64_t unit = 1;
    for (int64_t i = 0; i < count; ++i) {
      for (int64_t k = 0; k < n || k == 0; k += kBuffer) {
        const int64_t m = std::min(kBuffer, n - k);
        copy(1, &m, kernels.native, numbers, &unit, x_type, at(offset + i * step + k * stride), &stride);
        kernels.run(numbers, m, 1, 0, k == 0 ? result(to, i) : part);
        if (k > 0) kernels.merge(result(to, i), part, 1);
      }
    }
  }

  // Rows of unit stride with the stride of the innermost reduced dimension; columns fit into kBuffer numbers unless
  // the type is native.
  void join_rows(int64_t offset, int64_t rows, int64_t stride, int64_t columns, char* to) const {
    if (native()) return kernels.rows(at(offset), rows, stride, columns, to);
    alignas(64) char numbers[kBuffer * 8];
    alignas(8) char part[kBuffer * kMaxAccumulator];
    const int64_t block = kBuffer / columns;
    for (int64_t r = 0; r < rows || r == 0; r += block) {
      const int64_t sizes[2] = {std::min(block, rows - r), columns};
      const int64_t from[2] = {stride, 1}, into[2] = {columns, 1};
      copy(2, sizes, kernels.native, numbers, into, x_type, at(offset + r * stride), from);
      kernels.rows(numbers, sizes[0], columns, columns, r == 0 ? to : part);
      if (r > 0) kernels.merge(to, part, columns);
    }
  }
};

// Accumulators joined like the digits of a binary counter: each of 2^k with its like, so that errors grow like the
// logarithm of their number.
class Cascade {
 public:
  explicit Cascade(const Reducer& kernels) : kernels_(kernels) {}

  char* slot() { return next_; }  // where the caller writes the next one
  void push() {
    int level = 0;
    for (int64_t n = count_++; n & 1; n >>= 1, ++level) {
      kernels_.merge(levels_[level], next_, 1);
      std::memcpy(next_, levels_[level], kernels_.width);
    }
    std::memcpy(levels_[level], next_, kernels_.width);
  }
  void finish(char* out) {
    bool first = true;
    for (int level = 0; count_ >> level; ++level) {
      if (!(count_ >> level & 1)) continue;
      if (!first) kernels_.merge(levels_[level], next_, 1);
      std::memcpy(next_, levels_[level], kernels_.width);
      first = false;
    }
    std::memcpy(out, next_, kernels_.width);
  }

 private:
  const Reducer& kernels_;
  int64_t count_ = 0;
  alignas(8) char next_[kMaxAccumulator];
  alignas(8) char levels_[64][kMaxAccumulator];
};

// array[0] of `parts` arrays of `count` accumulators becomes the join of all, as a balanced tree.
void join_parts(const Reducer& kernels, char* parts, int64_t number, int64_t count) {
  const int64_t bytes = count * static_cast<int64_t>(kernels.width);
  for (int64_t step = 1; step < number; step *= 2) {
    for (int64_t t = 0; t + step < number; t += 2 * step) {
      kernels.merge(parts + t * bytes, parts + (t + step) * bytes, count);
    }
  }
}

// ---- runs: every output is the join of runs along the innermost reduced dimension

// The reduced positions [first, last) of the output whose numbers begin at `base`.
void join_range(const Work& work, int64_t base, int64_t first, int64_t last, char* to) {
  const int inner = work.reduced.count - 1;
  const int64_t size = work.reduced.sizes[inner], stride = work.reduced.strides[inner][0];
  Odometer<1> place(work.reduced, inner, first / size);
  Cascade cascade(work.kernels);
  int64_t k = first % size;
  for (int64_t p = first; p < last;) {
    const int64_t n = std::min({kPiece, size - k, last - p});
    work.join_runs(base + place.offset[0] + k * stride, n, stride, 1, 0, cascade.slot());
    cascade.push();
    p += n;
    k += n;
    if (k == size) {
      place.next();
      k = 0;
    }
  }
  cascade.finish(to);
}

void reduce_runs(const Work& work) {
  const int64_t tasks = (work.length + kTask - 1) / kTask;
  const int inner = work.kept.count - 1;
  const int64_t columns = inner < 0 ? 1 : work.kept.sizes[inner], step = inner < 0 ? 0 : work.kept.strides[inner][0];
  if (tasks > 1) {
    Scratch<2048> parts(static_cast<size_t>(work.outputs * tasks) * work.kernels.width);
    parallel_for(0, work.outputs * tasks, 1, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        const Odometer<2> place(work.kept, work.kept.count, i / tasks);
        const int64_t begin = i % tasks * kTask;
        join_range(work, place.offset[0], begin, std::min(work.length, begin + kTask), work.result(parts.data(), i));
      }
    });
    for (int64_t i = 0; i < work.outputs; ++i) {
      char* mine = work.result(parts.data(), i * tasks);
      join_parts(work.kernels, mine, tasks, 1);
      std::memcpy(work.result(work.out, i), mine, work.kernels.width);
    }
    return;
  }
  const bool single = work.reduced.count == 1 && work.length <= kPiece;
  parallel_for(0, work.outputs, std::max<int64_t>(1, kGrain / work.length), [&](int64_t first, int64_t last) {
    Odometer<2> place(work.kept, std::max(inner, 0), first / columns);
    for (int64_t i = first; i < last; place.next()) {
      const int64_t j = i % columns, n = std::min(columns - j, last - i);
      const int64_t base = place.offset[0] + j * step;
      if (single) {
        work.join_runs(base, work.length, work.reduced.strides[0][0], n, step, work.result(work.out, i));
      } else {
        for (int64_t k = 0; k < n; ++k) join_range(work, base + k * step, 0, work.length, work.result(work.out, i + k));
      }
      i += n;
    }
  });
}

// ---- columns: the innermost kept dimension is contiguous in x

// The reduced positions [first, last) of `columns` neighbouring outputs.
void join_columns(const Work& work, int64_t base, int64_t first, int64_t last, int64_t columns, char* to) {
  if (work.reduced.count == 0) return work.join_rows(base, 1, 0, columns, to);
  const int inner = work.reduced.count - 1;
  const int64_t size = work.reduced.sizes[inner], stride = work.reduced.strides[inner][0];
  if (inner == 0 && last - first <= kRowPiece) {
    return work.join_rows(base + first * stride, last - first, stride, columns, to);
  }
  alignas(64) char part[kBuffer * 2 * kMaxAccumulator];
  Odometer<1> place(work.reduced, inner, first / size);
  int64_t k = first % size;
  for (int64_t p = first; p < last;) {
    const int64_t n = std::min({kRowPiece, size - k, last - p});
    work.join_rows(base + place.offset[0] + k * stride, n, stride, columns, p == first ? to : part);
    if (p > first) work.kernels.merge(to, part, columns);
    p += n;
    k += n;
    if (k == size) {
      place.next();
      k = 0;
    }
  }
}

void reduce_columns(const Work& work) {
  const int inner = work.kept.count - 1;
  const int64_t size = work.kept.sizes[inner];
  const int64_t width = std::min(size, work.native() ? int64_t{1024} : kBuffer / 4);  // columns in a task
  const int64_t strips = (size + width - 1) / width;
  const int64_t rows = std::clamp<int64_t>(2 * kTask / width, 128, kRowTask);  // rows in a task
  const int64_t tasks = std::max<int64_t>(1, (work.length + rows - 1) / rows);
  const int64_t outer = work.kept.total(inner), numbers = std::min(rows, work.length) * width;
  const int64_t bytes = work.outputs * static_cast<int64_t>(work.kernels.width);
  Scratch<2048> parts(tasks > 1 ? static_cast<size_t>(bytes * tasks) : 0);
  char* results = tasks > 1 ? parts.data() : work.out;
  parallel_for(0, outer * tasks * strips, std::max<int64_t>(1, kGrain / numbers), [&](int64_t first, int64_t last) {
    Odometer<2> place(work.kept, inner, first / (tasks * strips));
    for (int64_t i = first; i < last; ++i) {
      const int64_t t = i / strips % tasks, j = i % strips * width;
      join_columns(work, place.offset[0] + j, t * rows, std::min(work.length, (t + 1) * rows),
                   std::min(width, size - j), work.result(results + t * bytes, place.offset[1] + j));
      if ((i + 1) % (tasks * strips) == 0) place.next();
    }
  });
  if (tasks > 1) {
    join_parts(work.kernels, results, tasks, work.outputs);
    std::memcpy(work.out, results, static_cast<size_t>(bytes));
  }
}

// A few numbers in at most one dimension of each kind: what the general walk would do, without its cost.
bool reduce_small(const ReduceShape& shape, const Reducer& kernels, const void* x, void* out) {
  const int64_t outputs = shape.kept == 1 ? shape.kept_sizes[0] : 1;
  const int64_t length = shape.reduced == 1 ? shape.reduced_sizes[0] : 1;
  if (outputs * length > kPiece || length > kRowPiece * (outputs == 1 ? 8 : 1)) return false;
  const int64_t step = outputs > 1 ? shape.kept_strides[0] : 0, stride = length > 1 ? shape.reduced_strides[0] : 1;
  if (stride == 1 && (length > 1 || step != 1)) {
    kernels.run(x, length, outputs, step, out);
  } else if (step == 1) {
    kernels.rows(x, length, stride, outputs, out);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void reduce(const ReduceShape& shape, const Reducer& kernels, ScalarType x_type, const void* x, void* out) {
  if (shape.kept <= 1 && shape.reduced <= 1 && x_type == kernels.native && reduce_small(shape, kernels, x, out)) return;
  Work work(kernels, x_type, x, out);
  for (int d = 0; d < shape.kept; ++d) work.outputs *= shape.kept_sizes[d];
  for (int d = 0; d < shape.reduced; ++d) work.length *= shape.reduced_sizes[d];
  if (work.outputs == 0) return;
  if (work.length == 0) return kernels.rows(x, 0, 0, work.outputs, out);
  int64_t stride = work.outputs;
  for (int d = 0; d < shape.kept; ++d) {
    stride /= shape.kept_sizes[d];
    work.kept.add(shape.kept_sizes[d], shape.kept_strides[d], stride);
  }
  for (int d = 0; d < shape.reduced; ++d) work.reduced.add(shape.reduced_sizes[d], shape.reduced_strides[d]);
  work.reduced.order();
  const bool contiguous = work.kept.count > 0 && work.kept.strides[work.kept.count - 1][0] == 1;
  if (work.reduced.count == 0) {
    if (contiguous) return reduce_columns(work);
    work.reduced.append(1, 0);
  } else if (contiguous && work.reduced.strides[work.reduced.count - 1][0] != 1) {
    return reduce_columns(work);
  }
  reduce_runs(work);
}

namespace {

// Reduces to accumulators of type `type` and converts these to y_type.
void reduce_to(const ReduceShape& shape, ReduceOp op, ScalarType type, ScalarType x_type, const void* x,
               ScalarType y_type, void* y) {
  const Reducer kernels = reducer(op, type);
  if (type == y_type) return reduce(shape, kernels, x_type, x, y);
  int64_t outputs = 1;
  for (int d = 0; d < shape.kept; ++d) outputs *= shape.kept_sizes[d];
  Scratch<512> results(static_cast<size_t>(outputs) * kernels.width);
  reduce(shape, kernels, x_type, x, results.data());
  const int64_t unit = 1;
  copy(1, &outputs, y_type, y, &unit, type, results.data(), &unit);
}

ScalarType accumulator(ScalarType x_type, ScalarType y_type) {
  if (!is_floating_point(x_type)) return kLong;
  return x_type == kDouble || y_type == kDouble ? kDouble : kFloat;
}

}  // namespace

void sum(const ReduceShape& shape, ScalarType x_type, const void* x, ScalarType y_type, void* y) {
  reduce_to(shape, ReduceOp::kSum, accumulator(x_type, y_type), x_type, x, y_type, y);
}

void prod(const ReduceShape& shape, ScalarType x_type, const void* x, ScalarType y_type, void* y) {
  reduce_to(shape, ReduceOp::kProd, accumulator(x_type, y_type), x_type, x, y_type, y);
}

void amax(const ReduceShape& shape, ScalarType type, const void* x, void* y) {
  reduce_to(shape, ReduceOp::kMax, accumulator(type, type), type, x, type, y);
}

void amin(const ReduceShape& shape, ScalarType type, const void* x, void* y) {
  reduce_to(shape, ReduceOp::kMin, accumulator(type, type), type, x, type, y);
}

void all(const ReduceShape& shape, ScalarType type, const void* x, bool* y) {
  reduce_to(shape, ReduceOp::kAll, kBool, type, x, kBool, y);
}

void any(const ReduceShape& shape, ScalarType type, const void* x, bool* y) {
  reduce_to(shape, ReduceOp::kAny, kBool, type, x, kBool, y);
}

void mean_variance(const ReduceShape& shape, ScalarType type, const void* x, double correction, void* mean,
                   void* variance) {
  int64_t outputs = 1;
  for (int d = 0; d < shape.kept; ++d) outputs *= shape.kept_sizes[d];
  Scratch<512> results(static_cast<size_t>(outputs) * sizeof(Moments));
  const auto* moments = results.as<Moments>();
  reduce(shape, moments_reducer(type), type, x, results.data());
  visit_dtype(type == kDouble ? kDouble : kFloat, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for (int64_t i = 0; i < outputs; ++i) {
      const Moments& m = moments[i];
      const double nan = std::numeric_limits<double>::quiet_NaN(), freedom = std::max(0.0, m.count - correction);
      if (mean) static_cast<T*>(mean)[i] = static_cast<T>(m.count > 0 ? m.mean : nan);
      if (!variance) continue;
      static_cast<T*>(variance)[i] = static_cast<T>(m.deviation == 0 && freedom == 0 ? nan : m.deviation / freedom);
    }
  });
}

}  // namespace rondo::kernels
