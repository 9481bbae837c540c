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

void run_parallel(int64_t begin, int64_t end, int64_t grain, RangeBody body, void* context) {
  grain = std::max<int64_t>(grain, 1);
  const int64_t grains = (end - begin + grain - 1) / grain;
  const int threads = static_cast<int>(std::min<int64_t>(get_num_threads(), grains));
  std::exception_ptr error;
#pragma omp parallel num_threads(threads)
  {
    const int64_t count = omp_get_num_threads(), place = omp_get_thread_num();
    const int64_t first = begin + grain * (grains * place / count);
    const int64_t last = std::min(end, begin + grain * (grains * (place + 1) / count));
    try {
      if (first < last) body(context, first, last);
    } catch (...) {
#pragma omp critical(rondo_parallel_error)
      if (!error) error = std::current_exception();
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace base
}  // namespace rondo
