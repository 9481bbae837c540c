#include <rondo/autograd/base/error.h>
#include <rondo/autograd/base/parallel.h>

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <string>

namespace rondo {
namespace {

std::atomic<int> wanted_threads{0};  // 0: as many as OpenMP allows

}  // namespace

int get_num_threads() {
  const int wanted = wanted_threads.load(std::memory_order_relaxed);
  return wanted > 0 ? wanted : omp_get_max_threads();
}

void set_num_threads(int count) {
  if (count < 1) fail_value("set_num_threads", "got " + std::to_string(count) + "; need at least 1");
  wanted_threads.store(count, std::memory_order_relaxed);
}

bool in_parallel_region() { return omp_in_parallel() != 0; }
int get_thread_num() { return omp_get_thread_num(); }

namespace base {

bool runs_parallel(int64_t size, int64_t grain) {
  return size > grain && get_num_threads() > 1 && omp_in_parallel() == 0;
}

OneOpenMPThread::OneOpenMPThread() : before_(omp_get_max_threads()) {
  if (before_ != 1) omp_set_num_threads(1);
}
OneOpenMPThread::~OneOpenMPThread() {
  if (before_ != 1) omp_set_num_threads(before_);
}

namespace {

// One thread's share of a range, in chunks; on a cache line of its own.
struct alignas(64) Share {
  std::atomic<int64_t> next{0};
  int64_t end = 0;
};

constexpr int kMostShares = 64;
constexpr int64_t kChunks = 4;  // of a share

}  // namespace

// Each thread takes the chunks of its own share, so that it meets the same part of an array in one operation after the
// other, and then what is left of other shares: a thread that the system holds up is not waited for longer than needed.
void run_parallel(int64_t begin, int64_t end, int64_t grain, RangeBody body, void* context) {
  grain = std::max<int64_t>(grain, 1);
  const int64_t grains = (end - begin + grain - 1) / grain;
  const int threads = static_cast<int>(std::min<int64_t>(get_num_threads(), grains));
  const int64_t chunk = std::max<int64_t>(1, grains / (threads * kChunks)), chunks = (grains + chunk - 1) / chunk;
  const int count = std::min(threads, kMostShares);  // more threads than that share their shares
  Share shares[kMostShares];
  for (int64_t i = 0; i < count; ++i) {
    shares[i].next.store(chunks * i / count, std::memory_order_relaxed);
    shares[i].end = chunks * (i + 1) / count;
  }
  std::exception_ptr error;
#pragma omp parallel num_threads(threads)
  {
    // OpenMP may give fewer threads than were asked for: the shares are taken all the same.
    const int place = omp_get_thread_num();
    try {
      for (int i = 0; i < count; ++i) {
        Share& share = shares[(place + i) % count];
        for (;;) {
          const int64_t c = share.next.fetch_add(1, std::memory_order_relaxed);
          if (c >= share.end) break;
          body(context, begin + c * chunk * grain, std::min(end, begin + (c + 1) * chunk * grain));
        }
      }
    } catch (...) {
#pragma omp critical(rondo_parallel_error)
      if (!error) error = std::current_exception();
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace base
}  // namespace rondo
