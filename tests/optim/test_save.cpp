// Saving and loading optimizers, schedules and averages: training that stops and resumes gives the same bits.
#include <rondo/autograd/serialize/archive.h>
#include <rondo/optim.h>
#include <rondo/tests/support/values.h>

#include <functional>
#include <limits>
#include <sstream>

namespace optim = rondo::optim;
using rondo::Tensor;
using support::check_error;
using support::check_values;
using Weights = std::vector<Tensor>;

namespace {

Weights start() {
  rondo::manual_seed(5);
  return {rondo::randn({4, 3}, rondo::kDouble).requires_grad_(), rondo::randn({2, 5}).requires_grad_()};
}

void step(optim::Optimizer& optimizer, const Weights& p, int count = 1) {
  for (int i = 0; i < count; ++i) {
    optimizer.step([&] {
      optimizer.zero_grad();
      const Tensor loss = (p[0] - 1).pow(2).sum() + p[0].sin().sum() + (p[1] + 0.5).pow(4).sum();
      loss.backward();
      return loss;
    });
  }
}

template <class T>
std::string saved(const T& value) {
  std::ostringstream out;
  rondo::save(value, out);
  return out.str();
}

template <class T>
void load(T& value, const std::string& bytes) {
  rondo::load(value, bytes.data(), bytes.size());
}

// Whether something stands under the path, whose parts are keys of archives within archives.
bool has(const std::string& bytes, std::string path) {
  rondo::serialize::InputArchive archive;
  archive.load_from(bytes.data(), bytes.size());
  for (size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.')) {
    rondo::serialize::InputArchive nested;
    if (!archive.try_read(path.substr(0, dot), nested)) return false;
    archive = std::move(nested);
    path = path.substr(dot + 1);
  }
  rondo::IValue value;
  return archive.try_read(path, value);
}

using Make = std::function<std::unique_ptr<optim::Optimizer>(const Weights&)>;

template <class Optimizer, class Options>
Make maker(const Options& options) {
  return [options](const Weights& p) { return std::make_unique<Optimizer>(p, options); };
}

const std::vector<Make>& makers() {
  static const std::vector<Make> all{
      maker<optim::SGD>(optim::SGDOptions(0.01).momentum(0.9).nesterov(true)),
      maker<optim::Adam>(optim::AdamOptions(0.01).amsgrad(true).weight_decay(0.1)),
      maker<optim::AdamW>(optim::AdamWOptions(0.01)),
      maker<optim::Adagrad>(optim::AdagradOptions(0.1).lr_decay(0.1)),
      maker<optim::RMSprop>(optim::RMSpropOptions(0.01).momentum(0.5).centered(true)),
      maker<optim::Adamax>(optim::AdamaxOptions(0.01)),
      maker<optim::NAdam>(optim::NAdamOptions(0.01)),
      maker<optim::RAdam>(optim::RAdamOptions(0.01).betas({0.9, 0.9})),
      maker<optim::Adadelta>(optim::AdadeltaOptions(1)),
      maker<optim::ASGD>(optim::ASGDOptions(0.01).t0(2)),
      maker<optim::Rprop>(optim::RpropOptions(0.01)),
      maker<optim::Lion>(optim::LionOptions(0.01)),
      maker<optim::LAMB>(optim::LAMBOptions(0.01)),
      maker<optim::Adafactor>(optim::AdafactorOptions(0.01)),
      maker<optim::Muon>(optim::MuonOptions(0.01).adjust_lr_fn("match_rms_adamw")),
      [](const Weights& p) {  // its vectors are of one dtype
        return std::make_unique<optim::LBFGS>(
            Weights{p[0]}, optim::LBFGSOptions(0.1).max_iter(3).history_size(4).line_search_fn("strong_wolfe"));
      },
  };
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(saving)

BOOST_AUTO_TEST_CASE(training_resumes_with_the_same_bits) {
  for (const Make& make : makers()) {
    const Weights whole = start();
    const auto never_stopped = make(whole);
    BOOST_TEST_CONTEXT(never_stopped->kind()) {
      step(*never_stopped, whole, 4);
      const std::string bytes = saved(*never_stopped);
      Weights resumed;
      for (const Tensor& each : whole) resumed.push_back(each.detach().clone().requires_grad_());
      const auto other = make(resumed);
      other->param_groups()[0].options().set_lr(77);
      load(*other, bytes);
      BOOST_TEST(saved(*other) == bytes);
      BOOST_TEST((other->param_groups()[0].options().get_lr() == never_stopped->param_groups()[0].options().get_lr()));
      BOOST_TEST(optim::same_options(other->param_groups()[0].options(), never_stopped->param_groups()[0].options()));
      step(*never_stopped, whole, 5);
      step(*other, resumed, 5);
      for (size_t i = 0; i < whole.size(); ++i) BOOST_TEST(rondo::equal(whole[i], resumed[i]));
      BOOST_TEST(other->state().size() == never_stopped->state().size());
      for (size_t i = 0; i < whole.size(); ++i) {
        const auto a = never_stopped->state().find(whole[i].unsafeGetTensorImpl());
        const auto b = other->state().find(resumed[i].unsafeGetTensorImpl());
        if (a == never_stopped->state().end()) continue;
        BOOST_TEST(optim::same_states(*a->second, *b->second));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(names_in_the_file) {
  const Weights p = start();
  optim::Adam adam(p, 0.5);
  step(adam, {p[0], p[1]});
  const std::string bytes = saved(adam);
  for (const char* path : {"optimizer", "param_groups.0.lr", "param_groups.0.betas", "param_groups.0.params",
                           "state.0.step", "state.0.exp_avg", "state.1.exp_avg_sq"}) {
    BOOST_TEST(has(bytes, path), path);
  }
  BOOST_TEST(bytes.find("\"state.0.exp_avg\"") != std::string::npos);  // as other readers of the file see it
  BOOST_TEST(!has(bytes, "state.0.max_exp_avg_sq"));
}

BOOST_AUTO_TEST_CASE(groups_and_parameters_without_state) {
  const auto make = [](const Weights& p) {
    std::vector<optim::OptimizerParamGroup> groups;
    groups.emplace_back(Weights{p[0]});
    groups.emplace_back(Weights{p[1]}, std::make_unique<optim::SGDOptions>(optim::SGDOptions(0.25).momentum(0.5)));
    return optim::SGD(groups, 0.5);
  };
  const Weights p = start(), q = start();
  optim::SGD sgd = make(p), other = make(q);
  const optim::ExponentialLR schedule(sgd, 0.9);
  step(sgd, p);
  sgd.param_groups()[1].options().set_lr(0.125);
  load(other, saved(sgd));
  BOOST_TEST(other.param_groups()[0].options().get_lr() == 0.5);
  BOOST_TEST(other.param_groups()[1].options().get_lr() == 0.125);
  BOOST_TEST(*other.param_groups()[1].initial_lr() == 0.25);
  optim::SGD fresh = make(start());
  const std::string bytes = saved(fresh);
  load(other, bytes);
  BOOST_TEST(other.state().empty());
  BOOST_TEST(!other.param_groups()[1].initial_lr());
}

BOOST_AUTO_TEST_CASE(a_load_that_fails_changes_nothing) {
  const Weights p = start();
  optim::Adam adam(p, 0.5);
  step(adam, p, 2);
  const std::string before = saved(adam);
  const auto refused = [&](const optim::Optimizer& source, const char* needle) {
    const std::string bytes = saved(source);
    check_error([&] { load(adam, bytes); }, needle);
    BOOST_TEST(saved(adam) == before);
  };
  optim::SGD sgd(start(), 0.1);
  refused(sgd, "the archive holds the state of SGD; this optimizer is Adam");
  const Weights q = start();
  optim::Adam two(std::vector<optim::OptimizerParamGroup>{Weights{q[0]}, Weights{q[1]}});
  refused(two, "the archive has 2 parameter groups; this optimizer has 1");
  optim::Adam fewer(Weights{q[0]});
  refused(fewer, "parameter group 0 of the archive has 1 parameters; that of this optimizer has 2");
  optim::Adam turned(Weights{q[1], q[0]}, 0.1);
  step(turned, q);
  refused(turned, "the state of parameter 0 does not suit: load: 'exp_avg' has shape (2, 5); its parameter is (4, 3)");
  check_error([&] { load(adam, saved(p[0])); }, "");
  BOOST_TEST(saved(adam) == before);
}

BOOST_AUTO_TEST_CASE(members_that_are_missing_or_of_another_kind) {
  const auto loads = [](auto write, const char* needle) {
    rondo::serialize::OutputArchive out;
    write(out);
    std::ostringstream stream;
    out.save_to(stream);
    const std::string bytes = stream.str();
    rondo::serialize::InputArchive in;
    in.load_from(bytes.data(), bytes.size());
    optim::LionOptions options(0.5);
    check_error([&] { options.serialize(in); }, needle);
    BOOST_TEST((options == optim::LionOptions(0.5)));
  };
  using rondo::IValue;
  const IValue betas(std::vector<double>{0.5, 0.5});
  loads([](auto& out) { out.write("lr", IValue(0.1)); }, "betas");
  loads(
      [&](auto& out) {
        out.write("lr", IValue("fast"));
        out.write("betas", betas);
        out.write("weight_decay", IValue(0.1));
        out.write("maximize", IValue(true));
      },
      "'lr' cannot be taken");
  loads(
      [&](auto& out) {
        out.write("lr", IValue(0.1));
        out.write("betas", IValue(std::vector<double>{0.5, 0.5, 0.5}));
        out.write("weight_decay", IValue(0.1));
        out.write("maximize", IValue(true));
      },
      "'betas' has 3 numbers; need 2");
  struct Own : optim::OptimizerCloneableOptions<Own> {};
  rondo::serialize::OutputArchive out;
  check_error([&] { Own().serialize(out); }, "has not been implemented for torch::optim::OptimizerOptions");
}

BOOST_AUTO_TEST_CASE(states_of_wrong_sizes_are_refused_by_the_step) {
  const Tensor w = rondo::ones({3}).requires_grad_();
  optim::Adam adam({w}, 0.1);
  w.mutable_grad() = rondo::ones({3});
  adam.step();
  static_cast<optim::AdamParamState&>(*adam.state().at(w.unsafeGetTensorImpl())).exp_avg(rondo::ones({2}));
  check_error([&] { adam.step(); }, "the state of a parameter is (2,), the parameter (3,)");
}

BOOST_AUTO_TEST_CASE(schedules_resume) {
  using Schedule = std::function<std::shared_ptr<optim::LRScheduler>(optim::Optimizer&)>;
  const std::vector<Schedule> all{
      [](auto& o) { return std::make_shared<optim::StepLR>(o, 2, 0.5); },
      [](auto& o) { return std::make_shared<optim::CosineAnnealingLR>(o, 5, 0.01); },
      [](auto& o) { return std::make_shared<optim::CosineAnnealingWarmRestarts>(o, 2, 2); },
      [](auto& o) { return std::make_shared<optim::OneCycleLR>(o, 0.5, optim::OneCycleLROptions().total_steps(20)); },
      [](auto& o) {
        return std::make_shared<optim::SequentialLR>(
            o,
            std::vector<std::shared_ptr<optim::EpochScheduler>>{std::make_shared<optim::LinearLR>(o),
                                                                std::make_shared<optim::ExponentialLR>(o, 0.8)},
            std::vector<int64_t>{4});
      },
      [](auto& o) {
        return std::make_shared<optim::ChainedScheduler>(
            o, std::vector<std::shared_ptr<optim::LRScheduler>>{std::make_shared<optim::ConstantLR>(o, 0.1, 6),
                                                                std::make_shared<optim::PolynomialLR>(o, 9)});
      },
  };
  for (size_t i = 0; i < all.size(); ++i) {
    for (const int stop : {0, 3, 5}) {
      BOOST_TEST_CONTEXT("schedule " << i << ", stop " << stop) {
        optim::SGD one(start(), optim::SGDOptions(0.4).momentum(0.5)),
            other(start(), optim::SGDOptions(0.4).momentum(0.5));
        const auto whole = all[i](one), resumed = all[i](other);
        for (int k = 0; k < stop; ++k) whole->step();
        const std::string optimizer_bytes = saved(one), bytes = saved(*whole);
        load(other, optimizer_bytes);
        load(*resumed, bytes);
        BOOST_TEST(resumed->get_last_lr() == whole->get_last_lr(), boost::test_tools::per_element());
        for (int k = 0; k < 8; ++k) {
          whole->step();
          resumed->step();
          BOOST_TEST(resumed->get_last_lr() == whole->get_last_lr(), boost::test_tools::per_element());
        }
      }
    }
  }
  optim::SGD sgd(start(), optim::SGDOptions(0.4).momentum(0.5));
  const auto cosine = all[1](sgd), sequence = all[4](sgd);
  sequence->step();
  const std::string before = saved(*sequence), bytes = saved(*cosine);
  check_error([&] { load(*sequence, bytes); }, "scheduler0");
  BOOST_TEST(saved(*sequence) == before);
}

BOOST_AUTO_TEST_CASE(a_plateau_resumes) {
  using optim::ReduceLROnPlateauScheduler;
  optim::SGD one(start(), 1.0), other(start(), 1.0);
  ReduceLROnPlateauScheduler whole(one, ReduceLROnPlateauScheduler::min, 0.5f, 1),
      resumed(other, ReduceLROnPlateauScheduler::min, 0.5f, 1);
  load(resumed, saved(whole));  // the best so far is infinite
  for (const float metric : {2.0f, 2.0f}) whole.step(metric);
  load(resumed, saved(whole));
  whole.step(2);
  resumed.step(2);
  BOOST_TEST(whole.get_last_lr()[0] == 0.5);
  BOOST_TEST(resumed.get_last_lr()[0] == 0.5);
}

BOOST_AUTO_TEST_CASE(averages_resume) {
  const Weights p = start(), q = start();
  optim::EMA ema(p, 0.5), other(q, 0.5);
  ema.update();
  {
    rondo::NoGradGuard no_grad;
    p[0].add_(1);
    q[0].add_(1);
  }
  ema.update();
  load(other, saved(ema));
  BOOST_TEST(other.updates() == 2);
  ema.update();
  other.update();
  BOOST_TEST(rondo::equal(ema.averages()[0], other.averages()[0]));
  optim::EMA wrong({p[1], p[0]});
  check_error([&] { load(wrong, saved(ema)); }, "average 0 has shape (4, 3) in the archive; need (2, 5)");
}

BOOST_AUTO_TEST_CASE(numbers_in_a_file_make_no_lists) {
  const Weights p = start();
  optim::Adam adam(p, 0.5);
  rondo::serialize::OutputArchive whole, groups, first, states;
  first.write("params", rondo::IValue(int64_t{1} << 50));
  groups.write("0", first);
  whole.write("optimizer", rondo::IValue(std::string("Adam")));
  whole.write("param_groups", groups);
  whole.write("state", states);
  std::ostringstream out;
  whole.save_to(out);
  check_error([&] { load(adam, out.str()); },
              "parameter group 0 of the archive has 1125899906842624 parameters; that of this optimizer has 2");
}

BOOST_AUTO_TEST_SUITE_END()
