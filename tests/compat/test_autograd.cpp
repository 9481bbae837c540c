// Programs for libtorch's autograd, as its users write them.
#include <rondo/torch.h>

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <vector>

namespace {

class LinearFunction : public torch::autograd::Function<LinearFunction> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* ctx, torch::Tensor input, torch::Tensor weight,
                               torch::Tensor bias = torch::Tensor()) {
    ctx->save_for_backward({input, weight, bias});
    auto output = input.mm(weight.t());
    if (bias.defined()) output += bias.unsqueeze(0).expand_as(output);
    return output;
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* ctx,
                                               torch::autograd::tensor_list grad_outputs) {
    auto saved = ctx->get_saved_variables();
    auto input = saved[0], weight = saved[1], bias = saved[2];
    auto grad_output = grad_outputs[0];
    auto grad_input = grad_output.mm(weight), grad_weight = grad_output.t().mm(input);
    auto grad_bias = torch::Tensor();
    if (bias.defined()) grad_bias = grad_output.sum(0);
    return {grad_input, grad_weight, grad_bias};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(autograd_of_libtorch)

BOOST_AUTO_TEST_CASE(the_linear_function_of_its_tutorial) {
  auto x = torch::randn({2, 3}).requires_grad_();
  auto weight = torch::randn({4, 3}).requires_grad_();
  auto y = LinearFunction::apply(x, weight, torch::Tensor());
  y.sum().backward();
  BOOST_TEST(x.grad().allclose(torch::ones({2, 4}).mm(weight.detach())));
  BOOST_TEST(weight.grad().allclose(torch::ones({4, 2}).mm(x.detach())));
}

BOOST_AUTO_TEST_CASE(edges_callbacks_and_undefined_gradients) {
  auto x = torch::ones({2}, torch::requires_grad());
  auto y = x * 2;
  BOOST_TEST(y.grad_fn()->next_edge(0).function->name() == "torch::autograd::AccumulateGrad");
  int calls = 0;
  y.register_hook(
      [&](torch::Tensor) { torch::autograd::Engine::get_default_engine().queue_callback([&] { ++calls; }); });
  y.sum().backward();
  BOOST_TEST(calls == 1);

  auto z = torch::autograd::UndefinedGrad().apply({x * 1})[0];
  auto w = torch::ones({2}, torch::requires_grad());
  (z * w).sum().backward();
  BOOST_TEST(w.grad().defined());
}

BOOST_AUTO_TEST_CASE(inference_mode_by_its_names) {
  c10::InferenceMode guard;
  BOOST_TEST(torch::ones({2}).is_inference());
}

BOOST_AUTO_TEST_CASE(sizes_dtypes_and_devices_go_to_streams) {
  std::ostringstream out;
  const auto x = torch::ones({2, 3});
  out << x.sizes() << x.strides() << x.scalar_type() << x.device() << x.sum().item();
  BOOST_TEST(out.str() == "[2, 3][3, 1]Floatcpu6");
}

BOOST_AUTO_TEST_CASE(dtypes_print_their_cpp_types_and_options_all_they_hold) {
  std::ostringstream out;
  const auto x = torch::ones({2}, torch::kLong);
  out << x.dtype() << ' ' << torch::get_default_dtype() << ' ' << torch::TensorOptions().dtype(torch::kInt);
  BOOST_TEST(out.str() ==
             "long int float TensorOptions(dtype=int, device=cpu (default), layout=Strided (default), "
             "requires_grad=false (default), pinned_memory=false (default), memory_format=(nullopt))");
  out.str("");
  out << torch::TensorOptions().memory_format(torch::MemoryFormat::ChannelsLast).pinned_memory(false);
  BOOST_TEST(out.str() ==
             "TensorOptions(dtype=float (default), device=cpu (default), layout=Strided (default), "
             "requires_grad=false (default), pinned_memory=false, memory_format=ChannelsLast)");
  BOOST_TEST((x.dtype() == torch::kLong));
  BOOST_TEST(x.dtype().itemsize() == 8u);
  BOOST_TEST((torch::zeros({1}, x.dtype()).to(x.dtype()).scalar_type() == torch::kLong));
}

BOOST_AUTO_TEST_CASE(arguments_may_be_left_out_as_nullopt_and_given_as_optional_tensors) {
  const auto x = torch::ones({2, 3}), w = torch::ones({4, 3});
  BOOST_TEST(torch::linear(x, w, torch::nullopt).sum().item<double>() == 24);
  const c10::optional<torch::Tensor> bias = torch::ones({4}), none;
  BOOST_TEST(torch::linear(x, w, bias).sum().item<double>() == 32);
  BOOST_TEST(torch::linear(x, w, none).sum().item<double>() == 24);
}

BOOST_AUTO_TEST_CASE(flat_names_of_special_functions_and_no_graphics_processors) {
  const auto x = torch::full({2}, 0.5);
  BOOST_TEST(torch::equal(at::special_erf(x), torch::erf(x)));
  BOOST_TEST(torch::equal(torch::special_logsumexp(x, {0}), torch::logsumexp(x, 0)));
  BOOST_TEST(torch::equal(x.igamma(x), torch::special_gammainc(x, x)));
  BOOST_TEST(!torch::cuda::is_available());
  BOOST_TEST(torch::cuda::device_count() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
