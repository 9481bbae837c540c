// The streams of random numbers against figures that libtorch 1.13.1 printed (seed 42, Debian's build without MKL).
#include <rondo/autograd/kernels/random.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

namespace rondo::kernels {
namespace {

struct Array {
  ScalarType type;
  std::vector<char> bytes;

  Array(ScalarType dtype, int64_t n) : type(dtype), bytes(static_cast<size_t>(n) * element_size(dtype)) {}
  void* data() { return bytes.data(); }
  std::vector<double> numbers() const {
    std::vector<double> list;
    visit_dtype(type, [&](auto tag) {
      using T = typename decltype(tag)::type;
      for (size_t i = 0; i < bytes.size(); i += sizeof(T)) {
        T x;
        std::memcpy(&x, bytes.data() + i, sizeof(T));
        list.push_back(static_cast<double>(x));
      }
    });
    return list;
  }
  // FNV-1a over the bytes: stands for all the numbers.
  uint64_t hash() const {
    uint64_t h = 1469598103934665603u;
    for (char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return h;
  }
};

// One of random.h's functions over n new numbers.
template <class F, class... Arguments>
Array draw(F f, RandomSource& source, ScalarType type, int64_t n, Arguments... arguments) {
  Array y(type, n);
  f(source, type, n, y.data(), arguments...);
  return y;
}
const auto call_uniform = [](auto&&... a) { uniform(a...); };
const auto call_normal = [](auto&&... a) { normal(a...); };
const auto call_bernoulli = [](auto&&... a) { bernoulli(a...); };
const auto call_range = [](auto&&... a) { random_range(a...); };
const auto call_any = [](auto&&... a) { random_any(a...); };
const auto call_bits = [](auto&&... a) { random_bits(a...); };
const auto call_permutation = [](auto&&... a) { random_permutation(a...); };

// The numbers at the beginning of y.
void check_start(const Array& y, const std::vector<double>& expected, double tolerance = 0) {
  const std::vector<double> found = y.numbers();
  BOOST_REQUIRE(found.size() >= expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST(std::abs(found[i] - expected[i]) <= tolerance * std::max(1.0, std::abs(expected[i])),
               "number " << i << " is " << found[i] << ", libtorch's " << expected[i]);
  }
}

constexpr double kFloatTolerance = 3e-7, kDoubleTolerance = 1e-15;

BOOST_AUTO_TEST_SUITE(random)

BOOST_AUTO_TEST_CASE(engine_is_mt19937) {
  base::Mt19937 engine(42), other(42);
  std::mt19937 reference(42);
  std::vector<uint32_t> words;
  for (size_t n : {1u, 0u, 47u, 48u, 623u, 624u, 625u, 5000u}) {
    words.assign(n, 0);
    engine.fill(words.data(), n);
    for (uint32_t word : words) BOOST_REQUIRE(word == reference());
    BOOST_REQUIRE(engine.next() == reference());
  }
  const uint64_t high = other.next(), low = other.next();
  other.seed(42);
  BOOST_TEST(other.next64() == (high << 32 | low));
  other.set_state(engine.state());
  BOOST_TEST(other.next() == engine.next());
}

BOOST_AUTO_TEST_CASE(uniform_numbers) {
  RandomSource source(42);
  BOOST_TEST(draw(call_uniform, source, kFloat, 1000, 0.0, 1.0).hash() == 0x3d546ae2030c8c06u);
  source.seed(42);
  BOOST_TEST(draw(call_uniform, source, kDouble, 1000, 0.0, 1.0).hash() == 0x45a87be3b5ecb018u);
  source.seed(42);
  check_start(draw(call_uniform, source, kFloat, 5, -2.0, 5.0),
              {4.1758847236633301, 4.4050278663635254, 0.68004631996154785, 4.7151393890380859, 0.73313748836517334},
              kFloatTolerance);
  check_start(draw(call_uniform, source, kDouble, 5, -2.0, 5.0),
              {3.6501413300559062, 0.44391493422053796, -1.541587785739104, 3.2404605896879568, 1.7920589748540117},
              kDoubleTolerance);
  source.seed(42);
  BOOST_TEST(draw(call_uniform, source, kHalf, 5, 0.0, 1.0).hash() == 0xe4dc4c0c49231b34u);
  BOOST_TEST(draw(call_uniform, source, kBFloat16, 5, 0.0, 1.0).hash() == 0x30cd4af293c2db7bu);
}

BOOST_AUTO_TEST_CASE(few_normal_numbers_come_in_pairs) {
  RandomSource source(42);
  check_start(draw(call_normal, source, kFloat, 3, 0.0, 1.0),
              {0.33669036626815796, 0.12880940735340118, 0.23446236550807953}, kFloatTolerance);
  // The fourth waited.
  check_start(draw(call_normal, source, kFloat, 2, 0.0, 1.0), {0.23033303022384644, -1.1228563785552979},
              kFloatTolerance);
  check_start(draw(call_uniform, source, kFloat, 2, 0.0, 1.0), {0.86940443515777588, 0.56771528720855713});
  source.seed(42);
  check_start(draw(call_normal, source, kDouble, 3, 0.0, 1.0),
              {0.33669035438385886, 0.1288094051365897, 0.23446236336153173}, kDoubleTolerance);
  source.seed(42);
  BOOST_TEST(draw(call_normal, source, kHalf, 5, 0.0, 1.0).hash() == 0xe33338feaf1229f0u);
  // As a strided output of libtorch draws, whatever the number.
  source.seed(42);
  check_start(draw(call_normal, source, kFloat, 40, 0.0, 1.0, false),
              {0.33669036626815796, 0.12880940735340118, 0.23446236550807953}, kFloatTolerance);
}

BOOST_AUTO_TEST_CASE(many_normal_numbers_come_in_blocks) {
  RandomSource source(42);
  const std::vector<double> first_32 = {
      1.9269152879714966,   1.4872840642929077,    0.90071719884872437,  -2.1055209636688232,  0.67841845750808716,
      -1.2345448732376099,  -0.043067477643489838, -1.6046669483184814,  -0.75213527679443359, 1.6487230062484741,
      -0.39247864484786987, -1.4036071300506592,   -0.72788131237030029, -0.55943018198013306, -0.76883888244628906,
      0.76244539022445679,  1.6423169374465942,    -0.15959747135639191, -0.49739754199981689, 0.43958926200866699,
      -0.75813114643096924, 1.0783176422119141,    0.80080056190490723,  1.680620551109314,    1.27912437915802,
      1.2964228391647339,   0.61046648025512695,   1.3347377777099609,   -0.23162432014942169, 0.041759490966796875,
      -0.2515752911567688,  0.85985851287841797};
  check_start(draw(call_normal, source, kFloat, 32, 0.0, 1.0), first_32, kFloatTolerance);
  // The last 16 of 17 are drawn anew.
  source.seed(42);
  check_start(draw(call_normal, source, kFloat, 17, 0.0, 1.0),
              {1.9269152879714966, -0.15959747135639191, -0.49739754199981689, 0.43958926200866699,
               -0.75813114643096924, 1.0783176422119141, 0.80080056190490723, 1.680620551109314, 0.3558599054813385,
               1.2964228391647339, 0.61046648025512695, 1.3347377777099609, -0.23162432014942169, 0.041759490966796875,
               -0.2515752911567688, 0.85985851287841797, -0.3097267746925354},
              kFloatTolerance);
  source.seed(42);
  check_start(draw(call_normal, source, kDouble, 17, 0.0, 1.0),
              {0.29955628775026372, 1.504572275678796, 1.2715909667771088, 0.61866999388561705, -0.037203007270524932,
               1.0352472972512925, -0.010085521702337353, 0.089480160465603573, 0.038435238263354446,
               0.39000348360357029, -0.57984145547421084, 0.87589388464802198, 0.39238484373268534, 1.1084611814514329,
               0.86517346471190737, 0.85521596147228696, 0.24941187969157649},
              kDoubleTolerance);
  // Pairs leave the waiting sample alone.
  source.seed(42);
  draw(call_normal, source, kFloat, 3, 0.0, 1.0);
  check_start(draw(call_normal, source, kFloat, 20, 0.0, 1.0), {1.7877893447875977, -0.478045254945755},
              kFloatTolerance);
  check_start(draw(call_normal, source, kFloat, 2, 0.0, 1.0), {0.23033303022384644, -0.32775864005088806},
              kFloatTolerance);
  source.seed(42);
  check_start(draw(call_normal, source, kFloat, 20, 3.0, 0.5), {3.9634575843811035, 3.7436420917510986},
              kFloatTolerance);
  check_start(draw(call_normal, source, kDouble, 20, 3.0, 0.5), {3.6357954833885544, 3.3093349969428085},
              kDoubleTolerance);
  source.seed(42);
  draw(call_normal, source, kHalf, 5, 0.0, 1.0);
  BOOST_TEST(draw(call_normal, source, kHalf, 20, 0.0, 1.0).hash() == 0xd9f24839a5885c1cu);
  BOOST_TEST(draw(call_normal, source, kBFloat16, 20, 0.0, 1.0).hash() == 0x5d09e226314c1e85u);
}

// The chunks in which the work is done must not show.
BOOST_AUTO_TEST_CASE(one_block_at_a_time_gives_the_same_numbers) {
  for (ScalarType type : {kFloat, kDouble}) {
    RandomSource source(7), again(7);
    const int64_t n = 16 * 1001;
    const std::vector<double> whole = draw(call_normal, source, type, n, 0.0, 1.0).numbers();
    for (int64_t i = 0; i < n; i += 16) {
      const std::vector<double> block = draw(call_normal, again, type, 16, 0.0, 1.0).numbers();
      BOOST_REQUIRE(std::equal(block.begin(), block.end(), whole.begin() + i));
    }
    double sum = 0, squares = 0;
    for (double x : whole) sum += x, squares += x * x;
    BOOST_TEST(std::abs(sum / n) < 0.03);
    BOOST_TEST(std::abs(squares / n - 1) < 0.04);
  }
}

BOOST_AUTO_TEST_CASE(bernoulli_numbers) {
  RandomSource source(42);
  BOOST_TEST(draw(call_bernoulli, source, kFloat, 40, 0.3).hash() == 0x968646e60eb48323u);
  check_start(draw(call_uniform, source, kFloat, 1, 0.0, 1.0), {0.24178731441497803});
  const std::vector<float> floats(40, 0.3f);
  const std::vector<double> doubles(40, 0.3);
  source.seed(42);
  Array y = draw(call_bernoulli, source, kFloat, 40, kFloat, static_cast<const void*>(floats.data()));
  BOOST_TEST(y.hash() == 0xcca951495abdb993u);
  y = draw(call_bernoulli, source, kDouble, 40, kDouble, static_cast<const void*>(doubles.data()));
  BOOST_TEST(y.hash() == 0xd9f069a6b61a4b23u);
  for (double p : {0.0, 1.0}) {
    for (double x : draw(call_bernoulli, source, kBool, 3000, p).numbers()) BOOST_REQUIRE(x == p);
  }
}

BOOST_AUTO_TEST_CASE(integers_of_a_range) {
  RandomSource source(42);
  BOOST_TEST(draw(call_range, source, kLong, 20, int64_t{-5}, uint64_t{12}).hash() == 0xe0ac9617a2b8a4f2u);
  check_start(draw(call_range, source, kFloat, 5, int64_t{0}, uint64_t{1000}), {749, 876, 73, 111, 899});
  check_start(draw(call_range, source, kLong, 5, int64_t{0}, uint64_t{1} << 40),
              {675221855013, 554831713471, 803946600724, 688501477835, 247066947605});
  check_start(draw(call_range, source, kInt, 5, int64_t{-2147483647}, uint64_t{4294967294}),
              {-2117134083, -292293908, -2048431271, -896664015, 106406363});
  source.seed(42);
  check_start(draw(call_range, source, kByte, 5, int64_t{0}, uint64_t{256}), {102, 179, 92, 14, 106});
  check_start(draw(call_range, source, kBool, 8, int64_t{0}, uint64_t{2}), {1, 0, 0, 0, 1, 0, 0, 0});
  check_start(draw(call_range, source, kDouble, 3, int64_t{0}, uint64_t{1} << 50),
              {375804768663639, 542560030469219, 821780608728727});
  // No number may round up to the bound.
  const RandomBounds bounds = representable_bounds(kFloat, 0, int64_t{1} << 40);
  check_start(draw(call_range, source, kFloat, 3, bounds.from, static_cast<uint64_t>(bounds.to - bounds.from)),
              {174582005760, 289529200640, 71571931136});
  BOOST_TEST(representable_bounds(kHalf, 0, 65504).to == 65472);
  BOOST_TEST(representable_bounds(kFloat, -5, 7).from == -5);
  BOOST_TEST(representable_bounds(kLong, -5, (int64_t{1} << 60) + 1).to == (int64_t{1} << 60) + 1);
}

BOOST_AUTO_TEST_CASE(integers_without_bounds) {
  const struct {
    ScalarType type;
    uint64_t hash;
  } rows[] = {{kByte, 0x3ddee3d3033af0fd},    {kChar, 0xe66d4e945b85bf7d}, {kShort, 0xc86c2f8acc2f4814},
              {kInt, 0x25677e8e10a5daa5},     {kLong, 0xd14779339777aac7}, {kFloat, 0x7dade0e894e874d0},
              {kDouble, 0x7304eb2f000d97c9},  {kBool, 0x54e5243146b0b17b}, {kHalf, 0xb3161e70ecb62d38},
              {kBFloat16, 0x4cfe898e850a008b}};
  for (const auto& row : rows) {
    RandomSource source(42);
    BOOST_TEST(draw(call_any, source, row.type, 6).hash() == row.hash, dtype_name(row.type));
  }
  RandomSource source(42);
  BOOST_TEST(draw(call_bits, source, kLong, 4).hash() == 0x680a9122a36a8fbau);
}

BOOST_AUTO_TEST_CASE(permutations) {
  RandomSource source(42);
  check_start(draw(call_permutation, source, kLong, 10), {2, 6, 1, 8, 4, 5, 0, 9, 3, 7});
  BOOST_TEST(draw(call_permutation, source, kLong, 1000).hash() == 0xe8e44426723cb9a7u);
  BOOST_TEST(draw(call_permutation, source, kLong, 100000).hash() == 0xce197efb47481e57u);
  check_start(draw(call_uniform, source, kFloat, 1, 0.0, 1.0), {0.096785485744476318});
  BOOST_TEST(draw(call_permutation, source, kLong, 0).bytes.empty());
  check_start(draw(call_permutation, source, kInt, 1), {0});
}

BOOST_AUTO_TEST_CASE(other_distributions) {
  RandomSource source(42);
  check_start(draw([](auto&&... a) { exponential(a...); }, source, kFloat, 2, 1.5),
              {0.039942678064107895, 0.043317418545484543}, kFloatTolerance);
  source.seed(42);
  check_start(draw([](auto&&... a) { geometric(a...); }, source, kFloat, 20, 0.3),
              {8, 8, 6, 9, 2, 3, 1, 1, 7, 6, 6, 3, 1, 1, 3, 2, 7, 1, 2, 3});
  check_start(draw([](auto&&... a) { geometric(a...); }, source, kLong, 20, 0.3),
              {8, 2, 4, 4, 10, 9, 1, 6, 4, 6, 4, 5, 5, 4, 2, 2, 1, 10, 4, 3});
  source.seed(42);
  check_start(draw([](auto&&... a) { log_normal(a...); }, source, kFloat, 4, 0.3, 0.5),
              {1.597348690032959, 1.4396567344665527, 1.5177533626556396, 1.5146229267120361}, kFloatTolerance);
  source.seed(42);
  check_start(draw([](auto&&... a) { cauchy(a...); }, source, kFloat, 4, 0.3, 0.5),
              {-2.4062435626983643, -2.1968505382537842, -0.92243719100952148, -2.69931960105896}, kFloatTolerance);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rondo::kernels
