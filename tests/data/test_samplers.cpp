#include <rondo/autograd.h>
#include <rondo/data.h>
#include <rondo/tests/support/values.h>

#include <rondo/autograd/serialize/archive.h>

#include <set>
#include <sstream>

using namespace rondo::data::samplers;
using support::check_error;

namespace {

using Indices = std::vector<size_t>;

template <class S>
S loaded(const S& sampler, S into) {
  std::stringstream stream;
  rondo::save(sampler, stream);
  rondo::load(into, stream);
  return into;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(samplers)

BOOST_AUTO_TEST_CASE(sequential) {
  SequentialSampler sampler(10);
  BOOST_TEST(*sampler.next(3) == (Indices{0, 1, 2}), boost::test_tools::per_element());
  BOOST_TEST(sampler.index() == 3u);
  BOOST_TEST(loaded(sampler, SequentialSampler(10)).index() == 3u);
  BOOST_TEST(sampler.next(100)->size() == 7u);
  BOOST_TEST(!sampler.next(2));
  sampler.reset();
  BOOST_TEST(sampler.next(2)->at(1) == 1u);
  sampler.reset(1);
  BOOST_TEST(sampler.next(2)->size() == 1u);
  sampler.reset(10);
  sampler.next(9);
  // The size is not saved: past the end of a smaller one nothing comes.
  BOOST_TEST(!loaded(sampler, SequentialSampler(3)).next(1));
}

BOOST_AUTO_TEST_CASE(random) {
  rondo::manual_seed(4);
  RandomSampler sampler(10), narrow(300, rondo::kInt);
  const Indices first = *sampler.next(3);
  BOOST_TEST(sampler.index() == 3u);
  RandomSampler copy = loaded(sampler, RandomSampler(10));
  const Indices rest = *sampler.next(100);
  BOOST_TEST(*copy.next(100) == rest, boost::test_tools::per_element());
  std::set<size_t> all(first.begin(), first.end());
  all.insert(rest.begin(), rest.end());
  BOOST_TEST(all.size() == 10u);
  BOOST_TEST(!sampler.next(1));
  const Indices numbers = *narrow.next(300);
  BOOST_TEST(std::set<size_t>(numbers.begin(), numbers.end()).size() == 300u);
  sampler.reset(4);
  BOOST_TEST(sampler.next(100)->size() == 4u);
  BOOST_CHECK_THROW(RandomSampler(-1), rondo::Error);
  BOOST_TEST(!RandomSampler(0).next(1));
}

BOOST_AUTO_TEST_CASE(stream) {
  StreamSampler sampler(100);
  BOOST_TEST(*sampler.next(10) == 10u);
  BOOST_TEST(sampler.next(85)->size() == 85u);
  StreamSampler copy = loaded(sampler, StreamSampler(100));
  BOOST_TEST(*copy.next(50) == 5u);
  BOOST_TEST(!copy.next(1));
  copy.reset();
  BOOST_TEST(*copy.next(50) == 50u);
}

BOOST_AUTO_TEST_CASE(distributed_shares) {
  for (const size_t size : {1, 7, 12}) {
    for (const size_t replicas : {1, 2, 3, 5}) {
      for (const bool duplicates : {true, false}) {
        std::multiset<size_t> random, sequential;
        size_t count = 0;
        for (size_t rank = 0; rank < replicas; ++rank) {
          DistributedRandomSampler a(size, replicas, rank, duplicates);
          DistributedSequentialSampler b(size, replicas, rank, duplicates);
          while (auto batch = a.next(2)) random.insert(batch->begin(), batch->end());
          size_t own = 0;
          while (auto batch = b.next(2)) {
            sequential.insert(batch->begin(), batch->end());
            own += batch->size();
          }
          if (rank == 0) count = own;
          BOOST_TEST(own == count);
        }
        BOOST_TEST(random.size() == sequential.size());
        if (duplicates) {
          BOOST_TEST(std::set<size_t>(random.begin(), random.end()).size() == size);
          BOOST_TEST(std::set<size_t>(sequential.begin(), sequential.end()).size() == size);
        } else {
          BOOST_TEST(std::set<size_t>(random.begin(), random.end()).size() == random.size());
        }
        for (size_t index : random) BOOST_TEST(index < size);
      }
    }
  }
  check_error([] { DistributedSequentialSampler(4, 2, 2); }, "rank is 2; need 0 to num_replicas - 1 of 2 replicas");
}

BOOST_AUTO_TEST_CASE(distributed_epochs) {
  DistributedRandomSampler sampler(10);
  const Indices first = *sampler.next(10);
  sampler.reset();
  BOOST_TEST(*sampler.next(10) == first, boost::test_tools::per_element());
  sampler.set_epoch(1);
  sampler.reset();
  const Indices begin = *sampler.next(4);
  BOOST_TEST(begin != Indices(first.begin(), first.begin() + 4));
  DistributedRandomSampler copy = loaded(sampler, DistributedRandomSampler(10));
  BOOST_TEST(copy.epoch() == 1u);
  BOOST_TEST(*copy.next(10) == *sampler.next(10), boost::test_tools::per_element());
  DistributedSequentialSampler plain(10, 2, 1);
  plain.next(3);
  BOOST_TEST(loaded(plain, DistributedSequentialSampler(10, 2, 1)).index() == 8u);
  BOOST_TEST(plain.next(3)->at(0) == 8u);
}

BOOST_AUTO_TEST_SUITE_END()
