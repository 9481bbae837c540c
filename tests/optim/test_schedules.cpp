// Schedules, against figures that a script made of closed formulas.
#include <rondo/optim.h>
#include <rondo/tests/support/values.h>

#include <cmath>
#include <limits>

namespace optim = rondo::optim;
using rondo::Tensor;
using support::check_error;

namespace {

using Numbers = std::vector<double>;

optim::SGD make_sgd(double lr = 0.8) {
  return optim::SGD({rondo::ones({1}).requires_grad_()}, optim::SGDOptions(lr).momentum(0.5));
}
double rate_of(const optim::Optimizer& optimizer) { return optimizer.param_groups()[0].options().get_lr(); }

void check_close(double got, double wanted, size_t i) {
  BOOST_TEST(std::abs(got - wanted) <= 1e-12 * (1 + std::abs(wanted)),
             "epoch " << i << ": " << got << ", not " << wanted);
}

// The rates from the construction on, one step after each.
template <class Scheduler>
void check(optim::Optimizer& optimizer, Scheduler& scheduler, const Numbers& wanted) {
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (i > 0) scheduler.step();
    check_close(rate_of(optimizer), wanted[i], i);
    check_close(scheduler.get_last_lr().at(0), wanted[i], i);
  }
}

// The same, and by step_to at each epoch.
template <class Scheduler, class... Args>
void check_both(const Numbers& wanted, const Args&... args) {
  optim::SGD sgd = make_sgd();
  Scheduler scheduler(sgd, args...);
  check(sgd, scheduler, wanted);
  for (size_t i = wanted.size(); i-- > 0;) {
    scheduler.step_to(static_cast<int64_t>(i));
    check_close(rate_of(sgd), wanted[i], i);
  }
}

template <class Scheduler>
void check_with_momentum(Scheduler& scheduler, optim::SGD& sgd, const Numbers& rates, const Numbers& momenta) {
  for (size_t i = 0; i < rates.size(); ++i) {
    if (i > 0) scheduler.step();
    check_close(rate_of(sgd), rates[i], i);
    check_close(static_cast<optim::SGDOptions&>(sgd.param_groups()[0].options()).momentum(), momenta[i], i);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedules)

BOOST_AUTO_TEST_CASE(by_formula) {
  check_both<optim::MultiStepLR>({0.8, 0.8, 0.8, 0.4, 0.4, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05},
                                 std::vector<int64_t>{9, 5, 3, 5}, 0.5);
  check_both<optim::ConstantLR>({0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8}, 0.25, 4);
  check_both<optim::LinearLR>(
      {0.08000000000000002, 0.18666666666666668, 0.2933333333333334, 0.40000000000000013, 0.5066666666666667,
       0.6133333333333333, 0.7200000000000002, 0.7200000000000002, 0.7200000000000002, 0.7200000000000002,
       0.7200000000000002, 0.7200000000000002, 0.7200000000000002},
      0.1, 0.9, 6);
  check_both<optim::ExponentialLR>({0.8, 0.7200000000000001, 0.6480000000000001, 0.5832, 0.52488, 0.4723920000000001,
                                    0.42515280000000005, 0.38263752000000006, 0.3443737680000001, 0.3099363912000001,
                                    0.2789427520800001, 0.25104847687200005, 0.2259436291848001},
                                   0.9);
  check_both<optim::PolynomialLR>(
      {0.8, 0.637534478955564, 0.490562260906208, 0.3598205942582265, 0.24622888266898327, 0.1509882467281323,
       0.07578582832551992, 0.02332582478842019, 0.0, 0.0, 0.0, 0.0, 0.0},
      8, 1.7);
  check_both<optim::CosineAnnealingLR>(
      {0.8, 0.7283813728906053, 0.5408813728906053, 0.30911862710939475, 0.12161862710939475, 0.05, 0.12161862710939467,
       0.30911862710939464, 0.5408813728906052, 0.7283813728906053, 0.8, 0.7283813728906056, 0.5408813728906054},
      5, 0.05);
  check_both<optim::LambdaLR>(
      {0.8, 0.4, 0.26666666666666666, 0.2, 0.16, 0.13333333333333333, 0.1142857142857143, 0.1, 0.08888888888888889,
       0.08, 0.07272727272727274, 0.06666666666666667, 0.06153846153846154},
      [](int64_t epoch) { return 1 / static_cast<double>(1 + epoch); });
}

BOOST_AUTO_TEST_CASE(by_factors) {
  optim::SGD sgd = make_sgd();
  optim::MultiplicativeLR scheduler(sgd, [](int64_t epoch) { return epoch % 2 == 1 ? 0.95 : 0.9; });
  check(sgd, scheduler,
        {0.8, 0.76, 0.684, 0.6498, 0.58482, 0.5555789999999999, 0.5000211, 0.47502004499999995, 0.4275180405,
         0.40614213847499997, 0.3655279246275, 0.347251528396125, 0.3125263755565125});
}

BOOST_AUTO_TEST_CASE(warm_restarts) {
  check_both<optim::CosineAnnealingWarmRestarts>(
      {0.8, 0.6025, 0.2075000000000001, 0.8, 0.7470800344948534, 0.6025, 0.405, 0.2075000000000001, 0.06291996550514671,
       0.8, 0.786540701384182, 0.7470800344948534, 0.6843071785686863},
      3, 2, 0.01);
  check_both<optim::CosineAnnealingWarmRestarts>(
      {0.8, 0.682842712474619, 0.4, 0.11715728752538102, 0.8, 0.682842712474619, 0.4, 0.11715728752538102, 0.8,
       0.682842712474619, 0.4, 0.11715728752538102, 0.8},
      4);
  optim::SGD sgd = make_sgd();
  optim::CosineAnnealingWarmRestarts scheduler(sgd, 3, 2, 0.01);
  const Numbers times{0.5, 1.25, 2.75, 3.5, 9.5},
      wanted = {0.7470800344948534, 0.5072335228154957, 0.02345929861581806, 0.786540701384182, 0.7966207202426552};
  for (size_t i = 0; i < times.size(); ++i) {
    scheduler.step(times[i]);
    check_close(rate_of(sgd), wanted[i], i);
    BOOST_TEST(scheduler.last_epoch() == static_cast<int64_t>(times[i]));
  }
  check_error([&] { scheduler.step(-0.5); }, "Expected non-negative epoch, but got -0.5");
}

BOOST_AUTO_TEST_CASE(cycles) {
  const auto check_mode = [](const char* mode, const Numbers& rates, const Numbers& momenta) {
    optim::SGD sgd = make_sgd();
    optim::CyclicLR scheduler(sgd, 0.1, 0.7,
                              optim::CyclicLROptions()
                                  .step_size_up(3)
                                  .step_size_down(2)
                                  .mode(mode)
                                  .gamma(0.9)
                                  .base_momentum(0.6)
                                  .max_momentum(0.95));
    check_with_momentum(scheduler, sgd, rates, momenta);
  };
  check_mode("triangular", {0.1, 0.3, 0.5, 0.7, 0.4, 0.1, 0.3, 0.5, 0.7, 0.4, 0.1, 0.3, 0.5},
             {0.95, 0.8333333333333333, 0.7166666666666667, 0.6, 0.7749999999999999, 0.95, 0.8333333333333333,
              0.7166666666666667, 0.6, 0.7749999999999999, 0.95, 0.8333333333333333, 0.7166666666666667});
  check_mode(
      "triangular2", {0.1, 0.3, 0.5, 0.7, 0.4, 0.1, 0.2, 0.3, 0.4, 0.25, 0.1, 0.15, 0.2},
      {0.95, 0.8333333333333333, 0.7166666666666667, 0.6, 0.7749999999999999, 0.95, 0.8916666666666666,
       0.8333333333333333, 0.7749999999999999, 0.8624999999999999, 0.95, 0.9208333333333333, 0.8916666666666666});
  check_mode("exp_range",
             {0.1, 0.28, 0.42400000000000004, 0.5374000000000001, 0.29683000000000004, 0.1, 0.2062882, 0.29131876,
              0.35828032600000004, 0.2162261467, 0.1, 0.16276211921800002, 0.21297181459240005},
             {0.95, 0.845, 0.7609999999999999, 0.69485, 0.8351824999999999, 0.95, 0.8879985499999999,
              0.8383973899999999, 0.7993364765, 0.8822014144249999, 0.95, 0.9133887637895, 0.8840997748210999});
  optim::SGD sgd = make_sgd();
  optim::CyclicLR scheduler(sgd, 0.1, 0.7,
                            optim::CyclicLROptions()
                                .step_size_up(3)
                                .step_size_down(2)
                                .scale_fn([](int64_t cycle) { return std::pow(0.5, static_cast<double>(cycle - 1)); })
                                .cycle_momentum(false));
  check(sgd, scheduler, {0.1, 0.3, 0.5, 0.7, 0.4, 0.1, 0.2, 0.3, 0.4, 0.25, 0.1, 0.15, 0.2});
}

BOOST_AUTO_TEST_CASE(one_cycle) {
  const auto options = optim::OneCycleLROptions().total_steps(12).div_factor(10).final_div_factor(100);
  const auto check_options = [](optim::OneCycleLROptions each, const Numbers& rates, const Numbers& momenta) {
    optim::SGD sgd = make_sgd();
    optim::OneCycleLR scheduler(sgd, 0.6, each);
    check_with_momentum(scheduler, sgd, rates, momenta);
    scheduler.step();
    check_error([&] { scheduler.step(); }, "Tried to step 13 times. The specified number of total steps is 12");
  };
  const Numbers cosine = {0.06,
                          0.23425668049851547,
                          0.5320979020061974,
                          0.596652598619671,
                          0.5598478135141962,
                          0.4871598936170624,
                          0.38863812577094803,
                          0.2779033909521486,
                          0.17026504338646786,
                          0.08060435401260113,
                          0.02131713753133213,
                          0.0006000000000000449};
  const Numbers cosine_momentum = {0.95,
                                   0.9177302443521267,
                                   0.8625744625914449,
                                   0.8505584586887436,
                                   0.856698729810778,
                                   0.8688255099070633,
                                   0.8852622412794547,
                                   0.9037365046793212,
                                   0.9216941869558779,
                                   0.9366525935914912,
                                   0.9465436874322102,
                                   0.95};
  check_options(options, cosine, cosine_momentum);
  check_options(optim::OneCycleLROptions().epochs(3).steps_per_epoch(4).div_factor(10).final_div_factor(100), cosine,
                cosine_momentum);
  check_options(
      optim::OneCycleLROptions(options).anneal_strategy("linear"),
      {0.06, 0.2676923076923078, 0.4753846153846155, 0.5714571428571428, 0.5001, 0.4287428571428571, 0.3573857142857143,
       0.2860285714285714, 0.21467142857142857, 0.14331428571428578, 0.07195714285714294, 0.0006000000000000449},
      {0.95, 0.9115384615384615, 0.8730769230769231, 0.8547619047619047, 0.8666666666666667, 0.8785714285714286,
       0.8904761904761904, 0.9023809523809524, 0.9142857142857143, 0.9261904761904761, 0.9380952380952381, 0.95});
  check_options(optim::OneCycleLROptions(options).three_phase(true),
                {0.06, 0.23425668049851547, 0.5320979020061974, 0.5690731269263666, 0.2974550963310626,
                 0.06784570929496592, 0.05725498996422742, 0.04696725584126275, 0.031907925584986896,
                 0.01638826931121623, 0.0048513418678226075, 0.0006000000000000033},
                {0.95, 0.9177302443521267, 0.8625744625914449, 0.8557271987173395, 0.9060268340127662,
                 0.9485470908713025, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95});
}

BOOST_AUTO_TEST_CASE(momentum_is_beta1_where_there_are_betas) {
  optim::Adam adam(std::vector<Tensor>{rondo::ones({1}).requires_grad_()});
  optim::OneCycleLR scheduler(adam, 0.6, optim::OneCycleLROptions().total_steps(12));
  const auto& options = static_cast<optim::AdamOptions&>(adam.param_groups()[0].options());
  BOOST_TEST(std::get<0>(options.betas()) == 0.95);
  BOOST_TEST(std::get<1>(options.betas()) == 0.999);
  scheduler.step();
  BOOST_TEST(std::get<0>(options.betas()) < 0.95);
  optim::Adagrad adagrad(std::vector<Tensor>{rondo::ones({1}).requires_grad_()});
  const char* text = "optimizer must support momentum or beta1 with `cycle_momentum` option enabled";
  check_error([&] { optim::CyclicLR(adagrad, 0.1, 0.2); }, text);
  check_error([&] { optim::OneCycleLR(adagrad, 0.1, optim::OneCycleLROptions().total_steps(3)); }, text);
}

BOOST_AUTO_TEST_CASE(towards_averaging) {
  for (const bool linear : {false, true}) {
    optim::SGD sgd = make_sgd();
    optim::SWALR scheduler(sgd, 0.05, 5, linear ? "linear" : "cos");
    check(sgd, scheduler,
          linear ? Numbers{0.8, 0.6500000000000001, 0.5, 0.3500000000000001, 0.19999999999999998, 0.05, 0.05, 0.05,
                           0.05, 0.05, 0.05, 0.05, 0.05}
                 : Numbers{0.8, 0.7283813728906053, 0.5408813728906053, 0.3091186271093947, 0.12161862710939472, 0.05,
                           0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05});
  }
}

BOOST_AUTO_TEST_CASE(one_after_the_other) {
  optim::SGD sgd = make_sgd();
  {
    optim::SequentialLR scheduler(
        sgd, {std::make_shared<optim::LinearLR>(sgd, 0.25, 1, 4), std::make_shared<optim::CosineAnnealingLR>(sgd, 8)},
        {4});
    check(sgd, scheduler,
          {0.2, 0.35000000000000003, 0.5, 0.65, 0.8, 0.7695518130045147, 0.682842712474619, 0.553073372946036, 0.4,
           0.24692662705396412, 0.11715728752538102, 0.030448186995485307, 0.0});
  }
  optim::SGD other = make_sgd();
  optim::SequentialLR scheduler(
      other,
      {std::make_shared<optim::ConstantLR>(other, 0.1, 20), std::make_shared<optim::ExponentialLR>(other, 0.9),
       std::make_shared<optim::MultiStepLR>(other, std::vector<int64_t>{2}, 0.5)},
      {3, 7});
  check(other, scheduler,
        {0.08000000000000002, 0.08000000000000002, 0.08000000000000002, 0.8, 0.7200000000000001, 0.6480000000000001,
         0.5832, 0.8, 0.8, 0.4, 0.4, 0.4, 0.4});
  optim::SGD third = make_sgd();
  optim::SequentialLR restarts(third, {std::make_shared<optim::CosineAnnealingWarmRestarts>(third, 3, 2, 0.01)}, {});
  check(third, restarts,
        {0.8, 0.6025, 0.2075000000000001, 0.8, 0.7470800344948534, 0.6025, 0.405, 0.2075000000000001,
         0.06291996550514671, 0.8, 0.786540701384182, 0.7470800344948534, 0.6843071785686863});
}

BOOST_AUTO_TEST_CASE(all_at_once) {
  optim::SGD sgd = make_sgd();
  optim::ChainedScheduler scheduler(
      sgd, {std::make_shared<optim::ConstantLR>(sgd, 0.1, 4), std::make_shared<optim::ExponentialLR>(sgd, 0.9)});
  check(sgd, scheduler,
        {0.08000000000000002, 0.07200000000000001, 0.06480000000000001, 0.05832000000000001, 0.52488,
         0.4723920000000001, 0.42515280000000005, 0.38263752000000006, 0.3443737680000001, 0.3099363912000001,
         0.2789427520800001, 0.25104847687200005, 0.2259436291848001});
}

BOOST_AUTO_TEST_CASE(groups_have_their_own_rates) {
  std::vector<optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{rondo::ones({1}).requires_grad_()});
  groups.emplace_back(std::vector<Tensor>{rondo::ones({1}).requires_grad_()}, std::make_unique<optim::SGDOptions>(0.1));
  optim::SGD sgd(groups, 1.0);
  optim::LambdaLR scheduler(sgd,
                            {[](int64_t epoch) { return static_cast<double>(epoch); }, [](int64_t) { return 0.5; }});
  BOOST_TEST(scheduler.get_last_lr() == (Numbers{0, 0.05}), boost::test_tools::per_element());
  scheduler.step();
  BOOST_TEST(scheduler.get_last_lr() == (Numbers{1, 0.05}), boost::test_tools::per_element());
  optim::CyclicLR cyclic(sgd, {0.1, 0.2}, {0.3, 0.6}, optim::CyclicLROptions().step_size_up(2).cycle_momentum(false));
  cyclic.step();
  BOOST_TEST(std::abs(cyclic.get_last_lr()[0] - 0.2) < 1e-12);  // whatever the first schedule began with
  check_error(
      [&] {
        optim::CyclicLR(sgd, {0.1, 0.2, 0.3}, 1.0);
      },
      "base_lr must have the same length as optimizer.param_groups. base_lr has 3 values, param_groups has 2.");
  check_error([&] { optim::LambdaLR(sgd, std::vector<optim::RateFunction>(3)); }, "Expected 2 lr_lambdas, but got 3");
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  optim::SGD sgd = make_sgd();
  check_error([&] { optim::ConstantLR(sgd, 1.5); }, "Constant multiplicative factor expected to be between 0 and 1");
  check_error([&] { optim::LinearLR(sgd, 0.0); },
              "Starting multiplicative factor expected to be greater than 0 and less or equal to 1");
  check_error([&] { optim::LinearLR(sgd, 0.5, 2); }, "Ending multiplicative factor expected to be between 0 and 1");
  check_error([&] { optim::CosineAnnealingLR(sgd, 0); }, "T_max is 0; need at least 1");
  check_error([&] { optim::CosineAnnealingWarmRestarts(sgd, 0); }, "Expected positive integer T_0, but got 0");
  check_error([&] { optim::CosineAnnealingWarmRestarts(sgd, 1, 0); }, "Expected integer T_mult >= 1, but got 0");
  check_error([&] { optim::LambdaLR(sgd, optim::RateFunction()); }, "lr_lambda should be a function");
  check_error([&] { optim::CyclicLR(sgd, 0.1, 0.2, optim::CyclicLROptions().mode("square")); }, "mode is invalid");
  check_error([&] { optim::OneCycleLR(sgd, 0.1, {}); },
              "You must define either total_steps OR (epochs AND steps_per_epoch)");
  check_error([&] { optim::OneCycleLR(sgd, 0.1, optim::OneCycleLROptions().total_steps(0)); },
              "Expected positive integer total_steps, but got 0");
  check_error([&] { optim::OneCycleLR(sgd, 0.1, optim::OneCycleLROptions().total_steps(5).pct_start(2)); },
              "Expected float between 0 and 1 pct_start, but got 2");
  check_error([&] { optim::SWALR(sgd, 0.1, 1, "exp"); }, "anneal_strategy must be one of 'cos' or 'linear'");
  check_error([&] { optim::SequentialLR(sgd, {}, {}); }, "expects at least one scheduler to be chained");
  check_error([&] { optim::SequentialLR(sgd, {std::make_shared<optim::ExponentialLR>(sgd, 0.9)}, {3}); },
              "number of schedulers 1 and the number of milestones to be equal to 1");
  check_error([&] { optim::ChainedScheduler(sgd, {}); }, "expects at least one scheduler to be chained");
}

BOOST_AUTO_TEST_CASE(rates_from_and_between_nothing) {
  optim::SGD sgd = make_sgd();
  const double rate = sgd.param_groups()[0].options().get_lr();
  optim::ConstantLR constant(sgd, 0, 2);
  for (const double wanted : {0.0, 0.0, rate, rate}) {
    BOOST_TEST(sgd.param_groups()[0].options().get_lr() == wanted);
    constant.step();
  }
  for (const double share : {0.1, 1.0}) {  // the first and the last phase without a step between
    optim::SGD other = make_sgd();
    optim::OneCycleLR cycle(other, 0.5,
                            optim::OneCycleLROptions().total_steps(10).pct_start(share).cycle_momentum(false));
    for (int i = 0; i < 10; ++i) {
      BOOST_TEST(std::isfinite(other.param_groups()[0].options().get_lr()));
      cycle.step();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cycle_begins_at_its_own_rate_or_not_at_all) {
  optim::SGD sgd = make_sgd(1);
  BOOST_CHECK_THROW(optim::CyclicLR(sgd, 0.1, 1.0, optim::CyclicLROptions().step_size_up(0)), rondo::Error);
  BOOST_TEST(rate_of(sgd) == 1);
  optim::ExponentialLR before(sgd, 0.5);
  optim::CyclicLR cycle(sgd, 0.1, 0.2, optim::CyclicLROptions().step_size_up(2));
  check(sgd, cycle, {0.1, 0.15, 0.2, 0.15, 0.1});
}

BOOST_AUTO_TEST_CASE(a_cycle_leaves_the_first_rates_of_others_alone) {
  optim::SGD sgd = make_sgd(1);
  optim::SequentialLR scheduler(
      sgd, {std::make_shared<optim::ExponentialLR>(sgd, 0.5), std::make_shared<optim::CyclicLR>(sgd, 0.1, 0.2)}, {3});
  check(sgd, scheduler, {1, 0.5, 0.25, 0.1});
}

BOOST_AUTO_TEST_CASE(groups_that_come_after_the_schedule) {
  const auto with_late_group = [](auto make) {
    optim::SGD sgd = make_sgd();
    auto scheduler = make(sgd);
    sgd.add_param_group(optim::OptimizerParamGroup({rondo::ones({1}).requires_grad_()}));
    const int64_t before = scheduler.last_epoch();
    check_error([&] { scheduler.step(); }, "was made for 1 parameter groups");
    BOOST_TEST(scheduler.last_epoch() == before);
  };
  with_late_group([](optim::SGD& sgd) { return optim::LambdaLR(sgd, [](int64_t) { return 1.0; }); });
  with_late_group([](optim::SGD& sgd) { return optim::SWALR(sgd, 0.05); });
  with_late_group([](optim::SGD& sgd) { return optim::CyclicLR(sgd, 0.1, 0.2); });
  with_late_group(
      [](optim::SGD& sgd) { return optim::OneCycleLR(sgd, 0.6, optim::OneCycleLROptions().total_steps(12)); });
}

BOOST_AUTO_TEST_CASE(warm_restarts_refuse_epochs_without_end) {
  optim::SGD sgd = make_sgd();
  optim::CosineAnnealingWarmRestarts scheduler(sgd, 1, 2);
  for (double epoch : {1e19, std::numeric_limits<double>::infinity()}) {
    check_error([&] { scheduler.step(epoch); }, "need at most 2^53");
  }
}

BOOST_AUTO_TEST_SUITE_END()
