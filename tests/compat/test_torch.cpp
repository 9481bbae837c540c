// A program for libtorch's frontend, and the names and macros that such programs meet.
#include <rondo/tests/support/values.h>
#include <rondo/torch.h>

#include <ostream>
#include <sstream>

namespace F = torch::nn::functional;
using support::check_error;
using support::check_values;
using support::Warnings;

namespace {

struct XorNetImpl : torch::nn::Cloneable<XorNetImpl> {
  XorNetImpl() { reset(); }
  void reset() override {
    hidden = register_module("hidden", torch::nn::Linear(torch::nn::LinearOptions(2, 8)));
    out = register_module("out", torch::nn::Linear(8, 1));
  }
  torch::Tensor forward(torch::Tensor x) { return torch::sigmoid(out(torch::tanh(hidden->forward(x)))); }

  torch::nn::Linear hidden{nullptr}, out{nullptr};
};
TORCH_MODULE(XorNet);

struct RangeOptions {
  TORCH_ARG(double, low) = -1;
  TORCH_ARG(std::string, name) = "range";
};

struct ScaleImpl : torch::nn::Module {
  torch::Tensor forward(torch::Tensor x, double factor = 2.0) { return x * factor; }

 protected:
  FORWARD_HAS_DEFAULT_ARGS({1, torch::nn::AnyValue(2.0)})
};

struct Point {
  int x;
  friend std::ostream& operator<<(std::ostream& out, const Point& point) { return out << "P" << point.x; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(torch_names)

BOOST_AUTO_TEST_CASE(xor_is_learned) {
  torch::manual_seed(1);
  XorNet net;
  torch::optim::Adam optimizer(net->parameters(), torch::optim::AdamOptions(0.05).betas({0.9, 0.99}));
  const torch::Tensor x = torch::tensor({{0.f, 0.f}, {0.f, 1.f}, {1.f, 0.f}, {1.f, 1.f}});
  const torch::Tensor y = torch::tensor({{0.f}, {1.f}, {1.f}, {0.f}});
  float loss = 1;
  for (int epoch = 0; epoch < 500 && loss > 0.05f; ++epoch) {
    optimizer.zero_grad();
    torch::Tensor value = F::binary_cross_entropy(net->forward(x), y);
    value.backward();
    optimizer.step();
    loss = value.item<float>();
  }
  BOOST_TEST(loss <= 0.05f);
  torch::NoGradGuard no_grad;
  BOOST_TEST(torch::equal(net(x) > 0.5, y > 0.5));
  BOOST_TEST(support::printed(net).find("(hidden): torch::nn::Linear(in_features=2, out_features=8, bias=true)") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(arguments_and_default_arguments) {
  const RangeOptions options = RangeOptions().low(3).name("r");
  BOOST_TEST(options.low() == 3);
  BOOST_TEST(options.name() == "r");
  torch::nn::Sequential scale(ScaleImpl{});
  check_values(scale->forward(torch::ones({1})), {2});
  check_values(scale->forward(torch::ones({1}), 3.0), {3});
}

BOOST_AUTO_TEST_CASE(checks_throw_what_they_are_told) {
  const auto check = [](int n) {
    TORCH_CHECK(n > 2, "n is ", n, ", sizes ", at::IntArrayRef({1, 2}).size(), Point{3});
  };
  BOOST_CHECK_NO_THROW(check(3));
  check_error<c10::Error>([&] { check(1); }, "n is 1, sizes 2P3");
  check_error([] { TORCH_CHECK(1 > 2); }, "Expected 1 > 2 to be true, but got false");
  check_error<torch::IndexError>([] { TORCH_CHECK_INDEX(false, "i"); }, "i");
  check_error([] { TORCH_INTERNAL_ASSERT(false, "why"); }, "INTERNAL ASSERT FAILED");
  check_error([] { AT_ASSERT(1 == 2); }, "1 == 2 INTERNAL ASSERT FAILED");
  check_error([] { AT_ERROR("a", 1, 'c', 0.5, true); }, "a1c0.51");
  check_error([] { TORCH_CHECK_EQ(1, 2); }, "Check failed: 1 == 2 (1 vs. 2)");
}

BOOST_AUTO_TEST_CASE(warnings_once_and_always) {
  Warnings warnings;
  for (int i = 0; i < 3; ++i) {
    TORCH_WARN("again ", i);
    TORCH_WARN_ONCE("once ", i);
  }
  BOOST_TEST(Warnings::texts() == (std::vector<std::string>{"again 0", "once 0", "again 1", "again 2"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(older_namespaces) {
  at::Tensor tensor = at::ones({2});
  c10::optional<int64_t> none = c10::nullopt;
  BOOST_TEST(!none);
  BOOST_TEST(c10::str("x", 1.5, -2, std::string("s"), 7u) == "x1.5-2s7");
  int sum = 0;
  for (const auto i : c10::irange(4)) sum += i;
  for (const int64_t i : c10::irange(2, 4)) sum += static_cast<int>(i);
  for (const auto i : c10::irange(5, 2)) sum += i;
  BOOST_TEST(sum == 11);
  BOOST_TEST((at::tensor(3).dtype() == torch::kInt));
  BOOST_TEST(at::tensor(3).dim() == 1);
  BOOST_TEST((at::tensor({1.0, 2.0}).dtype() == torch::kDouble));
  BOOST_TEST((at::tensor({1, 2}, torch::kFloat).dtype() == torch::kFloat));
  BOOST_TEST(torch::enumtype::holds_alternative<torch::enumtype::kMean>(torch::nn::MSELossOptions().reduction()));
}

BOOST_AUTO_TEST_CASE(types_of_tensors_as_older_programs_ask_for_them) {
  const torch::Tensor x = torch::arange(6, torch::kDouble).reshape({2, 3});
  std::ostringstream text;
  text << x.type() << ' ' << torch::kCPU << ' ' << x.sizes().vec() << ' ' << torch::Scalar(true);
  BOOST_TEST(text.str() == "CPUDoubleType cpu 2 3 true");
  BOOST_TEST((torch::ones({1}).to(x.type()).dtype() == torch::kDouble));
  double sum = 0;
  AT_DISPATCH_FLOATING_TYPES(x.type(), "sum", [&] { sum += static_cast<double>(x.data_ptr<scalar_t>()[5]); });
  BOOST_TEST(sum == 5);
  const auto a = x.packed_accessor32<double, 2>();
  BOOST_TEST(a[1][2] == 5);
  BOOST_TEST(a.transpose(0, 1)[2][0] == 2);
  check_error<torch::IndexError>([&] { a.transpose(0, 2); }, "Index 2 is not within bounds");
  check_error<torch::Error>([&] { x.packed_accessor64<double, 3>(); }, "expected 3 dims but tensor has 2");
}

BOOST_AUTO_TEST_CASE(storages_are_handles) {
  torch::Storage storage;
  {
    const torch::Tensor x = torch::arange(6, torch::kDouble);
    storage = x.storage();
    BOOST_TEST(storage.is_alias_of(x.view({2, 3}).storage()));
  }
  BOOST_TEST(storage.unique());
  torch::Tensor y = torch::empty({0}, torch::kDouble);
  check_values(y.set_(storage, 1, {2, 2}, {2, 1}), {1, 2, 3, 4});
  check_error<torch::Error>(
      [&] {
        y.set_(storage, 3, {2, 2});
      },
      "need 4 elements from element 3 on; the storage has 6");
  check_error<torch::Error>([&] { y.set_(torch::Storage()); }, "the storage is undefined");
}

BOOST_AUTO_TEST_CASE(numbers_that_do_not_fit_are_refused) {
  check_error<torch::Error>([] { torch::Scalar(300).toByte(); }, "cannot be converted to type uint8_t");
  check_error<torch::Error>([] { torch::Scalar(1e20).toLong(); }, "cannot be converted to type int64_t");
  check_error<torch::Error>([] { torch::Scalar(1e5).toHalf(); }, "cannot be converted to type at::Half");
  BOOST_TEST(static_cast<int>(torch::Scalar(-1).toByte()) == 255);
  check_error<torch::Error>([] { torch::ones({1}).expand({3}).add_(1); }, "single memory location");
}

BOOST_AUTO_TEST_SUITE_END()
