// Files of optimizers that libtorch 1.13.1 and PyTorch wrote.
#include <rondo/autograd.h>
#include <rondo/optim.h>
#include <rondo/tests/support/values.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace optim = rondo::optim;
using rondo::Tensor;
using support::check_error;
using support::check_values;

namespace {

std::string fixture(const std::string& name, const char* folder = "optim") {
  const char* root = std::getenv("RONDO_SOURCE_DIR");
  return (std::filesystem::path(root ? root : ".") / "tests" / folder / "data" / name).string();
}

// The parameters that the fixtures were made with, in two groups: a matrix and one that never has a gradient; a vector.
struct FixtureParameters {
  Tensor w = rondo::zeros({2, 3}).requires_grad_(), idle = rondo::ones({2}).requires_grad_(),
         v = rondo::zeros({4}).requires_grad_();
  std::vector<optim::OptimizerParamGroup> groups() const {
    return {optim::OptimizerParamGroup({w, idle}), optim::OptimizerParamGroup({v})};
  }
};

template <class Optimizer, class Options>
void check(const std::string& name, const Options& first, const Options& second, int64_t numbers_of_state) {
  BOOST_TEST_CONTEXT(name) {
    const FixtureParameters p;
    Optimizer optimizer(p.groups(), Options(7));
    rondo::load(optimizer, fixture(name));
    BOOST_TEST((static_cast<const Options&>(optimizer.param_groups()[0].options()) == first));
    BOOST_TEST((static_cast<const Options&>(optimizer.param_groups()[1].options()) == second));
    BOOST_TEST(optimizer.state().size() == 2u);
    BOOST_TEST(!optimizer.state().contains(p.idle.unsafeGetTensorImpl()));
    int64_t numbers = 0;
    for (const auto& [key, state] : optimizer.state()) {
      for (const optim::Field& field : state->fields()) {
        if (field.kind() == optim::Field::Kind::Int && std::string(field.name()) == "step") {
          BOOST_TEST(field.as<int64_t>() == 3);
        }
        if (field.kind() == optim::Field::Kind::Tensor && field.as<Tensor>().defined()) {
          numbers += field.as<Tensor>().numel();
        }
      }
    }
    BOOST_TEST(numbers == numbers_of_state);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(other_files)

BOOST_AUTO_TEST_CASE(what_libtorch_saves) {
  check<optim::SGD>("libtorch_sgd.pt", optim::SGDOptions(0.01).momentum(0.9),
                    optim::SGDOptions(0.02).momentum(0.8).nesterov(true), 10);
  check<optim::Adam>("libtorch_adam.pt", optim::AdamOptions(0.01).amsgrad(true),
                     optim::AdamOptions(0.02).betas({0.8, 0.9}), 26);
  check<optim::AdamW>("libtorch_adamw.pt", optim::AdamWOptions(0.01), optim::AdamWOptions(0.02).weight_decay(0.1), 20);
  check<optim::RMSprop>("libtorch_rmsprop.pt", optim::RMSpropOptions(0.01).momentum(0.9).centered(true),
                        optim::RMSpropOptions(0.02), 22);
}

namespace {

// As libtorch's optimizers wrote lists of tensors before version 1.5.
void write_list(rondo::serialize::OutputArchive& archive, const std::string& key, const std::vector<Tensor>& tensors) {
  archive.write(key + "/size", rondo::tensor(static_cast<int64_t>(tensors.size())));
  for (size_t i = 0; i < tensors.size(); ++i) archive.write(key + "/" + std::to_string(i), tensors[i], true);
}

}  // namespace

BOOST_AUTO_TEST_CASE(lists_of_buffers_from_before_libtorch_had_groups) {
  const Tensor a = rondo::ones({2}).requires_grad_(), b = rondo::ones({3}).requires_grad_();
  std::stringstream file;
  {
    rondo::serialize::OutputArchive archive;
    write_list(archive, "step_buffers", {rondo::tensor(int64_t{4}), rondo::tensor(int64_t{5})});
    write_list(archive, "exp_average_buffers", {rondo::full({2}, 2.), rondo::full({3}, 3.)});
    write_list(archive, "exp_average_sq_buffers", {rondo::full({2}, 4.), rondo::full({3}, 9.)});
    write_list(archive, "max_exp_average_sq_buffers", {});
    archive.save_to(file);
  }
  optim::Adam adam({a, b}, optim::AdamOptions(0.5));
  const support::Warnings warnings;
  rondo::load(adam, file);
  BOOST_REQUIRE(support::Warnings::texts().size() == 1u);
  BOOST_TEST(support::Warnings::texts()[0].find("Adam optimizer is still using the old serialization format") !=
             std::string::npos);
  const auto& second = static_cast<const optim::AdamParamState&>(*adam.state().at(b.unsafeGetTensorImpl()));
  BOOST_TEST(second.step() == 5);
  support::check_values(second.exp_avg(), {3, 3, 3});
  support::check_values(second.exp_avg_sq(), {9, 9, 9});
  BOOST_TEST(!second.max_exp_avg_sq().defined());
  BOOST_TEST(static_cast<const optim::AdamOptions&>(adam.param_groups()[0].options()).lr() == 0.5);

  // Fewer momentum buffers than parameters; a buffer of a wrong shape leaves the optimizer as it was.
  optim::SGD sgd({a, b}, optim::SGDOptions(0.1).momentum(0.9));
  const auto load_momentum = [&](const std::vector<Tensor>& buffers) {
    std::stringstream other;
    rondo::serialize::OutputArchive archive;
    write_list(archive, "momentum_buffers", buffers);
    archive.save_to(other);
    rondo::load(sgd, other);
  };
  load_momentum({rondo::full({2}, 7.)});
  BOOST_TEST(sgd.state().size() == 1u);
  support::check_error<rondo::Error>(
      [&] {
        load_momentum({rondo::full({3}, 1.), rondo::full({3}, 1.)});
      },
      "has shape (3,); its parameter is (2,)");
  support::check_values(
      static_cast<const optim::SGDParamState&>(*sgd.state().at(a.unsafeGetTensorImpl())).momentum_buffer(), {7, 7});
}

BOOST_AUTO_TEST_CASE(lbfgs_from_before_libtorch_had_groups) {
  const Tensor a = rondo::ones({2}).requires_grad_();
  std::stringstream file;
  {
    rondo::serialize::OutputArchive archive;
    archive.write("d", rondo::full({2}, 1.), true);
    archive.write("t", rondo::tensor(0.5), true);
    archive.write("H_diag", rondo::tensor(1.), true);
    archive.write("prev_flat_grad", rondo::full({2}, 3.), true);
    archive.write("prev_loss", rondo::tensor(6.), true);
    write_list(archive, "old_dirs", {rondo::full({2}, 1.)});
    write_list(archive, "old_stps", {rondo::full({2}, 2.)});
    archive.save_to(file);
  }
  optim::LBFGS lbfgs({a}, optim::LBFGSOptions());
  const support::Warnings warnings;
  rondo::load(lbfgs, file);
  const auto& state = static_cast<const optim::LBFGSParamState&>(*lbfgs.state().at(a.unsafeGetTensorImpl()));
  BOOST_TEST(state.t() == 0.5);
  BOOST_TEST(state.prev_loss() == 6);
  support::check_values(state.prev_flat_grad(), {3, 3});
  BOOST_REQUIRE(state.ro().size() == 1u);
  support::check_values(state.ro()[0], {0.25});
}

BOOST_AUTO_TEST_CASE(adagrad_and_lbfgs_of_libtorch) {
  const FixtureParameters p;
  optim::Adagrad adagrad(p.groups(), optim::AdagradOptions(7));
  rondo::load(adagrad, fixture("libtorch_adagrad.pt"));
  BOOST_TEST(adagrad.state().size() == 3u);  // its sums are there from the start
  BOOST_TEST((static_cast<const optim::AdagradOptions&>(adagrad.param_groups()[1].options()) ==
              optim::AdagradOptions(0.02).lr_decay(0.1)));

  optim::LBFGS lbfgs({p.w, p.v, p.idle}, optim::LBFGSOptions(7));
  rondo::load(lbfgs, fixture("libtorch_lbfgs.pt"));
  BOOST_TEST((static_cast<const optim::LBFGSOptions&>(lbfgs.param_groups()[0].options()) ==
              optim::LBFGSOptions(0.1).max_iter(4).max_eval(5).history_size(3)));
  const auto& state = static_cast<const optim::LBFGSParamState&>(*lbfgs.state().at(p.w.unsafeGetTensorImpl()));
  BOOST_TEST(state.n_iter() == 12);
  BOOST_TEST(state.old_dirs().size() == 3u);
  BOOST_TEST(state.d().numel() == 12);
}

BOOST_AUTO_TEST_CASE(what_python_saves_of_a_state_dict) {
  const Tensor a = rondo::zeros({3}).requires_grad_(), b = rondo::zeros({2}).requires_grad_();
  optim::Adam adam({optim::OptimizerParamGroup({a, b}), optim::OptimizerParamGroup(std::vector<Tensor>{})});
  rondo::load(adam, fixture("python_adam.pt", "serialize"));
  const auto& options = static_cast<const optim::AdamOptions&>(adam.param_groups()[0].options());
  BOOST_TEST((options == optim::AdamOptions(0.01).betas({0.8, 0.9})));
  BOOST_TEST(adam.param_groups()[1].options().get_lr() == 0.5);
  BOOST_TEST((adam.param_groups()[1].initial_lr() == 1.0));
  BOOST_TEST(adam.state().size() == 1u);
  const auto& state = static_cast<const optim::AdamParamState&>(*adam.state().at(b.unsafeGetTensorImpl()));
  BOOST_TEST(state.step() == 3);
  check_values(state.exp_avg(), {0.5, 0.5});
  check_values(state.exp_avg_sq(), {0.25, 0.25});
}

BOOST_AUTO_TEST_CASE(pythons_adafactor_has_its_epsilons_as_a_pair) {
  using rondo::IValue;
  const auto text = [](const IValue& eps) {
    rondo::GenericDict group, all;
    group.insert("lr", 0.5);
    group.insert("beta2_decay", -0.8);
    group.insert("eps", eps);
    group.insert("d", 1.0);
    group.insert("weight_decay", 0.0);
    group.insert("maximize", false);
    group.insert("foreach", IValue());
    group.insert("params", std::vector<int64_t>{0});
    all.insert("state", rondo::GenericDict());
    all.insert("param_groups", std::vector<IValue>{group});
    const std::vector<char> bytes = rondo::pickle_save(all);
    return std::string(bytes.begin(), bytes.end());
  };
  const Tensor w = rondo::zeros({3}).requires_grad_();
  optim::Adafactor adafactor({w}, 0.1);
  const auto eps_of = [&] {
    const auto& options = static_cast<const optim::AdafactorOptions&>(adafactor.param_groups()[0].options());
    return std::make_pair(options.eps1(), options.eps2());
  };
  const auto load = [&](const IValue& eps) {
    std::istringstream stream(text(eps));
    rondo::load(adafactor, stream);
  };
  load(rondo::ivalue::Tuple::create({1e-5, 1e-2}));
  BOOST_TEST((eps_of() == std::make_pair(std::optional<double>(1e-5), 1e-2)));
  BOOST_TEST(adafactor.param_groups()[0].options().get_lr() == 0.5);
  load(rondo::ivalue::Tuple::create({IValue(), 1e-3}));
  BOOST_TEST((eps_of() == std::make_pair(std::optional<double>(), 1e-3)));
  check_error([&] { load(rondo::ivalue::Tuple::create({1e-5})); }, "need 2");
  BOOST_TEST((eps_of() == std::make_pair(std::optional<double>(), 1e-3)));
}

BOOST_AUTO_TEST_CASE(files_that_do_not_suit) {
  const FixtureParameters p;
  optim::SGD sgd(p.groups(), 0.1);
  check_error([&] { rondo::load(sgd, fixture("libtorch_adam.pt")); }, "option 'betas', which SGD has not");
  optim::Adam adam(p.groups());
  check_error([&] { rondo::load(adam, fixture("libtorch_sgd.pt")); }, "which Adam has not");
  check_error([&] { rondo::load(adam, fixture("libtorch_tensor.pt", "serialize")); }, "no optimizer");
  optim::Adam one({p.w, p.idle, p.v});
  check_error([&] { rondo::load(one, fixture("libtorch_adam.pt")); }, "2 parameter groups; this optimizer has 1");
  optim::Adam other({optim::OptimizerParamGroup({p.w}), optim::OptimizerParamGroup({p.v})});
  check_error([&] { rondo::load(other, fixture("libtorch_adam.pt")); },
              "has 2 parameters; that of this optimizer has 1");
  optim::Adam swapped({optim::OptimizerParamGroup({p.v, p.idle}), optim::OptimizerParamGroup({p.w})});
  check_error([&] { rondo::load(swapped, fixture("libtorch_adam.pt")); }, "shape");
  BOOST_TEST(swapped.state().empty());
  BOOST_TEST(swapped.param_groups()[0].options().get_lr() == 1e-3);
}

BOOST_AUTO_TEST_SUITE_END()
