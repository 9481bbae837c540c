// Optimizers at work: they minimize, they allocate nothing, averages and accumulated gradients.
#include <rondo/autograd/base/allocator.h>
#include <rondo/optim.h>
#include <rondo/tests/support/values.h>

#include <cmath>
#include <stdexcept>

namespace optim = rondo::optim;
using rondo::Tensor;
using support::check_error;
using support::check_values;
using Parameters = std::vector<Tensor>;

namespace {

template <class F>
void with_each_optimizer(const Parameters& p, const F& f) {
  const auto run = [&](auto&& optimizer) { BOOST_TEST_CONTEXT(optimizer.kind()) f(optimizer); };
  run(optim::SGD(p, optim::SGDOptions(0.05).momentum(0.5)));
  run(optim::Adam(p, optim::AdamOptions(0.1).amsgrad(true)));
  run(optim::AdamW(p, 0.1));
  run(optim::Adagrad(p, 0.5));
  run(optim::RMSprop(p, optim::RMSpropOptions(0.02).momentum(0.5).centered(true)));
  run(optim::Adamax(p, 0.1));
  run(optim::NAdam(p, 0.1));
  run(optim::RAdam(p, 0.1));
  run(optim::Adadelta(p, 10));
  run(optim::ASGD(p, 0.05));
  run(optim::Rprop(p, 0.05));
  run(optim::Lion(p, 0.02));
  run(optim::LAMB(p, 0.01));
  run(optim::Adafactor(p, 0.05));
}

// A bowl whose lowest point is at 3.
double distance(const Tensor& w) {
  rondo::NoGradGuard no_grad;
  return (w - 3).abs().max().item<double>();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(training)

BOOST_AUTO_TEST_CASE(each_optimizer_finds_the_minimum) {
  const Tensor start = rondo::tensor({1.0, 4.5, 2.0, 5.0, 0.5, 3.5}).reshape({2, 3});
  const Tensor w = start.clone().requires_grad_();
  with_each_optimizer({w}, [&](optim::Optimizer& optimizer) {
    {
      rondo::NoGradGuard no_grad;
      w.copy_(start);
    }
    for (int i = 0; i < 400; ++i) {
      optimizer.zero_grad();
      (w - 3).pow(2).sum().backward();
      optimizer.step();
    }
    BOOST_TEST(distance(w) < 0.1);
  });
}

BOOST_AUTO_TEST_CASE(muon_finds_the_minimum) {
  const Tensor w = rondo::zeros({3, 2}).requires_grad_();
  const Tensor target = rondo::tensor({1.0, -0.5, 0.25, 2.0, -1.0, 0.0}).reshape({3, 2});
  optim::Muon muon({w}, optim::MuonOptions(0.02).weight_decay(0));
  for (int i = 0; i < 300; ++i) {
    muon.zero_grad();
    (w - target).pow(2).sum().backward();
    muon.step();
  }
  BOOST_TEST((w - target).abs().max().item<double>() < 0.05);
  check_error([] { optim::Muon({rondo::ones({3}).requires_grad_()}); },
              "Muon only supports 2D parameters whereas we found a parameter with size: (3,)");
  check_error([&] { optim::Muon({w}, optim::MuonOptions().adjust_lr_fn("none")); },
              "Adjust learning rate function none is not supported");
}

BOOST_AUTO_TEST_CASE(lbfgs_goes_through_the_valley) {
  const Tensor x = rondo::tensor({-1.2, 1.0}, rondo::kDouble).requires_grad_();
  optim::LBFGS lbfgs({x}, optim::LBFGSOptions().max_iter(100).line_search_fn("strong_wolfe"));
  const Tensor before = lbfgs.step([&] {
    lbfgs.zero_grad();
    const Tensor loss = (1 - x[0]).pow(2) + 100 * (x[1] - x[0].pow(2)).pow(2);
    loss.backward();
    return loss;
  });
  BOOST_TEST(std::abs(before.item<double>() - 24.2) < 1e-12);
  check_values(x, {1, 1}, 1e-4);
  check_error([&] { lbfgs.step(nullptr); }, "LBFGS requires a closure function");
  check_error([&] { optim::LBFGS({x}, optim::LBFGSOptions().history_size(0)); }, "Invalid history_size: 0");
}

BOOST_AUTO_TEST_CASE(averages_of_a_tensor_that_is_listed_twice) {
  const Tensor p = rondo::zeros({1}).requires_grad_();
  optim::EMA ema({p, p});
  for (double value : {3.0, 5.0, 7.0}) {
    p.data().fill_(value);
    ema.update();
  }
  ema.apply();
  ema.restore();
  check_values(p, {7}, 0);
}

BOOST_AUTO_TEST_CASE(adafactor_refuses_a_parameter_that_has_grown) {
  const Tensor p = rondo::ones({4, 4}).requires_grad_();
  optim::Adafactor adafactor({p});
  p.mutable_grad() = rondo::ones({4, 4});
  adafactor.step();
  p.set_data(rondo::ones({100, 100}));
  p.mutable_grad() = rondo::ones({100, 100});
  check_error([&] { adafactor.step(); }, "does not fit its parameter");
}

BOOST_AUTO_TEST_CASE(lbfgs_stands_where_the_search_began_when_the_closure_throws) {
  const Tensor x = rondo::tensor({-1.2, 1.0}, rondo::kDouble).requires_grad_();
  optim::LBFGS lbfgs({x}, optim::LBFGSOptions().line_search_fn("strong_wolfe"));
  int calls = 0;
  const auto loss = [&] {
    if (++calls == 2) throw std::runtime_error("no more data");
    lbfgs.zero_grad();
    const Tensor value = x.pow(2).sum();
    value.backward();
    return value;
  };
  BOOST_CHECK_THROW(lbfgs.step(loss), std::runtime_error);
  check_values(x, {-1.2, 1.0}, 0);
}

BOOST_AUTO_TEST_CASE(steps_after_the_first_allocate_nothing) {
  const Parameters p{rondo::rand({40, 30}).requires_grad_(), rondo::rand({7}).requires_grad_(),
                     rondo::rand({100000}).requires_grad_()};
  for (const Tensor& each : p) each.mutable_grad() = rondo::rand_like(each);
  with_each_optimizer(p, [](optim::Optimizer& optimizer) {
    optimizer.step();
    const int64_t before = rondo::memory_stats().allocations;
    optimizer.step();
    optimizer.step();
    BOOST_TEST(rondo::memory_stats().allocations == before);
  });
}

BOOST_AUTO_TEST_CASE(many_parameters_and_threads_give_the_same_bits) {
  const auto run = [](int threads) {
    rondo::set_num_threads(threads);
    rondo::manual_seed(3);
    Parameters p;
    for (int64_t i = 0; i < 150; ++i) p.push_back(rondo::randn({i * i % 977 + 1}).requires_grad_());
    p.push_back(rondo::randn({400, 400}).requires_grad_());
    Tensor all;
    with_each_optimizer(p, [&](optim::Optimizer& optimizer) {
      for (const Tensor& each : p) each.mutable_grad() = rondo::randn_like(each);
      optimizer.step();
      optimizer.step();
    });
    for (const Tensor& each : p) {
      const Tensor flat = each.detach().reshape({-1});
      all = all.defined() ? rondo::cat({all, flat}) : flat;
    }
    return all;
  };
  const int before = rondo::get_num_threads();
  const Tensor one = run(1);
  BOOST_TEST(rondo::equal(one, run(2)));
  BOOST_TEST(rondo::equal(one, run(3)));
  rondo::set_num_threads(before);
}

BOOST_AUTO_TEST_CASE(a_step_that_fails_changes_nothing) {
  const Tensor a = rondo::ones({3}).requires_grad_(), b = rondo::ones({3}).requires_grad_();
  with_each_optimizer({a, b}, [&](optim::Optimizer& optimizer) {
    const Tensor before = a.detach().clone();
    a.mutable_grad() = rondo::ones({3});
    b.mutable_grad() = rondo::ones({2});
    check_error([&] { optimizer.step(); }, "a parameter is (3,) of float32 and its gradient (2,) of float32");
    BOOST_TEST(rondo::equal(a, before));
  });
}

BOOST_AUTO_TEST_CASE(parameters_without_numbers) {
  const Tensor empty = rondo::zeros({0, 3}).requires_grad_(), scalar = rondo::ones({}).requires_grad_();
  with_each_optimizer({empty, scalar}, [&](optim::Optimizer& optimizer) {
    empty.mutable_grad() = rondo::zeros({0, 3});
    scalar.mutable_grad() = rondo::ones({});
    optimizer.step();
    BOOST_TEST(std::isfinite(scalar.item<double>()));
  });
}

BOOST_AUTO_TEST_CASE(options_and_states_compare) {
  BOOST_TEST((optim::LionOptions(1) == optim::LionOptions(1)));
  BOOST_TEST(!(optim::LionOptions(1) == optim::LionOptions(2)));
  BOOST_TEST((optim::RpropOptions() != optim::RpropOptions().etas({0.1, 2.0})));
  BOOST_TEST((optim::MuonOptions() != optim::MuonOptions().adjust_lr_fn("original")));
  BOOST_TEST((optim::AdafactorOptions() != optim::AdafactorOptions().eps1(1e-3)));
  BOOST_TEST((optim::LBFGSOptions() != optim::LBFGSOptions().max_eval(3)));
  optim::LBFGSParamState a, b;
  BOOST_TEST((a == b));
  a.old_dirs().push_back(rondo::ones({2}));
  BOOST_TEST(!(a == b));
  b.old_dirs().push_back(rondo::ones({2}));
  BOOST_TEST((a == b));
  b.al(std::vector<Tensor>{Tensor()});  // working memory
  BOOST_TEST((a == b));
  optim::AdamParamState c, d;
  c.exp_avg(rondo::ones({2}));
  BOOST_TEST(!(c == d));
  d.exp_avg(rondo::ones({2}));
  BOOST_TEST((c == d));
  struct Own : optim::OptimizerCloneableOptions<Own> {};
  check_error([] { return Own() == Own(); }, "options that list no fields() cannot be compared");
}

BOOST_AUTO_TEST_CASE(exponential_average) {
  const Tensor w = rondo::full({2}, 1.0).requires_grad_(), count = rondo::zeros({1}, rondo::kLong);
  optim::EMA ema({w}, 0.75, {count});
  const auto set = [&](double value) {
    rondo::NoGradGuard no_grad;
    w.fill_(value);
    count.add_(1);
  };
  set(2);
  ema.update();  // the first weights are the average
  check_values(ema.averages()[0], {2, 2});
  set(4);
  ema.update();
  check_values(ema.averages()[0], {2.5, 2.5});
  check_values(ema.averages()[1], {2});
  BOOST_TEST(ema.updates() == 2);
  ema.apply();
  check_values(w, {2.5, 2.5});
  BOOST_TEST(w.requires_grad());
  check_error([&] { ema.apply(); }, "applied already");
  check_error([&] { ema.update(); }, "restore() the weights before update()");
  ema.restore();
  check_values(w, {4, 4});
  check_error([&] { ema.restore(); }, "restore() without apply()");
  {
    const optim::WithAverage applied(ema);
    check_values(w, {2.5, 2.5});
  }
  check_values(w, {4, 4});
  {
    const optim::WithAverage applied(ema);
    ema.restore();
  }
  check_values(w, {4, 4});
  check_error([&] { optim::EMA({w}, 1.5); }, "Invalid decay value 1.5");
}

BOOST_AUTO_TEST_CASE(average_with_warm_up) {
  const Tensor w = rondo::zeros({1}, rondo::kDouble).requires_grad_();
  optim::EMA ema({w}, optim::EMAOptions(0.999).warmup(true));
  double average = 0;
  for (int t = 0; t < 20; ++t) {
    {
      rondo::NoGradGuard no_grad;
      w.fill_(std::sin(t));
    }
    ema.update();
    const double decay = t == 0 ? 0 : std::min(0.999, (1.0 + t) / (10.0 + t));
    average = decay * average + (1 - decay) * std::sin(t);
    check_values(ema.averages()[0], {average}, 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(mean_of_weights) {
  const Tensor w = rondo::zeros({1}, rondo::kDouble).requires_grad_();
  optim::SWA swa({w});
  for (const double value : {1.0, 2.0, 6.0, 7.0}) {
    rondo::NoGradGuard no_grad;
    w.fill_(value);
    swa.update();
  }
  check_values(swa.averages()[0], {4}, 1e-12);
}

BOOST_AUTO_TEST_CASE(gradients_of_several_losses) {
  const Tensor x = rondo::tensor({1.0, 2.0, 3.0, 4.0, 5.0}, rondo::kDouble);
  const auto loss_of = [](const Tensor& w, const Tensor& part) { return (w * part - 1).pow(2).mean(); };
  const Tensor whole = rondo::ones({1}, rondo::kDouble).requires_grad_(),
               parts = rondo::ones({1}, rondo::kDouble).requires_grad_();
  optim::SGD one({whole}, 0.01), other({parts}, 0.01);
  optim::GradientAccumulator accumulator(other, 2);
  for (int64_t begin : {0, 2, 4}) {
    const int64_t count = begin == 4 ? 1 : 2;
    one.zero_grad();
    loss_of(whole, x.narrow(0, begin, count)).backward();
    one.step();
    for (int64_t i = 0; i < count; ++i) {
      const bool complete = accumulator.backward(loss_of(parts, x.narrow(0, begin + i, 1)));
      BOOST_TEST(complete == (i == 1));
      if (complete) accumulator.step();
    }
  }
  BOOST_TEST(accumulator.pending() == 1);
  accumulator.step();
  BOOST_TEST(accumulator.pending() == 0);
  BOOST_TEST(!parts.grad().defined());
  check_values(parts, support::values(whole), 1e-12);
  accumulator.step();  // nothing has come
  check_values(parts, support::values(whole), 1e-12);
  check_error([&] { optim::GradientAccumulator(one, 0); }, "steps is 0; need at least 1");
}

BOOST_AUTO_TEST_SUITE_END()
