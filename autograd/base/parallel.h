// The one way in which rondo uses threads.
#pragma once

#include <cstdint>

namespace rondo {

// The number of threads that large operations may use: what set_num_threads said, else OpenMP's own maximum.
int get_num_threads();
// Limits rondo's own parallel work; OpenMP's settings stay as the caller left them. Throws ValueError below 1.
void set_num_threads(int count);

// Whether the caller runs in a piece of parallel_for, and on which of its threads: below get_num_threads(), 0 outside.
bool in_parallel_region();
int get_thread_num();

namespace base {

using RangeBody = void (*)(void* context, int64_t begin, int64_t end);
// Whether a range of this size would be shared among threads.
bool runs_parallel(int64_t size, int64_t grain);
void run_parallel(int64_t begin, int64_t end, int64_t grain, RangeBody body, void* context);

// While it lives, a library that asks OpenMP for its number of threads is told one; the caller's setting comes back.
class OneOpenMPThread {
 public:
  OneOpenMPThread();
  ~OneOpenMPThread();
  OneOpenMPThread(const OneOpenMPThread&) = delete;
  OneOpenMPThread& operator=(const OneOpenMPThread&) = delete;

 private:
  int before_;
};

}  // namespace base

// Calls f(first, last) on pieces of [begin, end) that are multiples of `grain` (but for the last one), on several
// threads where the range holds more than one grain and no parallel region is active, else once on the whole range.
// A thread may take several pieces, whose borders depend on the number of threads: f's result for an index must not
// depend on them. A range of no more grains than threads is dealt out a grain a piece, for costly set-up. The first
// exception of any piece is thrown again on the calling thread.
template <class F>
void parallel_for(int64_t begin, int64_t end, int64_t grain, const F& f) {
  if (end <= begin) return;
  if (!base::runs_parallel(end - begin, grain)) {
    f(begin, end);
    return;
  }
  base::run_parallel(
      begin, end, grain,
      [](void* context, int64_t first, int64_t last) { (*static_cast<const F*>(context))(first, last); },
      const_cast<void*>(static_cast<const void*>(&f)));
}

}  // namespace rondo
