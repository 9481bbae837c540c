// How a range is shared among threads.
#include <rondo/autograd/base/parallel.h>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <stdexcept>
#include <vector>

BOOST_AUTO_TEST_SUITE(parallel_ranges)

BOOST_AUTO_TEST_CASE(every_index_is_taken_once) {
  const int before = rondo::get_num_threads();
  for (const int threads : {1, 2, 3, 70}) {
    rondo::set_num_threads(threads);
    for (const int64_t size : {1, 5, 64, 1000, 4097}) {
      for (const int64_t grain : {0, 1, 7, 100, 5000}) {
        std::vector<std::atomic<int>> taken(static_cast<size_t>(size));
        std::atomic<int> off_grain = 0;
        rondo::parallel_for(3, 3 + size, grain, [&](int64_t first, int64_t last) {
          if (grain > 0 && (first - 3) % grain != 0) ++off_grain;
          for (int64_t i = first; i < last; ++i) ++taken[static_cast<size_t>(i - 3)];
        });
        int64_t wrong = off_grain;
        for (const auto& times : taken) wrong += times != 1;
        BOOST_TEST(wrong == 0, threads << " threads, size " << size << ", grain " << grain);
      }
    }
  }
  rondo::set_num_threads(before);
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_piece_reaches_the_caller) {
  const int before = rondo::get_num_threads();
  rondo::set_num_threads(2);
  const auto run = [] {
    rondo::parallel_for(0, 100, 1, [](int64_t first, int64_t last) {
      if (first <= 60 && 60 < last) throw std::runtime_error("piece");
    });
  };
  BOOST_CHECK_THROW(run(), std::runtime_error);
  rondo::set_num_threads(before);
}

BOOST_AUTO_TEST_SUITE_END()
