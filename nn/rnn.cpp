#include <rondo/nn/rnn.h>

#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/recurrent.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/nn/init.h>

#include <fmt/format.h>

#include <algorithm>

#include <cmath>
#include <ostream>

namespace rondo::nn {

using utils::rnn::PackedSequence;

namespace detail {
namespace {

int64_t gates_of(const RNNOptionsBase& options) {
  if (options.mode().is<enumtype::kLSTM>()) return 4;
  return options.mode().is<enumtype::kGRU>() ? 3 : 1;
}

const char* module_of(const RNNOptionsBase& options) {
  if (options.mode().is<enumtype::kLSTM>()) return "LSTM";
  return options.mode().is<enumtype::kGRU>() ? "GRU" : "RNN";
}

// The gates lie in one matrix.
void check_gates(const char* name, int64_t hidden_size) {
  constexpr int64_t kMost = int64_t{1} << 40;
  if (hidden_size > kMost) fail(name, fmt::format("hidden_size is {}; need at most {}", hidden_size, kMost));
}

void check_options(const RNNOptionsBase& options) {
  const char* const name = module_of(options);
  if (!(options.dropout() >= 0 && options.dropout() <= 1)) {
    fail(name,
         fmt::format("dropout should be a number in range [0, 1] representing the probability of an element being "
                     "zeroed; got {}",
                     options.dropout()));
  }
  if (options.dropout() > 0 && options.num_layers() == 1) {
    warn(
        fmt::format("{}: dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects "
                    "num_layers greater than 1, but got dropout={} and num_layers={}",
                    name, options.dropout(), options.num_layers()));
  }
  if (options.hidden_size() <= 0) {
    fail(name, fmt::format("hidden_size must be greater than zero; got {}", options.hidden_size()));
  }
  check_gates(name, options.hidden_size());
  if (options.num_layers() <= 0) {
    fail(name, fmt::format("num_layers must be greater than zero; got {}", options.num_layers()));
  }
  if (options.proj_size() < 0 || options.proj_size() >= options.hidden_size()) {
    fail(name, fmt::format("proj_size has to be a positive integer, smaller than hidden_size or zero to disable "
                           "projections; got {} with a hidden_size of {}",
                           options.proj_size(), options.hidden_size()));
  }
}

void begin_uniform(const std::vector<Tensor>& parameters, int64_t hidden_size) {
  const double bound = 1 / std::sqrt(static_cast<double>(hidden_size));
  for (Tensor parameter : parameters) init::uniform_(parameter, -bound, bound);
}

int64_t states_of(const RNNOptionsBase& options) { return options.num_layers() * (options.bidirectional() ? 2 : 1); }

void check_state(const RNNOptionsBase& options, const char* label, const Tensor& state, int64_t batch, int64_t size) {
  const Dims needed{states_of(options), batch, size};
  if (state.sizes() == IntArrayRef(needed)) return;
  fail(module_of(options), fmt::format("Expected hidden{} size {}, got {}", label, to_string(IntArrayRef(needed)),
                                       to_string(state.sizes())));
}

// What a net runs on: a padded batch or a packed one.
struct Run {
  const RNNOptionsBase& options;
  Tensor input, batch_sizes;  // batch_sizes: undefined for a padded batch
  int64_t batch;
  bool lone = false;  // one sequence without a dimension of batches

  int64_t out() const { return options.proj_size() > 0 ? options.proj_size() : options.hidden_size(); }
  // The given state in the order of the input, else zeros.
  Tensor state(Tensor given, const char* label, int64_t size, const Tensor& order) const {
    if (!given.defined()) return zeros({states_of(options), batch, size}, input.options());
    if (lone) given = given.dim() == 2 ? given.unsqueeze(1) : given;
    if (order.defined()) given = given.index_select(1, order);
    check_state(options, label, given, batch, size);
    return given;
  }
  Tensor restored(const Tensor& state, const Tensor& order) const {
    if (lone) return state.squeeze(1);
    return order.defined() ? state.index_select(1, order) : state;
  }
  Tensor output(const Tensor& output) const { return lone ? output.squeeze(options.batch_first() ? 0 : 1) : output; }
};

Run run_on(const RNNOptionsBase& options, const Tensor& input) {
  const char* const name = module_of(options);
  if (input.dim() != 2 && input.dim() != 3) {
    fail(name, fmt::format("input must have 3 dimensions (or 2: one sequence), got {}", input.dim()));
  }
  if (input.size(-1) != options.input_size()) {
    fail(name, fmt::format("input.size(-1) must be equal to input_size. Expected {}, got {}", options.input_size(),
                           input.size(-1)));
  }
  const int64_t dim = options.batch_first() ? 0 : 1;
  if (input.dim() == 2) return {options, input.unsqueeze(dim), {}, 1, true};
  return {options, input, {}, input.size(dim)};
}

Run run_on(const RNNOptionsBase& options, const PackedSequence& packed) {
  const Tensor& data = packed.data();
  if (data.dim() != 2) {
    fail(module_of(options), fmt::format("input must have 2 dimensions, got {}", data.dim()));
  }
  if (data.size(-1) != options.input_size()) {
    fail(module_of(options), fmt::format("input.size(-1) must be equal to input_size. Expected {}, got {}",
                                         options.input_size(), data.size(-1)));
  }
  return {options, data, packed.batch_sizes(), packed.batch_sizes()[0].item<int64_t>()};
}

// rnn_tanh, rnn_relu or gru.
std::tuple<Tensor, Tensor> run(const Run& r, const Tensor& h, const std::vector<Tensor>& weights, bool training) {
  using Padded =
      std::tuple<Tensor, Tensor> (*)(const Tensor&, const Tensor&, TensorList, bool, int64_t, double, bool, bool, bool);
  using Packed = std::tuple<Tensor, Tensor> (*)(const Tensor&, const Tensor&, const Tensor&, TensorList, bool, int64_t,
                                                double, bool, bool);
  const RNNOptionsBase& o = r.options;
  const bool is_gru = o.mode().is<enumtype::kGRU>(), is_tanh = o.mode().is<enumtype::kRNN_TANH>();
  if (!r.batch_sizes.defined()) {
    const Padded f = is_gru ? Padded(&gru) : is_tanh ? Padded(&rnn_tanh) : Padded(&rnn_relu);
    return f(r.input, h, weights, o.bias(), o.num_layers(), o.dropout(), training, o.bidirectional(), o.batch_first());
  }
  const Packed f = is_gru ? Packed(&gru) : is_tanh ? Packed(&rnn_tanh) : Packed(&rnn_relu);
  return f(r.input, r.batch_sizes, h, weights, o.bias(), o.num_layers(), o.dropout(), training, o.bidirectional());
}

std::tuple<Tensor, Tensor> forward_padded(const RNNOptionsBase& options, const Tensor& input, const Tensor& hx,
                                          const std::vector<Tensor>& weights, bool training) {
  const Run r = run_on(options, input);
  const auto [y, h] = run(r, r.state(hx, "", options.hidden_size(), {}), weights, training);
  return {r.output(y), r.restored(h, {})};
}

std::tuple<PackedSequence, Tensor> forward_packed(const RNNOptionsBase& options, const PackedSequence& packed,
                                                  const Tensor& hx, const std::vector<Tensor>& weights, bool training) {
  const Run r = run_on(options, packed);
  const auto [y, h] = run(r, r.state(hx, "", options.hidden_size(), packed.sorted_indices()), weights, training);
  return {PackedSequence(y, packed.batch_sizes(), packed.sorted_indices(), packed.unsorted_indices()),
          r.restored(h, packed.unsorted_indices())};
}

std::vector<std::string> weight_names(const RNNOptionsBase& options) {
  std::vector<std::string> names;
  for (int64_t layer = 0; layer < options.num_layers(); ++layer) {
    for (int64_t direction = 0; direction < (options.bidirectional() ? 2 : 1); ++direction) {
      const std::string suffix = fmt::format("_l{}{}", layer, direction == 1 ? "_reverse" : "");
      for (const char* kind : {"weight_ih", "weight_hh"}) names.push_back(kind + suffix);
      if (options.bias()) {
        for (const char* kind : {"bias_ih", "bias_hh"}) names.push_back(kind + suffix);
      }
      if (options.proj_size() > 0) names.push_back("weight_hr" + suffix);
    }
  }
  return names;
}

}  // namespace

template <class Derived>
RNNImplBase<Derived>::RNNImplBase(const RNNOptionsBase& options) : options_base(options) {
  RNNImplBase::reset();
}

template <class Derived>
void RNNImplBase<Derived>::reset() {
  check_options(options_base);
  replaced_.clear();
  const int64_t hidden = options_base.hidden_size(), projected = options_base.proj_size();
  const int64_t gates = gates_of(options_base) * hidden, out = projected > 0 ? projected : hidden;
  const int64_t directions = options_base.bidirectional() ? 2 : 1;
  for (int64_t layer = 0; layer < options_base.num_layers(); ++layer) {
    for (int64_t direction = 0; direction < directions; ++direction) {
      const std::string suffix = fmt::format("_l{}{}", layer, direction == 1 ? "_reverse" : "");
      const int64_t in = layer == 0 ? options_base.input_size() : out * directions;
      this->register_parameter("weight_ih" + suffix, empty({gates, in}));
      this->register_parameter("weight_hh" + suffix, empty({gates, out}));
      if (options_base.bias()) {
        this->register_parameter("bias_ih" + suffix, empty({gates}));
        this->register_parameter("bias_hh" + suffix, empty({gates}));
      }
      if (projected > 0) this->register_parameter("weight_hr" + suffix, empty({projected, hidden}));
    }
  }
  reset_parameters();
}

template <class Derived>
void RNNImplBase<Derived>::reset_parameters() {
  begin_uniform(this->parameters(), options_base.hidden_size());
}

template <class Derived>
void RNNImplBase<Derived>::pretty_print(std::ostream& stream) const {
  const RNNOptionsBase& o = options_base;
  stream << "torch::nn::" << module_of(o) << "(input_size=" << o.input_size() << ", hidden_size=" << o.hidden_size()
         << ", num_layers=" << o.num_layers() << ", bias=" << std::boolalpha << o.bias()
         << ", batch_first=" << o.batch_first() << ", dropout=" << o.dropout()
         << ", bidirectional=" << o.bidirectional();
  if (o.proj_size() > 0) stream << ", proj_size=" << o.proj_size();
  stream << ")";
}

template <class Derived>
std::vector<Tensor> RNNImplBase<Derived>::all_weights() const {
  if (replaced_.empty()) return this->parameters(false);
  std::vector<Tensor> all;
  for (const std::string& name : weight_names(options_base)) {
    const auto found = std::find_if(replaced_.begin(), replaced_.end(), [&](const auto& e) { return e.first == name; });
    all.push_back(found != replaced_.end() ? found->second : this->parameters_[name]);
  }
  return all;
}

template <class Derived>
Tensor& RNNImplBase<Derived>::weight(const std::string& name) {
  for (auto& [each, tensor] : replaced_) {
    if (each == name) return tensor;
  }
  const std::vector<std::string> names = weight_names(options_base);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    fail(module_of(options_base), fmt::format("no weight is named '{}'; there are {}", name, fmt::join(names, ", ")));
  }
  replaced_.reserve(names.size());  // references that were given out stay
  return replaced_.emplace_back(name, this->parameters_[name]).second;
}

template class RNNImplBase<RNNImpl>;
template class RNNImplBase<LSTMImpl>;
template class RNNImplBase<GRUImpl>;

template <class Derived>
RNNCellImplBase<Derived>::RNNCellImplBase(const RNNCellOptionsBase& options) : options_base(options) {
  RNNCellImplBase::reset();
}

template <class Derived>
void RNNCellImplBase<Derived>::reset() {
  check_gates(this->name().c_str(), options_base.hidden_size());
  const int64_t hidden = options_base.hidden_size(), gates = options_base.num_chunks() * hidden;
  weight_ih = this->register_parameter("weight_ih", empty({gates, options_base.input_size()}));
  weight_hh = this->register_parameter("weight_hh", empty({gates, hidden}));
  const bool has = options_base.bias();
  bias_ih = this->register_parameter("bias_ih", has ? empty({gates}) : Tensor(), has);
  bias_hh = this->register_parameter("bias_hh", has ? empty({gates}) : Tensor(), has);
  reset_parameters();
}

template <class Derived>
void RNNCellImplBase<Derived>::reset_parameters() {
  begin_uniform(this->parameters(), options_base.hidden_size());
}

template <class Derived>
void RNNCellImplBase<Derived>::pretty_print(std::ostream& stream) const {
  const char* const name = options_base.num_chunks() == 4 ? "LSTM" : options_base.num_chunks() == 3 ? "GRU" : "RNN";
  stream << "torch::nn::" << name << "Cell(" << options_base.input_size() << ", " << options_base.hidden_size();
  if (!options_base.bias()) stream << ", bias=" << std::boolalpha << false;
  const std::string nonlinearity = get_nonlinearity_str();
  if (!nonlinearity.empty() && nonlinearity != "kTanh") stream << ", nonlinearity=" << nonlinearity;
  stream << ")";
}

template <class Derived>
std::string RNNCellImplBase<Derived>::get_nonlinearity_str() const {
  return {};
}

template class RNNCellImplBase<RNNCellImpl>;
template class RNNCellImplBase<LSTMCellImpl>;
template class RNNCellImplBase<GRUCellImpl>;

namespace {

// A batch of the input and of a state; one sample becomes a batch of one.
struct CellRun {
  CellRun(const char* name, const RNNCellOptionsBase& options, const Tensor& given) : input(given), lone(false) {
    check(name, "input", given);
    lone = given.dim() == 1;
    if (lone) input = given.unsqueeze(0);
    size = options.hidden_size();
  }
  Tensor state(const char* name, const Tensor& given) const {
    if (!given.defined()) return zeros({input.size(0), size}, input.options());
    check(name, "hidden", given);
    return given.dim() == 1 && lone ? given.unsqueeze(0) : given;
  }
  Tensor result(const Tensor& state) const { return lone ? state.squeeze(0) : state; }

  Tensor input;
  bool lone;
  int64_t size;

 private:
  static void check(const char* name, const char* what, const Tensor& t) {
    if (t.dim() == 1 || t.dim() == 2) return;
    fail(name, fmt::format("Expected {} to be 1D or 2D, got {}D instead", what, t.dim()));
  }
};

// What the options of all three have in common.
template <class Options>
RNNOptionsBase base_of(RNNOptionsBase::rnn_options_base_mode_t mode, const Options& o) {
  return RNNOptionsBase(mode, o.input_size(), o.hidden_size())
      .num_layers(o.num_layers())
      .bias(o.bias())
      .batch_first(o.batch_first())
      .dropout(o.dropout())
      .bidirectional(o.bidirectional());
}

}  // namespace
}  // namespace detail

RNNImpl::RNNImpl(const RNNOptions& o)
    : RNNImplBase(o.nonlinearity().is<enumtype::kTanh>() ? detail::base_of(kRNN_TANH, o)
                                                         : detail::base_of(kRNN_RELU, o)),
      options(o) {}
std::tuple<Tensor, Tensor> RNNImpl::forward(const Tensor& input, Tensor hx) {
  return detail::forward_padded(options_base, input, hx, all_weights(), is_training());
}
std::tuple<PackedSequence, Tensor> RNNImpl::forward_with_packed_input(const PackedSequence& packed_input, Tensor hx) {
  return detail::forward_packed(options_base, packed_input, hx, all_weights(), is_training());
}

GRUImpl::GRUImpl(const GRUOptions& o) : RNNImplBase(detail::base_of(kGRU, o)), options(o) {}
std::tuple<Tensor, Tensor> GRUImpl::forward(const Tensor& input, Tensor hx) {
  return detail::forward_padded(options_base, input, hx, all_weights(), is_training());
}
std::tuple<PackedSequence, Tensor> GRUImpl::forward_with_packed_input(const PackedSequence& packed_input, Tensor hx) {
  return detail::forward_packed(options_base, packed_input, hx, all_weights(), is_training());
}

LSTMImpl::LSTMImpl(const LSTMOptions& o)
    : RNNImplBase(detail::base_of(kLSTM, o).proj_size(o.proj_size())), options(o) {}

std::tuple<Tensor, std::tuple<Tensor, Tensor>> LSTMImpl::forward(const Tensor& input,
                                                                 std::optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const detail::Run r = detail::run_on(options_base, input);
  const auto& [h0, c0] = hx_opt ? *hx_opt : std::tuple<Tensor, Tensor>();
  const detail::RNNOptionsBase& o = options_base;
  const auto [y, h, c] =
      lstm(r.input, {r.state(h0, "[0]", r.out(), {}), r.state(c0, "[1]", o.hidden_size(), {})}, all_weights(), o.bias(),
           o.num_layers(), o.dropout(), is_training(), o.bidirectional(), o.batch_first());
  return {r.output(y), {r.restored(h, {}), r.restored(c, {})}};
}

std::tuple<PackedSequence, std::tuple<Tensor, Tensor>> LSTMImpl::forward_with_packed_input(
    const PackedSequence& packed, std::optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const detail::Run r = detail::run_on(options_base, packed);
  const auto& [h0, c0] = hx_opt ? *hx_opt : std::tuple<Tensor, Tensor>();
  const detail::RNNOptionsBase& o = options_base;
  const Tensor& order = packed.sorted_indices();
  const auto [y, h, c] =
      lstm(r.input, r.batch_sizes, {r.state(h0, "[0]", r.out(), order), r.state(c0, "[1]", o.hidden_size(), order)},
           all_weights(), o.bias(), o.num_layers(), o.dropout(), is_training(), o.bidirectional());
  const Tensor& back = packed.unsorted_indices();
  return {PackedSequence(y, packed.batch_sizes(), order, back), {r.restored(h, back), r.restored(c, back)}};
}

RNNCellImpl::RNNCellImpl(const RNNCellOptions& o)
    : RNNCellImplBase(detail::RNNCellOptionsBase(o.input_size(), o.hidden_size(), o.bias(), 1)), options(o) {}
std::string RNNCellImpl::get_nonlinearity_str() const { return get_enum_name(options.nonlinearity()); }
Tensor RNNCellImpl::forward(const Tensor& input, Tensor hx) {
  const detail::CellRun r("RNNCell", options_base, input);
  const auto f = options.nonlinearity().is<enumtype::kTanh>() ? &rnn_tanh_cell : &rnn_relu_cell;
  return r.result(f(r.input, r.state("RNNCell", hx), weight_ih, weight_hh, bias_ih, bias_hh));
}

LSTMCellImpl::LSTMCellImpl(const LSTMCellOptions& o)
    : RNNCellImplBase(detail::RNNCellOptionsBase(o.input_size(), o.hidden_size(), o.bias(), 4)), options(o) {}
std::tuple<Tensor, Tensor> LSTMCellImpl::forward(const Tensor& input,
                                                 std::optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const detail::CellRun r("LSTMCell", options_base, input);
  const auto& [h0, c0] = hx_opt ? *hx_opt : std::tuple<Tensor, Tensor>();
  const auto [h, c] =
      lstm_cell(r.input, {r.state("LSTMCell", h0), r.state("LSTMCell", c0)}, weight_ih, weight_hh, bias_ih, bias_hh);
  return {r.result(h), r.result(c)};
}

GRUCellImpl::GRUCellImpl(const GRUCellOptions& o)
    : RNNCellImplBase(detail::RNNCellOptionsBase(o.input_size(), o.hidden_size(), o.bias(), 3)), options(o) {}
Tensor GRUCellImpl::forward(const Tensor& input, Tensor hx) {
  const detail::CellRun r("GRUCell", options_base, input);
  return r.result(gru_cell(r.input, r.state("GRUCell", hx), weight_ih, weight_hh, bias_ih, bias_hh));
}

RNNImpl::RNNImpl(int64_t input_size, int64_t hidden_size) : RNNImpl(RNNOptions(input_size, hidden_size)) {}
LSTMImpl::LSTMImpl(int64_t input_size, int64_t hidden_size) : LSTMImpl(LSTMOptions(input_size, hidden_size)) {}
GRUImpl::GRUImpl(int64_t input_size, int64_t hidden_size) : GRUImpl(GRUOptions(input_size, hidden_size)) {}
RNNCellImpl::RNNCellImpl(int64_t input_size, int64_t hidden_size)
    : RNNCellImpl(RNNCellOptions(input_size, hidden_size)) {}
LSTMCellImpl::LSTMCellImpl(int64_t input_size, int64_t hidden_size)
    : LSTMCellImpl(LSTMCellOptions(input_size, hidden_size)) {}
GRUCellImpl::GRUCellImpl(int64_t input_size, int64_t hidden_size)
    : GRUCellImpl(GRUCellOptions(input_size, hidden_size)) {}

RONDO_DEFAULT_ARGS(RNNImpl, {1, AnyValue(Tensor())})
RONDO_DEFAULT_ARGS(LSTMImpl, {1, AnyValue(std::optional<std::tuple<Tensor, Tensor>>())})
RONDO_DEFAULT_ARGS(GRUImpl, {1, AnyValue(Tensor())})
RONDO_DEFAULT_ARGS(RNNCellImpl, {1, AnyValue(Tensor())})
RONDO_DEFAULT_ARGS(LSTMCellImpl, {1, AnyValue(std::optional<std::tuple<Tensor, Tensor>>())})
RONDO_DEFAULT_ARGS(GRUCellImpl, {1, AnyValue(Tensor())})

}  // namespace rondo::nn
