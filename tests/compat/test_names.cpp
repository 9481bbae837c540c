// Forms of libtorch that only compatibility asks for: out=, copies of views, lists, accessors, dispatch by dtype.
#include <rondo/tests/support/values.h>
#include <rondo/torch.h>

#include <boost/test/unit_test.hpp>

#include <unordered_map>

using support::check_error;
using support::check_values;
using support::Warnings;

// A program's own functions, called without a namespace: rondo's of the same names are not considered.
namespace {
std::string save(const torch::Tensor&, const std::string& path) { return "own " + path; }
std::string load(torch::Tensor&, const std::string& path) { return "own " + path; }
std::string save_npy(const torch::Tensor&, const std::string& path) { return "own " + path; }
std::string to_string(torch::IntArrayRef sizes) { return "own " + std::to_string(sizes.size()); }
std::string softsign(const torch::Tensor&) { return "own"; }
std::string softmin(const torch::Tensor&, int64_t) { return "own"; }
std::string rms_norm(const torch::Tensor&, torch::IntArrayRef) { return "own"; }
std::string scaled_dot_product_attention(const torch::Tensor&, const torch::Tensor&, const torch::Tensor&) {
  return "own";
}
std::string rotary_embedding(const torch::Tensor&) { return "own"; }
}  // namespace

BOOST_AUTO_TEST_SUITE(out_forms)

BOOST_AUTO_TEST_CASE(write_into_the_tensor_that_is_given) {
  const torch::Tensor x = torch::tensor({1., 2.}), y = torch::tensor({3., 5.});
  torch::Tensor out = torch::zeros({2});
  const void* memory = out.data_ptr();
  torch::Tensor& same = at::add_out(out, x, y, 2);
  BOOST_TEST(&same == &out);
  BOOST_TEST(out.data_ptr() == memory);
  check_values(out, {7, 12});
  at::add_outf(x, y, 1, out);
  check_values(out, {4, 7});
  torch::Tensor column = torch::zeros({2, 2}).select(1, 0);
  torch::mul_out(column, x, y);
  check_values(column, {3, 10});
  torch::Tensor values = torch::empty({0}), indices = torch::empty({0}, torch::kLong);
  const auto results = torch::max_out(values, indices, torch::tensor({{1., 4.}, {3., 2.}}), 1);
  check_values(std::get<0>(results), {4, 3});
  check_values(indices, {1, 0});
  torch::Tensor total = torch::empty({0});
  torch::sum_out(total, torch::ones({2, 3}), {0, 1}, true);
  BOOST_TEST(total.sizes() == torch::IntArrayRef({1, 1}));
  torch::special::erf_out(out, torch::zeros({2}));
  torch::special_erf_out(out, torch::zeros({2}));
  torch::linalg::det_out(total, torch::eye(3));
  check_values(total, {1});
}

BOOST_AUTO_TEST_CASE(resize_the_tensor_with_a_warning_unless_it_was_empty) {
  torch::Tensor out = torch::empty({0}), filled = torch::zeros({3});
  const Warnings guard;
  torch::exp_out(out, torch::zeros({2, 2}));
  BOOST_TEST(out.sizes() == torch::IntArrayRef({2, 2}));
  BOOST_TEST(Warnings::texts().empty());
  torch::exp_out(filled, torch::zeros({2, 2}));
  BOOST_TEST(filled.sizes() == torch::IntArrayRef({2, 2}));
  BOOST_TEST(Warnings::texts().size() == 1);
}

BOOST_AUTO_TEST_CASE(refuse_gradients_and_dtypes_that_lose_the_kind_of_number) {
  const torch::Tensor x = torch::ones({2}).requires_grad_();
  torch::Tensor out = torch::zeros({2}), whole = torch::zeros({2}, torch::kLong),
                wide = torch::zeros({2}, torch::kDouble);
  check_error([&] { at::mul_out(out, x, x); },
              "functions with out=... arguments don't support automatic differentiation, but one of the arguments "
              "requires grad");
  check_error([&] { at::mul_out(const_cast<torch::Tensor&>(x), out, out); }, "requires grad");
  check_error([&] { at::mul_out(whole, out, out); }, "result type Float can't be cast to the desired output type Long");
  const torch::NoGradGuard guard;
  at::mul_out(wide, x, x);
  check_values(wide, {1, 1});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(paddings_of_convolutions_are_read_as_variants) {
  const std::vector<int64_t> two{1, 2};
  const auto options = torch::nn::Conv2dOptions(1, 1, 3).padding(two);
  BOOST_TEST((*c10::get<torch::ExpandingArray<2>>(options.padding()))[1] == 2);
  BOOST_TEST(c10::get_if<torch::enumtype::kSame>(&options.padding()) == nullptr);
  const auto same = torch::nn::Conv2dOptions(1, 1, 3).padding(torch::kSame);
  BOOST_TEST(c10::holds_alternative<torch::enumtype::kSame>(same.padding()));
  BOOST_CHECK_THROW(c10::get<torch::ExpandingArray<2>>(same.padding()), std::bad_variant_access);
  const auto name = [](const auto& choice) {
    return std::is_same_v<std::decay_t<decltype(choice)>, torch::enumtype::kSame> ? 1 : 0;
  };
  BOOST_TEST(c10::visit(name, same.padding()) == 1);
  BOOST_TEST(
      (torch::nn::functional::Conv2dFuncOptions().padding(std::array<int64_t, 2>{1, 2}).padding().values()->at(1)) ==
      2);
}

BOOST_AUTO_TEST_CASE(dtypes_and_lists_by_their_older_names) {
  const caffe2::TypeMeta type = torch::ones({1}, torch::TensorOptions().dtype<double>()).dtype();
  BOOST_TEST((type == caffe2::TypeMeta::Make<double>()));
  BOOST_TEST(c10::demangle(typeid(int).name()) == "int");
  std::ostringstream out;
  out << std::setw(6) << torch::full({}, 2.5) << '|' << torch::TensorOptions() << true;
  BOOST_TEST(out.str().substr(0, 7) == "   2.5\n");
  BOOST_TEST(out.str().substr(out.str().size() - 4) == "true");
  std::ostringstream printed;
  printed << torch::nn::Linear(1, 1) << torch::ones({1}).requires_grad();
  BOOST_TEST(printed.str() == "torch::nn::Linear(in_features=1, out_features=1, bias=true)false");
  BOOST_TEST(at::makeArrayRef(std::vector<int64_t>{3, 4})[1] == 4);
  BOOST_TEST(torch::ones({2}).to(std::string("cpu")).size(0) == 2);
}

BOOST_AUTO_TEST_CASE(arguments_of_kernels_are_checked_by_name) {
  const torch::Tensor x = torch::ones({2, 3}), y = torch::ones({2, 3}, torch::kLong), none;
  const at::TensorArg input{x, "input", 1}, index{y, "index", 2}, bias{none, "bias", 3};
  const at::CheckedFrom from = "my_kernel";
  at::checkDim(from, input, 2);
  at::checkSize(from, input, {2, 3});
  at::checkAllSameSize(from, {input, bias, index});
  at::checkAllContiguous(from, {input, index});
  at::checkScalarTypes(from, input, {torch::kFloat, torch::kDouble});
  at::checkAllDefined(from, {input, index});
  check_error(
      [&] {
        at::checkAllSameType(from, {input, bias, index});
      },
      "Expected tensor for argument #1 'input' to have the same type as tensor for argument #2 'index'; but type "
      "CPUFloatType does not equal CPULongType (while checking arguments for my_kernel)");
  check_error([&] { at::checkDim(from, input, 3); },
              "Expected 3-dimensional tensor, but got 2-dimensional tensor for argument #1 'input'");
  check_error([&] { at::checkDimRange(from, input, 3, 5); }, "Expected 3 to 4 dimensions");
  check_error([&] { at::checkSize(from, index, 1, 4); },
              "Expected tensor to have size 4 at dimension 1, but got size 3");
  check_error([&] { at::checkNumel(from, input, 7); }, "to have 7 elements; but it actually has 6 elements");
  check_error([&] { at::checkContiguous(from, {x.t(), "input", 0}); }, "non-contiguous tensor for 'input'");
  check_error([&] { at::checkScalarType(from, index, torch::kFloat); },
              "to have scalar type Float; but got CPULongType");
  check_error([&] { at::checkDefined(from, bias); }, "to be non-null, but it was undefined");
  check_error([&] { at::checkAllSameGPU(from, {input, index}); }, "expected them to be on GPU");
  BOOST_TEST(at::maybe_data_ptr(bias) == nullptr);
}

BOOST_AUTO_TEST_CASE(checks_and_logs_take_a_stream) {
  std::ostringstream log;
  std::streambuf* const before = std::cerr.rdbuf(log.rdbuf());
  LOG(WARNING) << "at " << 3;
  LOG_IF(INFO, false) << "not this";
  CHECK(1 < 2) << "nor this";
  CHECK_EQ(2, 2);
  TORCH_WARN("a warning");
  std::cerr.rdbuf(before);
  BOOST_TEST(log.str().find("[W test_names.cpp:") == 0U);
  BOOST_TEST(log.str().find("] at 3\nrondo warning: a warning\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(functions_of_the_program_are_called_by_their_names) {
  torch::Tensor x = torch::ones({2, 2});
  const std::string path = "x";
  BOOST_TEST(save(x, path) == "own x");
  BOOST_TEST(load(x, path) == "own x");
  BOOST_TEST(save_npy(x, path) == "own x");
  BOOST_TEST(to_string(x.sizes()) == "own 2");
  BOOST_TEST(softsign(x) == "own");
  BOOST_TEST(softmin(x, 0) == "own");
  BOOST_TEST(rms_norm(x, x.sizes()) == "own");
  BOOST_TEST(scaled_dot_product_attention(x, x, x) == "own");
  BOOST_TEST(rotary_embedding(x) == "own");
  BOOST_TEST(torch::rms_norm(x, x.sizes()).sizes() == x.sizes());
}

BOOST_AUTO_TEST_CASE(copies_of_views_share_no_memory_and_are_differentiable) {
  const torch::Tensor x = torch::arange(6, torch::kDouble).view({2, 3}).requires_grad_();
  const std::vector<torch::Tensor> copies{at::view_copy(x, {3, 2}),
                                          at::transpose_copy(x, 0, 1),
                                          at::t_copy(x),
                                          at::select_copy(x, 0, 1),
                                          at::slice_copy(x, 1, 0, 2),
                                          at::expand_copy(x, {2, 2, 3}),
                                          at::permute_copy(x, {1, 0}),
                                          at::unsqueeze_copy(x, 0),
                                          at::squeeze_copy(x),
                                          at::diagonal_copy(x),
                                          at::detach_copy(x),
                                          at::alias_copy(x),
                                          at::unfold_copy(x, 1, 2, 1),
                                          at::as_strided_copy(x, {2}, {1})};
  for (const torch::Tensor& copy : copies) {
    BOOST_TEST(!copy.is_alias_of(x));
    BOOST_TEST(copy.is_contiguous());
  }
  BOOST_TEST(at::split_copy(x, 2, 1).size() == 2u);
  BOOST_TEST(at::unbind_copy(x).size() == 2u);
  at::select_copy(x, 0, 1).sum().backward();
  check_values(x.grad(), {0, 0, 0, 1, 1, 1});
}

BOOST_AUTO_TEST_CASE(lists_share_their_elements_and_index_tensors) {
  c10::List<c10::optional<torch::Tensor>> list;
  list.push_back(c10::nullopt);
  list.push_back(torch::tensor({2, 0}));
  const auto same = list;
  BOOST_TEST(same.size() == 2u);
  torch::Tensor x = torch::arange(6).view({2, 3});
  check_values(x.index(list), {2, 0, 5, 3});
  check_values(at::index(x, list), {2, 0, 5, 3});
  check_values(x.index_put(list, torch::tensor(9)), {9, 1, 9, 9, 4, 9});
  x.index_put_(list, torch::tensor(1), true);
  check_values(x, {1, 1, 3, 4, 4, 6});
  const c10::List<int64_t> numbers({4, 5});
  BOOST_TEST(numbers.get(1) == 5);
  numbers.copy().clear();
  BOOST_TEST(numbers.vec() == std::vector<int64_t>({4, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(accessors_read_and_write_by_strides) {
  const torch::Tensor x = torch::arange(6, torch::kFloat).view({2, 3}).t();
  auto a = x.accessor<float, 2>();
  BOOST_TEST(a.size(0) == 3);
  BOOST_TEST(a[2][1] == 5.f);
  a[0][1] = 9;
  BOOST_TEST(x[0][1].item<float>() == 9.f);
  check_error([&] { x.accessor<float, 3>(); }, "expected 3 dims but tensor has 2");
  check_error([&] { x.accessor<double, 2>(); }, "Double");
}

BOOST_AUTO_TEST_CASE(code_is_dispatched_by_dtype) {
  const auto size = [](torch::ScalarType type) {
    return AT_DISPATCH_ALL_TYPES_AND(torch::kBool, type, "size", [&] { return sizeof(scalar_t); });
  };
  BOOST_TEST(size(torch::kFloat) == 4u);
  BOOST_TEST(size(torch::kLong) == 8u);
  BOOST_TEST(size(torch::kBool) == 1u);
  int calls = 0;
  const torch::Tensor x = torch::ones({2}, torch::kInt);
  check_error([&] { AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "halve", [&] { ++calls; }); },
              "\"halve\" not implemented for 'Int'");
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(memory_formats_order_the_numbers) {
  const torch::Tensor x = torch::arange(24, torch::kFloat).view({1, 2, 3, 4});
  const torch::Tensor last = x.contiguous(torch::MemoryFormat::ChannelsLast);
  BOOST_TEST(last.strides() == torch::IntArrayRef({24, 1, 8, 2}));
  BOOST_TEST(last.equal(x));
  BOOST_TEST(last.is_contiguous(torch::MemoryFormat::ChannelsLast));
  BOOST_TEST(!x.is_contiguous(torch::MemoryFormat::ChannelsLast));
  BOOST_TEST((last.suggest_memory_format() == torch::MemoryFormat::ChannelsLast));
  BOOST_TEST(last.is_non_overlapping_and_dense());
  BOOST_TEST(last.contiguous(torch::MemoryFormat::ChannelsLast).is_same(last));
  BOOST_TEST(torch::empty_like(last).strides() == last.strides());
  BOOST_TEST(torch::empty_like(last, torch::MemoryFormat::Contiguous).is_contiguous());
  BOOST_TEST(torch::zeros_like(x, x.options(), torch::MemoryFormat::ChannelsLast).strides() == last.strides());
  BOOST_TEST(last.clone(torch::MemoryFormat::Contiguous).is_contiguous());
  BOOST_TEST(last.to(torch::kDouble, false, false, torch::MemoryFormat::Contiguous).is_contiguous());
  BOOST_TEST(torch::empty({2, 3, 4, 5}, torch::MemoryFormat::ChannelsLast).stride(1) == 1);
  check_error([&] { x[0].contiguous(torch::MemoryFormat::ChannelsLast); }, "required rank 4");
}

BOOST_AUTO_TEST_CASE(set_takes_the_memory_of_another_tensor) {
  torch::Tensor x = torch::zeros({3}), y = torch::arange(4, torch::kFloat).view({2, 2}).t();
  x.set_(y);
  BOOST_TEST(x.is_set_to(y));
  BOOST_TEST(x.strides() == y.strides());
  check_error([&] { x.set_(y.to(torch::kDouble)); }, "set_");
  x.set_();
  BOOST_TEST(x.numel() == 0);
  y.requires_grad_();
  check_error([&] { x.set_(y); }, "set_");
}

BOOST_AUTO_TEST_CASE(generators_contexts_and_loops) {
  BOOST_TEST(torch::getNumGPUs() == 0U);
  const at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(5);
  torch::manual_seed(5);
  BOOST_TEST(torch::rand({3}, generator).equal(torch::rand({3})));
  BOOST_TEST((at::detail::getDefaultCPUGenerator() == at::globalContext().defaultGenerator(at::kCPU)));
  const auto total = at::parallel_reduce(
      0, 1000, 7, int64_t{0},
      [](int64_t begin, int64_t end, int64_t sum) {
        for (int64_t i = begin; i < end; ++i) sum += i;
        return sum;
      },
      [](int64_t a, int64_t b) { return a + b; });
  BOOST_TEST(total == 499500);
  std::unordered_map<torch::Device, int> devices{{torch::Device("cpu"), 1}};
  BOOST_TEST(devices.at(torch::kCPU) == 1);
  torch::autograd::AutoGradMode recording(false);
  BOOST_TEST(!torch::autograd::GradMode::is_enabled());
  const torch::TensorOptions options = torch::TensorOptions().dtype(torch::kInt);
  BOOST_TEST(options.dtype_opt().has_value());
  BOOST_TEST(!options.device_opt().has_value());
}

BOOST_AUTO_TEST_CASE(hooks_for_saved_tensors_can_be_switched_off) {
  const auto identity = [](const torch::Tensor& t) { return t; };
  at::SavedTensorDefaultHooks::disable("not now");
  BOOST_TEST(!at::SavedTensorDefaultHooks::is_enabled());
  check_error([&] { torch::autograd::SavedTensorHooks(identity, identity); }, "not now");
  at::SavedTensorDefaultHooks::enable();
  torch::autograd::SavedTensorHooks hooks(identity, identity);
}

BOOST_AUTO_TEST_CASE(a_builder_makes_tensors_of_others_memory) {
  float numbers[] = {1, 2, 3, 4, 5, 6};
  int calls = 0;
  {
    const torch::Tensor x = torch::for_blob(numbers, {2, 2})
                                .strides(torch::IntArrayRef({3, 1}))
                                .deleter([&](void* data) { calls += data == numbers; })
                                .options(torch::kFloat)
                                .make_tensor();
    check_values(x, {1, 2, 4, 5});
    BOOST_TEST(calls == 0);
  }
  BOOST_TEST(calls == 1);
  {
    const torch::Tensor x = at::for_blob(numbers, {2})
                                .storage_offset(2)
                                .context(&calls, [](void* count) { ++*static_cast<int*>(count); })
                                .make_tensor();
    check_values(x, {3, 4});
    BOOST_TEST(x.storage_offset() == 2);
  }
  BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(files_are_mapped_as_tensors) {
  const auto file = c10::make_tempfile("rondo-mapped-");
  torch::from_file(file.name, true, 4).fill_(2);
  const torch::Tensor x = torch::from_file(file.name, false, 4);
  x.add_(1);
  check_values(x, {3, 3, 3, 3});
  check_values(torch::from_file(file.name, std::nullopt, 2), {2, 2});
  BOOST_TEST(torch::from_file(file.name).numel() == 0);
  check_error([&] { torch::from_file(file.name, false, 5); }, "has 16 bytes; need 20");
  check_error([&] { torch::from_file(file.name + "-none", false, 5); }, "unable to open file");
  check_error([&] { torch::from_file(file.name, false, -1); }, "size is -1");
}

BOOST_AUTO_TEST_CASE(older_names_of_types_and_options) {
  BOOST_TEST(torch::Device(torch::Device::Type::CPU).is_cpu());
  BOOST_TEST((caffe2::TypeMeta::fromScalarType(torch::kInt) == torch::kInt));
  BOOST_TEST((torch::Dtype(caffe2::typeMetaToScalarType(torch::ones({1}).dtype())) == torch::kFloat));
  BOOST_TEST((std::is_same_v<at::acc_type<float, false>, double>));
  BOOST_TEST((std::is_same_v<at::acc_type<float, true>, float>));
  BOOST_TEST((std::is_same_v<at::acc_type<torch::Half, false>, float>));
  BOOST_TEST((std::is_same_v<at::acc_type<int, true>, int64_t>));
  BOOST_TEST((std::is_same_v<at::acc_type<bool, false>, bool>));
  BOOST_TEST((std::is_same_v<at::opmath_type<torch::Half>, float>));
  BOOST_TEST(torch::equal_if_defined({}, {}));
  BOOST_TEST(!torch::equal_if_defined(torch::ones({1}), {}));
  auto upsample = torch::nn::UpsampleOptions().mode(torch::kBilinear);
  const bool bilinear =
      c10::visit([](auto&& mode) { return std::is_same_v<std::decay_t<decltype(mode)>, torch::enumtype::kBilinear>; },
                 upsample.mode());
  BOOST_TEST(bilinear);
}

BOOST_AUTO_TEST_SUITE_END()
