// What few programs use: out forms, copies of views, memory formats, windows, lists, accessors, dual numbers.
#include "case.h"

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;

AGAINST(out_forms) {
  const torch::Tensor x = real({2, 3}), y = real({2, 3}, 0.5, 2), square = real({3, 3}), mask = x > 0;
  torch::Tensor kept, second = torch::empty({0}, torch::kDouble), whole, truth = torch::empty({0}, torch::kBool);
  // Empty again each time: a tensor with elements is resized with a warning.
  const auto out = [&]() -> torch::Tensor& {
    whole = torch::empty({0}, torch::kLong);
    return kept = torch::empty({0}, torch::kDouble);
  };
  value("add", at::add_out(out(), x, y, 3));
  value("sub", at::sub_out(out(), x, y));
  value("mul", torch::mul_out(out(), x, y));
  value("div", torch::div_out(out(), x, y));
  value("div floor", torch::div_out(out(), x, y, "floor"));
  value("pow", torch::pow_out(out(), y, 2.5));
  value("exp", torch::exp_out(out(), x));
  value("sigmoid", torch::sigmoid_out(out(), x));
  value("clamp", torch::clamp_out(out(), x, -1, 1));
  value("atan2", torch::atan2_out(out(), x, y));
  value("lt", torch::lt_out(truth, x, 0.5));
  value("logical_not", torch::logical_not_out(truth, mask));
  value("mm", torch::mm_out(out(), x, square));
  value("matmul", torch::matmul_out(out(), x, square));
  value("addmm", torch::addmm_out(out(), y, x, square, 2, 0.5));
  value("bmm", torch::bmm_out(out(), x.unsqueeze(0), square.unsqueeze(0)));
  value("mv", torch::mv_out(out(), square, x[0]));
  value("dot", torch::dot_out(out(), x[0], x[1]));
  value("sum", torch::sum_out(out(), x, {0}, true));
  value("mean", torch::mean_out(out(), x, torch::IntArrayRef({0, 1})));
  value("prod", torch::prod_out(out(), x, 1));
  value("amax", torch::amax_out(out(), x, {1}));
  value("argmax", torch::argmax_out(whole, x, 1));
  value("max", std::get<0>(torch::max_out(out(), whole, x, 1)));
  value("max indices", whole);
  value("sort", std::get<1>(torch::sort_out(out(), whole, x, 1, true)));
  value("topk", std::get<0>(torch::topk_out(out(), whole, x, 2)));
  value("cumsum", torch::cumsum_out(out(), x, 0));
  value("cat", torch::cat_out(out(), {x, y}, 1));
  value("stack", torch::stack_out(out(), {x, y}, 1));
  value("tril", torch::tril_out(out(), square));
  value("index_select", torch::index_select_out(out(), x, 1, torch::tensor({2, 0})));
  value("gather", torch::gather_out(out(), x, 1, torch::tensor({{2}, {0}})));
  value("masked_select", torch::masked_select_out(out(), x, mask));
  value("nonzero", torch::nonzero_out(whole, mask));
  value("norm", torch::norm_out(out(), x, 2, 1, true));
  value("std", torch::std_out(out(), x, {1}, true, false));
  value("lerp", torch::lerp_out(out(), x, y, 0.25));
  value("addcmul", torch::addcmul_out(out(), x, y, y, 2));
  value("softplus", torch::softplus_out(out(), x));
  value("det", torch::linalg_det_out(out(), square));
  value("inv", torch::linalg_inv_out(out(), square));
  value("qr", std::get<1>(torch::linalg_qr_out(out(), second, square)));
  value("solve", torch::linalg::solve_out(out(), square, x[0], true));
  value("erf", torch::special_erf_out(out(), x));
  value("xlog1py", torch::special::xlog1py_out(out(), x, y));
  value("arange", torch::arange_out(out(), 1, 4, 1));
  value("linspace", torch::linspace_out(out(), 0, 1, 5));
  value("eye", torch::eye_out(out(), 3));
  value("zeros", torch::zeros_out(out(), {2, 2}));
  value("outf", torch::add_outf(x, y, 2, out()));
  torch::Tensor part = torch::zeros({3, 2}, torch::kDouble).t();
  value("into a transposed tensor", torch::mul_out(part, x, y));
  torch::Tensor narrow = torch::zeros({2, 3}, torch::kFloat);
  value("into float32", torch::mul_out(narrow, x, y));
}

AGAINST(out_forms_convert) {
  const torch::Tensor x = torch::tensor({1, 2, 3}), empty = torch::empty({0}, torch::kLong);
  const auto out = [&](torch::Dtype dtype) { return torch::empty({0}, dtype); };
  torch::Tensor y;
  value("zeros", torch::zeros_out(y = out(torch::kLong), {2}));
  value("full", torch::full_out(y = out(torch::kLong), {2}, 2.5));
  value("arange", torch::arange_out(y = out(torch::kLong), 2.5));
  value("linspace", torch::linspace_out(y = out(torch::kDouble), 0, 1, 7));
  value("eye", torch::eye_out(y = out(torch::kInt), 2));
  value("add", torch::add_out(y = out(torch::kLong), x, 1.5));
  value("sub", torch::sub_out(y = out(torch::kLong), x, 1.5));
  value("mul", torch::mul_out(y = out(torch::kLong), x, 1.5));
  value("sum", torch::sum_out(y = out(torch::kBool), x, {0}));
  value("sum of float32 in float64", torch::sum_out(y = out(torch::kDouble), torch::full({3}, 0.1F), {0}));
  value("prod", torch::prod_out(y = out(torch::kInt), x.to(torch::kDouble) + 0.5, 0));
  value("copy", torch::copy_out(y = out(torch::kDouble), torch::zeros({2, 3}), x));
  value("repeat", torch::repeat_out(y = out(torch::kLong), x, {2, 2}));
  value("new_full", torch::new_full_out(y = out(torch::kLong), x, {2}, 2.5));
  value("new_ones", torch::new_ones_out(y = out(torch::kDouble), x, {2}));
  refuses("a tensor of numbers into integers", [&] { torch::add_out(y = out(torch::kLong), x, torch::tensor({1.5})); });
}

AGAINST(whole_ranges) {
  for (const double end : {2.5, 3.0, -2.5}) {
    for (const double start : {0.0, 0.5, -0.5, 1.7}) {
      for (const double step : {1.0, 1.5, 2.9, -1.5, -1.0}) {
        for (const auto dtype : {torch::kLong, torch::kInt, torch::kDouble}) {
          if ((end - start) * step > 0)
            value(std::to_string(start) + " to " + std::to_string(end) + " by " + std::to_string(step) +
                      torch::toString(dtype),
                  torch::arange(start, end, step, dtype));
        }
      }
    }
  }
  value("logspace", torch::logspace(0, 2.5, 4, 2, torch::kLong));
  value("range", torch::range(0.5, 2.5, 1, torch::kLong));
}

AGAINST(data_has_its_own_version) {
  const torch::Tensor x = real({3}).requires_grad_();
  const torch::Tensor y = x * x;
  y.data().fill_(10);
  x.data().add_(1);
  y.sum().backward();
  value("gradient", x.grad());
  value("version", static_cast<double>(x._version()));
  torch::Tensor part = x.data();
  part[0] = 5;
  value("shared", x.detach());
  value("alias", part.is_alias_of(x) ? 1 : 0);
  part.resize_({6});
  value("x keeps its size", static_cast<double>(x.numel()));
  const torch::Tensor z = x * x;
  x.detach().add_(1);
  refuses("a change through detach", [&] { z.sum().backward(); });
}

AGAINST(nodes_as_shared_pointers) {
  const torch::Tensor x = real({3}).requires_grad_();
  const torch::Tensor y = (x * x).exp();
  std::shared_ptr<torch::autograd::Node> node = y.grad_fn();
  const std::shared_ptr<torch::autograd::Node> same(y.grad_fn()), none = x.grad_fn();
  std::vector<std::shared_ptr<torch::autograd::Node>> all{y.grad_fn(), node};
  all.push_back(y.grad_fn());
  value("the same", (node == same) + 2 * (node == y.grad_fn()) + 4 * (y.grad_fn() != node) + 8 * (none == nullptr));
  int depth = 0;
  while (node) {
    ++depth;
    node = node->num_inputs() && !node->next_edges().empty() ? node->next_edge(0).function : nullptr;
  }
  value("depth", depth);
}

AGAINST(zero_dimensional_sizes) {
  const torch::Tensor number = torch::tensor(5.0);
  refuses("size(0)", [&] { number.size(0); });
  refuses("size(-1)", [&] { number.size(-1); });
  refuses("stride(0)", [&] { number.stride(0); });
  value("runtime_error", [] {
    try {
      torch::ones({2}).view({3});
    } catch (const std::runtime_error&) {
      return 1.0;
    }
    return 0.0;
  }());
}

AGAINST(inner_functions) {
  const torch::Tensor x = real({2, 3}), target = torch::tensor({2, 0}), weight = real({3}, 0.5, 2);
  value("log_sigmoid", std::get<0>(torch::log_sigmoid_forward(x)));
  for (const int64_t reduction : {0, 1, 2}) {
    const auto [loss, total] = torch::nll_loss_forward(x, target, weight, reduction, -100);
    const std::string label = "nll " + std::to_string(reduction);
    value(label, loss);
    if (reduction != 0) value(label + "'s weight", total);
  }
  const auto [loss, total] = torch::nll_loss2d_forward(real({1, 3, 2, 2}), integers({1, 2, 2}, 3), {}, 1, 1);
  value("nll2d", loss);
  value("nll2d's weight", total);
  value("copy", torch::copy(torch::zeros({2, 3}), x[0]));
  value("shuffled", torch::native_channel_shuffle(real({1, 4, 2, 2}), 2));
  value("resolve_neg", torch::resolve_neg(x));
  value("_unsafe_view", at::_unsafe_view(x, {3, 2}));
  const c10::optional<torch::Tensor> rows = torch::tensor({1, 0});
  value("an optional index", x.index({rows}));
  value("the length of a name", static_cast<double>(x.name().size()));
  value("sizes", static_cast<double>(at::infer_size_dimvector({2, 1}, {3}).size()));
  std::vector<int64_t> dims{-1, 0};
  at::maybe_wrap_dims(dims, 3);
  value("wrapped", static_cast<double>(dims[0]));
  value("fmap", static_cast<double>(c10::fmap(dims, [](int64_t d) { return d * 2; })[0]));
}

AGAINST(out_forms_refuse) {
  const torch::Tensor x = real({2}).requires_grad_(), y = real({2});
  torch::Tensor out = torch::zeros({2}, torch::kDouble), whole = torch::zeros({2}, torch::kLong);
  refuses("an input that requires grad", [&] { torch::mul_out(out, x, y); });
  refuses("out that requires grad", [&] {
    torch::Tensor leaf = torch::zeros({2}, torch::kDouble).requires_grad_();
    torch::mul_out(leaf, y, y);
  });
  refuses("a result that out cannot hold", [&] { torch::mul_out(whole, y, y); });
  refuses("without recording", [&] {
    torch::NoGradGuard guard;
    torch::mul_out(out, x, y);
  });
  value("left", out);
}

AGAINST(copies_of_views) {
  const torch::Tensor x = real({2, 3});
  value("view", at::view_copy(x, {3, 2}));
  value("expand", at::expand_copy(x, {2, 2, 3}));
  value("permute", at::permute_copy(x, {1, 0}));
  value("as_strided", at::as_strided_copy(x, {2, 2}, {1, 2}, 1));
  value("slice", at::slice_copy(x, 1, 0, 3, 2));
  value("diagonal", at::diagonal_copy(x, 1));
  value("unfold", at::unfold_copy(x, 1, 2, 1));
  value("split", at::split_copy(x, 2, 1)[1]);
  value("unbind", at::unbind_copy(x, 1)[2]);
  gradients("transpose", {x}, AGAINST_F(at::transpose_copy(in[0], 0, 1) * at::t_copy(in[0])));
  gradients("select", {x}, AGAINST_F(at::select_copy(in[0], 1, 2) * 2));
}

AGAINST(memory_formats) {
  const torch::Tensor x = real({2, 3, 2, 2}), deep = real({1, 2, 2, 1, 3});
  const auto strides = [](const char* what, const torch::Tensor& t) {
    value(std::string(what) + " strides", torch::tensor(t.strides().vec()));
    value(std::string(what) + " order", t.is_contiguous() * 4 + t.is_contiguous(torch::MemoryFormat::ChannelsLast) * 2 +
                                            t.is_non_overlapping_and_dense());
    value(std::string(what) + " suggested",
          static_cast<double>(t.suggest_memory_format() == torch::MemoryFormat::ChannelsLast));
  };
  const torch::Tensor last = x.contiguous(torch::MemoryFormat::ChannelsLast);
  value("contiguous", last);
  strides("contiguous", last);
  strides("three dimensions", deep.contiguous(torch::MemoryFormat::ChannelsLast3d));
  strides("clone", last.clone());
  strides("clone contiguous", last.clone(torch::MemoryFormat::Contiguous));
  strides("clone preserve", x.transpose(0, 1).clone(torch::MemoryFormat::Preserve));
  strides("empty_like", torch::empty_like(last));
  strides("empty_like contiguous", torch::empty_like(last, torch::MemoryFormat::Contiguous));
  strides("zeros_like", torch::zeros_like(x, x.options(), torch::MemoryFormat::ChannelsLast));
  strides("empty", torch::empty({2, 3, 4, 5}, torch::TensorOptions().memory_format(torch::MemoryFormat::ChannelsLast)));
  strides("to", x.to(torch::kFloat, false, false, torch::MemoryFormat::ChannelsLast));
  strides("to options",
          last.to(torch::TensorOptions().dtype(torch::kFloat), false, true, torch::MemoryFormat::Contiguous));
  torch::Tensor sized = torch::empty({0}, torch::kDouble);
  strides("resize_", sized.resize_({2, 3, 2, 2}, torch::MemoryFormat::ChannelsLast));
  strides("one channel", real({2, 1, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast));
  refuses("two dimensions", [] { torch::zeros({2, 2}).contiguous(torch::MemoryFormat::ChannelsLast); });
  refuses("contiguous preserve", [] { torch::zeros({2, 3}).t().contiguous(torch::MemoryFormat::Preserve); });
  gradients(
      "gradients", {x},
      AGAINST_F(in[0].contiguous(torch::MemoryFormat::ChannelsLast) * in[0].clone(torch::MemoryFormat::ChannelsLast)));
}

AGAINST(windows) {
  for (const int64_t n : {0, 1, 2, 7, 8}) {
    for (const bool periodic : {true, false}) {
      const std::string size = " " + std::to_string(n) + (periodic ? " periodic" : "");
      value("hann" + size, torch::hann_window(n, periodic, torch::kDouble));
      value("hamming" + size, torch::hamming_window(n, periodic, 0.6, 0.4, torch::kDouble));
      value("blackman" + size, torch::blackman_window(n, periodic, torch::kDouble));
      value("bartlett" + size, torch::bartlett_window(n, periodic, torch::kDouble));
      value("kaiser" + size, torch::kaiser_window(n, periodic, 8.0, torch::kDouble));
    }
  }
  value("hamming default", torch::hamming_window(5, torch::kDouble));
  value("kaiser default", torch::kaiser_window(5, torch::kDouble));
  value("dtype", torch::hann_window(5));
  refuses("integers", [] { torch::hann_window(5, torch::kLong); });
  refuses("negative", [] { torch::hann_window(-1); });
}

AGAINST(lists_and_accessors) {
  const torch::Tensor x = real({3, 4});
  c10::List<c10::optional<torch::Tensor>> list;
  list.push_back(torch::tensor({2, 0}));
  list.push_back(c10::nullopt);
  value("index", x.index(list));
  value("index_put", x.index_put(list, torch::zeros({4}, torch::kDouble)));
  value("size", static_cast<double>(list.size()));
  auto numbers = x.accessor<double, 2>();
  double sum = 0;
  for (int64_t i = 0; i < numbers.size(0); ++i) {
    for (int64_t j = 0; j < numbers.size(1); ++j) sum += numbers[i][j] * static_cast<double>(i + 2 * j);
  }
  value("accessor", sum);
  refuses("dimensions", [&] { x.accessor<double, 3>(); });
  AT_DISPATCH_ALL_TYPES(x.scalar_type(), "size", [&] { value("dispatched", static_cast<double>(sizeof(scalar_t))); });
  refuses("dispatch", [&] { AT_DISPATCH_INTEGRAL_TYPES(x.scalar_type(), "size", [] { return sizeof(scalar_t); }); });
}

AGAINST(negative_zeros) {
  const torch::Tensor zeros = torch::full({3, 40}, -0.0, torch::kDouble);
  const auto sign = [](const char* what, const torch::Tensor& sum) { value(what, torch::signbit(sum)); };
  sign("sum", zeros.sum());
  sign("sum of rows", zeros.sum(0));
  sign("sum of columns", zeros.sum(1));
  sign("sum of narrow rows", zeros.narrow(1, 0, 3).sum(0));
  sign("sum of one row", zeros.narrow(0, 0, 1).sum(0));
  sign("sum of one number", zeros.select(0, 0).select(0, 0).sum());
  sign("sum of every other one", zeros.slice(1, 0, 40, 2).sum());
  sign("mean", zeros.mean());
  sign("float", zeros.to(torch::kFloat).sum());
  sign("long rows", torch::full({9000}, -0.0).sum());
  sign("sum to a size", zeros.sum_to_size({1, 40}));
  sign("prod", zeros.prod(1));
}

AGAINST(types_of_their_own) {
  value("one half", torch::tensor(c10::Half(1.5f)));
  value("halves", torch::tensor({c10::Half(1.5f), c10::Half(3)}));
  value("bfloat16", torch::tensor({c10::BFloat16(1.5f), c10::BFloat16(3)}, torch::kDouble));
  value("square of truth values", torch::tensor({true, false}).square());
  const torch::Tensor numbers = torch::tensor({1.0, 0.0, -2.5, 3e38, -0.0, 0.0}).to(torch::kBFloat16);
  value("nextafter up", torch::nextafter(numbers, torch::full({6}, INFINITY).to(torch::kBFloat16)).to(torch::kDouble));
  value("nextafter down", torch::nextafter(numbers, numbers - 1).to(torch::kDouble));
  value("nextafter itself", torch::nextafter(numbers, numbers).to(torch::kDouble));
}

AGAINST(bytes_and_numbers) {
  const auto bytes = [](std::vector<int64_t> list) { return torch::tensor(list).to(torch::kByte); };
  value("gcd", torch::gcd(bytes({5, 7, 16, 100, 255}), bytes({255, 255, 255, 255, 255})));
  value("lcm", torch::lcm(bytes({1, 5}), bytes({255, 17})));
  value("right shift", torch::bitwise_right_shift(bytes({255, 246, 128}), bytes({8, 10, 7})));
  value("right shift of negatives", torch::bitwise_right_shift(torch::tensor({-5, 7}), torch::tensor({70, 70})));
  value("xlogy", torch::xlogy(bytes({5, 0}), -3));
  value("xlogy of a number", torch::xlogy(-3, bytes({5, 2})));
  value("xlogy beyond the type", torch::xlogy(torch::tensor({5}).to(torch::kChar), 300));
  value("copysign", torch::copysign(bytes({5, 0}), -3));
  value("xlog1py", torch::special::xlog1py(bytes({5}), 300));
  value("zeta", torch::special::zeta(torch::tensor({3}), 2));
  value("kron", torch::kron(bytes({1, 2}), torch::tensor(300)));
  value("kron of float64", torch::kron(torch::ones({2, 1}), torch::tensor(2.5, torch::kDouble)));
  value("kron of two numbers", torch::kron(torch::tensor(2), torch::tensor(2.5)));
  value("clamp to reals", torch::clamp(bytes({1, 200}), -1.5, 300));
  const torch::Tensor truth = torch::tensor({true, false}), whole = torch::tensor({1, 2});
  refuses("bool - bool", [&] { static_cast<void>(truth - truth); });
  refuses("int - bool", [&] { static_cast<void>(whole - truth); });
  refuses("bool - 1", [&] { static_cast<void>(truth - 1); });
  refuses("1 - bool", [&] { static_cast<void>(1 - truth); });
  refuses("int - true", [&] { static_cast<void>(whole - true); });
  refuses("-= bool", [&] { whole.clone().sub_(truth); });
}

AGAINST(infinite_and_missing_numbers) {
  const double inf = INFINITY, nan = NAN;
  const torch::Tensor x = torch::tensor({3.0, nan, 0.0, -2.0}, torch::kDouble);
  value("clamp to NaN", torch::clamp(x, nan, 3.0));
  value("clamp_max of NaN", torch::clamp_max(x, nan));
  value("clamp_min of NaN", x.clone().clamp_min_(nan));
  value("clamp of integers", torch::clamp(torch::tensor({1, 2}), nan, 3.0));
  value("clamp to a tensor", torch::clamp(x, torch::tensor({0.0, 0.0, nan, 0.0}, torch::kDouble)));
  gradients("gradient of clamp to NaN", {real({4})}, AGAINST_F(torch::clamp(in[0], NAN, 3.0)), false);
  value("gradient", torch::gradient(torch::tensor({3.0, nan, 0.0, inf}, torch::kDouble))[0]);
  value("gradient of infinity",
        torch::gradient(torch::tensor({3.0, inf, 0.0, 5.0}, torch::kDouble), torch::Scalar(2), {0})[0]);
  value("quantile", torch::quantile(torch::tensor({-inf, 1.0, inf}, torch::kDouble), 0.4));
  value("nanquantile", torch::nanquantile(torch::tensor({inf, -inf, nan, 1.0}, torch::kDouble), 0.4));
  gradients("quantile of seven", {real({7})}, AGAINST_F(torch::quantile(in[0].square(), 0.55)));
  for (const double at : {inf, -inf, nan, 1.0, 0.5, 0.0}) {
    torch::Tensor d = torch::tensor({at}, torch::kDouble).requires_grad_();
    torch::huber_loss(d, torch::zeros({1}, torch::kDouble)).backward();
    const std::string where = " at " + std::to_string(at);
    value("huber_loss" + where, d.grad());
    d.mutable_grad().reset();
    torch::smooth_l1_loss(d, torch::zeros({1}, torch::kDouble), torch::Reduction::Sum, 0.5).backward();
    value("smooth_l1_loss" + where, d.grad());
  }
  const torch::Tensor small = torch::tensor({-1e-8, -1e-6, -1e-3, -0.5, -1.25, -7.75}, torch::kDouble);
  value("digamma", torch::digamma(small));
  value("trigamma", torch::polygamma(1, small));
  value("polygamma", torch::polygamma(2, small));
  value("zeta", torch::special::zeta(3, small));
}

AGAINST(shapes_of_their_own) {
  torch::Tensor kept = torch::zeros({3, 4}), base = torch::zeros({10});
  value("arange into a shape", torch::arange_out(kept, 12));
  torch::Tensor every = base.slice(0, 1, 9, 2);
  torch::linspace_out(every, 1, 4, 4);
  value("linspace into every other place", base);
  const torch::Tensor cube = torch::tensor({2, 2, 9, 1, 0, 5, 7, 8}).reshape({2, 2, 2});
  value("unique_dim", std::get<0>(torch::unique_dim(cube, 2)));
  value("its places", std::get<1>(torch::unique_dim(cube, 2, true, true)));
  value("aminmax", std::get<0>(torch::aminmax(torch::tensor(1.0), 0, true)));
  torch::Tensor square = real({3, 3}).requires_grad_(), triangle = (square * 1).tril();
  triangle.sum().backward({}, true);
  triangle.sum().backward();
  value("tril twice", square.grad());
  refuses("multinomial of nothing", [] { torch::multinomial(torch::empty({0}), 3, true); });
  refuses("a hook of nothing", [] { torch::Tensor().register_hook([](torch::Tensor) {}); });
}

AGAINST(gradients_that_are_kept) {
  torch::Tensor x = real({2}).requires_grad_();
  (x * x * x).sum().backward({}, true, true);
  const torch::Tensor first = x.grad();
  (x * x).sum().backward();
  value("the same tensor", static_cast<double>(first.is_same(x.grad())));
  value("still recorded", static_cast<double>(x.grad().requires_grad()));
  value("its sum", first);
  torch::Tensor y = x * 2, given = real({2});
  y.retain_grad();
  y.sum().backward();
  value("retained", y.grad().add_(1));
  y = x * 2;
  y.retain_grad();
  y.backward(given);
  y.grad().zero_();
  value("the caller's own", given);
}

AGAINST(dropout_of_other_ranks) {
  namespace F = torch::nn::functional;
  for (const std::vector<int64_t>& sizes :
       {std::vector<int64_t>{40}, {8, 4}, {5, 4, 3}, {3, 5, 2, 2}, {2, 3, 4, 2, 2}}) {
    const torch::Tensor ones = torch::ones(sizes);
    const std::string rank = std::to_string(sizes.size());
    value("dropout2d of rank " + rank, F::dropout2d(ones));
    value("dropout3d of rank " + rank, F::dropout3d(ones));
    value("Dropout2d of rank " + rank, torch::nn::Dropout2d(0.3)->forward(ones));
    if (sizes.size() > 1) value("feature_dropout of rank " + rank, torch::feature_dropout(ones, 0.4, true));
  }
}

AGAINST(orthogonal_of_float64) {
  // Drawn as float32; libtorch factorizes that too.
  const torch::Tensor q = torch::nn::init::orthogonal_(torch::empty({5, 4}, torch::kDouble));
  value("orthogonal_", q.to(torch::kFloat).mul(1e4).round());
}

AGAINST(what_losses_take) {
  namespace F = torch::nn::functional;
  const torch::Tensor x = real({4, 3}), row = real({3}, 0, 1), column = real({4, 1}, 0, 1);
  value("multilabel_soft_margin_loss of a row", F::multilabel_soft_margin_loss(x, row));
  value("multilabel_soft_margin_loss of a column", F::multilabel_soft_margin_loss(x, column));
  refuses("ignore_index beside probabilities",
          [&] { F::cross_entropy(x, x.softmax(1), F::CrossEntropyFuncOptions().ignore_index(1)); });
}

AGAINST(airy) {
  // Between -5.5 and -2 libtorch 1.13 loses up to half of its digits.
  value("airy_ai", torch::special::airy_ai(torch::linspace(-2, 8, 41, torch::kDouble)));
  value("far", torch::special_airy_ai(torch::linspace(-30, -8, 23, torch::kDouble)));
}

AGAINST(dual_numbers) {
  const torch::Tensor x = real({3}), v = real({3}), w = real({2, 3});
  const auto level = torch::autograd::forward_ad::enter_dual_level();
  const auto number = static_cast<int64_t>(level);
  const torch::Tensor dual = torch::_make_dual(x, v, number);
  const auto tangent = [&](const char* what, const torch::Tensor& y) {
    value(std::string(what) + " primal", std::get<0>(torch::_unpack_dual(y, number)));
    value(std::string(what) + " tangent", std::get<1>(torch::_unpack_dual(y, number)));
  };
  tangent("itself", dual);
  tangent("products", dual * dual * 3);
  tangent("functions", dual.sin().exp() + dual.sigmoid());
  tangent("matrices", torch::mv(w, dual).tanh());
  tangent("reductions", (dual * dual).sum());
  tangent("softmax", dual.softmax(0));
  tangent("views", dual.slice(0, 1, 3).flip({0}));
  tangent("joined", torch::cat({dual, dual * 2}));
  torch::Tensor changed = dual * 1;
  changed.mul_(dual).slice(0, 0, 1).add_(1);
  tangent("in place", changed);
  refuses("a second level", [] { torch::autograd::forward_ad::enter_dual_level(); });
  refuses("another shape", [&] { torch::_make_dual(x, v[0], number); });
  refuses("a dual primal", [&] { torch::_make_dual(dual, v, number); });
  value("detached", static_cast<double>(std::get<1>(torch::_unpack_dual(dual.detach() * 2, number)).defined()));
  const torch::Tensor leaf = real({3}).requires_grad_();
  const torch::Tensor pushed =
      std::get<1>(torch::_unpack_dual((torch::_make_dual(leaf, v, number).pow(3)).sum(), number));
  value("gradient of a tangent", torch::autograd::grad({pushed}, {leaf})[0]);
  torch::autograd::forward_ad::exit_dual_level(level);
}
