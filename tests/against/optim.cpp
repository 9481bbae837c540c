// Optimizers: trajectories of all options, groups, closures, refusals.
#include "case.h"

#include <limits>
#include <sstream>

namespace optim = torch::optim;
using against::refuses;
using against::value;
using torch::Tensor;

namespace {

// A bumpy function of a matrix and a vector, and the optimizer's way on it. With gaps, the parameters are columns.
struct Walk {
  Tensor w, b, target;

  Walk(torch::ScalarType type, bool gaps) {
    w = against::real({3, 4}).to(type);
    b = against::real({4}).to(type);
    target = against::real({3, 4}).to(type);
    if (gaps) {
      w = torch::stack({w, w}, 2).select(2, 0);
      b = torch::stack({b, b}, 1).select(1, 1);
    }
    w.requires_grad_();
    b.requires_grad_();
  }

  Tensor loss() const { return (w - target).pow(2).sum() + (b * w[0]).sin().sum() + b.pow(4).sum() / 4; }

  void print(const std::string& what) const {
    // Numbers near zero would ask for more digits than float32 has.
    const Tensor all = torch::cat({w.detach().reshape({-1}), b.detach()});
    value(what, all.scalar_type() == torch::kFloat ? all + 16 : all);
  }
};

template <class Optimizer, class Options>
void trajectory(const std::string& what, const Options& options) {
  for (const bool gaps : {false, true}) {
    for (const auto type : {torch::kDouble, torch::kFloat}) {
      torch::manual_seed(7);
      Walk walk(type, gaps);
      Optimizer optimizer(std::vector<Tensor>{walk.w, walk.b}, options);
      constexpr int steps = 50;
      for (int i = 1; i <= steps; ++i) {
        optimizer.zero_grad();
        walk.loss().backward();
        optimizer.step();
        if (i == 1 || i == 2 || i == steps) {
          walk.print(what + (gaps ? " gaps" : "") + (type == torch::kFloat ? " float32" : "") + " step " +
                     std::to_string(i));
        }
      }
    }
  }
}

void lbfgs(const std::string& what, const optim::LBFGSOptions& options, int steps) {
  for (const bool gaps : {false, true}) {
    torch::manual_seed(11);
    Walk walk(torch::kDouble, gaps);
    optim::LBFGS optimizer(std::vector<Tensor>{walk.w, walk.b}, options);
    int calls = 0;
    for (int i = 1; i <= steps; ++i) {
      const Tensor loss = optimizer.step([&] {
        ++calls;
        optimizer.zero_grad();
        Tensor now = walk.loss();
        now.backward();
        return now;
      });
      const std::string label = what + (gaps ? " gaps" : "") + " step " + std::to_string(i);
      value(label + " loss", loss);
      value(label + " calls", calls);
      walk.print(label);
    }
  }
}

// Training that stops, is saved, and goes on with another optimizer.
template <class Optimizer, class Options>
void resumed(const std::string& what, const Options& options) {
  Walk walk(torch::kDouble, false);
  const auto train = [&](Optimizer& optimizer) {
    for (int i = 0; i < 4; ++i) {
      optimizer.step([&] {
        optimizer.zero_grad();
        Tensor loss = walk.loss();
        loss.backward();
        return loss;
      });
    }
  };
  std::stringstream file;
  {
    Optimizer first(std::vector<Tensor>{walk.w, walk.b}, options);
    train(first);
    torch::save(first, file);
  }
  // libtorch loads no options.
  Optimizer second(std::vector<Tensor>{walk.w, walk.b}, options);
  torch::load(second, file);
  train(second);
  walk.print(what);
}

template <class Options>
void print_options(const std::string& what, const Options& options) {
  value(what + " lr", options.get_lr());
  Options other = options;
  value(what + " equal", other == options);
  other.set_lr(12);
  value(what + " equal after set_lr", other == options);
  const auto copy = static_cast<const optim::OptimizerOptions&>(options).clone();
  value(what + " clone", copy->get_lr());
}

}  // namespace

AGAINST(optim_sgd) {
  trajectory<optim::SGD>("plain", optim::SGDOptions(0.05));
  trajectory<optim::SGD>("decay", optim::SGDOptions(0.05).weight_decay(0.1));
  trajectory<optim::SGD>("momentum", optim::SGDOptions(0.02).momentum(0.8));
  trajectory<optim::SGD>("dampening", optim::SGDOptions(0.02).momentum(0.8).dampening(0.3).weight_decay(0.02));
  trajectory<optim::SGD>("nesterov", optim::SGDOptions(0.02).momentum(0.8).nesterov(true).weight_decay(0.01));
}

AGAINST(optim_adam) {
  trajectory<optim::Adam>("defaults", optim::AdamOptions());
  trajectory<optim::Adam>("decay", optim::AdamOptions(0.05).weight_decay(0.1).eps(1e-3));
  trajectory<optim::Adam>("amsgrad", optim::AdamOptions(0.1).amsgrad(true).betas(std::make_tuple(0.8, 0.9)));
  trajectory<optim::AdamW>("w defaults", optim::AdamWOptions());
  trajectory<optim::AdamW>("w decay", optim::AdamWOptions(0.05).weight_decay(0.3));
  trajectory<optim::AdamW>("w amsgrad", optim::AdamWOptions(0.1).amsgrad(true).betas(std::make_tuple(0.8, 0.9)));
}

AGAINST(optim_adagrad) {
  trajectory<optim::Adagrad>("defaults", optim::AdagradOptions());
  trajectory<optim::Adagrad>("all", optim::AdagradOptions(0.3).lr_decay(0.1).weight_decay(0.02).eps(1e-4));
  trajectory<optim::Adagrad>("initial", optim::AdagradOptions(0.3).initial_accumulator_value(0.5));
}

AGAINST(optim_rmsprop) {
  trajectory<optim::RMSprop>("defaults", optim::RMSpropOptions());
  trajectory<optim::RMSprop>("momentum", optim::RMSpropOptions(0.01).momentum(0.7).alpha(0.9));
  trajectory<optim::RMSprop>("all",
                             optim::RMSpropOptions(0.02).momentum(0.5).centered(true).weight_decay(0.05).eps(1e-4));
}

AGAINST(optim_lbfgs) {
  lbfgs("defaults", optim::LBFGSOptions(), 2);
  lbfgs("short", optim::LBFGSOptions(0.3).max_iter(4), 5);
  lbfgs("history", optim::LBFGSOptions(0.5).max_iter(10).history_size(3), 4);
  lbfgs("wolfe", optim::LBFGSOptions().line_search_fn("strong_wolfe"), 3);
  lbfgs("wolfe short", optim::LBFGSOptions(0.1).max_iter(5).line_search_fn("strong_wolfe"), 5);
  lbfgs("wolfe history", optim::LBFGSOptions().history_size(2).max_iter(8).line_search_fn("strong_wolfe"), 4);
  lbfgs("evaluations", optim::LBFGSOptions().max_eval(6).line_search_fn("strong_wolfe"), 4);
  lbfgs("tolerances", optim::LBFGSOptions().tolerance_grad(1e-1).tolerance_change(1e-2), 4);
}

AGAINST(optim_lbfgs_fifty_steps) {
  for (const bool search : {false, true}) {
    for (const auto type : {torch::kDouble, torch::kFloat}) {
      // A search amplifies the last digits.
      if (search && type == torch::kFloat) continue;
      torch::manual_seed(7);
      Walk walk(type, false);
      optim::LBFGSOptions options(0.1);
      options.max_iter(1);
      if (search) options.line_search_fn("strong_wolfe");
      optim::LBFGS optimizer(std::vector<Tensor>{walk.w, walk.b}, options);
      for (int i = 1; i <= 50; ++i) {
        optimizer.step([&] {
          optimizer.zero_grad();
          Tensor loss = walk.loss();
          loss.backward();
          return loss;
        });
        if (i == 1 || i == 2 || i == 50) {
          walk.print(std::string(search ? "search" : "fixed") + (type == torch::kFloat ? " float32" : "") + " step " +
                     std::to_string(i));
        }
      }
    }
  }
}

AGAINST(optim_lbfgs_rosenbrock) {
  for (const bool search : {false, true}) {
    Tensor x = torch::tensor({-1.2, 1.0}, torch::kDouble).requires_grad_();
    optim::LBFGSOptions options(search ? 1 : 0.01);
    options.max_iter(6);
    if (search) options.line_search_fn("strong_wolfe");
    optim::LBFGS optimizer(std::vector<Tensor>{x}, options);
    for (int i = 0; i < 6; ++i) {
      optimizer.step([&] {
        optimizer.zero_grad();
        Tensor loss = (1 - x[0]).pow(2) + 100 * (x[1] - x[0].pow(2)).pow(2);
        loss.backward();
        return loss;
      });
      value(std::string(search ? "search" : "fixed") + " step " + std::to_string(i), x);
    }
  }
}

AGAINST(optim_lbfgs_unused) {
  for (const auto type : {torch::kDouble, torch::kFloat}) {
    Walk walk(type, false);
    optim::LBFGS optimizer(std::vector<Tensor>{walk.b, walk.w}, optim::LBFGSOptions(0.5).max_iter(3));
    // Its iterations amplify the last digits.
    for (int i = 0; i < (type == torch::kFloat ? 1 : 2); ++i) {
      optimizer.step([&] {
        optimizer.zero_grad();
        Tensor loss = (walk.w - walk.target).pow(2).sum() + (walk.w[0] * 3).sin().sum();
        loss.backward();
        return loss;
      });
      walk.print((type == torch::kFloat ? "float32 step " : "step ") + std::to_string(i));
    }
  }
}

AGAINST(optim_groups) {
  Walk walk(torch::kDouble, false);
  std::vector<optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{walk.w});
  groups.emplace_back(std::vector<Tensor>{walk.b},
                      std::make_unique<optim::AdamOptions>(optim::AdamOptions(0.1).amsgrad(true)));
  optim::Adam adam(groups, optim::AdamOptions(0.02).weight_decay(0.1));
  for (int i = 0; i < 20; ++i) {
    adam.zero_grad();
    // The vector gets its first gradient later.
    (i < 5 ? (walk.w - walk.target).pow(2).sum() : walk.loss()).backward();
    if (i == 10) adam.param_groups()[0].options().set_lr(0.2);
    adam.step();
  }
  walk.print("groups");
  value("count", static_cast<double>(adam.param_groups().size()));
  value("rate", adam.param_groups()[1].options().get_lr());
  value("default", adam.defaults().get_lr());
}

AGAINST(optim_resumed) {
  resumed<optim::SGD>("sgd", optim::SGDOptions(0.02).momentum(0.8));
  resumed<optim::Adam>("adam", optim::AdamOptions(0.05).amsgrad(true).weight_decay(0.1));
  resumed<optim::AdamW>("adamw", optim::AdamWOptions(0.05));
  resumed<optim::Adagrad>("adagrad", optim::AdagradOptions(0.1).lr_decay(0.1));
  resumed<optim::RMSprop>("rmsprop", optim::RMSpropOptions(0.02).momentum(0.5).centered(true));
}

AGAINST(optim_options) {
  print_options("sgd", optim::SGDOptions(0.1).momentum(0.4));
  print_options("adam", optim::AdamOptions(0.1).eps(1e-3));
  print_options("adamw", optim::AdamWOptions());
  print_options("adagrad", optim::AdagradOptions());
  print_options("rmsprop", optim::RMSpropOptions());
  print_options("lbfgs", optim::LBFGSOptions().max_eval(4));
  value("sgd momentum", optim::SGDOptions(1) == optim::SGDOptions(1).momentum(0.1));
  value("adam amsgrad", optim::AdamOptions(1) == optim::AdamOptions(1).amsgrad(true));
  value("lbfgs search", optim::LBFGSOptions() == optim::LBFGSOptions().line_search_fn("strong_wolfe"));
}

AGAINST(optim_refusals) {
  const std::vector<Tensor> p{torch::ones({2}).requires_grad_()};
  refuses("learning rate", [&] { optim::SGD(p, optim::SGDOptions(-1)); });
  refuses("momentum", [&] { optim::SGD(p, optim::SGDOptions(1).momentum(-1)); });
  refuses("nesterov", [&] { optim::SGD(p, optim::SGDOptions(1).nesterov(true)); });
  refuses("beta", [&] { optim::Adam(p, optim::AdamOptions().betas(std::make_tuple(1.0, 0.9))); });
  refuses("beta 0", [&] { optim::Adam(p, optim::AdamOptions().betas(std::make_tuple(0.0, 0.0))); });
  refuses("eps", [&] { optim::AdamW(p, optim::AdamWOptions().eps(-1)); });
  refuses("alpha", [&] { optim::RMSprop(p, optim::RMSpropOptions().alpha(-1)); });
  refuses("lr_decay", [&] { optim::Adagrad(p, optim::AdagradOptions().lr_decay(-1)); });
  refuses("no leaf", [&] { optim::SGD(std::vector<Tensor>{p[0] * 2}, optim::SGDOptions(1)); });
  refuses("no closure", [&] { optim::LBFGS(p).step(nullptr); });
  refuses("unknown search", [&] {
    optim::LBFGS lbfgs(p, optim::LBFGSOptions().line_search_fn("weak"));
    lbfgs.step([&] {
      Tensor loss = p[0].sum();
      loss.backward();
      return loss;
    });
  });
  refuses("groups of lbfgs", [&] {
    const std::vector<Tensor> q{torch::ones({2}).requires_grad_()};
    optim::LBFGS(std::vector<optim::OptimizerParamGroup>{optim::OptimizerParamGroup(p), optim::OptimizerParamGroup(q)});
  });
}

AGAINST(optim_step_lr) {
  for (const unsigned size : {1u, 3u}) {
    Tensor x = torch::ones({1}).requires_grad_();
    optim::SGD sgd(std::vector<Tensor>{x}, optim::SGDOptions(0.7));
    optim::StepLR schedule(sgd, size, 0.5);
    for (int i = 0; i < 8; ++i) {
      schedule.step();
      value("size " + std::to_string(size) + " step " + std::to_string(i), sgd.param_groups()[0].options().get_lr());
    }
  }
}

AGAINST(optim_clip) {
  for (const double norm : {1.0, 2.0, 3.5, std::numeric_limits<double>::infinity()}) {
    std::vector<Tensor> all{against::real({3, 2}), against::real({4}), against::real({2})};
    for (size_t i = 0; i < 2; ++i) all[i].mutable_grad() = against::real(all[i].sizes());
    value("norm " + std::to_string(norm), torch::nn::utils::clip_grad_norm_(all, 0.7, norm));
    value("first " + std::to_string(norm), all[0].grad());
    value("second " + std::to_string(norm), all[1].grad());
    value("large " + std::to_string(norm), torch::nn::utils::clip_grad_norm_(all, 100, norm));
    value("kept " + std::to_string(norm), all[0].grad());
    torch::nn::utils::clip_grad_value_(all, 0.05);
    value("value " + std::to_string(norm), all[0].grad());
  }
  Tensor one = torch::ones({2});
  one.mutable_grad() = torch::full({2}, std::numeric_limits<double>::infinity());
  refuses("not finite", [&] { torch::nn::utils::clip_grad_norm_(std::vector<Tensor>{one}, 1.0, 2.0, true); });
  value("no gradients", torch::nn::utils::clip_grad_norm_(std::vector<Tensor>{torch::ones({2})}, 1.0));
}

// An optimizer written after the model of libtorch's own.
namespace ported {

struct MomentumOptions : torch::optim::OptimizerCloneableOptions<MomentumOptions> {
  using betas_t = std::tuple<double, double>;
  MomentumOptions(double lr = 1e-2) : lr_(lr) {}
  TORCH_ARG(double, lr) = 1e-2;
  TORCH_ARG(betas_t, betas) = std::make_tuple(0.9, 0.99);
  TORCH_ARG(c10::optional<int64_t>, limit) = c10::nullopt;

 public:
  void serialize(torch::serialize::InputArchive& archive) override {
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, lr);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(betas_t, betas);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG_OPTIONAL(int64_t, limit);
  }
  void serialize(torch::serialize::OutputArchive& archive) const override {
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(lr);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(betas);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(limit);
  }
};

struct MomentumParamState : torch::optim::OptimizerCloneableParamState<MomentumParamState> {
  TORCH_ARG(int64_t, step) = 0;
  TORCH_ARG(torch::Tensor, average);
  TORCH_ARG(torch::Tensor, unused) = {};

 public:
  void serialize(torch::serialize::InputArchive& archive) override {
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(int64_t, step);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(torch::Tensor, average);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(torch::Tensor, unused);
  }
  void serialize(torch::serialize::OutputArchive& archive) const override {
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(step);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(average);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(unused);
  }
};

class Momentum : public torch::optim::Optimizer {
 public:
  explicit Momentum(std::vector<torch::Tensor> parameters, MomentumOptions defaults = {})
      : Optimizer({torch::optim::OptimizerParamGroup(std::move(parameters))},
                  std::make_unique<MomentumOptions>(defaults)) {}
  torch::Tensor step(LossClosure closure = nullptr) override {
    torch::NoGradGuard guard;
    torch::Tensor loss = {};
    if (closure != nullptr) {
      at::AutoGradMode mode(true);
      loss = closure();
    }
    for (auto& group : param_groups_) {
      const auto& options = static_cast<MomentumOptions&>(group.options());
      const double keep = std::get<0>(options.betas());
      for (auto& p : group.params()) {
        if (!p.grad().defined()) continue;
        auto& slot = state_[c10::guts::to_string(p.unsafeGetTensorImpl())];
        if (!slot) {
          auto fresh = std::make_unique<MomentumParamState>();
          fresh->average(torch::zeros_like(p, torch::MemoryFormat::Preserve));
          slot = std::move(fresh);
        }
        auto& state = static_cast<MomentumParamState&>(*slot);
        state.step(state.step() + 1);
        state.average().mul_(keep).add_(p.grad(), 1 - keep);
        p.data().add_(state.average(), -options.lr() / static_cast<double>(state.step()));
      }
    }
    return loss;
  }
  void save(torch::serialize::OutputArchive& archive) const override { serialize(*this, archive); }
  void load(torch::serialize::InputArchive& archive) override {
    c10::IValue version;
    if (archive.try_read("pytorch_version", version)) serialize(*this, archive);
  }

 private:
  template <class Self, class Archive>
  static void serialize(Self& self, Archive& archive) {
    _TORCH_OPTIM_SERIALIZE_WITH_TEMPLATE_ARG(Momentum);
  }
};

}  // namespace ported

AGAINST(an_optimizer_after_libtorchs_model) {
  torch::nn::Linear a(3, 2), b(3, 2);
  const torch::Tensor x = against::real({4, 3}).to(torch::kFloat);
  const ported::MomentumOptions options = ported::MomentumOptions(0.05).betas(std::make_tuple(0.8, 0.95));
  ported::Momentum one(a->parameters(), options), two(b->parameters(), options);
  const auto train = [&](torch::nn::Linear& net, ported::Momentum& optimizer) {
    for (int i = 0; i < 5; ++i) {
      optimizer.zero_grad();
      net(x).pow(2).sum().backward();
      optimizer.step();
    }
  };
  train(a, one);
  value("weights", a->weight);
  std::stringstream net, state;
  torch::save(a, net);
  torch::save(one, state);
  torch::load(b, net);
  torch::load(two, state);
  train(a, one);
  train(b, two);
  value("weights later", a->weight);
  value("loaded weights later", b->weight);
}
