#include <rondo/autograd/base/error.h>
#include <rondo/autograd/base/mt19937.h>
#include <rondo/autograd/kernels/random.h>
#include <rondo/autograd/tensor/generator.h>
#include <rondo/autograd/tensor/numpy_random_state.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace rondo {
namespace {

BOOST_AUTO_TEST_SUITE(generator)

BOOST_AUTO_TEST_CASE(draws_mt19937_of_the_seed) {
  const Generator generator(42);
  BOOST_TEST(generator.current_seed() == 42u);
  BOOST_TEST(generator.random() == 1608637542u);
  generator.set_current_seed(42);
  BOOST_TEST(generator.random64() == 0x5fe1dc66cbea3db3u);  // the first output is the high half
  // The low 32 bits make the stream; the seed is kept whole.
  generator.manual_seed((uint64_t{1} << 32) + 42);
  BOOST_TEST(generator.random() == 1608637542u);
  BOOST_TEST(generator.current_seed() == (uint64_t{1} << 32) + 42);
  BOOST_TEST(Generator().current_seed() == 67280421310721u);
}

BOOST_AUTO_TEST_CASE(copies_share_and_clones_do_not) {
  const Generator a(1);
  const Generator b = a, c = a.clone(), fresh(1);
  BOOST_TEST((a == b));
  BOOST_TEST(!(a == c));
  BOOST_TEST(c.current_seed() == 1u);
  const uint32_t first = a.random(), second = b.random();
  BOOST_TEST(fresh.random() == first);
  BOOST_TEST(fresh.random() == second);
  BOOST_TEST(c.random() == first);
  Generator moved = std::move(const_cast<Generator&>(b));
  BOOST_TEST((moved == a));
  moved = c;
  BOOST_TEST((moved == c));
}

BOOST_AUTO_TEST_CASE(state_can_be_saved_in_the_middle_of_a_pair) {
  const Generator generator(3);
  float pair[3], after[4], again[4];
  {
    const GeneratorLock lock(generator);
    kernels::normal(lock.source(), kFloat, 3, pair, 0, 1);
  }
  const std::vector<uint8_t> state = generator.get_state();
  kernels::normal(GeneratorLock(generator).source(), kFloat, 4, after, 0, 1);
  const Generator other;
  other.set_state(state);
  kernels::normal(GeneratorLock(other).source(), kFloat, 4, again, 0, 1);
  BOOST_TEST(std::equal(after, after + 4, again));
  BOOST_TEST(other.current_seed() == 3u);
  // Seeding forgets the sample that waited.
  other.set_state(state);
  other.manual_seed(3);
  kernels::normal(GeneratorLock(other).source(), kFloat, 3, again, 0, 1);
  BOOST_TEST(std::equal(pair, pair + 3, again));
}

BOOST_AUTO_TEST_CASE(refuses_other_bytes_and_stays_as_it_was) {
  const Generator generator(3);
  std::vector<uint8_t> state = generator.get_state();
  const auto begins_rightly = [](const Error& error) {
    return std::string(error.what()).rfind("Generator::set_state: ", 0) == 0;
  };
  BOOST_CHECK_EXCEPTION(generator.set_state({}), Error, begins_rightly);
  BOOST_CHECK_EXCEPTION(generator.set_state(std::vector<uint8_t>(state.size() - 1)), Error, begins_rightly);
  state[0] ^= 1;
  BOOST_CHECK_EXCEPTION(generator.set_state(state), Error, begins_rightly);
  BOOST_TEST(generator.random() == Generator(3).random());
}

BOOST_AUTO_TEST_CASE(system_seeds_differ) {
  const Generator generator;
  const uint64_t first = generator.seed(), second = generator.seed();
  BOOST_TEST(first != second);
  BOOST_TEST(generator.current_seed() == second);
  BOOST_TEST(generator.random() == Generator(second).random());
}

BOOST_AUTO_TEST_CASE(the_default_generator_is_one) {
  const std::vector<uint8_t> before = default_generator().get_state();
  const Generator returned = manual_seed(42);
  BOOST_TEST((returned == default_generator()));
  BOOST_TEST(default_generator().random() == 1608637542u);
  default_generator().set_state(before);
}

// Each output is drawn once, by one thread or the other.
BOOST_AUTO_TEST_CASE(threads_may_share_it) {
  const Generator generator(5), reference(5);
  std::vector<uint32_t> drawn[2], expected;
  const auto work = [&](int which) {
    for (int i = 0; i < 2000; ++i) drawn[which].push_back(generator.random());
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  for (int i = 0; i < 4000; ++i) expected.push_back(reference.random());
  drawn[0].insert(drawn[0].end(), drawn[1].begin(), drawn[1].end());
  std::sort(drawn[0].begin(), drawn[0].end());
  std::sort(expected.begin(), expected.end());
  BOOST_TEST((drawn[0] == expected));
}

BOOST_AUTO_TEST_SUITE_END()

// What NumPy prints after np.random.seed.
BOOST_AUTO_TEST_SUITE(numpy_random_state)

BOOST_AUTO_TEST_CASE(rand) {
  NumpyRandomState random(0);
  BOOST_TEST((random.rand(3) == std::vector<double>{0.5488135039273248, 0.7151893663724195, 0.6027633760716439}));
  random.seed(42);
  BOOST_TEST(random.random_sample() == 0.3745401188473625);
  NumpyRandomState again(42);
  BOOST_TEST(again.uniform(-1, 3) == -1 + 4 * 0.3745401188473625);
}

BOOST_AUTO_TEST_CASE(randn) {
  NumpyRandomState random(0);
  const std::vector<double> expected = {1.764052345967664, 0.4001572083672233, 0.9787379841057392};
  BOOST_TEST(random.randn(3) == expected, boost::test_tools::tolerance(1e-15) << boost::test_tools::per_element());
  // Seeding forgets the sample that waited.
  random.seed(0);
  BOOST_TEST(random.normal(1, 2) == 1 + 2 * expected[0], boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(randint) {
  NumpyRandomState random(0);
  BOOST_TEST((random.randint(0, 10, 5) == std::vector<int64_t>{5, 0, 3, 3, 7}));
  random.seed(42);
  BOOST_TEST((random.randint(0, 100, 5) == std::vector<int64_t>{51, 92, 14, 71, 60}));
  BOOST_TEST(random.randint(7, 8) == 7);
  const int64_t wide = random.randint(-(int64_t{1} << 62), int64_t{1} << 62);
  BOOST_TEST((wide >= -(int64_t{1} << 62) && wide < int64_t{1} << 62));
  BOOST_CHECK_EXCEPTION(random.randint(3, 3), ValueError, [](const ValueError& error) {
    return std::string(error.what()) == "NumpyRandomState::randint: low is 3 and high is 3; need low < high";
  });
  BOOST_CHECK_THROW(random.rand(-1), ValueError);
}

BOOST_AUTO_TEST_CASE(permutation) {
  NumpyRandomState random(0);
  BOOST_TEST((random.permutation(10) == std::vector<int64_t>{2, 8, 4, 9, 1, 6, 7, 3, 0, 5}));
  random.seed(42);
  BOOST_TEST((random.permutation(10) == std::vector<int64_t>{8, 1, 5, 0, 7, 2, 9, 4, 3, 6}));
  BOOST_TEST(random.permutation(0).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rondo
