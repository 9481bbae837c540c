// Nodes, warnings and containers that programs define by libtorch's names.
#include <rondo/tests/support/values.h>
#include <rondo/torch.h>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

// Programs add to libtorch's namespaces.
namespace torch {
namespace mine {
inline Tensor twice(const Tensor& x) { return x + x; }
}  // namespace mine
namespace serialize {
class OutputArchive;
}
namespace nn {
struct SwishImpl : Module {
  Tensor forward(const Tensor& x) { return x * sigmoid(x); }
};
TORCH_MODULE(Swish);
template <class Inner>
struct PairImpl : Module {};
}  // namespace nn
namespace data::datasets {
struct Point {
  double at;
};
struct Points : Dataset<Points, Point> {
  Point get(size_t i) override { return {static_cast<double>(i)}; }
  torch::optional<size_t> size() const override { return 4; }
};
}  // namespace data::datasets
namespace data::transforms {
template <>
struct Stack<datasets::Point> : Collation<Tensor, std::vector<datasets::Point>> {
  Tensor apply_batch(std::vector<datasets::Point> points) override {
    Tensor all = empty({static_cast<int64_t>(points.size())}, kDouble);
    for (size_t i = 0; i < points.size(); ++i) all[static_cast<int64_t>(i)] = points[i].at;
    return all;
  }
};
}  // namespace data::transforms
}  // namespace torch
namespace c10 {
inline int of_a_program() { return 3; }
}  // namespace c10

namespace {

using support::check_error;
using support::check_values;
using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

// y = x^2, written as a node.
struct SquareBackward : torch::autograd::Node {
  explicit SquareBackward(int* released = nullptr) : released_(released) {}
  ~SquareBackward() override {
    if (released_) ++*released_;
  }
  variable_list apply(variable_list&& gradients) override {
    if (!should_compute_output(0)) return {torch::Tensor()};
    return {gradients[0] * 2 * x.unpack()};
  }
  void release_variables() override { x.reset_data(); }
  SavedVariable x;

 private:
  int* released_;
};

torch::Tensor squared(const torch::Tensor& x, int* released = nullptr) {
  torch::Tensor y;
  {
    torch::NoGradGuard no_grad;
    y = x * x;
  }
  if (torch::autograd::compute_requires_grad(x)) {
    auto node = std::make_shared<SquareBackward>(released);
    node->set_next_edges(torch::autograd::collect_next_edges(x));
    node->x = SavedVariable(x, false);
    torch::autograd::set_history(y, node);
  }
  return y;
}

struct TwoResults : torch::autograd::Node {
  variable_list apply(variable_list&& gradients) override { return {gradients[0], gradients[0]}; }
  std::string name() const override { return "TwoResults"; }
};

}  // namespace

namespace {
struct Doubling : torch::autograd::Node {
  torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
    return {gradients[0] * 2};
  }
};
}  // namespace

BOOST_AUTO_TEST_SUITE(nodes_of_programs)

BOOST_AUTO_TEST_CASE(take_part_in_the_graph) {
  int released = 0;
  const torch::Tensor x = torch::tensor({1., 3.}, torch::requires_grad());
  {
    torch::Tensor y = squared(squared(x, &released), &released).sum();
    y.backward();
    BOOST_TEST(released == 0);
  }
  BOOST_TEST(released == 2);
  check_values(x.grad(), {4, 108});
  BOOST_TEST(squared(x).grad_fn()->name().find("SquareBackward") != std::string::npos);
  check_error<rondo::Error>(
      [&] {
        torch::Tensor y = squared(x).sum();
        y.backward();
        y.backward();
      },
      "Trying to backward through the graph a second time");
}

BOOST_AUTO_TEST_CASE(histories_are_set_for_lists_and_found_by_their_arguments) {
  const auto x = torch::tensor({1.0, 3.0}).requires_grad_();
  torch::Tensor y;
  {
    torch::NoGradGuard no_grad;
    y = x * x;
  }
  const auto node = std::make_shared<SquareBackward>();
  node->x = SavedVariable(x, false);
  node->set_next_edges(torch::autograd::collect_next_edges(torch::TensorList({x})));
  const variable_list outputs = torch::autograd::flatten_tensor_args(y, variable_list{});
  BOOST_TEST(outputs.size() == 1U);
  set_history(outputs, node);
  y.sum().backward();
  check_values(x.grad(), {2, 6});
  // The checks are blocks, which end without a semicolon.
  TORCH_CHECK(y.defined())
  AT_ASSERT(y.dim() == 1, "y has ", y.dim(), " dimensions")
  BOOST_TEST((x.storage().data_ptr() == x.view({1, 2}).storage().data_ptr()));
  BOOST_TEST((x.storage().data_ptr() != y.storage().data_ptr()));
}

BOOST_AUTO_TEST_CASE(a_long_chain_is_freed_without_recursion) {
  torch::Tensor y = torch::ones({1}, torch::requires_grad());
  for (int i = 0; i < 200000; ++i) {
    auto node = std::make_shared<TwoResults>();
    node->set_next_edges(torch::autograd::collect_next_edges(y));
    y = torch::ones({1});
    torch::autograd::set_history(y, node);
  }
}

BOOST_AUTO_TEST_CASE(the_program_and_the_graph_share_a_node) {
  const torch::Tensor x = torch::ones({2}, torch::requires_grad());
  std::weak_ptr<torch::autograd::Node> seen;
  torch::Tensor y = torch::zeros({2});
  {
    auto node = std::make_shared<SquareBackward>();
    seen = node;
    node->set_next_edges({torch::autograd::Edge(torch::autograd::impl::grad_accumulator(x), 0)});
    node->x = SavedVariable(x, false);
    torch::autograd::set_history(y, node);
  }
  BOOST_TEST(!seen.expired());
  // A pointer that came from the graph goes back without a second owner.
  std::shared_ptr<torch::autograd::Node> again = y.grad_fn();
  const torch::autograd::Edge edge(again, 0);
  BOOST_TEST(edge.function.get() == seen.lock().get());
  y.backward(torch::ones({2}));
  check_values(x.grad(), {2, 2});
}

BOOST_AUTO_TEST_CASE(wrong_numbers_of_gradients_are_named) {
  const torch::Tensor x = torch::ones({1}, torch::requires_grad());
  torch::Tensor y = torch::ones({1});
  auto node = std::make_shared<TwoResults>();
  node->set_next_edges(torch::autograd::collect_next_edges(x));
  torch::autograd::set_history(y, node);
  check_error<rondo::Error>([&] { y.backward(); },
                            "Function TwoResults returned an invalid number of gradients - got 2, but expected 1");
}

BOOST_AUTO_TEST_CASE(changes_of_saved_tensors_are_seen) {
  const torch::Tensor x = torch::ones({1}, torch::requires_grad());
  const torch::Tensor between = x * 2;
  const torch::Tensor y = squared(between);
  between.add_(1);
  check_error<rondo::Error>([&] { y.backward(); }, "modified by an inplace operation");
}

BOOST_AUTO_TEST_CASE(saved_outputs_come_back_with_their_node) {
  const torch::Tensor x = torch::ones({1}, torch::requires_grad());
  torch::Tensor y = torch::ones({1});
  auto node = std::make_shared<TwoResults>();
  const SavedVariable saved(y, true);
  check_error<torch::Error>([&] { saved.unpack(); }, "No grad_fn for non-leaf saved variable");
  // Before the graph holds the node, and after.
  BOOST_TEST(saved.unpack(node).grad_fn().get() == node.get());
  node->set_next_edges(torch::autograd::collect_next_edges(x));
  torch::autograd::set_history(y, node);
  BOOST_TEST(saved.unpack(node).grad_fn().get() == node.get());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(warnings_by_libtorchs_names)

struct Kept : c10::WarningHandler {
  void process(const c10::Warning& warning) override { texts.push_back(warning.msg()); }
  std::vector<std::string> texts;
};

BOOST_AUTO_TEST_CASE(a_function_that_handles_warnings_is_in_force_again_behind_a_guard) {
  const support::Warnings warnings;
  {
    Kept kept;
    c10::Warning::WarningHandlerGuard guard(&kept);
    TORCH_WARN("inside");
  }
  TORCH_WARN("outside");
  BOOST_TEST(support::Warnings::texts() == std::vector<std::string>({"outside"}), boost::test_tools::per_element());
}

// As in libtorch 1.
struct KeptByPlace : c10::WarningHandler {
  void process(const c10::SourceLocation&, const std::string& text, const bool) override { texts.push_back(text); }
  std::vector<std::string> texts;
};

BOOST_AUTO_TEST_CASE(handlers_are_objects) {
  Kept kept;
  {
    c10::Warning::WarningHandlerGuard guard(&kept);
    TORCH_WARN("one ", 1);
    BOOST_TEST(c10::WarningUtils::get_warning_handler() == &kept);
  }
  KeptByPlace by_place;
  c10::WarningHandler* const before = c10::WarningUtils::get_warning_handler();
  c10::WarningUtils::set_warning_handler(&by_place);
  TORCH_WARN("two");
  {
    const c10::WarningUtils::WarnAlways always;
    for (int i = 0; i < 2; ++i) TORCH_WARN_ONCE("three");
  }
  c10::WarningUtils::set_warning_handler(before);
  BOOST_TEST(kept.texts == std::vector<std::string>({"one 1"}), boost::test_tools::per_element());
  BOOST_TEST(by_place.texts == std::vector<std::string>({"two", "three", "three"}), boost::test_tools::per_element());
  c10::WarningUtils::set_warning_handler(nullptr);
}

BOOST_AUTO_TEST_CASE(anomaly_mode_warns_of_the_node_that_recorded_the_failing_one) {
  const support::Warnings warnings;
  const torch::autograd::DetectAnomalyGuard guard;
  const torch::Tensor x = torch::tensor({0.0}, torch::requires_grad());
  const auto first = torch::autograd::grad({x.pow(1.5)}, {x}, {}, true, true);
  BOOST_CHECK_THROW(torch::autograd::grad({first[0]}, {x}, {torch::tensor({0.0})}), c10::Error);
  BOOST_REQUIRE(support::Warnings::texts().size() == 2u);
  BOOST_TEST(support::Warnings::texts()[0].find("Traceback of forward call that caused the error") !=
             std::string::npos);
  BOOST_TEST(support::Warnings::texts()[1].find("Traceback of forward call that induced the previous calculation") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(small_names)

BOOST_AUTO_TEST_CASE(namespaces_can_be_added_to) {
  check_values(torch::mine::twice(torch::ones({2})), {2, 2});
  BOOST_TEST(c10::of_a_program() == 3);
  auto net = torch::nn::Sequential(torch::nn::Identity(), torch::nn::Swish());
  check_values(net->forward(torch::zeros({2})), {0, 0});
  BOOST_TEST(torch::nn::Swish()->name() == "torch::nn::SwishImpl");
  BOOST_TEST(torch::nn::PairImpl<torch::nn::ReLU>().name() == "torch::nn::PairImpl<torch::nn::ReLU>");
  torch::serialize::OutputArchive archive;
  archive.write("x", torch::ones({2}));
  const auto points =
      torch::data::datasets::Points().map(torch::data::transforms::Stack<torch::data::datasets::Point>());
  const auto loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(points, 4);
  for (const torch::Tensor& batch : *loader) check_values(batch, {0, 1, 2, 3});
  BOOST_TEST(at::native::is_nonzero(torch::ones({1})));
  const at::TensorBase same = torch::ones({1});
  BOOST_TEST(same.defined());
}

BOOST_AUTO_TEST_CASE(containers_of_data_print_and_convert) {
  using torch::detail::TensorDataContainer;
  BOOST_TEST(c10::str(TensorDataContainer(1.1)) == "1.1");
  BOOST_TEST(c10::str(TensorDataContainer({{1, 2}, {3, 4}})) == "{{1, 2}, {3, 4}}");
  BOOST_TEST(c10::str(TensorDataContainer(std::vector<double>({1.1, 2.2}))) == "{1.1, 2.2}");
  BOOST_TEST(c10::str(TensorDataContainer({{{}}})) == "{{{}}}");
  check_error<rondo::Error>([] { TensorDataContainer({1.1, 2.2}).scalar(); }, "Can only call `scalar()`");
  check_error<rondo::Error>([] { TensorDataContainer(1.1).init_list(); }, "Can only call `init_list()`");
  check_error<rondo::Error>([] { TensorDataContainer({1.1, 2.2}).tensor(); }, "Can only call `tensor()`");
  check_values(TensorDataContainer({{1, 2}, {3, 4}}).convert_to_tensor(), {1, 2, 3, 4});
  BOOST_TEST(TensorDataContainer({{1, 2}, {3, 4}}).convert_to_tensor().dtype() == torch::kLong);
}

BOOST_AUTO_TEST_CASE(temporary_files_go_with_their_objects) {
  std::string name;
  {
    const auto file = c10::make_tempfile();
    name = file.name;
    torch::save(torch::ones({2}), file.name);
    torch::Tensor loaded;
    torch::load(loaded, file.name);
    check_values(loaded, {1, 1});
  }
  BOOST_TEST(!std::ifstream(name).good());
  { const auto folder = c10::make_tempdir(); }
}

BOOST_AUTO_TEST_CASE(a_stream_can_be_read_twice) {
  std::stringstream stream;
  torch::save(torch::ones({2}), stream);
  torch::Tensor first, second;
  torch::load(first, stream);
  stream.seekg(0, stream.beg);
  torch::load(second, stream);
  check_values(second, {1, 1});
}

BOOST_AUTO_TEST_CASE(names_of_choices_flat_lists_and_integer_defaults) {
  std::variant<torch::enumtype::kReflect, torch::enumtype::kZeros> choice = torch::kZeros;
  BOOST_TEST(torch::enumtype::get_enum_name(choice) == "kZeros");
  const auto flat = torch::utils::flatten_dense_tensors({torch::ones({2}), torch::zeros({1, 2})});
  check_values(flat, {1, 1, 0, 0});
  BOOST_TEST(torch::utils::unflatten_dense_tensors(flat, {torch::ones({2}), torch::zeros({1, 2})})[1].dim() == 2);
  torch::set_default_dtype(torch::scalarTypeToTypeMeta(torch::kInt));
  BOOST_TEST(torch::ones(5).dtype() == torch::kInt);
  torch::set_default_dtype(torch::scalarTypeToTypeMeta(torch::kFloat));
  BOOST_TEST(*torch::make_unique<int>(4) == 4);
  const std::vector<double> macros = {
#define RONDO_WIDTH(type, name) static_cast<double>(sizeof(type)),
      AT_FORALL_SCALAR_TYPES_AND3(Bool, Half, BFloat16, RONDO_WIDTH)
#undef RONDO_WIDTH
  };
  BOOST_TEST(macros == std::vector<double>({1, 1, 2, 4, 8, 4, 8, 1, 2, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bags_of_embeddings_stand_in_a_sequence) {
  torch::nn::Sequential model(torch::nn::Identity(),
                              torch::nn::EmbeddingBag::from_pretrained(torch::tensor({{1., 2.3, 3.}, {4., 5.1, 6.3}})));
  BOOST_TEST(torch::allclose(model->forward(torch::tensor({{1, 0}}, torch::kLong)), torch::tensor({{2.5, 3.7, 4.65}})));
}

BOOST_AUTO_TEST_CASE(outputs_are_wrapped_with_a_node_where_gradients_are_recorded) {
  const auto wrapped = [](const torch::Tensor& x) {
    return torch::autograd::wrap_outputs({x}, {x.detach() * 2}, [](torch::autograd::edge_list&& next) {
      auto node = std::make_shared<Doubling>();
      node->set_next_edges(std::move(next));
      return node;
    });
  };
  const torch::Tensor x = torch::ones({2}).requires_grad_();
  wrapped(x)[0].sum().backward();
  support::check_values(x.grad(), {2, 2});
  BOOST_TEST(!wrapped(torch::ones({2}))[0].requires_grad());
}

BOOST_AUTO_TEST_SUITE_END()
