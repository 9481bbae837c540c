// Creation of tensors: shapes, dtypes, values, options, and what is refused.
#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <string>

namespace {

using rondo::kBool, rondo::kByte, rondo::kChar, rondo::kDouble, rondo::kFloat, rondo::kInt, rondo::kLong;
using rondo::Tensor;

template <class T>
std::vector<T> values(const Tensor& tensor) {
  const Tensor x = tensor.contiguous();
  return {x.data_ptr<T>(), x.data_ptr<T>() + x.numel()};
}

std::vector<int64_t> list(rondo::IntArrayRef sizes) { return sizes.vec(); }

template <class T>
void check_list(const std::vector<T>& got, const std::vector<T>& expected) {
  BOOST_CHECK_EQUAL_COLLECTIONS(got.begin(), got.end(), expected.begin(), expected.end());
}

auto says(const char* needle) {
  return [needle](const rondo::Error& error) {
    BOOST_TEST_INFO(error.what());
    return std::string(error.what()).find(needle) != std::string::npos;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(factory)

BOOST_AUTO_TEST_CASE(filled_tensors) {
  check_list(values<float>(rondo::zeros({2, 2})), {0, 0, 0, 0});
  check_list(values<double>(rondo::ones(3, kDouble)), {1, 1, 1});
  check_list(values<int64_t>(rondo::full(2, 7)), {7, 7});
  BOOST_TEST((rondo::full(2, true).dtype() == kBool));
  BOOST_TEST((rondo::full(2, 1.5).dtype() == kFloat));
  BOOST_TEST((rondo::scalar_tensor(3).dtype() == kFloat));
  BOOST_TEST(rondo::scalar_tensor(3).dim() == 0);
  check_list(values<uint8_t>(rondo::full(3, -2, kByte)), {254, 254, 254});
  BOOST_CHECK_EXCEPTION(rondo::full(3, 300, kByte), rondo::Error, says("cannot be converted to type uint8_t"));
  // Larger than what one thread sets.
  const Tensor large = rondo::zeros({100, 1000}, kInt);
  BOOST_TEST(large.sum().item<int64_t>() == 0);
  BOOST_TEST(rondo::ones({100, 1000}).sum().item<float>() == 100000);
}

BOOST_AUTO_TEST_CASE(shapes) {
  const Tensor x = rondo::empty({2, 0, 3});
  check_list(list(x.strides()), {3, 3, 1});
  BOOST_TEST(x.numel() == 0);
  BOOST_TEST(rondo::empty({}).numel() == 1);
  const Tensor y = rondo::empty_strided({2, 3}, {1, 2});
  BOOST_TEST(!y.is_contiguous());
  BOOST_TEST(y.storage().nbytes() == 6 * sizeof(float));
  const Tensor deep = rondo::zeros({1, 2, 1, 2, 1, 2, 1, 2});
  BOOST_TEST(deep.dim() == 8);
  BOOST_TEST(deep.numel() == 16);
}

BOOST_AUTO_TEST_CASE(like_another) {
  const Tensor x = rondo::zeros({2, 3, 4}, kDouble);
  check_list(list(rondo::empty_like(x.transpose(0, 2)).strides()), {1, 4, 12});
  check_list(list(rondo::empty_like(x.slice(2, 0, 4, 2).transpose(0, 1)).strides()), {2, 6, 1});
  check_list(list(rondo::empty_like(rondo::ones({3, 1}).expand({3, 4}).t()).strides()), {3, 1});
  BOOST_TEST((rondo::ones_like(x).dtype() == kDouble));
  BOOST_TEST((rondo::ones_like(x, kInt).dtype() == kInt));
  BOOST_TEST(rondo::full_like(x, 2).sum().item<double>() == 48);
  BOOST_TEST(!rondo::zeros_like(rondo::ones(2, rondo::requires_grad())).requires_grad());
}

BOOST_AUTO_TEST_CASE(options) {
  const Tensor x = rondo::ones({2}, rondo::dtype(kDouble).requires_grad(true));
  BOOST_TEST(x.requires_grad());
  BOOST_TEST(x.is_leaf());
  BOOST_TEST(!x.options().requires_grad());
  BOOST_CHECK_EXCEPTION(rondo::ones(2, rondo::dtype(kLong).requires_grad(true)), rondo::Error, says("floating point"));
  BOOST_CHECK_EXCEPTION(rondo::zeros(2, rondo::device("cuda:1")), rondo::Error, says("zeros: the device is cuda:1"));
  BOOST_CHECK_EXCEPTION(rondo::rand(2, rondo::kSparse), rondo::Error, says("Sparse"));
  rondo::set_default_dtype(kDouble);
  BOOST_TEST((rondo::zeros(1).dtype() == kDouble));
  BOOST_TEST((rondo::tensor({1.5}).dtype() == kDouble));
  BOOST_TEST((rondo::arange(0., 2).dtype() == kDouble));
  rondo::set_default_dtype(kFloat);
}

BOOST_AUTO_TEST_CASE(wrong_sizes) {
  BOOST_CHECK_EXCEPTION(rondo::empty({2, -1}), rondo::ValueError, says("negative dimension -1: (2, -1)"));
  BOOST_CHECK_EXCEPTION(rondo::zeros(-3), rondo::ValueError, says("negative dimension -3"));
  BOOST_CHECK_EXCEPTION(rondo::empty({int64_t{1} << 40, int64_t{1} << 40}), rondo::ValueError, says("more elements"));
  BOOST_CHECK_EXCEPTION(rondo::empty({0, int64_t{1} << 40, int64_t{1} << 40}), rondo::ValueError,
                        says("more elements"));
  BOOST_CHECK_EXCEPTION(rondo::empty_strided({2}, {1, 1}), rondo::ValueError, says("length of strides"));
  BOOST_CHECK_EXCEPTION(rondo::empty_strided({2}, {-1}), rondo::ValueError, says("negative strides"));
}

BOOST_AUTO_TEST_CASE(ranges) {
  check_list(values<int64_t>(rondo::arange(5)), {0, 1, 2, 3, 4});
  check_list(values<int64_t>(rondo::arange(5, 0, -2)), {5, 3, 1});
  check_list(values<int64_t>(rondo::arange(3, 3)), {});
  check_list(values<float>(rondo::arange(0, 1, 0.25)), {0, 0.25, 0.5, 0.75});
  check_list(values<int64_t>(rondo::arange(0.5, 5, kLong)), {0, 1, 2, 3, 4});
  BOOST_TEST(rondo::arange(0, 1, 0.1).numel() == 10);
  BOOST_TEST(rondo::arange(0, 1, 0.1, kDouble).numel() == 10);
  BOOST_TEST(rondo::arange(0, 1, 0.1, kDouble)[7].item<double>() == 7 * 0.1);
  // Beyond what a double holds.
  const int64_t big = int64_t{1} << 53;
  check_list(values<int64_t>(rondo::arange(big, big + 3)), {big, big + 1, big + 2});
  BOOST_CHECK_EXCEPTION(rondo::arange(0, 5, -1), rondo::ValueError, says("inconsistent with step sign"));
  BOOST_CHECK_EXCEPTION(rondo::arange(0, 5, 0), rondo::ValueError, says("step must be nonzero"));
  BOOST_CHECK_EXCEPTION(rondo::arange(0, HUGE_VAL, 1), rondo::ValueError, says("unsupported range"));

  check_list(values<double>(rondo::linspace(0, 1, 5, kDouble)), {0, 0.25, 0.5, 0.75, 1});
  check_list(values<int32_t>(rondo::linspace(0, 10, 4, kInt)), {0, 3, 6, 10});
  check_list(values<float>(rondo::linspace(3, 7, 1)), {3});
  BOOST_TEST(rondo::linspace(3, 7, 0).numel() == 0);
  // Symmetric, and exact at both ends.
  const Tensor x = rondo::linspace(-0.7, 0.7, 101);
  BOOST_TEST(x[100].item<float>() == 0.7f);
  BOOST_TEST(rondo::equal(x, -x.flip(0)));
  BOOST_CHECK_EXCEPTION(rondo::linspace(0, 1, -1), rondo::ValueError, says("non-negative"));
}

BOOST_AUTO_TEST_CASE(unit_matrices) {
  check_list(values<float>(rondo::eye(2)), {1, 0, 0, 1});
  check_list(values<int64_t>(rondo::eye(2, 3, kLong)), {1, 0, 0, 0, 1, 0});
  check_list(values<float>(rondo::eye(3, 1)), {1, 0, 0});
  BOOST_CHECK_EXCEPTION(rondo::eye(-1), rondo::ValueError, says("got -1"));
}

BOOST_AUTO_TEST_CASE(from_lists) {
  const Tensor x = rondo::tensor({{1, 2, 3}, {4, 5, 6}});
  check_list(list(x.sizes()), {2, 3});
  check_list(values<int64_t>(x), {1, 2, 3, 4, 5, 6});
  BOOST_TEST(rondo::tensor(5).dim() == 0);
  BOOST_TEST(rondo::tensor(5).item<int>() == 5);
  BOOST_TEST((rondo::tensor({1.5, 2.0}).dtype() == kFloat));
  BOOST_TEST((rondo::tensor({true, false}).dtype() == kBool));
  check_list(list(rondo::tensor({{1, 2}}).sizes()), {1, 2});
  check_list(list(rondo::tensor({}).sizes()), {0});
  check_list(list(rondo::tensor({{}, {}}).sizes()), {2, 0});
  BOOST_TEST((rondo::tensor({}).dtype() == kFloat));
  BOOST_TEST((rondo::tensor(std::vector<int>{}).dtype() == kLong));
  check_list(values<float>(rondo::tensor(std::vector<double>{1, 2.5})), {1, 2.5});
  check_list(values<double>(rondo::tensor({1, 2}, kDouble)), {1, 2});
  check_list(list(rondo::tensor({{{{{{1}}}}}}).sizes()), {1, 1, 1, 1, 1, 1});
  check_list(values<int64_t>(rondo::tensor({INT64_MAX, INT64_MIN})), {INT64_MAX, INT64_MIN});
  BOOST_TEST(rondo::tensor({1., 2.}, rondo::requires_grad()).requires_grad());
  BOOST_CHECK_EXCEPTION(rondo::tensor({{1, 2}, {3}}), rondo::ValueError,
                        says("to have sizes: 2 (e.g. {1, 2}), but got sub-list {3} with sizes: 1"));
  BOOST_CHECK_EXCEPTION(rondo::tensor({1, 2.0}), rondo::TypeError, says("same scalar type: Int"));
}

BOOST_AUTO_TEST_CASE(over_memory) {
  std::vector<float> memory{1, 2, 3, 4, 5, 6};
  const Tensor x = rondo::from_blob(memory.data(), {2, 3});
  x[1][2] = 60;
  BOOST_TEST(memory[5] == 60);
  memory[0] = 10;
  BOOST_TEST(x[0][0].item<float>() == 10);
  check_list(values<float>(rondo::from_blob(memory.data(), {3, 2}, {1, 3})), {10, 4, 2, 5, 3, 60});

  int calls = 0;
  {
    Tensor view;
    {
      const Tensor y = rondo::from_blob(memory.data(), {6}, [&](void* data) { calls += data == memory.data(); });
      view = y.slice(0, 2);
    }
    BOOST_TEST(calls == 0);
  }
  BOOST_TEST(calls == 1);
  // The memory is the tensor's, so a wrong shape frees it too.
  BOOST_CHECK_THROW(rondo::from_blob(memory.data(), {-1}, [&](void*) { ++calls; }), rondo::ValueError);
  BOOST_TEST(calls == 2);
  const int64_t far = int64_t{1} << 62;
  BOOST_CHECK_THROW(rondo::from_blob(memory.data(), {4, 4}, {far, far}, [&](void*) { ++calls; }), rondo::Error);
  BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(reading_one_number) {
  BOOST_TEST(rondo::tensor({{2.5}}).item<double>() == 2.5);
  BOOST_TEST(rondo::tensor(true).item<bool>());
  BOOST_TEST(rondo::tensor({7})[0].item().toLong() == 7);
  BOOST_TEST(rondo::full(1, 0.5, rondo::kHalf).item<float>() == 0.5f);
  BOOST_CHECK_EXCEPTION(rondo::ones(3).item(), rondo::Error,
                        says("item: a Tensor with 3 elements cannot be converted to Scalar"));
  BOOST_CHECK_EXCEPTION(rondo::ones(0).item(), rondo::Error, says("a Tensor with 0 elements"));
  BOOST_CHECK_EXCEPTION(rondo::ones(3).data_ptr<double>(), rondo::TypeError,
                        says("expected scalar type Double but found Float"));
  BOOST_CHECK_EXCEPTION(Tensor().sizes(), rondo::Error, says("undefined"));
  BOOST_TEST(rondo::ones(1).toString() == "CPUFloatType");
  BOOST_TEST(Tensor().toString() == "UndefinedType");
}

BOOST_AUTO_TEST_CASE(random_numbers) {
  // The first numbers that libtorch 1.13.1 draws from these seeds.
  rondo::manual_seed(0);
  const Tensor uniform = rondo::rand(3);
  BOOST_TEST(uniform[0].item<float>() == 0.496256590f);
  BOOST_TEST(uniform[1].item<float>() == 0.768221796f);
  rondo::manual_seed(42);
  const Tensor normal = rondo::randn(3);
  BOOST_TEST(normal[0].item<float>() == 0.336690366f, boost::test_tools::tolerance(1e-6f));
  BOOST_TEST(normal[1].item<float>() == 0.128809407f, boost::test_tools::tolerance(1e-6f));

  rondo::manual_seed(1);
  const Tensor whole = rondo::randint(-3, 4, {1000});
  BOOST_TEST((whole.dtype() == kLong));
  BOOST_TEST(whole.min().item<int>() == -3);
  BOOST_TEST(whole.max().item<int>() == 3);
  const Tensor order = rondo::randperm(100);
  BOOST_TEST(rondo::equal(std::get<0>(order.sort()), rondo::arange(100)));
  BOOST_TEST(!rondo::equal(order, rondo::arange(100)));

  const rondo::Generator a(5), b(5);
  BOOST_TEST(rondo::equal(rondo::rand(20, a), rondo::rand(20, b)));
  BOOST_TEST(!rondo::equal(rondo::rand(20, a), rondo::rand(20, rondo::Generator(6))));
  BOOST_TEST(rondo::randn_like(rondo::ones({2, 3}, kDouble)).sizes() == (rondo::IntArrayRef{2, 3}));
  BOOST_TEST(rondo::rand(4, rondo::requires_grad()).requires_grad());

  BOOST_CHECK_EXCEPTION(rondo::rand(2, kLong), rondo::TypeError, says("not implemented for int64"));
  BOOST_CHECK_EXCEPTION(rondo::randint(3, 3, {2}), rondo::ValueError, says("from=3 >= to=3"));
  BOOST_CHECK_EXCEPTION(rondo::randint(0, 300, {2}, kByte), rondo::ValueError, says("out of bounds for uint8"));
  BOOST_CHECK_EXCEPTION(rondo::randperm(-1), rondo::ValueError, says("non-negative"));
  BOOST_CHECK_EXCEPTION(rondo::randperm(300, kChar), rondo::ValueError, says("too large for int8"));
}

BOOST_AUTO_TEST_CASE(random_numbers_in_place) {
  rondo::manual_seed(3);
  const Tensor expected = rondo::rand(6);
  rondo::manual_seed(3);
  const Tensor x = rondo::zeros({2, 3});
  const auto version = x._version();
  x.uniform_();
  BOOST_TEST(rondo::equal(x.flatten(), expected));
  BOOST_TEST(x._version() == version + 1);
  // In the order of memory, whatever the strides.
  rondo::manual_seed(3);
  const Tensor y = rondo::zeros({3, 2}).t();
  y.uniform_();
  BOOST_TEST(rondo::equal(y.t().flatten(), expected));
  const Tensor part = rondo::zeros({4, 4});
  part.slice(1, 0, 2).normal_(5, 0.1);
  BOOST_TEST(part.slice(1, 2).abs().sum().item<float>() == 0);
  BOOST_TEST(part.slice(1, 0, 2).mean().item<float>() == 5, boost::test_tools::tolerance(0.1f));

  const Tensor coin = rondo::zeros(1000).bernoulli_(0.3);
  BOOST_TEST(coin.mean().item<float>() == 0.3f, boost::test_tools::tolerance(0.2f));
  BOOST_TEST(rondo::equal(coin, coin * coin));
  const Tensor p = rondo::tensor({0., 1., 1., 0.});
  BOOST_TEST(rondo::equal(p.bernoulli(), p));
  BOOST_TEST(rondo::zeros(50, kLong).random_(4, 6).min().item<int>() == 4);
  BOOST_TEST(rondo::normal(2, 0, {3}).sum().item<float>() == 6);

  BOOST_CHECK_EXCEPTION(rondo::ones(2, rondo::requires_grad()).uniform_(), rondo::Error, says("leaf Variable"));
  {
    rondo::NoGradGuard guard;
    rondo::ones(2, rondo::requires_grad()).uniform_();
  }
  const Tensor leaf = rondo::ones(4, rondo::requires_grad());
  const Tensor z = leaf * 2;
  z.slice(0, 0, 2).normal_();
  z.sum().backward();
  check_list(values<float>(leaf.grad()), {0, 0, 2, 2});

  BOOST_CHECK_EXCEPTION(rondo::ones(2).uniform_(1, 0), rondo::ValueError, says("from=1 > to=0"));
  BOOST_CHECK_EXCEPTION(rondo::ones(2).normal_(0, -1), rondo::ValueError, says("std >= 0"));
  BOOST_CHECK_EXCEPTION(rondo::ones(2).bernoulli_(1.5), rondo::ValueError, says("p_in <= 1"));
  BOOST_CHECK_EXCEPTION(rondo::full(2, 2.).bernoulli(), rondo::ValueError, says("p_in <= 1"));
  BOOST_CHECK_EXCEPTION(rondo::ones(1).expand(3).uniform_(), rondo::Error, says("single memory location"));
}

BOOST_AUTO_TEST_SUITE_END()
