// NumPy's indexing and the operations by index: shapes, values, views, gradients.
#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>

namespace {

using rondo::kBool, rondo::kByte, rondo::kDouble, rondo::kFloat, rondo::kInt, rondo::kLong;
using rondo::Tensor;
using rondo::indexing::Ellipsis, rondo::indexing::None, rondo::indexing::Slice, rondo::indexing::TensorIndex;

// 0, 1, 2, ... in the given shape.
Tensor counted(rondo::IntArrayRef sizes, rondo::ScalarType type = kDouble) {
  return rondo::arange(rondo::count_elements(sizes), type).reshape(sizes);
}

void check_same(const Tensor& got, const Tensor& expected) {
  BOOST_TEST_INFO("got " << got << "\nexpected " << expected);
  BOOST_CHECK(got.sizes() == expected.sizes() && rondo::equal(got, expected.to(got.dtype())));
}

void check_shape(const Tensor& got, std::vector<int64_t> sizes) {
  BOOST_TEST_INFO("got " << rondo::to_string(got.sizes()));
  BOOST_CHECK(got.sizes() == rondo::IntArrayRef(sizes));
}

auto complains(const char* needle) {
  return [needle](const rondo::Error& error) {
    BOOST_TEST_INFO(error.what());
    return std::string(error.what()).find(needle) != std::string::npos;
  };
}

bool shares_memory(const Tensor& a, const Tensor& b) { return a.storage().is_alias_of(b.storage()); }

}  // namespace

BOOST_AUTO_TEST_SUITE(indexing)

BOOST_AUTO_TEST_CASE(slices_hold_their_defaults) {
  BOOST_TEST(Slice().start() == 0);
  BOOST_TEST(Slice().stop() == rondo::indexing::INDEX_MAX);
  BOOST_TEST(Slice().step() == 1);
  BOOST_TEST(Slice(None, None, -1).start() == rondo::indexing::INDEX_MAX);
  BOOST_TEST(Slice(None, None, -1).stop() == rondo::indexing::INDEX_MIN);
  BOOST_CHECK_EXCEPTION(Slice(0, 1, 0), rondo::ValueError, complains("step cannot be zero"));
  BOOST_CHECK_EXCEPTION(TensorIndex(".."), rondo::ValueError, complains("Expected \"...\""));
  BOOST_TEST(TensorIndex(true).is_boolean());
  BOOST_TEST(TensorIndex(1).is_integer());
  BOOST_TEST(TensorIndex("...").is_ellipsis());
}

BOOST_AUTO_TEST_CASE(integers_and_slices_are_views) {
  const Tensor x = counted({2, 3, 4});
  BOOST_TEST(x[1][2][3].item<double>() == 23);
  check_same(x.index({1, -1}), rondo::tensor({20, 21, 22, 23}));
  check_same(x.index({Ellipsis, 0}), rondo::tensor({{0, 4, 8}, {12, 16, 20}}));
  check_same(x.index({0, Slice(1, 3), Slice(None, None, 2)}), rondo::tensor({{4, 6}, {8, 10}}));
  check_same(x.index({0, Slice(-2, -1), Slice(-100, 100, 3)}), rondo::tensor({{4, 7}}));
  check_shape(x.index({None, 0, None}), {1, 1, 3, 4});
  check_shape(x.index({"...", None}), {2, 3, 4, 1});
  check_shape(x.index({Slice(), "...", Slice(2, 2)}), {2, 3, 0});
  for (const Tensor& view : {x.index({1}), x.index({Ellipsis}), x.index({0, None, Slice(1, 2)})}) {
    BOOST_TEST(shares_memory(view, x));
  }
  BOOST_TEST(!x.index({Ellipsis}).is_same(x));
  check_same(x[rondo::tensor(1)], x[1]);
  check_same(x.index({rondo::tensor(1)}), x[1]);
}

BOOST_AUTO_TEST_CASE(tensors_select_copies) {
  const Tensor x = counted({3, 4});
  check_same(x.index({rondo::tensor({2, 0, -1})}), rondo::tensor({{8, 9, 10, 11}, {0, 1, 2, 3}, {8, 9, 10, 11}}));
  check_same(x.index({rondo::tensor({2, 0}, kInt), rondo::tensor({1, -1})}), rondo::tensor({9, 3}));
  check_same(x.index({Slice(), rondo::tensor({{3, 1}})}), rondo::tensor({{{3, 1}}, {{7, 5}}, {{11, 9}}}));
  check_same(x.index({rondo::tensor({{0}, {2}}), rondo::tensor({1, 3})}), rondo::tensor({{1, 3}, {9, 11}}));
  check_same(x.t().index({rondo::tensor({3, 1}), rondo::tensor({0, 2})}), rondo::tensor({3, 9}));
  check_same(x.index({x > 6}), rondo::tensor({7, 8, 9, 10, 11}));
  check_same(x.index({rondo::tensor({1, 0, 1}, kByte)}), rondo::tensor({{0, 1, 2, 3}, {8, 9, 10, 11}}));
  check_same(x.index({rondo::tensor({true, false, true}), 1}), rondo::tensor({1, 9}));
  check_shape(x.index({true}), {1, 3, 4});
  check_shape(x.index({false}), {0, 3, 4});
  check_shape(x.index({rondo::empty({0}, kLong)}), {0, 4});
  check_shape(rondo::empty({3, 0}).index({rondo::tensor({1, 1})}), {2, 0});
  BOOST_TEST(!shares_memory(x.index({rondo::tensor({0})}), x));
}

// Neighbouring index tensors leave their dimensions in place, separated ones move to the front.
BOOST_AUTO_TEST_CASE(where_the_dimensions_go) {
  const Tensor x = counted({2, 3, 4, 5});
  const Tensor a = rondo::tensor({0, 1, 1, 0, 1, 1}).reshape({2, 3}), b = rondo::tensor({0, 1, 2});
  check_shape(x.index({Slice(), b, b}), {2, 3, 5});
  check_shape(x.index({a, b}), {2, 3, 4, 5});
  check_shape(x.index({a, Slice(), b}), {2, 3, 3, 5});
  check_shape(x.index({Slice(), b, Slice(), b}), {3, 2, 4});
  check_shape(x.index({a, Ellipsis, b}), {2, 3, 3, 4});
  check_shape(x.index({0, Slice(), b}), {3, 3, 5});
  check_shape(x.index({a, None, b}), {2, 3, 1, 4, 5});
  const Tensor y = x.index({a, Slice(), b});
  for (int64_t i = 0; i < 2; ++i) {
    for (int64_t j = 0; j < 3; ++j) {
      const Tensor row = x[a[i][j]].select(1, b[j].item<int64_t>());
      check_same(y[i][j], row);
    }
  }
  // A mask of two dimensions takes two, also before a slice.
  const Tensor mask = counted({2, 3}) > 3;
  check_same(x.index({mask, Slice(1, 3), 0}), rondo::stack({x[1][1], x[1][2]}).slice(1, 1, 3).select(2, 0));
}

BOOST_AUTO_TEST_CASE(writing) {
  const Tensor x = rondo::zeros({3, 4});
  x.index_put_({1}, 5);
  x.index_put_({Slice(), 0}, rondo::tensor({1, 2, 3}, kFloat));
  x[2][3] = 9;
  check_same(x, rondo::tensor({{1, 0, 0, 0}, {2, 5, 5, 5}, {3, 0, 0, 9}}));
  x.index_put_({rondo::tensor({0, 2}), rondo::tensor({1, 1})}, rondo::tensor({7, 8}, kFloat));
  x.index_put_({x == 5}, -1);
  check_same(x, rondo::tensor({{1, 7, 0, 0}, {2, -1, -1, -1}, {3, 8, 0, 9}}));
  x.index_put_({rondo::tensor({0, 0, 0})}, rondo::ones({1, 1, 4}), true);
  check_same(x[0], rondo::tensor({4, 10, 3, 3}));
  x.index_put_({Slice(), Slice(1, 2)}, rondo::ones(1), true);
  check_same(x.select(1, 1), rondo::tensor({11, 0, 9}));
  // Through a transposed view, and from the tensor's own memory.
  const Tensor y = counted({2, 3});
  y.t().index_put_({rondo::tensor({0, 2})}, rondo::tensor({-1, -2}, kDouble));
  check_same(y, rondo::tensor({{-1, 1, -1}, {-2, 4, -2}}));
  const Tensor z = counted({3, 2});
  z.index_put_({rondo::tensor({1, 2})}, z.slice(0, 0, 2));
  check_same(z, rondo::tensor({{0, 1}, {0, 1}, {2, 3}}));
  BOOST_TEST(z._version() == 1);
  check_same(rondo::index_put(z, {Tensor(), rondo::tensor({0})}, rondo::ones(1, kDouble)),
             rondo::tensor({{1, 1}, {1, 1}, {1, 3}}));
  check_same(rondo::index(z, {Tensor(), rondo::tensor({1})}), rondo::tensor({{1}, {1}, {3}}));
}

BOOST_AUTO_TEST_CASE(wrong_indices) {
  const Tensor x = rondo::ones({2, 3, 4});
  const Tensor seven = rondo::tensor({0, 7});
  BOOST_CHECK_EXCEPTION(x.index({0, 5}), rondo::IndexError,
                        complains("index: index 5 is out of bounds for dimension 1 with size 3"));
  BOOST_CHECK_EXCEPTION(x.index({0, -4}), rondo::IndexError, complains("index -4 is out of bounds for dimension 1"));
  BOOST_CHECK_EXCEPTION(x.index({0, None, Slice(), seven}), rondo::IndexError,
                        complains("index 7 is out of bounds for dimension 2 with size 4"));
  BOOST_CHECK_EXCEPTION(x.index_put_({seven}, 1), rondo::IndexError, complains("index_put_: index 7 is out of bounds"));
  BOOST_CHECK_EXCEPTION(x.index({0, 0, 0, Slice()}), rondo::IndexError,
                        complains("too many indices for tensor of dimension 3"));
  BOOST_CHECK_EXCEPTION(x.index(std::vector<TensorIndex>{}), rondo::IndexError, complains("empty index list"));
  BOOST_CHECK_EXCEPTION(x.index_put_(std::vector<TensorIndex>{}, 1), rondo::IndexError, complains("empty index list"));
  BOOST_CHECK_EXCEPTION(rondo::ones({}).index({0}), rondo::IndexError, complains("invalid index of a 0-dim tensor"));
  BOOST_CHECK_EXCEPTION(x.index({Slice(None, None, -1)}), rondo::ValueError,
                        complains("step must be greater than zero"));
  BOOST_CHECK_EXCEPTION(x.index({rondo::ones(2)}), rondo::IndexError, complains("must be long, int, byte or bool"));
  BOOST_CHECK_EXCEPTION(
      x.index({rondo::full({3}, true)}), rondo::IndexError,
      complains("The shape of the mask (3,) at index 0 does not match the shape of the indexed tensor "
                "(2, 3, 4) at index 0"));
  BOOST_CHECK_EXCEPTION(x.index({rondo::tensor({0, 1}), rondo::tensor({0, 1, 2})}), rondo::IndexError,
                        complains("could not be broadcast together with shapes (2,), (3,)"));
  BOOST_CHECK_EXCEPTION(
      x.index_put_({rondo::tensor({0, 1})}, rondo::ones(5)), rondo::IndexError,
      complains("value tensor of shape (5,) cannot be broadcast to indexing result of shape (2, 3, 4)"));
  BOOST_CHECK_EXCEPTION(x.index_put_({rondo::tensor({0})}, rondo::ones(4, kDouble)), rondo::IndexError,
                        complains("got Float for the destination and Double for the source"));
  BOOST_CHECK_EXCEPTION(x[Tensor()], rondo::IndexError, complains("that are defined"));
  BOOST_CHECK_EXCEPTION(x[rondo::tensor({1, 0})], rondo::IndexError, complains("that are scalars (zero-dim)"));
  BOOST_CHECK_EXCEPTION(x[rondo::tensor(1.5)], rondo::IndexError, complains("integral scalars"));
  BOOST_CHECK_EXCEPTION(rondo::ones({1, 4}).expand({3, 4}).index_put_({rondo::tensor({0})}, 1), rondo::Error,
                        complains("single memory location"));
}

BOOST_AUTO_TEST_CASE(gradients) {
  const Tensor x = counted({3, 4}).requires_grad_();
  (x.index({rondo::tensor({0, 2, 0}), Slice(1, 3)}) * 2).sum().backward();
  check_same(x.grad(), rondo::tensor({{0, 4, 4, 0}, {0, 0, 0, 0}, {0, 2, 2, 0}}));
  BOOST_TEST(x.index({rondo::tensor({0})}).grad_fn()->name() == "IndexBackward0");

  // What is overwritten has no gradient; the value has that of its places.
  const Tensor value = rondo::tensor({10.0}, rondo::dtype(kDouble).requires_grad(true));
  const Tensor a = counted({2, 3}).requires_grad_();
  const Tensor y = a * 1;
  y.index_put_({rondo::tensor({0, 1}), rondo::tensor({2, 0})}, value);
  (y * counted({2, 3})).sum().backward();
  check_same(a.grad(), rondo::tensor({{0, 1, 0}, {0, 4, 5}}));
  check_same(value.grad(), rondo::tensor({5}));

  // A change of a view reaches the base's history.
  const Tensor b = counted({2, 3}).requires_grad_();
  const Tensor z = b * 1;
  z.index_put_({1, rondo::tensor({0, 1})}, rondo::zeros(1, kDouble));
  (z * z).sum().backward();
  check_same(b.grad(), rondo::tensor({{0, 2, 4}, {0, 0, 10}}));

  // Second order: the gradient of the gradient's square.
  const Tensor c = counted({4}).requires_grad_();
  const Tensor picked = c.index({rondo::tensor({1, 1, 3})});
  const Tensor g = rondo::autograd::grad({(picked * picked * picked).sum()}, {c}, {}, true, true)[0];
  check_same(g, rondo::tensor({0, 6, 0, 27}));
  check_same(rondo::autograd::grad({g.sum()}, {c})[0], rondo::tensor({0, 12, 0, 18}));

  BOOST_CHECK_EXCEPTION(x.index_put_({rondo::tensor({0})}, 1), rondo::Error, complains("leaf Variable"));
  // An index that was changed after it was used.
  const Tensor index = rondo::tensor({0, 1});
  const Tensor stale = x.index_select(0, index);
  index.fill_(0);
  BOOST_CHECK_THROW(stale.sum().backward(), rondo::Error);
}

BOOST_AUTO_TEST_CASE(operations_by_index) {
  const Tensor x = counted({3, 4});
  check_same(x.index_select(1, rondo::tensor({3, 0}, kInt)), rondo::tensor({{3, 0}, {7, 4}, {11, 8}}));
  check_shape(rondo::scalar_tensor(2.0).index_select(0, rondo::tensor({0})), {});
  check_same(x.gather(1, rondo::tensor({{3, 3}, {0, 1}})), rondo::tensor({{3, 3}, {4, 5}}));
  check_same(x.t().gather(0, rondo::tensor({{1, 2, 3}})), rondo::tensor({{1, 6, 11}}));
  check_same(rondo::zeros({2, 3}).scatter_add(1, rondo::tensor({{0, 0}, {2, 1}}), rondo::ones({3, 2})),
             rondo::tensor({{2, 0, 0}, {0, 1, 1}}));
  check_same(rondo::zeros({2, 3}).scatter(0, rondo::tensor({{1, 0, 1}}), 4), rondo::tensor({{0, 4, 0}, {4, 0, 4}}));
  check_same(rondo::zeros(3).index_add(0, rondo::tensor({2, 2, 0}), rondo::tensor({1., 2., 3.}), 2),
             rondo::tensor({6, 0, 6}));
  const Tensor y = rondo::zeros({2, 3});
  y.scatter_(1, rondo::tensor({{0}, {2}}), 1).scatter_add_(0, rondo::tensor({{1, 1, 1}}), rondo::ones({1, 3}));
  check_same(y, rondo::tensor({{1, 0, 0}, {1, 1, 2}}));
  BOOST_TEST(y._version() == 2);
  y.t().index_add_(0, rondo::tensor({0}), rondo::ones({1, 2}));
  check_same(y, rondo::tensor({{2, 0, 0}, {2, 1, 2}}));

  check_same(x.masked_select(x.remainder(5) == 0), rondo::tensor({0, 5, 10}));
  check_shape(x.masked_select(rondo::tensor({true, false, false, true})), {6});
  check_same((x > 9).nonzero(), rondo::tensor({{2, 2}, {2, 3}}));
  check_same((counted({2, 3, 2}).remainder(5) == 4).nonzero(), rondo::tensor({{0, 2, 0}, {1, 1, 1}}));
  check_same((counted({3, 2, 2}) < 0.5).logical_not().nonzero()[10], rondo::tensor({2, 1, 1}));
  check_shape(rondo::tensor(1).nonzero(), {1, 0});
  check_shape(rondo::tensor(0).nonzero(), {0, 0});
  check_same(rondo::tensor({0., -0., std::numeric_limits<double>::quiet_NaN()}).nonzero(), rondo::tensor({{2}}));
  const std::vector<Tensor> places = rondo::where(x > 9);
  BOOST_REQUIRE(places.size() == 2);
  check_same(places[1], rondo::tensor({2, 3}));

  check_same(rondo::one_hot(rondo::tensor({1, 0})), rondo::tensor({{0, 1}, {1, 0}}));
  check_shape(rondo::one_hot(rondo::tensor({{1, 0}}), 5), {1, 2, 5});
  check_shape(rondo::one_hot(rondo::empty({0, 2}, kLong), 3), {0, 2, 3});
  check_same(rondo::one_hot(rondo::tensor(2), 3), rondo::tensor({0, 0, 1}));
}

BOOST_AUTO_TEST_CASE(embeddings) {
  const Tensor weight = counted({4, 2}).requires_grad_();
  const Tensor indices = rondo::tensor({{1, 3}, {1, 1}});
  check_same(rondo::embedding(weight, indices), rondo::tensor({{{2, 3}, {6, 7}}, {{2, 3}, {2, 3}}}));
  rondo::embedding(weight, indices).sum().backward();
  check_same(weight.grad(), rondo::tensor({{0, 0}, {3, 3}, {0, 0}, {1, 1}}));
  // Row 1 is padding: an infinite gradient there does no harm.
  weight.mutable_grad().reset();
  const double inf = std::numeric_limits<double>::infinity();
  const Tensor scale = rondo::tensor({{inf, 2.0}, {inf, inf}}, kDouble).unsqueeze(2);
  (rondo::embedding(weight, indices, 1) * scale).sum().backward();
  check_same(weight.grad(), rondo::tensor({{0, 0}, {0, 0}, {0, 0}, {2, 2}}));
  weight.mutable_grad().reset();
  rondo::embedding(weight, indices, -1, true).sum().backward();
  check_same(weight.grad(), rondo::tensor({{0, 0}, {1, 1}, {0, 0}, {1, 1}}));
}

BOOST_AUTO_TEST_SUITE_END()
