#include <rondo/data.h>
#include <rondo/nn.h>
#include <rondo/optim.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
using nn::utils::remove_spectral_norm;
using nn::utils::remove_weight_norm;
using nn::utils::spectral_norm;
using nn::utils::weight_norm;
using rondo::Tensor;
using support::check_error;
using support::check_values;

namespace {

using Keys = std::vector<std::string>;

const Tensor& registered(const nn::Module& module, const char* name) {
  static Tensor found;
  found = module.named_parameters()[name];
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reparametrize)

BOOST_AUTO_TEST_CASE(weight_norm_keeps_the_weight) {
  nn::Linear linear(3, 2);
  const Tensor before = linear->weight.detach().clone();
  nn::Linear same = weight_norm(linear);
  BOOST_TEST(same.get() == linear.get());
  BOOST_TEST(linear->named_parameters().keys() == (Keys{"bias", "weight_g", "weight_v"}),
             boost::test_tools::per_element());
  BOOST_TEST(registered(*linear, "weight_g").sizes() == (std::vector<int64_t>{2, 1}));
  BOOST_TEST(rondo::allclose(linear->weight, before));
  BOOST_TEST(!linear->weight.is_leaf());
  check_error([&] { weight_norm(linear); },
              "weight_norm: the given member of torch::nn::LinearImpl holds no parameter");
  remove_weight_norm(linear);
  BOOST_TEST(linear->named_parameters().keys() == (Keys{"bias", "weight"}), boost::test_tools::per_element());
  BOOST_TEST(rondo::allclose(linear->weight, before));
  BOOST_TEST(linear->weight.is_leaf());
  BOOST_TEST(linear->weight.requires_grad());
  check_error([&] { remove_weight_norm(linear); }, "was not made by weight_norm");
}

BOOST_AUTO_TEST_CASE(weight_norm_over_other_dimensions) {
  const Tensor weight = rondo::tensor({3.0, 4.0, 5.0, 12.0}, rondo::kDouble).view({2, 2});
  for (int64_t dim : {0, 1, -1}) {
    nn::Linear linear(2, 2);
    linear->to(rondo::kDouble);
    {
      rondo::NoGradGuard no_grad;
      linear->weight.copy_(weight);
    }
    weight_norm(linear, &nn::LinearImpl::weight, dim);
    const Tensor g = registered(*linear, "weight_g");
    if (dim == 0) check_values(g, {5, 13});
    if (dim == 1) check_values(g, {std::sqrt(34.0), std::sqrt(160.0)});
    if (dim == -1) check_values(g, {std::sqrt(194.0)});
    BOOST_TEST(g.dim() == (dim == -1 ? 0 : 2));
    BOOST_TEST(rondo::allclose(linear->weight, weight));
  }
}

BOOST_AUTO_TEST_CASE(weight_norm_learns_when_called) {
  rondo::manual_seed(1);
  nn::Linear linear = weight_norm(nn::Linear(3, 1));
  rondo::optim::SGD optimizer(linear->parameters(), 0.1);
  const Tensor x = rondo::randn({8, 3}), y = x.sum(1, true) * 2;
  double first = 0, last = 0;
  for (int i = 0; i < 100; ++i) {
    optimizer.zero_grad();
    // Two calls before one backward have weights of their own.
    const Tensor loss = nn::functional::mse_loss(linear(x), y) + nn::functional::mse_loss(linear(x), y);
    loss.backward();
    optimizer.step();
    last = loss.item<double>();
    if (i == 0) first = last;
  }
  BOOST_TEST(last < first / 1000);
}

BOOST_AUTO_TEST_CASE(clones_and_loaded_states_have_the_right_weight) {
  nn::Linear linear = weight_norm(nn::Linear(3, 2));
  {
    rondo::NoGradGuard no_grad;
    registered(*linear, "weight_g").mul_(3);
  }
  const Tensor x = rondo::randn({4, 3});
  const Tensor y = linear(x);
  nn::Linear copy = std::dynamic_pointer_cast<nn::LinearImpl>(linear->clone());
  BOOST_TEST(copy->named_parameters().keys() == linear->named_parameters().keys(), boost::test_tools::per_element());
  BOOST_TEST(rondo::allclose(copy->forward(x), y));
  BOOST_TEST(rondo::allclose(copy(x), y));
  {
    rondo::NoGradGuard no_grad;
    registered(*linear, "weight_v").fill_(1);
  }
  BOOST_TEST(rondo::allclose(copy(x), y));

  nn::Linear other = weight_norm(nn::Linear(3, 2));
  other->load_state_dict(copy->state_dict());
  BOOST_TEST(rondo::allclose(other->forward(x), y));
  nn::Sequential chain(copy);
  nn::Sequential chain_copy = std::dynamic_pointer_cast<nn::SequentialImpl>(chain->clone());
  BOOST_TEST(rondo::allclose(chain_copy(x), y));
  chain_copy->to(rondo::kDouble);
  BOOST_TEST(rondo::allclose(chain_copy(x.to(rondo::kDouble)), y.to(rondo::kDouble), 1e-4, 1e-5));
}

BOOST_AUTO_TEST_CASE(weights_of_recurrent_layers_by_name) {
  rondo::manual_seed(4);
  nn::LSTM lstm(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).proj_size(2));
  const Tensor x = rondo::randn({5, 2, 3});
  const Tensor before = std::get<0>(lstm(x));
  const size_t parameters = lstm->parameters().size();
  for (const char* name : {"weight_hh_l0", "weight_ih_l1_reverse", "weight_hr_l0"}) weight_norm(lstm, name);
  BOOST_TEST(lstm->parameters().size() == parameters + 3);
  BOOST_TEST(lstm->all_weights().size() == parameters);
  BOOST_TEST((registered(*lstm, "weight_hh_l0_g").sizes() == rondo::IntArrayRef({16, 1})));
  BOOST_TEST(rondo::allclose(std::get<0>(lstm(x)), before));
  std::get<0>(lstm(x)).sum().backward();
  BOOST_TEST(registered(*lstm, "weight_hh_l0_g").grad().defined());
  BOOST_TEST(registered(*lstm, "weight_hh_l0_v").grad().defined());
  {
    rondo::NoGradGuard no_grad;
    registered(*lstm, "weight_hh_l0_g").mul_(2);
  }
  const Tensor doubled = std::get<0>(lstm(x));
  BOOST_TEST(!rondo::allclose(doubled, before));
  nn::LSTM copy = std::dynamic_pointer_cast<nn::LSTMImpl>(lstm->clone());
  BOOST_TEST(rondo::allclose(std::get<0>(copy(x)), doubled));
  // The copy has weights of its own.
  {
    rondo::NoGradGuard no_grad;
    registered(*lstm, "weight_hh_l0_v").mul_(-1);
  }
  BOOST_TEST(rondo::allclose(std::get<0>(copy(x)), doubled));
  nn::utils::spectral_norm(copy, "weight_ih_l0");
  copy(x);
  remove_weight_norm(lstm, "weight_hh_l0");
  BOOST_TEST(!lstm->named_parameters().contains("weight_hh_l0_g"));
  BOOST_TEST(!rondo::allclose(std::get<0>(lstm(x)), doubled));
  nn::GRU gru(2, 3);
  check_error([&] { weight_norm(gru, "weight_hh_l1"); }, "no weight is named 'weight_hh_l1'; there are weight_ih_l0");
  check_error([&] { remove_weight_norm(gru, "weight_hh_l0"); }, "was not made by weight_norm");
}

BOOST_AUTO_TEST_CASE(update_bn_sets_the_statistics_to_means_over_batches) {
  rondo::manual_seed(6);
  nn::Sequential net(nn::Conv1d(2, 3, 1), nn::BatchNorm1d(3), nn::Dropout(0.5),
                     nn::BatchNorm1d(nn::BatchNorm1dOptions(3).momentum(0.3)));
  const auto& norm = net->at<nn::BatchNorm1dImpl>(1);
  std::vector<Tensor> batches;
  Tensor means = rondo::zeros({3}), variances = rondo::zeros({3});
  for (int i = 0; i < 4; ++i) {
    batches.push_back(rondo::randn({5, 2, 7}) * (i + 1) + i);
    const Tensor y = net->at<nn::Conv1dImpl>(0).forward(batches.back()).detach();
    means += y.mean({0, 2}) / 4;
    variances += y.var({0, 2}) / 4;
  }
  net->forward(batches[0]);
  net->eval();
  net->at<nn::DropoutImpl>(2).train();
  nn::utils::update_bn(batches, net);
  BOOST_TEST(rondo::allclose(norm.running_mean, means, 1e-5, 1e-6));
  BOOST_TEST(rondo::allclose(norm.running_var, variances, 1e-5, 1e-6));
  BOOST_TEST(norm.num_batches_tracked.item<int64_t>() == 4);
  BOOST_TEST((norm.options.momentum() == 0.1));
  BOOST_TEST((net->at<nn::BatchNorm1dImpl>(3).options.momentum() == 0.3));
  BOOST_TEST(!net->is_training());
  BOOST_TEST(!norm.is_training());
  BOOST_TEST(net->at<nn::DropoutImpl>(2).is_training());
  // What a loader gives; and nothing to do without batch norms.
  const std::vector<rondo::data::Example<>> examples{{batches[0], Tensor()}};
  nn::utils::update_bn(examples, net);
  BOOST_TEST(norm.num_batches_tracked.item<int64_t>() == 1);
  nn::Linear plain(2, 2);
  nn::utils::update_bn(batches, plain);
}

BOOST_AUTO_TEST_CASE(spectral_norm_finds_the_largest_singular_value) {
  rondo::manual_seed(2);
  nn::Linear linear(2, 2);
  {
    rondo::NoGradGuard no_grad;
    linear->weight.copy_(rondo::tensor({0.0f, 3.0f, 1.0f, 0.0f}).view({2, 2}));
  }
  spectral_norm(linear);
  BOOST_TEST(linear->named_parameters().keys() == (Keys{"bias", "weight_orig"}), boost::test_tools::per_element());
  BOOST_TEST(linear->named_buffers().keys() == (Keys{"weight_u", "weight_v"}), boost::test_tools::per_element());
  const Tensor x = rondo::ones({1, 2});
  for (int i = 0; i < 30; ++i) linear(x);
  check_values(linear->weight.detach(), {0, 1, 1.0 / 3, 0}, 1e-6);
  linear->eval();
  const Tensor u = linear->named_buffers()["weight_u"].clone();
  linear(x).sum().backward();
  BOOST_TEST(rondo::equal(u, linear->named_buffers()["weight_u"]));
  // Of a weight over its own largest singular value: nothing along the weight.
  const Tensor original = registered(*linear, "weight_orig");
  BOOST_TEST(std::abs((original.grad() * original).sum().item<double>()) < 1e-6);
  nn::Linear copy = std::dynamic_pointer_cast<nn::LinearImpl>(linear->clone());
  BOOST_TEST(rondo::allclose(copy(x), linear(x)));
  remove_spectral_norm(linear);
  check_values(linear->weight.detach(), {0, 1, 1.0 / 3, 0}, 1e-6);
  BOOST_TEST(linear->buffers().empty());
  check_error([&] { remove_spectral_norm(linear); }, "was not made by spectral_norm");
  check_error([&] { spectral_norm(linear, &nn::LinearImpl::weight, 0); },
              "Expected n_power_iterations to be positive, but got n_power_iterations=0");
}

BOOST_AUTO_TEST_CASE(spectral_norm_steps_before_backward) {
  rondo::manual_seed(3);
  nn::Linear linear = spectral_norm(nn::Linear(4, 3), &nn::LinearImpl::weight, 2, 1e-12, 1);
  BOOST_TEST(linear->named_buffers()["weight_u"].size(0) == 4);
  const Tensor x = rondo::randn({2, 4});
  const Tensor loss = (linear(x) - linear(x * 2)).pow(2).sum();
  loss.backward();
  BOOST_TEST(registered(*linear, "weight_orig").grad().defined());
}

BOOST_AUTO_TEST_CASE(a_module_that_is_refused_keeps_its_weight) {
  nn::Linear linear(3, 2);
  const auto keys = linear->named_parameters().keys();
  BOOST_CHECK_THROW(weight_norm(linear, &nn::LinearImpl::weight, 7), rondo::Error);
  BOOST_CHECK_THROW(spectral_norm(linear, &nn::LinearImpl::weight, 1, 1e-12, 7), rondo::Error);
  linear->register_parameter("weight_v", rondo::ones({1}));
  check_error([&] { weight_norm(linear); }, "has a tensor 'weight_v' already");
  check_error([&] { spectral_norm(linear); }, "has a tensor 'weight_v' already");
  linear->unregister_parameter("weight_v");
  BOOST_TEST(linear->named_parameters().keys() == keys, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_failed_load_gives_the_computed_weight_back) {
  const auto make = [](int64_t width) { return nn::Sequential(weight_norm(nn::Linear(3, 2)), nn::Linear(2, width)); };
  const nn::Sequential saved = make(5);
  nn::Sequential loaded = make(4);
  std::stringstream file;
  rondo::save(saved, file);
  const Tensor x = rondo::ones({1, 3}), before = loaded[0]->as<nn::Linear>()->forward(x);
  BOOST_CHECK_THROW(rondo::load(loaded, file), rondo::Error);
  BOOST_TEST(rondo::equal(loaded[0]->as<nn::Linear>()->forward(x), before));
}

BOOST_AUTO_TEST_SUITE_END()
