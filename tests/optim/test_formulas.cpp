// Optimizers that libtorch's C++ side lacks, against plain loops over doubles as their papers and PyTorch state them.
#include <rondo/optim.h>
#include <rondo/tests/support/values.h>

#include <cmath>
#include <functional>

namespace optim = rondo::optim;
using rondo::Tensor;

namespace {

using Numbers = std::vector<double>;

// One parameter of the reference with whatever its rule remembers; the arrays begin with zeros.
struct Parameter {
  size_t rows, columns;
  Numbers w, a, b;
  double s = 0;

  Parameter(size_t r, size_t c) : rows(r), columns(c), w(r * c), a(r * c), b(r * c) {
    for (size_t i = 0; i < w.size(); ++i) w[i] = std::cos(1.3 * static_cast<double>(i) + 0.2) * 1.5;
  }
};
using Rule = std::function<void(Parameter&, const Numbers& g, int t)>;

double slope(double w, size_t i, int t) { return 0.5 * w + std::sin(t + 0.7 * static_cast<double>(i)); }

double norm(const Numbers& x) {
  double sum = 0;
  for (double each : x) sum += each * each;
  return std::sqrt(sum);
}

Tensor made(const Numbers& numbers, size_t rows, size_t columns, rondo::ScalarType type, bool gaps) {
  Tensor all = rondo::tensor(numbers, rondo::kDouble).to(type);
  all = columns == 1 ? all : all.reshape({static_cast<int64_t>(rows), static_cast<int64_t>(columns)});
  return gaps ? rondo::stack({all, all}, -1).select(-1, 1) : all;
}

// 50 steps of a matrix and, unless `matrices`, a vector; with and without gaps, in both types.
template <class Optimizer, class Options>
void check(const Options& options, const Rule& rule, bool matrices = false) {
  for (const bool gaps : {false, true}) {
    for (const auto type : {rondo::kDouble, rondo::kFloat}) {
      std::vector<Parameter> reference{{5, 7}, matrices ? Parameter{7, 3} : Parameter{37, 1}};
      std::vector<Tensor> tensors;
      for (const Parameter& each : reference) {
        tensors.push_back(made(each.w, each.rows, each.columns, type, gaps).requires_grad_());
      }
      Optimizer optimizer(tensors, options);
      for (int t = 1; t <= 50; ++t) {
        for (size_t p = 0; p < tensors.size(); ++p) {
          Parameter& each = reference[p];
          const Tensor now = tensors[p].detach().to(rondo::kDouble).contiguous();
          Numbers g(each.w.size()), given(each.w.size());
          for (size_t i = 0; i < g.size(); ++i) {
            g[i] = slope(each.w[i], i, t);
            given[i] = slope(now.data_ptr<double>()[i], i, t);
          }
          tensors[p].mutable_grad() = made(given, each.rows, each.columns, type, gaps && t % 2 == 0);
          if (options.maximize()) {
            for (double& value : g) value = -value;
          }
          rule(each, g, t);
        }
        optimizer.step();
      }
      BOOST_TEST_CONTEXT((gaps ? "gaps" : "whole") << ", " << rondo::dtype_name(type)) {
        for (size_t p = 0; p < tensors.size(); ++p) {
          support::check_values(tensors[p].detach().reshape({-1}), reference[p].w,
                                type == rondo::kDouble ? 1e-11 : 2e-4);
        }
      }
    }
  }
}

void add_decay(Parameter& p, Numbers& g, double decay, bool decoupled, double lr) {
  for (size_t i = 0; i < g.size(); ++i) decoupled ? p.w[i] *= 1 - lr * decay : g[i] += decay * p.w[i];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(formulas)

BOOST_AUTO_TEST_CASE(adamax) {
  for (const double decay : {0.0, 0.1}) {
    check<optim::Adamax>(optim::AdamaxOptions(0.05).betas({0.8, 0.95}).weight_decay(decay).maximize(decay > 0),
                         [&](Parameter& p, Numbers g, int t) {
                           add_decay(p, g, decay, false, 0.05);
                           for (size_t i = 0; i < g.size(); ++i) {
                             p.a[i] = 0.8 * p.a[i] + 0.2 * g[i];
                             p.b[i] = std::max(0.95 * p.b[i], std::abs(g[i]) + 1e-8);
                             p.w[i] -= 0.05 / (1 - std::pow(0.8, t)) * p.a[i] / p.b[i];
                           }
                         });
  }
}

BOOST_AUTO_TEST_CASE(nadam) {
  for (const bool decoupled : {false, true}) {
    check<optim::NAdam>(
        optim::NAdamOptions(0.03).weight_decay(0.1).decoupled_weight_decay(decoupled).maximize(decoupled),
        [&](Parameter& p, Numbers g, int t) {
          add_decay(p, g, 0.1, decoupled, 0.03);
          const auto mu = [](int k) { return 0.9 * (1 - 0.5 * std::pow(0.96, k * 0.004)); };
          p.s = (t == 1 ? 1 : p.s) * mu(t);
          for (size_t i = 0; i < g.size(); ++i) {
            p.a[i] = 0.9 * p.a[i] + 0.1 * g[i];
            p.b[i] = 0.999 * p.b[i] + 0.001 * g[i] * g[i];
            const double root = std::sqrt(p.b[i] / (1 - std::pow(0.999, t))) + 1e-8;
            p.w[i] -= 0.03 * (1 - mu(t)) / (1 - p.s) * g[i] / root;
            p.w[i] -= 0.03 * mu(t + 1) / (1 - p.s * mu(t + 1)) * p.a[i] / root;
          }
        });
  }
}

BOOST_AUTO_TEST_CASE(radam) {
  for (const bool decoupled : {false, true}) {
    check<optim::RAdam>(
        optim::RAdamOptions(0.02).betas({0.9, 0.98}).weight_decay(0.05).decoupled_weight_decay(decoupled),
        [&](Parameter& p, Numbers g, int t) {
          add_decay(p, g, 0.05, decoupled, 0.02);
          const double longest = 2 / (1 - 0.98) - 1, power = std::pow(0.98, t);
          const double length = longest - 2 * t * power / (1 - power);
          for (size_t i = 0; i < g.size(); ++i) {
            p.a[i] = 0.9 * p.a[i] + 0.1 * g[i];
            p.b[i] = 0.98 * p.b[i] + 0.02 * g[i] * g[i];
            double change = p.a[i] / (1 - std::pow(0.9, t));
            if (length > 5) {
              change *= std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
              change *= std::sqrt(1 - power) / (std::sqrt(p.b[i]) + 1e-8);
            }
            p.w[i] -= 0.02 * change;
          }
        });
  }
}

BOOST_AUTO_TEST_CASE(adadelta) {
  check<optim::Adadelta>(optim::AdadeltaOptions(0.9).rho(0.8).eps(1e-4).weight_decay(0.02),
                         [](Parameter& p, Numbers g, int) {
                           add_decay(p, g, 0.02, false, 0);
                           for (size_t i = 0; i < g.size(); ++i) {
                             p.a[i] = 0.8 * p.a[i] + 0.2 * g[i] * g[i];
                             const double d = std::sqrt(p.b[i] + 1e-4) / std::sqrt(p.a[i] + 1e-4) * g[i];
                             p.b[i] = 0.8 * p.b[i] + 0.2 * d * d;
                             p.w[i] -= 0.9 * d;
                           }
                         });
}

BOOST_AUTO_TEST_CASE(asgd) {
  const auto options = optim::ASGDOptions(0.05).lambd(0.01).t0(20).weight_decay(0.1);
  std::vector<Numbers> averages;
  check<optim::ASGD>(options, [&](Parameter& p, Numbers g, int t) {
    add_decay(p, g, 0.1, false, 0);
    const double eta = t == 1 ? 0.05 : 0.05 / std::pow(1 + 0.01 * 0.05 * (t - 1), 0.75);
    const double mu = 1 / std::max(1.0, t - 1 - 20.0);
    for (size_t i = 0; i < g.size(); ++i) {
      p.w[i] = p.w[i] * (1 - 0.01 * eta) - eta * g[i];
      p.a[i] += mu * (p.w[i] - p.a[i]);
    }
    if (t == 50) averages.push_back(p.a);
  });
  const Tensor w = made(Parameter(5, 7).w, 5, 7, rondo::kDouble, false).requires_grad_();
  optim::ASGD averaging({w}, options);
  for (int t = 1; t <= 50; ++t) {
    Numbers g(35);
    for (size_t i = 0; i < g.size(); ++i) g[i] = slope(w.data_ptr<double>()[i], i, t);
    w.mutable_grad() = made(g, 5, 7, rondo::kDouble, false);
    averaging.step();
  }
  const auto& state = static_cast<optim::ASGDParamState&>(*averaging.state().at(w.unsafeGetTensorImpl()));
  support::check_values(state.ax().reshape({-1}), averages.at(0), 1e-12);
}

BOOST_AUTO_TEST_CASE(rprop) {
  check<optim::Rprop>(optim::RpropOptions(0.05).etas({0.4, 1.3}).step_sizes({0.01, 0.2}).weight_decay(0.03),
                      [](Parameter& p, Numbers g, int t) {
                        add_decay(p, g, 0.03, false, 0);
                        for (size_t i = 0; i < g.size(); ++i) {
                          if (t == 1) p.b[i] = 0.05;
                          const double agreement = g[i] * p.a[i];
                          const double factor = agreement > 0 ? 1.3 : agreement < 0 ? 0.4 : 1;
                          p.b[i] = std::min(0.2, std::max(0.01, p.b[i] * factor));
                          if (agreement < 0) g[i] = 0;
                          p.w[i] -= p.b[i] * (g[i] > 0 ? 1 : g[i] < 0 ? -1 : 0);
                          p.a[i] = g[i];
                        }
                      });
}

BOOST_AUTO_TEST_CASE(lion) {
  check<optim::Lion>(optim::LionOptions(0.02).weight_decay(0.5).betas({0.7, 0.9}), [](Parameter& p, Numbers g, int) {
    for (size_t i = 0; i < g.size(); ++i) {
      const double mixed = 0.7 * p.a[i] + 0.3 * g[i];
      p.w[i] -= 0.02 * (0.5 * p.w[i] + (mixed > 0 ? 1 : mixed < 0 ? -1 : 0));
      p.a[i] = 0.9 * p.a[i] + 0.1 * g[i];
    }
  });
}

BOOST_AUTO_TEST_CASE(lamb) {
  for (const double decay : {0.0, 0.1}) {
    check<optim::LAMB>(optim::LAMBOptions(0.02).weight_decay(decay).maximize(decay == 0),
                       [&](Parameter& p, Numbers g, int t) {
                         Numbers r(g.size());
                         for (size_t i = 0; i < g.size(); ++i) {
                           p.a[i] = 0.9 * p.a[i] + 0.1 * g[i];
                           p.b[i] = 0.999 * p.b[i] + 0.001 * g[i] * g[i];
                           const double mean = p.a[i] / (1 - std::pow(0.9, t));
                           r[i] = mean / (std::sqrt(p.b[i] / (1 - std::pow(0.999, t))) + 1e-6) + decay * p.w[i];
                         }
                         const double trust = norm(p.w) > 0 && norm(r) > 0 ? norm(p.w) / norm(r) : 1;
                         for (size_t i = 0; i < g.size(); ++i) p.w[i] -= 0.02 * trust * r[i];
                       });
  }
}

BOOST_AUTO_TEST_CASE(adafactor) {
  for (const double decay : {0.0, 0.1}) {
    check<optim::Adafactor>(optim::AdafactorOptions(0.3).eps1(1e-5).d(1.1).weight_decay(decay).maximize(decay == 0),
                            [&](Parameter& p, Numbers g, int t) {
                              const double fresh = std::pow(t, -0.8), n = static_cast<double>(g.size());
                              const double rate =
                                  std::max(1e-3, norm(p.w) / std::sqrt(n)) * std::min(0.3, 1 / std::sqrt(t));
                              for (double& w : p.w) w *= 1 - 0.3 * decay;
                              Numbers v(g.size());
                              if (p.columns == 1) {
                                for (size_t i = 0; i < g.size(); ++i) v[i] = p.a[i] += fresh * (g[i] * g[i] - p.a[i]);
                              } else {
                                double mean = 0;
                                for (size_t r = 0; r < p.rows; ++r) {
                                  double square = 0;
                                  for (size_t c = 0; c < p.columns; ++c) square += std::pow(g[r * p.columns + c], 2);
                                  p.a[r] += fresh * (square / static_cast<double>(p.columns) - p.a[r]);
                                  mean += p.a[r] / static_cast<double>(p.rows);
                                }
                                for (size_t c = 0; c < p.columns; ++c) {
                                  double square = 0;
                                  for (size_t r = 0; r < p.rows; ++r) square += std::pow(g[r * p.columns + c], 2);
                                  p.b[c] += fresh * (square / static_cast<double>(p.rows) - p.b[c]);
                                }
                                for (size_t i = 0; i < v.size(); ++i)
                                  v[i] = p.a[i / p.columns] * p.b[i % p.columns] / std::max(mean, 1e-5);
                              }
                              Numbers u(g.size());
                              for (size_t i = 0; i < g.size(); ++i) u[i] = g[i] / std::sqrt(std::max(v[i], 1e-10));
                              const double clip = std::max(1.0, norm(u) / (std::sqrt(n) * 1.1));
                              for (size_t i = 0; i < g.size(); ++i) p.w[i] -= rate / clip * u[i];
                            });
  }
}

BOOST_AUTO_TEST_CASE(muon) {
  for (const bool nesterov : {false, true}) {
    for (const bool adamw_rate : {false, true}) {
      auto options = optim::MuonOptions(0.02).nesterov(nesterov).ns_steps(3).maximize(adamw_rate);
      if (adamw_rate) options.adjust_lr_fn("match_rms_adamw");
      check<optim::Muon>(
          options,
          [&](Parameter& p, const Numbers& g, int) {
            Numbers x(g.size());
            for (size_t i = 0; i < g.size(); ++i) {
              p.a[i] = 0.95 * p.a[i] + 0.05 * g[i];
              x[i] = nesterov ? 0.05 * g[i] + 0.95 * p.a[i] : p.a[i];
            }
            // x = a x + b (x x') x + c (x x')(x x') x, one factor after the other, without turning tall matrices.
            const double length = std::max(norm(x), 1e-7);
            for (double& each : x) each /= length;
            const auto times_gram = [&](const Numbers& y) {
              Numbers inner(p.columns * p.columns), result(y.size());
              for (size_t i = 0; i < p.columns; ++i) {
                for (size_t j = 0; j < p.columns; ++j) {
                  for (size_t r = 0; r < p.rows; ++r) {
                    inner[i * p.columns + j] += x[r * p.columns + i] * x[r * p.columns + j];
                  }
                }
              }
              for (size_t r = 0; r < p.rows; ++r) {
                for (size_t j = 0; j < p.columns; ++j) {
                  for (size_t k = 0; k < p.columns; ++k) {
                    result[r * p.columns + j] += y[r * p.columns + k] * inner[k * p.columns + j];
                  }
                }
              }
              return result;
            };
            for (int step = 0; step < 3; ++step) {
              const Numbers third = times_gram(x), fifth = times_gram(third);
              for (size_t i = 0; i < x.size(); ++i) x[i] = 3.4445 * x[i] - 4.7750 * third[i] + 2.0315 * fifth[i];
            }
            const double rows = static_cast<double>(p.rows), columns = static_cast<double>(p.columns);
            const double rate = 0.02 * (adamw_rate ? 0.2 * std::sqrt(std::max(rows, columns))
                                                   : std::sqrt(std::max(1.0, rows / columns)));
            for (size_t i = 0; i < x.size(); ++i) p.w[i] = p.w[i] * (1 - 0.02 * 0.1) - rate * x[i];
          },
          true);
    }
  }
}

BOOST_AUTO_TEST_CASE(maximize_goes_up) {
  const auto check_up = [](auto make) {
    const Tensor w = rondo::full({3}, 0.5).requires_grad_();
    auto optimizer = make(w);
    for (int i = 0; i < 3; ++i) {
      w.mutable_grad() = rondo::ones({3});
      optimizer->step();
    }
    BOOST_TEST(w.min().item<double>() > 0.5);
  };
  using std::make_unique;
  using P = std::vector<Tensor>;
  check_up([](const Tensor& w) { return make_unique<optim::SGD>(P{w}, optim::SGDOptions(0.1).maximize(true)); });
  check_up([](const Tensor& w) { return make_unique<optim::Adam>(P{w}, optim::AdamOptions(0.1).maximize(true)); });
  check_up([](const Tensor& w) { return make_unique<optim::AdamW>(P{w}, optim::AdamWOptions(0.1).maximize(true)); });
  check_up([](const Tensor& w) { return make_unique<optim::Adagrad>(P{w}, optim::AdagradOptions().maximize(true)); });
  check_up([](const Tensor& w) { return make_unique<optim::RMSprop>(P{w}, optim::RMSpropOptions().maximize(true)); });
}

BOOST_AUTO_TEST_SUITE_END()
