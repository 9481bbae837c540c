// What memory_stats() tells of blocks that come and go.
#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

using rondo::Tensor;

BOOST_AUTO_TEST_SUITE(allocator)

BOOST_AUTO_TEST_CASE(blocks_of_every_size_are_counted_while_they_live) {
  for (const int64_t bytes : {1, 64, 65, 1000, 1025, 50000, 1 << 20, (1 << 20) + 1, 5 << 20}) {
    const int64_t before = rondo::memory_stats().in_use;
    Tensor block = rondo::empty({bytes}, rondo::kByte);
    const int64_t during = rondo::memory_stats().in_use - before;
    BOOST_TEST(during >= bytes);
    BOOST_TEST(during <= bytes + bytes / 4 + 4096, bytes << " bytes");
    block.reset();
    BOOST_TEST(rondo::memory_stats().in_use == before, bytes << " bytes");
  }
}

BOOST_AUTO_TEST_CASE(blocks_that_another_thread_frees_are_counted_once) {
  const int64_t before = rondo::memory_stats().in_use;
  {
    std::vector<Tensor> made;
    std::thread([&] {
      for (int i = 0; i < 3000; ++i) made.push_back(rondo::empty({10 + i % 200}));
    }).join();
    std::thread([kept = std::move(made)]() mutable { kept.clear(); }).join();
  }
  BOOST_TEST(rondo::memory_stats().in_use == before);
}

BOOST_AUTO_TEST_CASE(large_blocks_serve_again) {
  const auto make_all = [] {
    for (int64_t bytes = (1 << 20) + 1; bytes < (64 << 20); bytes += bytes / 11) {
      const Tensor block = rondo::full({bytes}, 1, rondo::kByte);
      BOOST_TEST(block[bytes - 1].item<int>() == 1);
    }
  };
  make_all();
  const rondo::MemoryStats before = rondo::memory_stats();
  if (before.reserved == 0) return;  // a sanitizer's build keeps nothing
  make_all();
  BOOST_TEST(rondo::memory_stats().reserved == before.reserved);
  BOOST_TEST(rondo::memory_stats().system_allocations == before.system_allocations);
  rondo::empty_cache();
  BOOST_TEST(rondo::memory_stats().reserved < before.reserved);
}

BOOST_AUTO_TEST_CASE(a_cache_that_is_emptied_gives_back_large_blocks) {
  rondo::empty({4 << 20}).reset();
  const int64_t before = rondo::memory_stats().reserved;
  if (before == 0) return;  // a sanitizer's build keeps nothing
  rondo::empty_cache();
  BOOST_TEST(rondo::memory_stats().reserved <= before - (16 << 20));
}

BOOST_AUTO_TEST_CASE(a_block_for_which_there_is_no_memory_is_not_counted) {
  rondo::empty({1}).reset();
  const rondo::MemoryStats before = rondo::memory_stats();
  if (before.reserved == 0) return;  // a sanitizer's build ends where memory does
  BOOST_CHECK_THROW(rondo::empty({int64_t{1} << 44}), rondo::Error);
  BOOST_TEST(rondo::memory_stats().in_use == before.in_use);
  BOOST_TEST(rondo::memory_stats().reserved <= before.reserved);
}

BOOST_AUTO_TEST_SUITE_END()
