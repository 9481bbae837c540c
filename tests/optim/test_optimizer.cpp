#include <rondo/optim.h>
#include <rondo/tests/support/values.h>

namespace optim = rondo::optim;
using rondo::Tensor;
using support::check_error;
using support::check_values;
using support::Warnings;

namespace {

Tensor parameter(double value) { return rondo::full({2}, value).requires_grad_(); }

template <class T>
struct Type {};

void give_gradient(const Tensor& tensor, double value) { tensor.mutable_grad() = rondo::full_like(tensor, value); }

}  // namespace

BOOST_AUTO_TEST_SUITE(optimizer)

BOOST_AUTO_TEST_CASE(groups_have_their_own_options) {
  const Tensor a = parameter(1), b = parameter(1), c = parameter(1);
  std::vector<optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{a});
  groups.emplace_back(std::vector<Tensor>{b}, std::make_unique<optim::SGDOptions>(0.5));
  optim::SGD sgd(groups, 0.25);
  sgd.add_param_group(optim::OptimizerParamGroup({c}, std::make_unique<optim::SGDOptions>(1.0)));
  for (const Tensor& each : {a, b, c}) give_gradient(each, 1);
  sgd.step();
  check_values(rondo::cat({a, b, c}), {0.75, 0.75, 0.5, 0.5, 0, 0});
  BOOST_TEST(sgd.param_groups().size() == 3u);
  BOOST_TEST(sgd.param_groups()[1].options().get_lr() == 0.5);
  BOOST_TEST(static_cast<optim::SGDOptions&>(sgd.param_groups()[0].options()).lr() == 0.25);
  sgd.param_groups()[0].options().set_lr(1);
  BOOST_TEST(static_cast<const optim::SGDOptions&>(sgd.defaults()).lr() == 0.25);
  for (const Tensor& each : {a, b, c}) give_gradient(each, 1);
  sgd.step();
  check_values(a, {-0.25, -0.25});
}

BOOST_AUTO_TEST_CASE(parameters_without_gradients_stay) {
  const Tensor a = parameter(1), b = parameter(2);
  optim::Adam adam({a, b}, 0.1);
  give_gradient(b, 1);
  adam.step();
  check_values(a, {1, 1});
  check_values(b, {1.9, 1.9});
  BOOST_TEST(adam.state().size() == 1u);
  BOOST_TEST(adam.state().count(b.unsafeGetTensorImpl()) == 1u);
  give_gradient(a, 1);
  adam.step();
  check_values(a, {0.9, 0.9});
  check_values(b, {1.8, 1.8});
}

BOOST_AUTO_TEST_CASE(state_is_open_to_the_user) {
  const Tensor a = parameter(1);
  optim::Adam adam(std::vector<Tensor>{a}, optim::AdamOptions(0.1).amsgrad(true));
  give_gradient(a, 2);
  adam.step();
  auto& state = static_cast<optim::AdamParamState&>(*adam.state().at(a.unsafeGetTensorImpl()));
  BOOST_TEST(state.step() == 1);
  check_values(state.exp_avg(), {0.2, 0.2});
  check_values(state.exp_avg_sq(), {0.004, 0.004});
  check_values(state.max_exp_avg_sq(), {0.004, 0.004});
  const auto copy = state.clone();
  BOOST_TEST((static_cast<const optim::AdamParamState&>(*copy) == state));
  adam.state()[a.unsafeGetTensorImpl()] = copy->clone();
  adam.step();
  BOOST_TEST(static_cast<optim::AdamParamState&>(*adam.state().at(a.unsafeGetTensorImpl())).step() == 2);
  adam.state().erase(a.unsafeGetTensorImpl());
  BOOST_TEST(adam.state().empty());
  adam.step();
  BOOST_TEST(adam.state().size() == 1u);
}

BOOST_AUTO_TEST_CASE(states_of_many_parameters) {
  std::vector<Tensor> parameters;
  for (int i = 0; i < 300; ++i) parameters.push_back(parameter(i));
  optim::SGD sgd(parameters, optim::SGDOptions(1).momentum(0.5));
  for (int i = 299; i >= 0; i -= 2) give_gradient(parameters[static_cast<size_t>(i)], 1);
  sgd.step();
  for (const Tensor& each : parameters) give_gradient(each, 1);
  sgd.step();
  BOOST_TEST(sgd.state().size() == 300u);
  check_values(parameters[299], {299 - 2.5, 299 - 2.5});
  check_values(parameters[298], {297, 297});
}

BOOST_AUTO_TEST_CASE(zero_grad_drops_or_clears) {
  const Tensor a = parameter(1);
  optim::SGD sgd({a}, 0.1);
  give_gradient(a, 1);
  sgd.zero_grad(false);
  check_values(a.grad(), {0, 0});
  sgd.zero_grad();
  BOOST_TEST(!a.grad().defined());
}

BOOST_AUTO_TEST_CASE(a_closure_runs_with_gradients) {
  const Tensor a = parameter(3);
  optim::SGD sgd({a}, 0.5);
  rondo::NoGradGuard no_grad;
  const Tensor loss = sgd.step([&] {
    sgd.zero_grad();
    const Tensor result = a.pow(2).sum();
    result.backward();
    return result;
  });
  BOOST_TEST(loss.item<double>() == 18);
  check_values(a, {0, 0});
  a.mutable_grad().reset();
  BOOST_TEST(!sgd.step(nullptr).defined());
  optim::Optimizer::LossClosure kept = [&] { return a.sum(); };
  const optim::Optimizer::LossClosure copy = kept;
  kept = nullptr;
  BOOST_TEST(!kept);
  BOOST_TEST(copy().item<double>() == 0);
}

BOOST_AUTO_TEST_CASE(a_step_is_a_change_in_place) {
  const Tensor a = parameter(1);
  optim::SGD sgd({a}, 0.1);
  const Tensor product = a * a;
  give_gradient(a, 1);
  const int64_t version = a._version();
  sgd.step();
  BOOST_TEST(a._version() > version);
  BOOST_TEST(a.is_leaf());
  check_error([&] { product.sum().backward(); }, "modified by an inplace operation");
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  const Tensor a = parameter(1);
  check_error([&] { optim::SGD({a * 2}, 0.1); }, "can't optimize a non-leaf Tensor");
  optim::SGD sgd({a}, optim::SGDOptions(0.1).momentum(0.9));
  give_gradient(a, 1);
  sgd.step();
  check_error([&] { sgd.add_param_group(optim::OptimizerParamGroup({a})); },
              "some parameters appear in more than one parameter group");
  a.mutable_grad() = rondo::ones({3});
  check_error([&] { sgd.step(); }, "SGD: a parameter is (2,) of float32 and its gradient (3,) of float32");
  check_error([] { optim::OptimizerParamGroup(std::vector<Tensor>{}).options(); }, "no options");
  struct Bare : optim::OptimizerOptions {};
  check_error([] { Bare().clone(); }, "clone() has not been implemented for torch::optim::OptimizerOptions");
}

BOOST_AUTO_TEST_CASE(options_out_of_range) {
  const std::vector<Tensor> p{parameter(1)};
  using optim::AdagradOptions, optim::AdamOptions, optim::AdamWOptions, optim::RMSpropOptions, optim::SGDOptions;
  const auto sgd = [&](SGDOptions options, const char* needle) {
    check_error([&] { optim::SGD(p, options); }, needle);
  };
  sgd(-1.0, "Invalid learning rate: -1");
  sgd(SGDOptions(1).momentum(-2), "Invalid momentum value: -2");
  sgd(SGDOptions(1).weight_decay(-2), "Invalid weight_decay value: -2");
  sgd(SGDOptions(1).nesterov(true), "Nesterov momentum requires a momentum and zero dampening");
  sgd(SGDOptions(1).nesterov(true).momentum(0.9).dampening(0.1), "Nesterov momentum requires a momentum");
  const auto adam = [&](AdamOptions options, const char* needle) {
    check_error([&] { optim::Adam(p, options); }, needle);
  };
  adam(-1.0, "Invalid learning rate: -1");
  adam(AdamOptions().eps(-1), "Invalid epsilon value: -1");
  adam(AdamOptions().betas(std::make_tuple(1.0, 0.5)), "Invalid beta parameter at index 0: 1");
  adam(AdamOptions().betas(std::make_tuple(0.5, -0.5)), "Invalid beta parameter at index 1: -0.5");
  adam(AdamOptions().weight_decay(-1), "Invalid weight_decay value: -1");
  check_error([&] { optim::AdamW(p, AdamWOptions(-1)); }, "AdamW: Invalid learning rate: -1");
  check_error([&] { optim::RMSprop(p, RMSpropOptions().alpha(-1)); }, "RMSprop: Invalid alpha value: -1");
  check_error([&] { optim::RMSprop(p, RMSpropOptions().momentum(-1)); }, "RMSprop: Invalid momentum value: -1");
  check_error([&] { optim::Adagrad(p, AdagradOptions().lr_decay(-1)); }, "Adagrad: Invalid lr_decay value: -1");
  check_error([&] { optim::Adagrad(p, AdagradOptions().initial_accumulator_value(-1)); },
              "Adagrad: Invalid initial_accumulator_value value: -1");
}

BOOST_AUTO_TEST_CASE(options_out_of_range_of_the_others) {
  const std::vector<Tensor> p{rondo::ones({2, 2}).requires_grad_()};
  const auto refused = [&]<class Optimizer>(Type<Optimizer>, const auto& options, const char* needle) {
    check_error([&] { Optimizer(p, options); }, needle);
  };
  refused(Type<optim::Adamax>(), optim::AdamaxOptions(-1), "Adamax: Invalid learning rate: -1");
  refused(Type<optim::Adamax>(), optim::AdamaxOptions().betas({0.5, 1.0}), "Invalid beta parameter at index 1: 1");
  refused(Type<optim::NAdam>(), optim::NAdamOptions().momentum_decay(-1), "NAdam: Invalid momentum_decay value: -1");
  refused(Type<optim::RAdam>(), optim::RAdamOptions().eps(-1), "RAdam: Invalid epsilon value: -1");
  refused(Type<optim::Adadelta>(), optim::AdadeltaOptions().rho(1.5), "Adadelta: Invalid rho value: 1.5");
  refused(Type<optim::ASGD>(), optim::ASGDOptions().weight_decay(-1), "ASGD: Invalid weight_decay value: -1");
  refused(Type<optim::Rprop>(), optim::RpropOptions().etas({1.0, 1.2}), "Rprop: Invalid eta values: 1, 1.2");
  refused(Type<optim::Lion>(), optim::LionOptions().betas({-0.5, 0.9}), "Lion: Invalid beta parameter at index 0");
  refused(Type<optim::LAMB>(), optim::LAMBOptions(-2), "LAMB: Invalid learning rate: -2");
  refused(Type<optim::Adafactor>(), optim::AdafactorOptions().beta2_decay(0.5),
          "Adafactor: beta2_decay should be <= 0 but is: 0.5");
  refused(Type<optim::Adafactor>(), optim::AdafactorOptions().d(0.5),
          "Clipping threshold d should be >= 1 but is: 0.5");
  refused(Type<optim::Muon>(), optim::MuonOptions().momentum(-1), "Muon: momentum should be >= 0 but is: -1");
}

BOOST_AUTO_TEST_CASE(deprecated_accessors_warn) {
  Warnings warnings;
  optim::SGD sgd({parameter(1)}, 0.1);
  BOOST_TEST(sgd.size() == 1u);
  BOOST_TEST(sgd.parameters().size() == 1u);
  sgd.add_parameters({parameter(2)});
  BOOST_TEST(sgd.size() == 2u);
  BOOST_TEST(Warnings::texts().size() == 4u);
  for (const std::string& text : Warnings::texts()) BOOST_TEST(text.find("will be removed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(state_follows_a_changed_dtype) {
  const Tensor a = parameter(1);
  optim::Adam adam({a}, 0.1);
  give_gradient(a, 1);
  adam.step();
  a.set_data(a.to(rondo::kDouble));
  a.mutable_grad() = rondo::ones({2}, rondo::kDouble);
  adam.step();
  check_values(a, {0.8, 0.8});
}

BOOST_AUTO_TEST_CASE(groups_with_options_of_another_optimizer_are_refused) {
  std::vector<optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{parameter(1)}, std::make_unique<optim::SGDOptions>(0.1));
  check_error([&] { optim::Adam adam(groups); }, "SGDOptions; need");
  groups[0].set_options(std::make_unique<optim::LBFGSOptions>(optim::LBFGSOptions().history_size(0)));
  optim::LBFGS lbfgs(groups);
  check_error([&] { lbfgs.step([&] { return (groups[0].params()[0] * 2).sum(); }); }, "Invalid history_size: 0");
}

BOOST_AUTO_TEST_CASE(a_parameter_listed_twice_is_stepped_twice) {
  const Tensor w = rondo::ones({100'000}).requires_grad_();
  optim::SGD sgd({w, w}, optim::SGDOptions(0.1).momentum(0.5));
  give_gradient(w, 1);
  sgd.step();
  check_values(w.slice(0, 0, 100'000, 9'999), std::vector<double>(11, 0.75), 1e-6);
}

BOOST_AUTO_TEST_SUITE_END()
