#include <rondo/optim.h>
#include <rondo/tests/support/values.h>

namespace optim = rondo::optim;
using optim::ReduceLROnPlateauScheduler;
using rondo::Tensor;
using support::check_error;

namespace {

double rate(const optim::Optimizer& optimizer) { return optimizer.param_groups()[0].options().get_lr(); }
optim::SGD make(double lr) { return optim::SGD({rondo::ones({1}).requires_grad_()}, lr); }

}  // namespace

BOOST_AUTO_TEST_SUITE(schedulers)

BOOST_AUTO_TEST_CASE(step_lr) {
  optim::SGD sgd = make(1);
  optim::StepLR scheduler(sgd, 2, 0.5);
  std::vector<double> rates;
  for (int epoch = 0; epoch < 6; ++epoch) {
    scheduler.step();
    rates.push_back(rate(sgd));
  }
  BOOST_TEST(rates == (std::vector<double>{1, 1, 0.5, 0.5, 0.25, 0.25}), boost::test_tools::per_element());
  check_error([&] { optim::StepLR(sgd, 0); }, "step_size is 0");
}

BOOST_AUTO_TEST_CASE(a_plateau_lowers_the_rate) {
  optim::SGD sgd = make(1);
  ReduceLROnPlateauScheduler scheduler(sgd, ReduceLROnPlateauScheduler::min, 0.5f, 2, 1e-4,
                                       ReduceLROnPlateauScheduler::rel, 1, {0.2f});
  std::vector<double> rates;
  for (float metric : {5.0f, 4.0f, 4.0f, 4.0f, 4.0f, 4.0f, 4.0f, 4.0f, 4.0f, 4.0f, 4.0f, 4.0f, 4.0f}) {
    scheduler.step(metric);
    rates.push_back(rate(sgd));
  }
  BOOST_TEST(rates[3] == 1);
  BOOST_TEST(rates[4] == 0.5);
  BOOST_TEST(rates[7] == 0.5);
  BOOST_TEST(rates[8] == 0.25);
  BOOST_TEST(std::abs(rates[12] - 0.2) < 1e-6);
  check_error([&] { ReduceLROnPlateauScheduler(sgd, ReduceLROnPlateauScheduler::min, 1.0f); },
              "Factor should be < 1.0");
  check_error(
      [&] {
        ReduceLROnPlateauScheduler(sgd, ReduceLROnPlateauScheduler::max, 0.1f, 1, 0.1, ReduceLROnPlateauScheduler::abs,
                                   0, {0.1f, 0.2f});
      },
      "Number of learning rates not equal to the number of param groups");
}

BOOST_AUTO_TEST_CASE(growth_in_max_mode_is_no_plateau) {
  optim::SGD sgd = make(1);
  ReduceLROnPlateauScheduler scheduler(sgd, ReduceLROnPlateauScheduler::max, 0.5f, 0, 0.5,
                                       ReduceLROnPlateauScheduler::abs);
  for (float metric : {-3.0f, -2.0f, -1.0f}) scheduler.step(metric);
  BOOST_TEST(rate(sgd) == 1);
  scheduler.step(-0.75f);
  BOOST_TEST(rate(sgd) == 0.5);
}

BOOST_AUTO_TEST_SUITE_END()
