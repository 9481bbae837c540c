// Losses, layer normalization and dropout against figures of libtorch 1.13.1, and their edges.
#include "expect.h"

#include <functional>
#include <limits>

namespace rondo {
namespace {

using expect::kNan;

Tensor scores() { return tensor({{0.5, -1.25, 2., 0.75}, {-0.5, 1.5, 0.25, -2.}, {3., -0.75, 1., 0.}}, kDouble); }
Tensor classes() { return tensor({2, 0, 3}); }
Tensor weights() { return tensor({0.5, 1., 2., 1.5}, kDouble); }
// Rows of probabilities: the softmax of the scores, last row first.
Tensor probabilities() { return stack({scores()[2], scores()[1], scores()[0]}).softmax(1); }

void check(const std::function<Tensor(const Tensor&)>& loss, const std::vector<double>& value,
           const std::vector<double>& gradient) {
  expect::close(loss(scores()), value, 1e-10);
  expect::close(expect::gradient(scores(), loss), gradient, 1e-10);
  // By public operations, as a recorded backward computes it.
  const Tensor x = scores().requires_grad_();
  expect::close(autograd::grad({loss(x).sum()}, {x}, {}, std::nullopt, true)[0], gradient, 1e-10);
  // In float32, strided.
  const Tensor y = scores().to(kFloat).t().contiguous().t().requires_grad_();
  const auto same = loss(y.to(kDouble));
  expect::close(same, value, 1e-10);
}

BOOST_AUTO_TEST_SUITE(losses)

BOOST_AUTO_TEST_CASE(cross_entropy) {
  check([](const Tensor& x) { return cross_entropy_loss(x, classes()); }, {1.99989720573},
        {0.0480342804333, 0.0083471063317, -0.118058623714, 0.0616772369487, -0.302265428949, 0.229562488371,
         0.0657707540974, 0.00693218648072, 0.2757920526, 0.00648600740215, 0.037324395553, -0.319602455555});
  check([](const Tensor& x) { return cross_entropy_loss(x, classes(), weights(), Reduction::Mean, -100, 0.1); },
        {1.73937545402},
        {0.0662244923756, 0.0058011347664, -0.151697137987, 0.0796715108447, -0.102226966234, 0.09274882311,
         0.0158636377045, -0.00638549458019, 0.301969958189, 0.000925145688634, 0.0287901125805, -0.331685216458});
  check([](const Tensor& x) { return cross_entropy_loss(x, classes(), weights(), Reduction::Mean, 0, 0.1); },
        {1.60694153673},
        {0.0756851341436, 0.00662986830445, -0.173368157699, 0.0910531552511, 0, 0, 0, 0, 0.345108523644,
         0.00105730935844, 0.0329029858063, -0.379068818809});
  check([](const Tensor& x) { return cross_entropy_loss(x, classes(), {}, Reduction::Mean, 0, 0.1); }, {1.8477369499},
        {0.05955142065, 2.0659497556e-05, -0.139587935571, 0.0800158554231, 0, 0, 0, 0, 0.4011880789, -0.00277098889677,
         0.0434865933295, -0.441903683333});
  check([](const Tensor& x) { return cross_entropy_loss(x, classes(), weights(), Reduction::None, 0, 0.1); },
        {0.988539012832, 0, 4.63575636574},
        {0.264897969502, 0.0232045390656, -0.606788551947, 0.318686043379, 0, 0, 0, 0, 1.20787983276, 0.00370058275453,
         0.115160450322, -1.32674086583});
  check([](const Tensor& x) { return cross_entropy_loss(x, probabilities(), weights(), Reduction::Mean, -100, 0.2); },
        {2.13912917692},
        {-0.0790168227137, -0.0149682322538, 0.0845719031021, 0.00941315186532, 0.0158650519041, 0.0703115640078,
         -0.0610302563006, -0.0251463596112, 0.409040282194, -0.0130768019152, -0.318687199073, -0.0772762812057});
}

BOOST_AUTO_TEST_CASE(cross_entropy_of_any_rank) {
  const Tensor x = randn({2, 3, 4, 2}, kDouble), t = randint(3, {2, 4, 2}, kLong);
  const Tensor rows = x.movedim(1, -1).reshape({16, 3}), flat = t.reshape({16});
  expect::close(cross_entropy_loss(x, t), expect::numbers(cross_entropy_loss(rows, flat)));
  const Tensor each = cross_entropy_loss(x, t, {}, Reduction::None);
  expect::shape(each, {2, 4, 2});
  expect::close(each, expect::numbers(cross_entropy_loss(rows, flat, {}, Reduction::None)));
  expect::close(cross_entropy_loss(x, t), expect::numbers(nll_loss(x.log_softmax(1), t)));
  expect::shape(cross_entropy_loss(rows[0], flat[0], {}, Reduction::None), {});
  expect::close(cross_entropy_loss(rows[0], flat[0]),
                expect::numbers(cross_entropy_loss(rows.narrow(0, 0, 1), flat.narrow(0, 0, 1))));
  expect::close(cross_entropy_loss(zeros({0, 3}), zeros({0}, kLong)), {kNan});
  expect::close(cross_entropy_loss(zeros({0, 3}), zeros({0}, kLong), {}, Reduction::Sum), {0});
  expect::close(cross_entropy_loss(zeros({2, 3}), full({2}, -100, kLong)), {kNan});
  BOOST_CHECK(cross_entropy_loss(zeros({2, 3}, kBFloat16), tensor({0, 2})).dtype() == kBFloat16);
  // Scores that would overflow an exponential.
  expect::close(cross_entropy_loss(tensor({{1000., 0.}}, kDouble), tensor({1})), {1000});
}

BOOST_AUTO_TEST_CASE(of_two_tensors) {
  check([](const Tensor& x) { return nll_loss(x, classes(), weights()); }, {-0.9375},
        {0, 0, -0.5, 0, -0.125, 0, 0, 0, 0, 0, 0, -0.375});
  check([](const Tensor& x) { return mse_loss(x, probabilities()); }, {1.64989835547},
        {-0.0545626929667, -0.211576337034, 0.314671135557, 0.118134561111, -0.0988672855254, 0.135218755815,
         0.00878128961794, -0.336799426574, 0.475982859783, -0.129173553166, 0.0590293118569, -0.0308386184744});
  check([](const Tensor& x) { return smooth_l1_loss(x, probabilities(), Reduction::Mean, 0.5); }, {0.766014326292},
        {-0.0545626929667, -0.0833333333333, 0.0833333333333, 0.0833333333333, -0.0833333333333, 0.0833333333333,
         0.00878128961794, -0.0833333333333, 0.0833333333333, -0.0833333333333, 0.0590293118569, -0.0308386184744});
  check([](const Tensor& x) { return huber_loss(x, probabilities(), Reduction::Mean, 0.7); }, {0.485524781556},
        {-0.0272813464833, -0.0583333333333, 0.0583333333333, 0.0583333333333, -0.0494336427627, 0.0583333333333,
         0.00439064480897, -0.0583333333333, 0.0583333333333, -0.0583333333333, 0.0295146559284, -0.0154193092372});
  check([](const Tensor& x) { return binary_cross_entropy_with_logits(x, probabilities(), {}, weights()); },
        {0.878472423752},
        {-0.00406106271804, 0.0169368430516, 0.0629563633567, 0.052614860728, 0.0261120596769, 0.0107405842567,
         0.0232063577915, 0.00743729901547, 0.0676573655884, 0.0246483318191, -0.00737120078326, 0.0223925301202});
  check([](const Tensor& x) { return binary_cross_entropy(x.sigmoid(), probabilities(), weights()); }, {1.07037394462},
        {-0.00853820110826, 0.0169368430516, 0.12813731522, 0.0797482582301, 0.0118473731519, 0.0107405842567,
         0.0608107064322, 0.0123007953225, 0.0336863035634, 0.0246483318191, 0.0142057416285, 0.0393710361442});
  const Tensor sure = tensor({0., 1., 0., 1.}, kDouble), t = tensor({0., 0., 1., 1.}, kDouble);
  expect::close(binary_cross_entropy(sure, t), {50});
  expect::close(expect::gradient(sure, [&](const Tensor& x) { return binary_cross_entropy(x, t); }),
                {0, 250000000000, -250000000000, 0}, 1e-8);
  expect::close(binary_cross_entropy_with_logits(tensor({800., -800., -40.}, kDouble), tensor({1., 0., 0.}, kDouble),
                                                 {}, {}, Reduction::None),
                {0, 0, 0});
  // The target's gradient, of a fused and of a composed loss.
  for (const int64_t reduction : {Reduction::Mean, Reduction::Sum, Reduction::None}) {
    const Tensor g =
        expect::gradient(weights(), [&](const Tensor& target) { return mse_loss(scores()[0], target, reduction); });
    const double n = reduction == Reduction::Mean ? 4 : 1;
    expect::close(g, {0, 4.5 / n, 0, 1.5 / n});
  }
  expect::close(mse_loss(zeros({0}), zeros({0})), {kNan});
  expect::close(l1_loss(scores()[0], weights(), Reduction::None), {0, 2.25, 0, 0.75});
}

BOOST_AUTO_TEST_CASE(mse_of_many) {
  const int64_t n = 100'003;
  const Tensor x = randn({n}), t = randn({n});
  const double exact = (x.to(kDouble) - t.to(kDouble)).square().mean().item<double>();
  BOOST_CHECK_CLOSE(mse_loss(x, t).item<double>(), exact, 1e-4);
  const Tensor g = expect::gradient(x, [&](const Tensor& y) { return mse_loss(y, t); });
  BOOST_CHECK(g.allclose((x - t) * (2.0 / static_cast<double>(n))));
  set_num_threads(1);
  const float one = mse_loss(x, t).item<float>();
  set_num_threads(2);
  BOOST_CHECK_EQUAL(mse_loss(x, t).item<float>(), one);
}

BOOST_AUTO_TEST_CASE(huber_without_a_bend) {
  const Tensor x = tensor({0.0, 1.0, 2.0}, kDouble).requires_grad_();
  const Tensor loss = huber_loss(x, zeros({3}, kDouble), Reduction::Sum, std::numeric_limits<double>::infinity());
  BOOST_CHECK_EQUAL(loss.item<double>(), 2.5);
  loss.backward();
  BOOST_CHECK(x.grad().equal(x.detach()));
}

BOOST_AUTO_TEST_CASE(other_shape_of_the_target) {
  static std::string warned;
  const auto before = set_warning_handler([](std::string_view text) { warned = text; });
  const Tensor loss = mse_loss(ones({3, 1}), zeros({3}));
  set_warning_handler(before);
  BOOST_CHECK_EQUAL(loss.item<float>(), 1);
  BOOST_CHECK_EQUAL(warned, "");  // nn::functional::mse_loss warns, as in libtorch
}

BOOST_AUTO_TEST_CASE(wrong_use) {
  expect::error("cross_entropy: target 5 at row 3 is out of bounds; need 0 <= target < 2", [] {
    cross_entropy_loss(zeros({4, 2}), tensor({0, 1, 0, 5}));
  });
  BOOST_CHECK_THROW(cross_entropy_loss(zeros({1, 2}), tensor({-1})), IndexError);
  expect::error("nll_loss: target 2 at row 0 is out of bounds", [] { nll_loss(zeros({1, 2}), tensor({2})); });
  expect::error("expected scalar type Long but found Float", [] { cross_entropy_loss(zeros({2, 2}), zeros({2})); });
  expect::error("Expected input batch_size (3) to match target batch_size (2)", [] {
    cross_entropy_loss(zeros({3, 2}), zeros({2}, kLong));
  });
  expect::error("weight tensor should be defined either for all 2 classes or no classes", [] {
    cross_entropy_loss(zeros({2, 2}), zeros({2}, kLong), zeros({3}));
  });
  expect::error("is not a valid value for reduction", [] { mse_loss(zeros({2}), zeros({2}), 3); });
  expect::error("all elements of input should be between 0 and 1", [] {
    binary_cross_entropy(tensor({0.5, kNan}), zeros({2}));
  });
}

BOOST_AUTO_TEST_CASE(layer_norm_of_rows) {
  check([](const Tensor& x) { return layer_norm(x, {4}, weights(), weights()) * probabilities(); },
        {0.4136880789, -0.00991684342999, 0.513730396859, 0.0751146480816, 0.0351083920487, 1.6058866901,
         0.530881846321, -0.0134281321408, 0.184048195495, -0.0027617113171, 1.46374016231, 0.117305808725},
        {0.201834356101, -0.0491294276807, -0.0382385834037, -0.114466345017, -0.143781207897, 0.0523599677841,
         0.0144080607577, 0.077013179355, -0.27133148137, -0.259271733114, 0.619541129228, -0.0889379147441});
  const Tensor x = randn({5, 6, 7}, kDouble);
  const Tensor y = layer_norm(x, {6, 7});
  BOOST_CHECK(y.mean({1, 2}).abs().max().item<double>() < 1e-12);
  BOOST_CHECK(((y.var({1, 2}, false) - 1).abs().max()).item<double>() < 1e-4);
}

// manual_seed(7) in libtorch: the same mask.
BOOST_AUTO_TEST_CASE(dropout_draws_libtorchs_stream) {
  manual_seed(7);
  const double k = 1 / 0.6;
  expect::close(dropout(ones({12}), 0.4, true), {k, k, 0, 0, 0, 0, k, k, 0, 0, k, k}, 1e-6);
  manual_seed(7);
  Tensor x = ones({5}, kDouble);
  expect::close(dropout_(x, 0.4, true), {k, k, 0, 0, 0});
  expect::close(x, {k, k, 0, 0, 0});
}

BOOST_AUTO_TEST_CASE(dropout_at_its_ends) {
  const Tensor x = randn({6});
  BOOST_CHECK(dropout(x, 0.5, false).is_same(x) && dropout(x, 0, true).is_same(x));
  expect::close(dropout(full({3}, kNan), 1, true).isnan().to(kInt), {1, 1, 1});  // a product, as in libtorch
  expect::close(expect::gradient(ones({4}, kDouble), [](const Tensor& t) { return dropout(t, 1, true); }),
                {0, 0, 0, 0});
  expect::error("dropout probability has to be between 0 and 1, but got 1.5", [] { dropout(zeros({2}), 1.5, true); });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rondo
