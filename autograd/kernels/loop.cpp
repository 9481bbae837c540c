#include <rondo/autograd/base/dims.h>
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/loop.h>

#include <hwy/cache_control.h>

#include <algorithm>
#include <cstring>

namespace rondo::kernels {
namespace {

constexpr int64_t kChunk = 512;     // numbers that a strided operand passes through at a time
constexpr int64_t kPieceUnit = 64;  // numbers: pieces of a flat run begin on cache lines

// Whether arrays of so many bytes push each other out of the last cache, so that what is written has left it before it
// is read: writing past the caches then saves to read the lines first, a third of an addition's traffic. Few cores have
// more than 32 MB of such a cache (the C library counts it wrongly on some). One thread gains before it is full;
// several reach what memory takes of writes sooner.
bool outgrows_caches(int64_t bytes) { return bytes > (int64_t{get_num_threads() > 1 ? 56 : 28} << 20); }

// The shape after merging: dimension 0 is the innermost; strides in bytes.
struct Plan {
  int count = 0;
  bool streamed = false;  // as kStreamed
  Dims sizes;
  Dims strides[kMaxOperands];
};

Plan make_plan(int count, const Operand* operands, int ndim, const int64_t* sizes) {
  Plan plan;
  plan.count = count;
  // From the innermost dimension of the output outward, so that writes are sequential whatever its layout.
  Dims order;
  for (int d = ndim; d-- > 0;) {
    if (sizes[d] == 1) continue;
    int32_t place = order.size();
    while (place > 0 && operands[0].strides[order[place - 1]] > operands[0].strides[d]) --place;
    order.insert(place, d);
  }
  for (int64_t d : order) {
    const int32_t last = plan.sizes.size() - 1;
    bool merges = last >= 0;
    for (int i = 0; merges && i < count; ++i) {
      merges = operands[i].strides[d] * operands[i].element_bytes == plan.strides[i][last] * plan.sizes[last];
    }
    if (merges) {
      plan.sizes[last] *= sizes[d];
      continue;
    }
    plan.sizes.push_back(sizes[d]);
    for (int i = 0; i < count; ++i) plan.strides[i].push_back(operands[i].strides[d] * operands[i].element_bytes);
  }
  if (plan.sizes.empty()) {
    plan.sizes.push_back(1);
    for (int i = 0; i < count; ++i) plan.strides[i].push_back(operands[i].element_bytes);
  }
  int64_t bytes = 0;
  bool apart = true;  // the output is none of the inputs
  for (int i = 0; i < count; ++i) {
    if (plan.strides[i].back() != 0) bytes += operands[i].element_bytes;
    apart = apart && (i == 0 || operands[i].data != operands[0].data);
  }
  plan.streamed = apart && outgrows_caches(bytes * count_elements(plan.sizes));
  return plan;
}

template <class Word>
void gather_words(void* to, const char* from, int64_t stride, int64_t n) {
  auto* out = static_cast<Word*>(to);
  for (int64_t i = 0; i < n; ++i) std::memcpy(out + i, from + i * stride, sizeof(Word));
}

template <class Word>
void scatter_words(char* to, const void* from, int64_t stride, int64_t n) {
  const auto* in = static_cast<const Word*>(from);
  for (int64_t i = 0; i < n; ++i) std::memcpy(to + i * stride, in + i, sizeof(Word));
}

void gather(void* to, const char* from, int64_t stride, int64_t n, int64_t bytes) {
  switch (bytes) {
    case 1:
      return gather_words<uint8_t>(to, from, stride, n);
    case 2:
      return gather_words<uint16_t>(to, from, stride, n);
    case 4:
      return gather_words<uint32_t>(to, from, stride, n);
    default:
      return gather_words<uint64_t>(to, from, stride, n);
  }
}

void scatter(char* to, const void* from, int64_t stride, int64_t n, int64_t bytes) {
  switch (bytes) {
    case 1:
      return scatter_words<uint8_t>(to, from, stride, n);
    case 2:
      return scatter_words<uint16_t>(to, from, stride, n);
    case 4:
      return scatter_words<uint32_t>(to, from, stride, n);
    default:
      return scatter_words<uint64_t>(to, from, stride, n);
  }
}

// One run along the innermost dimension. `buffers` holds kChunk words of 8 bytes for each operand.
void run_line(Loop loop, const void* op, int count, const Operand* operands, const Plan& plan, char* const* start,
              int64_t n, uint64_t* buffers) {
  int64_t step[kMaxOperands];
  bool buffered[kMaxOperands] = {}, any = false;
  for (int i = 0; i < count; ++i) {
    const int64_t stride = plan.strides[i][0], bytes = operands[i].element_bytes;
    buffered[i] = stride != bytes && !(stride == 0 && i > 0) && n > 1;
    step[i] = stride == 0 && i > 0 ? 0 : 1;
    any = any || buffered[i];
  }
  if (plan.streamed && !buffered[0]) step[0] = kStreamed;
  if (!any) {
    loop(op, reinterpret_cast<void* const*>(start), step, n);
    return;
  }
  for (int64_t first = 0; first < n; first += kChunk) {
    const int64_t size = std::min(kChunk, n - first);
    void* data[kMaxOperands];
    for (int i = 0; i < count; ++i) {
      char* const from = start[i] + first * plan.strides[i][0];
      data[i] = buffered[i] ? static_cast<void*>(buffers + i * kChunk) : from;
      if (buffered[i] && i > 0) gather(data[i], from, plan.strides[i][0], size, operands[i].element_bytes);
    }
    loop(op, data, step, size);
    if (buffered[0]) {
      scatter(start[0] + first * plan.strides[0][0], data[0], plan.strides[0][0], size, operands[0].element_bytes);
    }
  }
}

// Short rows of a plain array beside one row that all share: the call for each row and the parts of registers that it
// ends in cost more than its numbers, so several are taken as one long run, beside the shared row written out as often.
// Rows of 8 numbers gain 24 times, of 100 twice; longer ones gain where several of them end on a cache line.
constexpr int64_t kShortRow = 8192, kRepeatedBytes = 16384, kCacheLine = 64, kFewNumbers = 8192;

struct RepeatedRow {
  int operand = 0;   // the one that all rows share; 0: not such a loop
  int64_t rows = 1;  // taken at once
};

RepeatedRow plan_repeated(const Plan& plan, const Operand* operands) {
  RepeatedRow row;
  if (plan.sizes.size() != 2 || plan.sizes[0] * plan.sizes[1] < kFewNumbers) return row;
  const int64_t inner = plan.sizes[0];
  for (int i = 0; i < plan.count; ++i) {
    const int64_t bytes = operands[i].element_bytes, stride = plan.strides[i][0], next = plan.strides[i][1];
    if (stride == bytes && next == inner * bytes) continue;
    if (stride == 0 && next == 0 && i > 0) continue;
    if (i == 0 || stride != bytes || next != 0 || row.operand != 0) return {};
    row.operand = i;
  }
  if (row.operand == 0) return {};
  const int64_t bytes = inner * operands[row.operand].element_bytes;
  if (bytes > kShortRow) return {};
  // As many rows as end on a cache line, and then some.
  while (row.rows * bytes % kCacheLine != 0) row.rows *= 2;
  while (row.rows * bytes * 4 <= kRepeatedBytes) row.rows *= 2;
  if (row.rows * bytes > kRepeatedBytes || row.rows * 4 > plan.sizes[1]) return {};
  return row;
}

void run_repeated(Loop loop, const void* op, const Operand* operands, const Plan& plan, const RepeatedRow& row,
                  int64_t first, int64_t last) {
  const int64_t inner = plan.sizes[0], bytes = inner * operands[row.operand].element_bytes;
  alignas(kCacheLine) char repeated[kRepeatedBytes];
  for (int64_t r = 0; r < std::min(row.rows, last - first); ++r) {
    std::memcpy(repeated + r * bytes, operands[row.operand].data, static_cast<size_t>(bytes));
  }
  int64_t step[kMaxOperands];
  for (int i = 0; i < plan.count; ++i) step[i] = plan.strides[i][0] == 0 ? 0 : 1;
  if (plan.streamed) step[0] = kStreamed;
  for (int64_t line = first; line < last; line += row.rows) {
    void* data[kMaxOperands];
    for (int i = 0; i < plan.count; ++i) data[i] = static_cast<char*>(operands[i].data) + line * plan.strides[i][1];
    data[row.operand] = repeated;
    loop(op, data, step, std::min(row.rows, last - line) * inner);
  }
  if (plan.streamed) hwy::FlushStream();
}

}  // namespace

void run_flat(Loop loop, const void* op, int count, void* const* data, const int64_t* step,
              const int64_t* element_bytes, int64_t n, int64_t grain) {
  if (n <= grain) {
    if (n > 0) loop(op, data, step, n);
    return;
  }
  int64_t steps[kMaxOperands], bytes = 0;
  bool apart = true;  // the output is none of the inputs
  for (int i = 0; i < count; ++i) {
    steps[i] = step[i];
    bytes += step[i] * n * element_bytes[i];
    apart = apart && (i == 0 || data[i] != data[0]);
  }
  if (apart && outgrows_caches(bytes)) steps[0] = kStreamed;
  if (!base::runs_parallel(n, grain)) {
    loop(op, data, steps, n);
    if (steps[0] == kStreamed) hwy::FlushStream();
    return;
  }
  const int64_t threads = get_num_threads(), rounds = (n + grain * threads - 1) / (grain * threads);
  const int64_t even = (n + rounds * threads - 1) / (rounds * threads);
  parallel_for(0, n, (even + kPieceUnit - 1) / kPieceUnit * kPieceUnit, [&](int64_t first, int64_t last) {
    void* piece[kMaxOperands];
    for (int i = 0; i < count; ++i) piece[i] = static_cast<char*>(data[i]) + first * step[i] * element_bytes[i];
    loop(op, piece, steps, last - first);
    if (steps[0] == kStreamed) hwy::FlushStream();
  });
}

void run_loop(Loop loop, const void* op, int count, const Operand* operands, int ndim, const int64_t* sizes,
              int64_t grain) {
  for (int d = 0; d < ndim; ++d) {
    if (sizes[d] == 0) return;
  }
  const Plan plan = make_plan(count, operands, ndim, sizes);
  const int64_t inner = plan.sizes[0];
  const int64_t lines = count_elements(plan.sizes) / inner;
  // A range of lines; a single long line is cut into pieces instead.
  const auto run_lines = [&](int64_t first, int64_t last, int64_t from, int64_t n) {
    alignas(64) uint64_t buffers[kMaxOperands * kChunk];
    Dims place(plan.sizes.size(), 0);
    int64_t rest = first;
    char* start[kMaxOperands];
    for (int i = 0; i < count; ++i) start[i] = static_cast<char*>(operands[i].data) + from * plan.strides[i][0];
    for (int32_t d = 1; d < plan.sizes.size(); ++d) {
      place[d] = rest % plan.sizes[d];
      rest /= plan.sizes[d];
      for (int i = 0; i < count; ++i) start[i] += place[d] * plan.strides[i][d];
    }
    for (int64_t line = first; line < last; ++line) {
      run_line(loop, op, count, operands, plan, start, n, buffers);
      for (int32_t d = 1; d < plan.sizes.size(); ++d) {
        for (int i = 0; i < count; ++i) start[i] += plan.strides[i][d];
        if (++place[d] < plan.sizes[d]) break;
        for (int i = 0; i < count; ++i) start[i] -= place[d] * plan.strides[i][d];
        place[d] = 0;
      }
    }
    if (plan.streamed) hwy::FlushStream();
  };
  if (lines == 1) {
    parallel_for(0, inner, grain, [&](int64_t first, int64_t last) { run_lines(0, 1, first, last - first); });
  } else if (const RepeatedRow row = plan_repeated(plan, operands); row.operand != 0) {
    const int64_t lines_grain = (std::max<int64_t>(grain / inner, 1) + row.rows - 1) / row.rows * row.rows;
    parallel_for(0, lines, lines_grain,
                 [&](int64_t first, int64_t last) { run_repeated(loop, op, operands, plan, row, first, last); });
  } else {
    const int64_t lines_grain = std::max<int64_t>(grain / inner, 1);
    parallel_for(0, lines, lines_grain, [&](int64_t first, int64_t last) { run_lines(first, last, 0, inner); });
  }
}

}  // namespace rondo::kernels
