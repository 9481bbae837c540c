// Every operation in the list, checked by what its block says: derivatives of first and second order, float32 against
// float64, strided, broadcast, empty and zero-dimensional inputs, special values, and wrong use.
#include "gradcheck.h"

#include <rondo/autograd/graph/history.h>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdio>
#include <limits>

namespace {

using gradcheck::Finding;
using gradcheck::Function;
using gradcheck::Inputs;
using rondo::Tensor;
using rondo::ops::OpInfo;

struct Row {
  std::string what;
  Inputs inputs;
  Function f;
};
struct Refusal {
  std::string what, needle;
  void (*call)();
};

// Small samples keep their numbers apart as well: what picks by size has kinks where two are equal.
constexpr int64_t kSmall = 64;
constexpr double kApart = 0.005;

Tensor away_from(const OpInfo& info, rondo::IntArrayRef sizes, double low, double high) {
  Tensor x = rondo::empty(sizes, rondo::kDouble);
  auto* p = x.data_ptr<double>();
  const Tensor draws = rondo::rand({x.numel() * 64 + 64}, rondo::kDouble);
  const auto* next = draws.data_ptr<double>();
  // Less where the range has no room for so much.
  const double apart = std::min(kApart, (high - low) / (8.0 * static_cast<double>(std::max<int64_t>(1, x.numel()))));
  for (int64_t i = 0; i < x.numel(); ++i) {
    bool good = false;
    for (int tries = 0; tries < 64 && !good; ++tries) {
      p[i] = low + (high - low) * *next++;
      good = true;
      for (double kink : info.kinks) good = good && !(std::abs(p[i] - kink) < 0.05);
      for (int64_t j = 0; j < i && i < kSmall; ++j) good = good && std::abs(p[i] - p[j]) >= apart;
    }
    BOOST_TEST_REQUIRE(good, fmt::format("{}: no number found that is away from kinks and from the others", info.name));
  }
  return x;
}

// Gathers the samples of one operation.
struct Collector final : rondo::ops::Samples {
  explicit Collector(const OpInfo& op) : info(op) {}
  Tensor real(rondo::IntArrayRef sizes, double low, double high) override { return away_from(info, sizes, low, high); }
  Tensor index(rondo::IntArrayRef sizes, int64_t high) override { return rondo::randint(high, sizes, rondo::kLong); }
  Tensor boolean(rondo::IntArrayRef sizes) override { return rondo::rand(sizes) < 0.5; }
  void add(const char* what, Inputs inputs, Function f) override { rows.push_back({what, std::move(inputs), f}); }
  void error(const char* what, const char* needle, void (*call)()) override {
    refusals.push_back({what, needle, call});
  }

  const OpInfo& info;
  std::vector<Row> rows;
  std::vector<Refusal> refusals;
};

// Pointwise operations need no samples of their own.
void pointwise_rows(const OpInfo& info, Collector& to) {
  const std::vector<std::vector<int64_t>> shapes[] = {{{2, 3}, {2, 3}, {2, 3}}, {{2, 3}, {3}, {2, 1}},
                                                      {{2, 1}, {1, 3}, {}},     {{}, {}, {}},
                                                      {{0, 3}, {3}, {0, 1}},    {{37}, {37}, {37}}};
  const char* names[] = {"one shape",        "broadcast", "both broadcast",
                         "zero-dimensional", "empty",     "more than a register"};
  for (size_t s = 0; s < std::size(shapes); ++s) {
    Inputs inputs;
    for (int i = 0; i < info.arity; ++i) {
      inputs.push_back(away_from(info, shapes[s][static_cast<size_t>(i)], info.low, info.high));
    }
    to.add(names[s], std::move(inputs), info.call);
  }
}

int checks = 0, samples = 0;

void expect(const OpInfo& info, const Row& row, const char* check, const Finding& finding) {
  ++checks;
  BOOST_TEST(finding.empty(), fmt::format("{} [{}], {}: {}", info.name, row.what, check, finding));
}

void check_row(const OpInfo& info, const Row& row) {
  ++samples;
  try {
    if (info.differentiable) {
      expect(info, row, "first order", gradcheck::first_order(row.f, row.inputs));
      expect(info, row, "second order", gradcheck::second_order(row.f, row.inputs));
    }
    expect(info, row, "float32", gradcheck::against_float32(row.f, row.inputs));
    if (info.any_layout) expect(info, row, "strided", gradcheck::strided_inputs(row.f, row.inputs));
  } catch (const std::exception& error) {
    BOOST_ERROR(fmt::format("{} [{}] threw: {}", info.name, row.what, error.what()));
  }
}

// A number's result must not depend on its place, and NaN and infinity must come out alike in both types.
void check_special_values(const OpInfo& info) {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> values{0.0,   -0.0,   1.0,     -1.0,  inf,    -inf, nan,  0.5,   -0.5, 10.0,
                                   -10.0, 1000.0, -1000.0, 1e-30, -1e-30, 3.0,  88.0, -88.0, 1e5,  -1e5};
  const auto n = static_cast<int64_t>(values.size());
  Tensor x = rondo::empty({n * n}, rondo::kDouble), y = rondo::empty({n * n}, rondo::kDouble);
  for (int64_t i = 0; i < n * n; ++i) {
    x.data_ptr<double>()[i] = values[static_cast<size_t>(i % n)];
    y.data_ptr<double>()[i] = values[static_cast<size_t>(i / n)];
  }
  const auto arguments = [&](rondo::ScalarType type, int64_t at, int64_t count) {
    Inputs in;
    const Tensor columns[] = {x, y, x};
    for (int i = 0; i < info.arity; ++i) in.push_back(columns[i].narrow(0, at, count).to(type));
    return in;
  };
  const Tensor wide = info.call(arguments(rondo::kDouble, 0, n * n)).to(rondo::kDouble);
  const Tensor single = info.call(arguments(rondo::kFloat, 0, n * n)).to(rondo::kDouble);
  const auto *p = wide.data_ptr<double>(), *q = single.data_ptr<double>();
  const double largest = std::numeric_limits<float>::max();
  for (int64_t i = 0; i < n * n; ++i) {
    ++checks;
    const Tensor alone = info.call(arguments(rondo::kDouble, i, 1)).to(rondo::kDouble);
    const double lone = alone.item<double>();
    BOOST_TEST((lone == p[i] || (std::isnan(lone) && std::isnan(p[i]))),
               fmt::format("{} at ({}, {}): {} alone, {} among others", info.name, x.data_ptr<double>()[i],
                           y.data_ptr<double>()[i], lone, p[i]));
    // What float32 does not hold is infinite there, or nearly 0.
    const bool same = std::isnan(p[i]) ? std::isnan(q[i])
                      : std::abs(p[i]) > largest
                          ? std::abs(q[i]) >= largest && (q[i] > 0) == (p[i] > 0)
                          : p[i] == q[i] || std::abs(p[i] - q[i]) <= 2e-5 * std::max(std::abs(p[i]), 1e-3);
    BOOST_TEST(same, fmt::format("{} at ({}, {}): {} in float64, {} in float32", info.name, x.data_ptr<double>()[i],
                                 y.data_ptr<double>()[i], p[i], q[i]));
  }
}

void check_refusal(const OpInfo& info, const Refusal& refusal) {
  ++checks;
  try {
    refusal.call();
    BOOST_ERROR(fmt::format("{}: {} was accepted", info.name, refusal.what));
  } catch (const rondo::Error& error) {
    BOOST_TEST(std::string(error.what()).find(refusal.needle) != std::string::npos,
               fmt::format("{}: {}: the message \"{}\" does not hold \"{}\"", info.name, refusal.what, error.what(),
                           refusal.needle));
  }
}

bool named(const OpInfo& info, const char* name) { return std::string(info.name) == name; }

}  // namespace

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(every_operation_passes_the_checks_of_its_block) {
  rondo::manual_seed(7);
  checks = samples = 0;
  int operations = 0;
  for (const OpInfo* info : rondo::ops::all_operations()) {
    ++operations;
    BOOST_TEST_CONTEXT(info->name) {
      Collector collected(*info);
      if (info->samples) info->samples(collected);
      if (info->call) pointwise_rows(*info, collected);
      BOOST_TEST((info->samples || info->call), fmt::format("{} has neither samples nor a call", info->name));
      for (const Row& row : collected.rows) check_row(*info, row);
      for (const Refusal& refusal : collected.refusals) check_refusal(*info, refusal);
      // Quotients whose last digits decide the result are no test of float32 against float64.
      const bool jumps = named(*info, "remainder") || named(*info, "fmod") || named(*info, "floor_divide");
      // Arguments beyond float32's reach in the tangent's poles, and cancellation in large angles.
      const bool turns = named(*info, "sin") || named(*info, "cos") || named(*info, "tan");
      if (info->call && !jumps && !turns) check_special_values(*info);
    }
  }
  std::printf("%d operations, %d samples, %d checks\n", operations, samples, checks);
  BOOST_TEST(operations > 60);
}

BOOST_AUTO_TEST_SUITE_END()

// Planted mistakes: each check must find the fault that it is there for.
namespace {

struct WrongSquare final : rondo::graph::Node {
  std::string name() const override { return "WrongSquare"; }
  void backward(rondo::graph::Backward& step) override { step[0] = step.gy() * saved.get(*this) * factor; }
  rondo::graph::Saved saved;
  double factor = 2;
};

Tensor square_with_slope(const Tensor& x, double factor) {
  Tensor y = x.detach() * x.detach();
  if (auto* node = rondo::graph::record<WrongSquare>(y, x)) {
    node->saved.save_input(x);
    node->factor = factor;
  }
  return y;
}

// Right at first order, but the recorded gradient forgets its own dependence on x.
struct FlatGradient final : rondo::graph::Node {
  std::string name() const override { return "FlatGradient"; }
  void backward(rondo::graph::Backward& step) override { step[0] = step.gy() * saved.get(*this).detach() * 2.0; }
  rondo::graph::Saved saved;
};

// Different formulas with and without create_graph.
struct TwoFormulas final : rondo::graph::Node {
  std::string name() const override { return "TwoFormulas"; }
  void backward(rondo::graph::Backward& step) override {
    step[0] = step.gy() * saved.get(*this) * (step.create_graph() ? 2.0 : 2.0001);
  }
  rondo::graph::Saved saved;
};

// A sum over the broadcast dimension that is forgotten: the gradient of one column alone.
struct ForgetsBroadcast final : rondo::graph::Node {
  std::string name() const override { return "ForgetsBroadcast"; }
  void backward(rondo::graph::Backward& step) override { step[0] = step.gy().narrow(1, 0, 1); }
};

// Keeps only the last of two contributions.
struct ForgetsReuse final : rondo::graph::Node {
  std::string name() const override { return "ForgetsReuse"; }
  void backward(rondo::graph::Backward& step) override { step[0] = step.gy(); }
};

Inputs some(rondo::IntArrayRef sizes) { return {rondo::rand(sizes, rondo::kDouble) + 0.5}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(planted_mistakes)

BOOST_AUTO_TEST_CASE(a_right_rule_passes) {
  const Function f = [](const Inputs& in) { return square_with_slope(in[0], 2.0); };
  BOOST_TEST(gradcheck::first_order(f, some({2, 3})).empty());
  BOOST_TEST(gradcheck::second_order(f, some({2, 3})).empty());
}

BOOST_AUTO_TEST_CASE(a_factor_of_2_001_is_found) {
  const Function f = [](const Inputs& in) { return square_with_slope(in[0], 2.001); };
  const Finding finding = gradcheck::first_order(f, some({2, 3}));
  BOOST_TEST(finding.find("first derivative") != std::string::npos, finding);
}

BOOST_AUTO_TEST_CASE(a_wrong_sign_is_found) {
  const Function f = [](const Inputs& in) { return square_with_slope(in[0], -2.0); };
  BOOST_TEST(!gradcheck::first_order(f, some({2, 3})).empty());
}

BOOST_AUTO_TEST_CASE(a_gradient_that_is_not_differentiable_is_found_at_second_order) {
  const Function f = [](const Inputs& in) {
    Tensor y = in[0].detach() * in[0].detach();
    if (auto* node = rondo::graph::record<FlatGradient>(y, in[0])) node->saved.save_input(in[0]);
    return y;
  };
  BOOST_TEST(gradcheck::first_order(f, some({2, 3})).empty());
  BOOST_TEST(!gradcheck::second_order(f, some({2, 3})).empty());
}

BOOST_AUTO_TEST_CASE(a_fused_kernel_that_differs_from_the_formula_is_found) {
  const Function f = [](const Inputs& in) {
    Tensor y = in[0].detach() * in[0].detach();
    if (auto* node = rondo::graph::record<TwoFormulas>(y, in[0])) node->saved.save_input(in[0]);
    return y;
  };
  BOOST_TEST(gradcheck::first_order(f, some({2, 3})).find("create_graph") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_forgotten_broadcast_is_found) {
  const Function f = [](const Inputs& in) {
    Tensor y = in[0].detach().expand({2, 3}).clone();
    rondo::graph::record<ForgetsBroadcast>(y, in[0]);
    return y;
  };
  BOOST_TEST(!gradcheck::first_order(f, some({2, 1})).empty());
}

BOOST_AUTO_TEST_CASE(a_forgotten_reuse_is_found) {
  const Function f = [](const Inputs& in) {
    Tensor y = in[0].detach() + in[0].detach();
    rondo::graph::record<ForgetsReuse>(y, in[0]);
    return y;
  };
  BOOST_TEST(!gradcheck::first_order(f, some({2, 3})).empty());
}

BOOST_AUTO_TEST_CASE(a_float32_result_that_lost_digits_is_found) {
  const Function f = [](const Inputs& in) {
    return in[0].dtype() == rondo::kFloat ? (in[0] + 1e5) - 1e5 : in[0] * 1.0;
  };
  BOOST_TEST(!gradcheck::against_float32(f, some({2, 3})).empty());
}

BOOST_AUTO_TEST_CASE(a_kernel_that_ignores_strides_is_found) {
  const Function f = [](const Inputs& in) {
    Tensor y = rondo::empty(in[0].sizes(), in[0].dtype());
    for (int64_t i = 0; i < y.numel(); ++i) y.data_ptr<double>()[i] = in[0].data_ptr<double>()[i];
    return y;
  };
  BOOST_TEST(!gradcheck::strided_inputs(f, some({2, 3})).empty());
}

BOOST_AUTO_TEST_SUITE_END()
