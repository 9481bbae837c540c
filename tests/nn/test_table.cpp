#include <rondo/tests/nn/table.h>
#include <rondo/tests/support/values.h>

#include <cstdio>
#include <sstream>

namespace nn = rondo::nn;
using rondo::Tensor;
using table::Inputs;
using table::Outputs;
using table::Row;

namespace {

constexpr uint64_t kSeed = 5;

std::shared_ptr<nn::Module> made(const Row& row, uint64_t seed) {
  rondo::manual_seed(seed);
  auto module = row.make();
  module->to(rondo::kDouble);
  return module;
}

// What a module with random choices gives is a function of its inputs once the stream is the same.
Outputs run(const Row& row, nn::Module& module, const Inputs& inputs) {
  rondo::manual_seed(kSeed);
  return row.forward(module, inputs);
}

// The state before, since modules such as BatchNorm change their buffers while they train.
class Buffers {
 public:
  explicit Buffers(const nn::Module& module) : now_(module.buffers()) {
    for (const Tensor& buffer : now_) before_.push_back(buffer.clone());
  }
  void restore() {
    rondo::NoGradGuard no_grad;
    // What has not changed stays untouched: the graph may hold it.
    for (size_t i = 0; i < now_.size(); ++i) {
      if (!rondo::equal(now_[i], before_[i])) now_[i].copy_(before_[i]);
    }
  }

 private:
  std::vector<Tensor> now_, before_;
};

void check_same(const Row& row, const char* what, const Outputs& got, const Outputs& wanted) {
  BOOST_REQUIRE_EQUAL(got.size(), wanted.size());
  for (size_t i = 0; i < got.size(); ++i) {
    BOOST_TEST(rondo::equal(got[i], wanted[i]), row.name << ": " << what << " gives another output " << i);
  }
}

void check_gradients(const Row& row, nn::Module& module) {
  rondo::autograd::variable_list leaves;
  Inputs inputs;
  for (const Tensor& input : row.inputs) {
    inputs.push_back(input.clone());
    if (input.is_floating_point()) leaves.push_back(inputs.back().requires_grad_());
  }
  for (const Tensor& parameter : module.parameters()) {
    if (parameter.requires_grad()) leaves.push_back(parameter);
  }
  Buffers buffers(module);
  // gradcheck moves the numbers of the leaves in place, which are the module's own.
  const auto f = [&](const rondo::autograd::variable_list&) {
    buffers.restore();
    Outputs floating;
    for (const Tensor& output : run(row, module, inputs)) {
      if (output.is_floating_point()) floating.push_back(output);
    }
    return floating;
  };
  if (leaves.empty()) return;
  try {
    rondo::autograd::gradcheck(f, leaves);
  } catch (const std::exception& error) {
    BOOST_ERROR(row.name << (module.is_training() ? " (train): " : " (eval): ") << error.what());
  }
  buffers.restore();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(module_table)

BOOST_AUTO_TEST_CASE(printed_forms) {
  for (const Row& row : table::rows()) {
    if (!row.printed.empty()) BOOST_TEST(support::printed(*row.make()) == row.printed, row.name);
  }
}

BOOST_AUTO_TEST_CASE(derivatives_of_inputs_and_parameters) {
  for (const Row& row : table::rows()) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto module = made(row, 1);
      for (bool train : {true, false}) {
        module->train(train);
        check_gradients(row, *module);
      }
    }
  }
  std::printf("%zu modules\n", table::rows().size());
}

BOOST_AUTO_TEST_CASE(clones_are_equal_and_apart) {
  for (const Row& row : table::rows()) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto module = made(row, 1);
      const auto copy = module->clone();
      Buffers buffers(*module);
      const Outputs wanted = run(row, *module, row.inputs);
      buffers.restore();
      check_same(row, "the clone", run(row, *copy, row.inputs), wanted);
      for (const Tensor& a : module->parameters()) {
        for (const Tensor& b : copy->parameters()) BOOST_TEST(a.data_ptr() != b.data_ptr(), "a parameter is shared");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_saved_state_makes_another_module_equal) {
  for (const Row& row : table::rows()) {
    BOOST_TEST_CONTEXT(row.name) {
      const auto module = made(row, 1);
      run(row, *module, row.inputs);  // buffers that change are to differ from new ones
      std::stringstream stream;
      rondo::save(module, stream);
      auto other = made(row, 2);
      rondo::load(other, stream);
      const auto state = module->state_dict(), loaded = other->state_dict();
      BOOST_TEST((state.keys() == loaded.keys()));
      for (const auto& item : state) BOOST_TEST(rondo::equal(item.value(), loaded[item.key()]), item.key());
      const Outputs wanted = run(row, *module, row.inputs);
      check_same(row, "the loaded module", run(row, *other, row.inputs), wanted);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
