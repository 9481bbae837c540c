#include <rondo/autograd/kernels/step.h>
#include <rondo/autograd/kernels/update.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "arrays.h"

using namespace rondo_test;
namespace kernels = rondo::kernels;

namespace {

// The state of one weight in double, and a rule's formula for it as the header states it.
struct Scalar {
  double w, g, m, v, extra;
};
using Formula = std::function<void(Scalar&)>;
// The kernel on arrays w, g, m, v, extra of one type.
using Kernel = std::function<void(int64_t n, Array& w, const Array& g, Array& m, Array& v, Array& extra)>;

// The largest error of three steps over many lengths, relative to 1 + |expected|, all arrays that are written included;
// infinite where something behind the span was touched.
double error_of(rondo::ScalarType type, const Kernel& kernel, const Formula& formula) {
  double worst = 0;
  for (const int64_t n : {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 63, 100, 33001}) {
    Array w = random_numbers(type, n + 3, 1), g = random_numbers(type, n + 3, 2), m = random_numbers(type, n + 3, 3);
    Array v = random_numbers(type, n + 3, 4), extra = random_numbers(type, n + 3, 5);
    for (int64_t i = 0; i < n + 3; ++i) {  // squares lie above those of a mean
      v.set(i, std::abs(v[i]) + 2 * extra[i] * extra[i]);
    }
    const Array before[] = {w, m, v, extra};
    kernel(n, w, g, m, v, extra);
    const Array* after[] = {&w, &m, &v, &extra};
    for (int64_t i = 0; i < n + 3; ++i) {
      Scalar s{before[0][i], g[i], before[1][i], before[2][i], before[3][i]};
      if (i < n) formula(s);
      const double expected[] = {s.w, s.m, s.v, s.extra};
      for (int k = 0; k < 4; ++k) {
        const double error = std::abs((*after[k])[i] - expected[k]) / (1 + std::abs(expected[k]));
        worst = std::max(worst, i < n || error == 0 ? error : std::numeric_limits<double>::infinity());
      }
    }
  }
  return worst;
}

void check(const Kernel& kernel, const Formula& formula) {
  BOOST_TEST(error_of(rondo::kFloat, kernel, formula) < 3e-6);
  BOOST_TEST(error_of(rondo::kDouble, kernel, formula) < 1e-14);
}

template <class Rule>
void one_step(rondo::ScalarType type, int64_t n, void* w, const void* g, std::initializer_list<void*> state,
              const Rule& rule) {
  kernels::Update<Rule> update{type, n, w, g, {}, rule};
  std::copy(state.begin(), state.end(), update.state);
  kernels::step(&update, 1);
}

// Runs a rule on one float64 weight with w0 = 1 and g_t = 2 w + sin(t).
struct Descent {
  double w = 1, g = 0, m = 0, v = 0, extra = 0;

  template <class Step>
  void run(const std::vector<std::pair<int, double>>& golden, const Step& step) {
    int t = 0;
    for (const auto& [steps, expected] : golden) {
      while (t < steps) {
        ++t;
        g = 2 * w + std::sin(static_cast<double>(t));
        step(t);
      }
      BOOST_TEST(std::abs(w - expected) < 1e-12);
    }
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(update_kernels)

BOOST_AUTO_TEST_CASE(sgd_in_all_its_forms) {
  for (const double weight_decay : {0.0, 0.1}) {
    for (const bool maximize : {false, true}) {
      for (const bool first : {false, true}) {
        for (const int form : {0, 1, 2}) {  // plain, momentum, Nesterov
          const kernels::SgdRule rule{0.01, 0.9, form == 1 ? 0.3 : 0.0, weight_decay, form == 2, first, maximize};
          check([&](int64_t n, Array& w, const Array& g, Array& m, Array&,
                    Array&) { one_step(w.type, n, w.data(), g.data(), {form == 0 ? nullptr : m.data()}, rule); },
                [&](Scalar& s) {
                  double d = (maximize ? -s.g : s.g) + weight_decay * s.w;
                  if (form != 0) {
                    s.m = first ? d : 0.9 * s.m + (1 - rule.dampening) * d;
                    d = form == 2 ? d + 0.9 * s.m : s.m;
                  }
                  s.w -= 0.01 * d;
                });
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(adam_in_all_its_forms) {
  for (const double weight_decay : {0.0, 0.1}) {
    for (const bool maximize : {false, true}) {
      for (const bool decoupled : {false, true}) {
        for (const bool amsgrad : {false, true}) {
          for (const int64_t step : {1, 7, 1000}) {
            const double correction1 = 1 - std::pow(0.9, step), correction2 = 1 - std::pow(0.99, step);
            const kernels::AdamRule rule{0.01,        0.9,         0.99,      1e-8,    weight_decay,
                                         correction1, correction2, decoupled, maximize};
            check(
                [&](int64_t n, Array& w, const Array& g, Array& m, Array& v, Array& extra) {
                  one_step(w.type, n, w.data(), g.data(), {m.data(), v.data(), amsgrad ? extra.data() : nullptr}, rule);
                },
                [&](Scalar& s) {
                  double g = maximize ? -s.g : s.g;
                  if (decoupled) {
                    s.w *= 1 - 0.01 * weight_decay;
                  } else {
                    g += weight_decay * s.w;
                  }
                  s.m = 0.9 * s.m + (1 - 0.9) * g;
                  s.v = 0.99 * s.v + (1 - 0.99) * g * g;
                  if (amsgrad) s.extra = std::max(s.extra, s.v);
                  const double root = std::sqrt(amsgrad ? s.extra : s.v) / std::sqrt(correction2) + 1e-8;
                  s.w -= 0.01 / correction1 * s.m / root;
                });
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(keras_forms) {
  for (const double decay : {0.0, 0.1}) {
    for (const int form : {0, 1, 2}) {
      const kernels::KerasSgdRule rule{0.01, 0.9, decay, form == 2};
      check([&](int64_t n, Array& w, const Array& g, Array& m, Array&,
                Array&) { kernels::keras_sgd(w.type, n, w.data(), g.data(), form == 0 ? nullptr : m.data(), rule); },
            [&](Scalar& s) {
              s.w -= s.w * decay * 0.01;
              if (form == 0) {
                s.w -= 0.01 * s.g;
                return;
              }
              s.m = 0.9 * s.m - 0.01 * s.g;
              s.w += form == 2 ? 0.9 * s.m - 0.01 * s.g : s.m;
            });
    }
    for (const bool amsgrad : {false, true}) {
      const kernels::KerasAdamRule rule{0.01, 0.9, 0.99, 1e-7, decay, 5};
      check(
          [&](int64_t n, Array& w, const Array& g, Array& m, Array& v, Array& extra) {
            kernels::keras_adam(w.type, n, w.data(), g.data(), m.data(), v.data(), amsgrad ? extra.data() : nullptr,
                                rule);
          },
          [&](Scalar& s) {
            const double alpha = 0.01 * std::sqrt(1 - std::pow(0.99, 5)) / (1 - std::pow(0.9, 5));
            s.w -= s.w * decay * 0.01;
            s.m += (s.g - s.m) * (1 - 0.9);
            s.v += (s.g * s.g - s.v) * (1 - 0.99);
            if (amsgrad) s.extra = std::max(s.extra, s.v);
            s.w -= alpha * s.m / (std::sqrt(amsgrad ? s.extra : s.v) + 1e-7);
          });
    }
    for (const bool momentum : {false, true}) {
      for (const bool centered : {false, true}) {
        const kernels::KerasRmspropRule rule{0.01, 0.9, 0.8, 1e-7, decay};
        check(
            [&](int64_t n, Array& w, const Array& g, Array& m, Array& v, Array& extra) {
              kernels::keras_rmsprop(w.type, n, w.data(), g.data(), v.data(), centered ? extra.data() : nullptr,
                                     momentum ? m.data() : nullptr, rule);
            },
            [&](Scalar& s) {
              s.w -= s.w * decay * 0.01;
              s.v = 0.9 * s.v + (1 - 0.9) * s.g * s.g;
              double d = s.v + 1e-7;
              if (centered) {
                s.extra = 0.9 * s.extra + (1 - 0.9) * s.g;
                d -= s.extra * s.extra;
              }
              double change = 0.01 * s.g / std::sqrt(d);
              if (momentum) change = s.m = 0.8 * s.m + change;
              s.w -= change;
            });
      }
    }
  }
}

// Values of Keras 3's own update_step, run in float64.
BOOST_AUTO_TEST_CASE(keras_values) {
  using Golden = std::vector<std::pair<int, double>>;
  Descent d;
  d.run(
      Golden{
          {1, 0.971585290152}, {2, 0.943060610081}, {3, 0.922788197798}, {10, 0.804761377109}, {100, 0.141938175194}},
      [&](int) {
        kernels::keras_sgd(rondo::kDouble, 1, &d.w, &d.g, nullptr, {0.01, 0, 0, false});
      });
  d = {};
  d.run(
      Golden{
          {1, 0.971585290152}, {2, 0.917487371217}, {3, 0.849038296671}, {10, 0.254888104921}, {100, 0.010173683572}},
      [&](int) {
        kernels::keras_sgd(rondo::kDouble, 1, &d.w, &d.g, &d.m, {0.01, 0.9, 0, false});
      });
  d = {};
  d.run(
      Golden{
          {1, 0.946012051289}, {2, 0.869771027253}, {3, 0.790633420197}, {10, 0.211612222717}, {100, 0.018306934224}},
      [&](int) {
        kernels::keras_sgd(rondo::kDouble, 1, &d.w, &d.g, &d.m, {0.01, 0.9, 0, true});
      });
  d = {};
  d.run(
      Golden{
          {1, 0.996837722536}, {2, 0.994520441405}, {3, 0.992961129114}, {10, 0.984495598224}, {100, 0.900561343486}},
      [&](int) {
        kernels::keras_rmsprop(rondo::kDouble, 1, &d.w, &d.g, &d.v, nullptr, nullptr, {0.001, 0.9, 0, 1e-7, 0});
      });
  d = {};
  d.run(
      Golden{
          {1, 0.996666666896}, {2, 0.991092084913}, {3, 0.984259491968}, {10, 0.916276622722}, {100, 0.036252257900}},
      [&](int) {
        kernels::keras_rmsprop(rondo::kDouble, 1, &d.w, &d.g, &d.v, &d.extra, &d.m, {0.001, 0.9, 0.9, 1e-7, 0});
      });
  const Golden adam = {
      {1, 0.999000001113}, {2, 0.997999470553}, {3, 0.997017573817}, {10, 0.990543898079}, {100, 0.908288458527}};
  for (const bool amsgrad : {false, true}) {
    d = {};
    d.run(adam, [&](int t) {
      kernels::keras_adam(rondo::kDouble, 1, &d.w, &d.g, &d.m, &d.v, amsgrad ? &d.extra : nullptr,
                          {0.001, 0.9, 0.999, 1e-7, 0, t});
    });
  }
  d = {};
  d.run(
      Golden{
          {1, 0.998996001113}, {2, 0.997991474625}, {3, 0.997005586475}, {10, 0.990504097266}, {100, 0.907914514344}},
      [&](int t) {
        kernels::keras_adam(rondo::kDouble, 1, &d.w, &d.g, &d.m, &d.v, nullptr, {0.001, 0.9, 0.999, 1e-7, 0.004, t});
      });
}

BOOST_AUTO_TEST_CASE(amsgrad_remembers_the_largest_square) {
  double w = 1, m = 0, v = 0, largest = 0;
  for (int64_t t = 1; t <= 3; ++t) {
    const double g = t == 1 ? 10 : 0.1;
    kernels::keras_adam(rondo::kDouble, 1, &w, &g, &m, &v, &largest, {0.001, 0.9, 0.5, 1e-7, 0, t});
  }
  BOOST_TEST(largest == 50.0);
  BOOST_TEST(v < 20.0);
}

BOOST_AUTO_TEST_CASE(weights_without_decay_may_be_infinite) {
  float w = std::numeric_limits<float>::infinity(), g = 1, m = 0, v = 0;
  one_step(rondo::kFloat, 1, &w, &g, {}, kernels::SgdRule{0.1, 0, 0, 0, false, false, false});
  one_step(rondo::kFloat, 1, &w, &g, {&m, &v}, kernels::AdamRule{0.1, 0.9, 0.99, 1e-8, 0, 0.1, 0.01, false, false});
  BOOST_TEST(w == std::numeric_limits<float>::infinity());
}

// A number's bits depend neither on its place in the span nor on the threads.
BOOST_AUTO_TEST_CASE(places_and_threads) {
  const int64_t n = 100003;
  for (const auto type : kLaneTypes) {
    const kernels::AdamRule rule{0.01, 0.9, 0.99, 1e-8, 0.1, 0.271, 0.029701, true, false};
    const Array g = random_numbers(type, n, 2), start = random_numbers(type, n, 1);
    std::vector<Array> results;
    for (const int threads : {1, 2}) {
      with_threads(threads, [&] {
        Array w = start, m(type, n), v(type, n);
        one_step(type, n, w.data(), g.data(), {m.data(), v.data()}, rule);
        results.push_back(w);
      });
    }
    BOOST_TEST((results[0] == results[1]));
    Array w = start, m(type, n), v(type, n);
    const auto width = static_cast<int64_t>(rondo::element_size(type));
    const auto at = [&](Array& a, int64_t i) { return a.bytes.data() + i * width; };
    for (int64_t i = 0, piece = 1; i < n; i += piece, piece = piece % 37 + 1) {
      one_step(type, std::min(piece, n - i), at(w, i), g.bytes.data() + i * width, {at(m, i), at(v, i)}, rule);
    }
    BOOST_TEST((results[0] == w));
  }
}

BOOST_AUTO_TEST_SUITE_END()
