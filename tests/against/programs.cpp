// What programs use around operations: old names, text of standard containers, numbers that do not fit, storages,
// second derivatives of functions that are linear in pieces.
#include "case.h"

#include <limits>

using against::integers;
using against::real;
using against::refuses;
using against::value;

namespace {

// Characters and their places, so that texts can be compared as numbers.
void text(const std::string& what, const std::string& characters) {
  double sum = 0;
  for (size_t i = 0; i < characters.size(); ++i)
    sum += static_cast<double>((i + 1) * static_cast<size_t>(characters[i]));
  value(what, sum);
}
template <class T>
void printed(const std::string& what, const T& object) {
  std::ostringstream stream;
  stream << object;
  text(what, stream.str());
}
template <class T>
double number(T x) {
  return static_cast<double>(static_cast<float>(x));
}

}  // namespace

AGAINST(old_names) {
  const torch::Tensor x = real({2, 3}).to(torch::kFloat), wide = real({1});
  printed("type", x.type());
  printed("type of long", integers({2}, 3).type());
  value("type's scalar type", static_cast<double>(x.type().scalarType() == torch::kFloat));
  value("type's device", static_cast<double>(x.type().is_cuda()));
  value("types are equal", static_cast<double>(x.type() == torch::ones({1}).type()));
  value("to a type", x.to(wide.type()));
  value("options from a type", torch::zeros({2}, wide.type()));
  AT_DISPATCH_FLOATING_TYPES(x.type(), "f", [&] { value("dispatch", x.data_ptr<scalar_t>()[0]); });
  const torch::Tensor index = integers({3}, 9);
  AT_DISPATCH_INDEX_TYPES(index.scalar_type(), "f",
                          [&] { value("index", static_cast<double>(index.data_ptr<index_t>()[1])); });
  const auto a = x.packed_accessor32<float, 2>();
  const auto b = x.packed_accessor64<float, 2>();
  value("packed_accessor32", a[1][2] + static_cast<float>(a.size(0)));
  value("packed_accessor64", b[0][1] + b.transpose(0, 1)[2][1]);
  value("Scalar as an index", x[torch::Scalar(1)]);
  value("dtype", static_cast<double>(x.dtype().isScalarType(torch::kFloat)));
}

AGAINST(texts) {
  printed("device type", torch::kCPU);
  printed("device", torch::Device("cpu"));
  printed("memory format", torch::MemoryFormat::ChannelsLast);
  printed("true", torch::Scalar(true));
  printed("vector", std::vector<int64_t>{3, -1, 4});
  printed("names", torch::nn::Linear(2, 2)->named_parameters().keys());
  printed("pair", std::make_pair(1, 2.5));
  printed("map", std::map<std::string, int>{{"a", 1}, {"b", 2}});
  printed("set", std::set<int>{5, 2});
  printed("SmoothL1Loss", torch::nn::SmoothL1Loss());
  printed("HuberLoss", torch::nn::HuberLoss());
  text("Join", c10::Join("-", std::vector<int>{1, 2, 3}));
}

AGAINST(numbers_that_do_not_fit) {
  using torch::Scalar;
  value("toByte", static_cast<double>(Scalar(200).toByte()));
  value("toChar", static_cast<double>(Scalar(-7).toChar()));
  value("a negative number wraps", static_cast<double>(Scalar(-3).to<uint8_t>()));
  refuses("300 as uint8", [] { Scalar(300).to<uint8_t>(); });
  refuses("1e20 as int64", [] { Scalar(1e20).toLong(); });
  refuses("NaN as int", [] { Scalar(std::numeric_limits<double>::quiet_NaN()).toInt(); });
  refuses("infinity as float", [] { Scalar(std::numeric_limits<double>::infinity()).toFloat(); });
  refuses("1e300 as float", [] { Scalar(1e300).toFloat(); });
  refuses("1e5 as half", [] { Scalar(1e5).to<at::Half>(); });
  refuses("full", [] { torch::full({2}, 300, torch::kByte); });
  refuses("tensor", [] { torch::tensor({300}, torch::kByte); });
  refuses("fill_", [] { torch::ones({2, 3}).fill_(1e300); });
  refuses("clamp", [] { torch::ones({2}, torch::kByte).clamp(-300, 300); });
  refuses("masked_fill", [] { torch::ones({2}, torch::kByte).masked_fill(torch::ones({2}, torch::kBool), 300); });
  refuses("where", [] { torch::where(torch::ones({2}, torch::kBool), torch::ones({2}), 1e300); });
  refuses("item", [] { torch::tensor(1e10).item<int>(); });
  value("add wraps", (torch::ones({1}, torch::kByte) + 300).to(torch::kDouble));
  value("and wraps", (torch::ones({1}, torch::kByte) & 300).to(torch::kDouble));
  value("nan_to_num", real({2}).to(torch::kFloat).nan_to_num(1e300));
}

AGAINST(small_types) {
  value("uint8", torch::tensor(std::vector<uint8_t>{3, 4}));
  value("int8", torch::tensor(std::vector<int8_t>{3, -4}));
  value("int16", torch::tensor(std::vector<int16_t>{3, -4}));
  value("int", torch::tensor(std::vector<int>{3, -4}));
  value("int16 number", torch::tensor(int16_t{3}));
  value("half max", number(std::numeric_limits<at::Half>::max()));
  value("half lowest", number(std::numeric_limits<at::Half>::lowest()));
  value("half epsilon", number(std::numeric_limits<at::Half>::epsilon()));
  value("half min", number(std::numeric_limits<at::Half>::min()));
  value("bfloat16 max", number(std::numeric_limits<at::BFloat16>::max()));
  value("bfloat16 epsilon", number(std::numeric_limits<at::BFloat16>::epsilon()));
  at::Half half = 1.5f;
  half += 1;
  half *= 3.0f;
  value("half arithmetic", number(half));
}

AGAINST(undefined_tensors) {
  const torch::Tensor nothing;
  value("numel", static_cast<double>(nothing.numel()));
  value("requires_grad", static_cast<double>(nothing.requires_grad()));
}

AGAINST(storages) {
  const torch::Tensor x = real({2, 3});
  const auto storage = x.storage();
  value("bytes", static_cast<double>(storage.nbytes()));
  value("data", static_cast<double>(storage.data_ptr().get() == x.data_ptr()));
  value("alias", static_cast<double>(storage.is_alias_of(x.t().storage())));
  torch::Tensor y = torch::empty({0}, torch::kDouble);
  value("set_", y.set_(storage));
  value("set_ a part", torch::empty({0}, torch::kDouble).set_(storage, 1, {2, 2}, {2, 1}));
}

AGAINST(places_that_are_not_zero) {
  const torch::Tensor mask = real({3, 4}) > 0;
  const torch::Tensor places = mask.nonzero();
  value("strides", torch::tensor(places.strides().vec()));
  const auto columns = torch::where(mask);
  value("column's stride", static_cast<double>(columns[1].stride(0)));
  value("column", static_cast<double>(columns[1].data_ptr<int64_t>()[2]));
}

AGAINST(writing_into_expanded_tensors) {
  refuses("add_", [] { torch::ones({1}).expand({3}).add_(1); });
  refuses("copy_", [] { torch::ones({1, 2}).expand({3, 2}).copy_(torch::ones({3, 2})); });
  refuses("exp_", [] { torch::ones({1}).expand({3}).exp_(); });
  value("fill_", torch::ones({1}).expand({3}).fill_(2));
  value("zero_", torch::ones({1}).expand({3}).zero_());
  value("unsqueeze_", torch::ones({1}).expand({3}).unsqueeze_(0));
}

AGAINST(second_derivatives_of_flat_slopes) {
  namespace F = torch::nn::functional;
  const auto check = [](const std::string& what, const std::function<torch::Tensor(const torch::Tensor&)>& f) {
    const torch::Tensor x = real({1, 2, 4, 4}).requires_grad_();
    const torch::Tensor g = torch::autograd::grad({f(x).sum()}, {x}, {}, true, true)[0];
    value(what + " requires grad", static_cast<double>(g.requires_grad()));
    value(what, torch::autograd::grad({g.pow(2).sum()}, {x})[0]);
  };
  check("relu", [](const torch::Tensor& x) { return x.relu(); });
  check("leaky_relu", [](const torch::Tensor& x) { return F::leaky_relu(x); });
  check("hardtanh", [](const torch::Tensor& x) { return F::hardtanh(x); });
  check("relu6", [](const torch::Tensor& x) { return F::relu6(x); });
  check("max_pool2d", [](const torch::Tensor& x) { return torch::max_pool2d(x, 2); });
  check("avg_pool2d", [](const torch::Tensor& x) { return torch::avg_pool2d(x, 2); });
  check("threshold", [](const torch::Tensor& x) { return torch::threshold(x, 0.1, 3); });
  check("hardshrink", [](const torch::Tensor& x) { return torch::hardshrink(x, 0.5); });
  check("softshrink", [](const torch::Tensor& x) { return torch::softshrink(x, 0.5); });
  check("prelu", [](const torch::Tensor& x) { return torch::prelu(x, torch::full({2}, 0.3, torch::kDouble)); });
  check("reflection", [](const torch::Tensor& x) { return torch::reflection_pad2d(x, {1, 1, 1, 1}); });
  check("replication", [](const torch::Tensor& x) { return torch::replication_pad2d(x, {1, 1, 1, 1}); });
  check("nll_loss", [](const torch::Tensor& x) {
    return F::nll_loss(x.reshape({8, 4}), torch::zeros({8}, torch::kLong));
  });
  // A gradient penalty leaves zeros, not nothing, at a bias before such a function.
  torch::nn::Linear first(torch::nn::LinearOptions(3, 4)), last(4, 1);
  const torch::Tensor input = real({2, 3}).to(torch::kFloat).requires_grad_();
  const torch::Tensor g = torch::autograd::grad({last(torch::relu(first(input))).sum()}, {input}, {}, true, true)[0];
  (g.norm(2, 1) - 1).pow(2).mean().backward();
  value("penalty, bias", first->bias.grad());
}

AGAINST(dimensions_in_braces) {
  const torch::Tensor x = real({2, 3});
  value("var", x.var({0}));
  value("std", x.std({1}));
  value("as functions", torch::var(x, {0}) + torch::std(x, {0}));
  value("var_mean", std::get<0>(torch::var_mean(x, {1})));
  value("std_mean", std::get<0>(torch::std_mean(x, {1})));
  value("all, biased", torch::var(x, false) + x.std(false));
}

AGAINST(numbers_beside_integers) {
  const torch::Tensor t = torch::tensor({1, 2, 3});
  value("addcmul", torch::addcmul(t, t, t, 2.0));
  value("hardtanh", torch::hardtanh(t, 0.5, 2.5));
  value("masked_fill", t.masked_fill(t > 1, -100.0));
  value("masked_fill, a fraction", t.masked_fill(t > 1, 1.5));
  value("index_add", t.index_add(0, torch::tensor({0}), torch::tensor({3}), 1.5));
  value("where of integers", torch::where(t > 1, 1, 0));
  value("where of both", torch::where(t > 1, 1, 0.5));
  value("where of bools", torch::where(t > 1, true, false));
}

AGAINST(types_and_shapes_that_do_not_fit) {
  const torch::Tensor half = torch::ones({3}, torch::kHalf);
  refuses("~half", [&] { (void)~half; });
  refuses("half & half", [&] { (void)(half & half); });
  refuses("bfloat16 | bfloat16", [&] { (void)(half.to(torch::kBFloat16) | half.to(torch::kBFloat16)); });
  refuses("norm_except_dim", [] { torch::norm_except_dim(torch::ones({}), 2, 0); });
  refuses("tensorsolve", [] { torch::linalg_tensorsolve(torch::ones({}), torch::ones({3}), {{0}}); });
}

// Programs print them, and look for them in graphs.
AGAINST(names_of_nodes) {
  const auto named = [](const char* what, const torch::Tensor& made) {
    const std::string name = made.grad_fn()->name();
    value(what, torch::tensor(std::vector<int64_t>(name.begin(), name.end())));
  };
  const torch::Tensor x = real({3, 4}, 0.5, 2).requires_grad_(), y = real({3, 4}, 0.5, 2).requires_grad_();
  const torch::Tensor mask = x > 1;
#define NAMED(...) named(#__VA_ARGS__, __VA_ARGS__)
  NAMED(x + y);
  NAMED(x + 2);
  NAMED(2 + x);
  NAMED(x - y);
  NAMED(x - 2);
  NAMED(2 - x);
  NAMED(x * y);
  NAMED(x * 2);
  NAMED(x / y);
  NAMED(x / 2);
  NAMED(2 / x);
  NAMED(-x);
  NAMED(x.pow(2));
  NAMED(x.pow(3));
  NAMED(x.pow(y));
  NAMED(torch::pow(2, x));
  NAMED(x.square());
  NAMED(x.fmod(2));
  NAMED(x.fmod(y));
  NAMED(x.remainder(2));
  NAMED(x.remainder(y));
  NAMED(x.clamp(0, 1));
  NAMED(x.log1p());
  NAMED(x.sum());
  NAMED(x.sum(1));
  NAMED(x.mean());
  NAMED(x.mean(1));
  NAMED(x.norm());
  NAMED(x.norm(2, 1));
  NAMED(x.t());
  NAMED(x.transpose(0, 1));
  NAMED(x.view({12}));
  NAMED(x.reshape({12}));
  NAMED(x.t().reshape({12}));
  NAMED(x.unsqueeze(0));
  NAMED(x.unsqueeze(0).squeeze());
  NAMED(x.unsqueeze(0).squeeze(0));
  NAMED(x.masked_fill(mask, 0));
  NAMED(x.masked_fill(mask, torch::tensor(0.0, torch::kDouble)));
  NAMED(torch::where(mask, x, y));
  NAMED(torch::linear(x, y, real({3})));
  NAMED(torch::nn::functional::cross_entropy(x, torch::tensor({0, 1, 2})));
  NAMED(torch::threshold(x, 0.1, 0));
  NAMED(torch::hardswish(x));
  NAMED(torch::prelu(x, real({1})));
#undef NAMED
  torch::Tensor z = x.clone();
  z[0] = 1;
  named("a part written", z);
  const auto leaf = (x + y).grad_fn()->next_edge(0).function->name();
  value("AccumulateGrad", torch::tensor(std::vector<int64_t>(leaf.begin(), leaf.end())));
}

AGAINST(draws_as_functions) {
  const torch::Tensor like = real({3, 4});
  torch::manual_seed(3);
  value("uniform", at::uniform(like, -1, 2));
  value("exponential", at::exponential(like, 2));
  value("log_normal", at::log_normal(like));
  value("binomial, few", torch::binomial(torch::full({40}, 9.0), torch::full({40}, 0.3)));
  value("binomial, many", torch::binomial(torch::full({40}, 900.0), torch::full({40}, 0.6)));
  value("binomial, mixed", torch::binomial(torch::arange(60.0), torch::linspace(0, 1, 60)));
  namespace F = torch::nn::functional;
  value("rrelu", F::rrelu(-torch::ones({5}), F::RReLUFuncOptions().training(true)));
  value("after it", torch::rand({2}));
  value("EmbeddingBag", torch::nn::EmbeddingBag(torch::nn::EmbeddingBagOptions(4, 2).padding_idx(1))->weight.detach());
  const auto dropped = torch::native_dropout(torch::ones({20}), 0.4, true);
  value("native_dropout", std::get<0>(dropped));
  value("its mask", std::get<1>(dropped));
}

AGAINST(factors_of_symmetric_matrices) {
  const torch::Tensor half = real({2, 4, 4}), a = half + half.mT();
  const auto [factors, pivots, info] = torch::linalg_ldl_factor_ex(a);
  value("LD", factors.tril());
  value("pivots", pivots);
  value("info", info);
  value("solve", torch::linalg_ldl_solve(factors, pivots, real({2, 4, 3})));
  refuses("a singular one", [] { torch::linalg_ldl_factor(torch::zeros({2, 2})); });
  try {
    torch::linalg_inv(torch::zeros({2, 2}));
    value("LinAlgError", 0.0);
  } catch (const c10::LinAlgError&) {
    value("LinAlgError", 1.0);
  }
}

AGAINST(kernels_by_name) {
  const torch::Tensor x = real({2, 3, 4}), weight = real({4}), bias = real({4});
  const auto [y, mean, rstd] = torch::native_layer_norm(x, {4}, weight, bias, 1e-5);
  value("native_layer_norm", y);
  value("mean", mean);
  value("rstd", rstd);
  value("norm_except_dim", torch::norm_except_dim(x, 2, 1));
  value("_weight_norm", torch::_weight_norm(x, real({2, 1, 1}), 0));
  value("_softmax", torch::_softmax(x, 1, false));
  c10::IValue sizes = x.sizes();
  value("sizes as a value", torch::tensor(sizes.toIntVector()));
  const at::DimVector dims(x.sizes());
  value("DimVector", static_cast<double>(c10::multiply_integers(dims) + at::divup(7, 2)));
  std::vector<int64_t> sums(16, 0);
  at::parallel_for(0, 1000, 10, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) sums[static_cast<size_t>(at::get_thread_num())] += i;
  });
  value("get_thread_num", static_cast<double>(std::accumulate(sums.begin(), sums.end(), int64_t{0})));
}

AGAINST(states_by_their_keys) {
  torch::nn::Linear model(2, 1);
  torch::optim::Adam optimizer(model->parameters(), 0.1);
  model(real({3, 2}).to(torch::kFloat)).sum().backward();
  optimizer.step();
  const auto& state = static_cast<torch::optim::AdamParamState&>(
      *optimizer.state().at(c10::guts::to_string(model->weight.unsafeGetTensorImpl())));
  value("exp_avg", state.exp_avg());
  auto generator = at::detail::createCPUGenerator(7);
  {
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(5);
  }
  value("seeded under its lock", torch::rand({2}, generator));
}
