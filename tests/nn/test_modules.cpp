#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
namespace F = rondo::nn::functional;
using rondo::Tensor;
using support::check_error;
using support::check_values;
using support::Warnings;

namespace {

const Tensor& x() {
  static const Tensor numbers = rondo::tensor({{0.5, -1.5, 2.0}, {-0.25, 0.0, 7.0}}, rondo::kDouble);
  return numbers;
}
const Tensor& y() {
  static const Tensor numbers = rondo::tensor({{1.0, -0.5, 0.5}, {0.25, 0.5, 0.0}}, rondo::kDouble);
  return numbers;
}

// The module and its function agree, and so do value and gradient of the form in place.
template <class Module, class Function>
void check_inplace(Module plain, Module inplace, Function function) {
  const Tensor leaf = rondo::tensor({-3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 2.0, 6.0, 7.0}, rondo::kDouble).requires_grad_();
  const Tensor wanted = plain(leaf);
  BOOST_TEST(rondo::equal(wanted, function(leaf)));
  (wanted * wanted + wanted).sum().backward();
  const Tensor gradient = leaf.grad().clone();
  leaf.mutable_grad().reset();
  Tensor middle = leaf * 1;
  const Tensor result = inplace(middle);
  BOOST_TEST(result.data_ptr() == middle.data_ptr());
  BOOST_TEST(rondo::allclose(result, wanted));
  (result * result + result).sum().backward();
  BOOST_TEST(rondo::allclose(leaf.grad(), gradient));
}

}  // namespace

// Figures: libtorch 1.13.1.
BOOST_AUTO_TEST_SUITE(modules)

BOOST_AUTO_TEST_CASE(activations_in_place) {
  check_inplace(nn::ReLU(), nn::ReLU(true), [](const Tensor& t) { return F::relu(t); });
  check_inplace(nn::ReLU6(), nn::ReLU6(true), [](const Tensor& t) { return F::relu6(t); });
  check_inplace(nn::LeakyReLU(), nn::LeakyReLU(nn::LeakyReLUOptions().inplace(true)),
                [](const Tensor& t) { return F::leaky_relu(t); });
  check_inplace(nn::ELU(nn::ELUOptions().alpha(0.7)), nn::ELU(nn::ELUOptions().alpha(0.7).inplace(true)),
                [](const Tensor& t) { return F::elu(t, F::ELUFuncOptions().alpha(0.7)); });
  check_inplace(nn::SELU(), nn::SELU(true), [](const Tensor& t) { return F::selu(t); });
  check_inplace(nn::CELU(nn::CELUOptions().alpha(0.7)), nn::CELU(nn::CELUOptions().alpha(0.7).inplace(true)),
                [](const Tensor& t) { return F::celu(t, F::CELUFuncOptions().alpha(0.7)); });
  check_inplace(nn::Hardtanh(), nn::Hardtanh(nn::HardtanhOptions().inplace(true)),
                [](const Tensor& t) { return F::hardtanh(t); });
  check_inplace(nn::Threshold(0.1, 20), nn::Threshold(nn::ThresholdOptions(0.1, 20).inplace(true)),
                [](const Tensor& t) { return F::threshold(t, F::ThresholdFuncOptions(0.1, 20)); });
}

BOOST_AUTO_TEST_CASE(activations_of_several_steps) {
  check_values(nn::Softmin(1)(x()), {0.116114535, 0.857976811, 0.0259086547, 0.561952145, 0.437648771, 0.000399084021});
  check_values(nn::Threshold(0.1, 20)(x()), {0.5, 20, 2, 20, 20, 7});
  check_values(nn::CELU(nn::CELUOptions().alpha(0.7))(x()), {0.5, -0.617876584, 2, -0.210229224, 0, 7});
  check_values(nn::GLU(1)(rondo::cat({x(), x() * 2}, 1)),
               {0.365529289, -0.0711388098, 1.96402758, -0.0943851672, 0, 6.99999418});
  check_values(nn::Softshrink()(x()), {0, -1, 1.5, 0, 0, 6.5});
  check_values(nn::Hardshrink()(x()), {0, -1.5, 2, 0, 0, 7});
  check_values(nn::Tanhshrink()(x()), {0.0378828427, -0.594851746, 1.03597242, -0.0050813376, 0, 6.00000166});
  check_values(F::prelu(x(), rondo::tensor({0.3}, rondo::kDouble)), {0.5, -0.45, 2, -0.075, 0, 7});
  check_values(F::prelu(x(), rondo::tensor({0.3, 0.5, 1.0}, rondo::kDouble)), {0.5, -0.75, 2, -0.075, 0, 7});
  check_values(F::normalize(x()), {0.196116135, -0.588348405, 0.784464541, -0.0356915305, 0, 0.999362854});
  check_error([] { F::celu(x(), F::CELUFuncOptions().alpha(0)); }, "alpha cannot be 0 for CELU");
  check_error([] { F::glu(x(), 1); }, "Halving dimension must be even, but dimension 1 is size 3");
  check_error([] { F::prelu(x(), rondo::ones({2})); }, "Mismatch of parameter numbers and input channel size");
  check_error([] { nn::Hardtanh(1.0, 1.0); }, "max_val must be greater than min_val");
  check_error([] { nn::Softmax2d()(x()); }, "requires a 3D or 4D tensor");
}

BOOST_AUTO_TEST_CASE(plain_activations_are_their_functions) {
  BOOST_TEST(rondo::equal(nn::Tanh()(x()), x().tanh()));
  BOOST_TEST(rondo::equal(nn::Sigmoid()(x()), x().sigmoid()));
  BOOST_TEST(rondo::equal(nn::LogSigmoid()(x()), rondo::log_sigmoid(x())));
  BOOST_TEST(rondo::equal(nn::SiLU()(x()), rondo::silu(x())));
  BOOST_TEST(rondo::equal(nn::Mish()(x()), rondo::mish(x())));
  BOOST_TEST(rondo::equal(nn::Softsign()(x()), rondo::softsign(x())));
  BOOST_TEST(rondo::equal(nn::Softplus()(x()), rondo::softplus(x())));
  BOOST_TEST(rondo::equal(nn::GELU(nn::GELUOptions().approximate("tanh"))(x()), rondo::gelu(x(), "tanh")));
  BOOST_TEST(rondo::equal(nn::Softmax(1)(x()), x().softmax(1)));
  BOOST_TEST(rondo::equal(nn::LogSoftmax(0)(x()), x().log_softmax(0)));
  BOOST_TEST(rondo::equal(nn::Softmax2d()(x().view({2, 3, 1})), x().view({2, 3, 1}).softmax(0)));
  BOOST_TEST((F::softmax(x(), F::SoftmaxFuncOptions(1).dtype(rondo::kFloat)).dtype() == rondo::kFloat));
}

BOOST_AUTO_TEST_CASE(prelu_learns_its_slope) {
  nn::PReLU prelu;
  prelu(rondo::tensor({-2.0, 1.0, -1.0})).sum().backward();
  check_values(prelu->weight, {0.25});
  check_values(prelu->weight.grad(), {-3});
}

BOOST_AUTO_TEST_CASE(rrelu_draws_slopes_in_training) {
  nn::RReLU rrelu;
  const Tensor ones = -rondo::ones({1000});
  const Tensor drawn = -rrelu(ones);
  BOOST_TEST(drawn.min().item<double>() >= 1.0 / 8);
  BOOST_TEST(drawn.max().item<double>() <= 1.0 / 3);
  BOOST_TEST(drawn.max().item<double>() - drawn.min().item<double>() > 0.1);
  rrelu->eval();
  BOOST_TEST(std::abs(-rrelu(ones).sum().item<double>() / 1000 - (1.0 / 8 + 1.0 / 3) / 2) < 1e-6);
}

BOOST_AUTO_TEST_CASE(linear_modules) {
  nn::Linear linear(nn::LinearOptions(2, 1).bias(false));
  {
    rondo::NoGradGuard no_grad;
    linear->weight.copy_(rondo::tensor({{2.0, -1.0}}));
  }
  check_values(linear(rondo::tensor({{1.0, 3.0}, {0.5, 0.5}})), {-1, 0.5});
  BOOST_TEST(nn::Identity()(x()).is_same(x()));
  BOOST_TEST((nn::Flatten()(rondo::zeros({2, 3, 4})).sizes() == rondo::IntArrayRef({2, 12})));
  BOOST_TEST(
      (nn::Unflatten(1, std::vector<int64_t>{3, 4})(rondo::zeros({2, 12})).sizes() == rondo::IntArrayRef({2, 3, 4})));
  nn::Bilinear bilinear(nn::BilinearOptions(2, 3, 2));
  const Tensor a = rondo::rand({4, 2}), b = rondo::rand({4, 3});
  const Tensor result = bilinear(a, b);
  for (int64_t row = 0; row < 4; ++row) {
    for (int64_t k = 0; k < 2; ++k) {
      const double wanted = (a[row].matmul(bilinear->weight[k]).matmul(b[row]) + bilinear->bias[k]).item<double>();
      BOOST_TEST(std::abs(result[row][k].item<double>() - wanted) < 1e-6);
    }
  }
  check_error([&] { bilinear(b, a); }, "bilinear");
}

BOOST_AUTO_TEST_CASE(dropouts) {
  const Tensor ones = rondo::ones({2, 3, 2}, rondo::kDouble);
  rondo::manual_seed(0);
  check_values(F::dropout(ones, F::DropoutFuncOptions().p(0.4)),
               {0, 0, 1.66666667, 0, 0, 0, 1.66666667, 1.66666667, 1.66666667, 1.66666667, 1.66666667, 1.66666667});
  rondo::manual_seed(0);
  check_values(F::dropout2d(rondo::ones({2, 3, 2, 1}), F::Dropout2dFuncOptions().p(0.4)),
               {0, 0, 0, 0, 1.66666663, 1.66666663, 0, 0, 0, 0, 0, 0});
  rondo::manual_seed(0);
  check_values(F::alpha_dropout(rondo::ones({2, 3}), F::AlphaDropoutFuncOptions().p(0.4).training(true)),
               {-0.910642028, -0.910642028, 1.47037721, -0.910642028, -0.910642028, -0.910642028});
  // Of (8, 4) the rows are channels; of (8) the elements.
  const Tensor rows = F::dropout2d(rondo::ones({8, 4}), F::Dropout2dFuncOptions().p(0.4));
  BOOST_TEST((rows == rows.narrow(1, 0, 1)).all().item<bool>());
  BOOST_TEST((rows == 0).any().item<bool>());
  BOOST_TEST((rows != 0).any().item<bool>());
  BOOST_TEST(F::dropout3d(rondo::ones({8})).sizes() == rondo::IntArrayRef({8}));
  nn::Dropout dropout(0.4);
  rondo::manual_seed(0);
  check_values(dropout(ones),
               {0, 0, 1.66666667, 0, 0, 0, 1.66666667, 1.66666667, 1.66666667, 1.66666667, 1.66666667, 1.66666667});
  dropout->eval();
  BOOST_TEST(rondo::equal(dropout(ones), ones));
  BOOST_TEST(nn::Dropout(1.0)(ones).sum().item<double>() == 0);
  nn::Dropout2d channels(0.5);
  const Tensor kept = channels(rondo::ones({1, 64, 4, 4})).flatten(2).sum(2);
  for (double sum : support::values(kept)) BOOST_TEST((sum == 0 || sum == 32));
  BOOST_TEST(channels(rondo::ones({3, 4, 4})).dim() == 3);
  check_error([] { nn::Dropout(1.5); }, "dropout probability has to be between 0 and 1, but got 1.5");
  check_error([] { F::dropout(x(), F::DropoutFuncOptions().p(-1)); }, "dropout probability has to be between 0 and 1");
}

BOOST_AUTO_TEST_CASE(layer_norms) {
  nn::LayerNorm norm(nn::LayerNormOptions({3}).eps(0));
  norm->to(rondo::kDouble);
  const Tensor result = norm(x());
  check_values(result.mean({1}), {0, 0});
  check_values(result.pow(2).mean({1}), {1, 1});
  BOOST_TEST(norm->parameters().size() == 2u);
  BOOST_TEST(nn::LayerNorm(nn::LayerNormOptions({3}).elementwise_affine(false))->parameters().empty());
}

BOOST_AUTO_TEST_CASE(embeddings) {
  nn::Embedding embedding(nn::EmbeddingOptions(4, 2).padding_idx(-1));
  BOOST_TEST(*embedding->options.padding_idx() == 3);
  check_values(embedding->weight[3], {0, 0});
  const Tensor indices = rondo::tensor({1, 1, 3});
  embedding(indices).sum().backward();
  check_values(embedding->weight.grad(), {0, 0, 2, 2, 0, 0, 0, 0});
  const Tensor table = rondo::tensor({{3.0, 4.0}, {0.3, 0.4}});
  nn::Embedding fixed = nn::Embedding::from_pretrained(table);
  BOOST_TEST(!fixed->weight.requires_grad());
  check_values(fixed(rondo::tensor({1, 0})), {0.3, 0.4, 3, 4});
  check_values(F::embedding(rondo::tensor({0, 1}), table.clone(), F::EmbeddingFuncOptions().max_norm(1)),
               {0.6, 0.8, 0.3, 0.4});
  check_values(F::one_hot(rondo::tensor({1, 0}), 3), {0, 1, 0, 1, 0, 0});
  check_error([] { nn::Embedding(nn::EmbeddingOptions(4, 2).padding_idx(4)); },
              "Padding_idx must be within num_embeddings");
  check_error(
      [] {
        nn::Embedding(nn::EmbeddingOptions(4, 2)._weight(rondo::ones({4, 3})));
      },
      "Shape of _weight does not match num_embeddings and embedding_dim");
  check_error([] { nn::Embedding::from_pretrained(rondo::ones({4})); },
              "Embeddings parameter is expected to be 2-dimensional");
}

BOOST_AUTO_TEST_CASE(losses_are_their_functions_with_options) {
  const Tensor difference = (x() - y()).abs();
  check_values(nn::L1Loss()(x(), y()), {difference.mean().item<double>()});
  check_values(nn::L1Loss(rondo::kSum)(x(), y()), {difference.sum().item<double>()});
  BOOST_TEST(rondo::equal(F::mse_loss(x(), y(), rondo::kNone), (x() - y()).pow(2)));
  BOOST_TEST(rondo::equal(nn::MSELoss()(x(), y()), F::mse_loss(x(), y())));
  check_values(nn::SmoothL1Loss()(x(), y()), {F::huber_loss(x(), y()).item<double>()});
  check_values(F::smooth_l1_loss(x(), y(), rondo::kSum, 0.5),
               {F::smooth_l1_loss(x(), y(), F::SmoothL1LossFuncOptions(rondo::kSum).beta(0.5)).item<double>()});
  check_error([] { F::smooth_l1_loss(x(), y(), F::SmoothL1LossFuncOptions().beta(0.5), 0.5); },
              "expected beta not to be provided in 'options'");
  const Tensor classes = rondo::tensor({0, 2});
  check_values(nn::CrossEntropyLoss()(x(), classes), {F::nll_loss(x().log_softmax(1), classes).item<double>()});
  const Tensor weight = rondo::tensor({1.0, 2.0, 3.0}, rondo::kDouble);
  nn::NLLLoss weighted(nn::NLLLossOptions().weight(weight).reduction(rondo::kSum));
  check_values(weighted(x(), classes), {-0.5 - 21});
  BOOST_TEST(weighted->named_buffers().keys()[0] == "weight");
  const Tensor p = rondo::tensor({0.25, 0.75}, rondo::kDouble), t = rondo::tensor({0.0, 1.0}, rondo::kDouble);
  check_values(nn::BCELoss()(p, t), {-std::log(0.75)});
  check_values(nn::BCEWithLogitsLoss()((p / (1 - p)).log(), t), {-std::log(0.75)});
  nn::BCEWithLogitsLoss positive(nn::BCEWithLogitsLossOptions().pos_weight(rondo::tensor({3.0}, rondo::kDouble)));
  check_values(positive((p / (1 - p)).log(), t), {-std::log(0.75) * 2});
}

BOOST_AUTO_TEST_CASE(further_losses) {
  Warnings warnings;
  check_values(F::kl_div(x(), y().abs()), {-0.345632394});
  BOOST_TEST(Warnings::texts().size() == 1u);
  check_values(F::kl_div(x(), y().abs(), rondo::kBatchMean), {-0.345632394 * 3});
  BOOST_TEST(Warnings::texts().size() == 1u);
  const Tensor signs = rondo::tensor({{1.0, -1.0, 1.0}, {-1.0, 1.0, -1.0}}, rondo::kDouble);
  check_values(nn::HingeEmbeddingLoss()(x(), signs), {1.04166667});
}

BOOST_AUTO_TEST_CASE(losses_mind_shapes) {
  Warnings warnings;
  check_values(F::mse_loss(x(), rondo::zeros({3}, rondo::kDouble)), {x().pow(2).mean().item<double>()});
  BOOST_REQUIRE(Warnings::texts().size() == 1u);
  BOOST_TEST(Warnings::texts()[0].find("Using a target size (3,) that is different to the input size (2, 3)") !=
             std::string::npos);
  check_error([] { F::binary_cross_entropy(rondo::ones({2}), rondo::ones({3})); },
              "Using a target size (3,) that is different to the input size (2,)");
  check_error([] { F::binary_cross_entropy_with_logits(rondo::ones({2}), rondo::ones({3})); },
              "Target size (3,) must be the same as input size (2,)");
}

BOOST_AUTO_TEST_SUITE_END()
