// Inference mode and anomaly mode.
#include <rondo/autograd.h>
#include <rondo/autograd/base/error.h>

#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <string>

using rondo::Tensor;
using support::check_error;
namespace autograd = rondo::autograd;

namespace {

// Whether one of the warnings since the scope began holds the text.
bool warned(const std::string& text) {
  for (const std::string& warning : support::Warnings::texts()) {
    if (warning.find(text) != std::string::npos) return true;
  }
  return false;
}

Tensor leaf() { return rondo::ones({2, 3}, rondo::kDouble).requires_grad_(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(inference_mode)

BOOST_AUTO_TEST_CASE(tensors_made_inside_are_inference_tensors_and_results_outside_are_not) {
  Tensor inside;
  {
    rondo::InferenceMode mode;
    BOOST_TEST(rondo::InferenceMode::is_enabled());
    inside = rondo::ones({2});
    BOOST_TEST(inside.is_inference());
    BOOST_TEST(inside.clone().is_inference());
    BOOST_TEST(!(leaf() * 2).requires_grad());
    {
      rondo::InferenceMode off(false);
      BOOST_TEST((leaf() * 2).requires_grad());
      BOOST_TEST(!rondo::ones({2}).is_inference());
    }
  }
  BOOST_TEST(!rondo::InferenceMode::is_enabled());
  BOOST_TEST(!(inside * 2).is_inference());
  BOOST_TEST(inside.view({2, 1}).is_inference());
  check_error([&] { inside.add_(1); }, "Inplace update to inference tensor outside InferenceMode is not allowed");
  check_error([&] { inside.copy_(rondo::ones({2})); }, "Inplace update to inference tensor");
  check_error([&] { inside.requires_grad_(); }, "Setting requires_grad=True on inference tensor outside");
  Tensor required;
  {
    rondo::InferenceMode on;
    required = rondo::ones({2}).requires_grad_();
  }
  check_error([&] { required.requires_grad_(); }, "Setting requires_grad=True on inference tensor outside");
  check_error([&] { inside._version(); }, "Inference tensors do not track version counter");
  Tensor x = rondo::ones({2}).requires_grad_();
  check_error([&] { x* inside; }, "Inference tensors cannot be saved for backward");
  BOOST_TEST((x + inside).requires_grad());
}

BOOST_AUTO_TEST_CASE(a_normal_tensor_changed_inside_is_still_watched) {
  Tensor x = leaf(), y = x * 2, z = y * y;
  {
    rondo::InferenceMode mode;
    y.add_(1);
  }
  check_error([&] { z.sum().backward(); }, "modified by an inplace operation");
}

BOOST_AUTO_TEST_CASE(a_view_of_a_normal_tensor_made_inside_may_not_be_changed_outside) {
  Tensor x = leaf(), y = x * 2, view;
  {
    rondo::InferenceMode mode;
    view = y.select(0, 0);
    BOOST_TEST(!view.is_inference());
  }
  check_error([&] { view.mul_(2); }, "A view was created in inference mode and is being modified inplace");
  y.mul_(2);
  check_error([&] { view.grad_fn(); }, "its base or another view of its base has been modified inplace");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(anomaly_mode)

BOOST_AUTO_TEST_CASE(names_the_rule_that_returned_nan_and_where_it_was_recorded) {
  support::Warnings watch;
  autograd::DetectAnomalyGuard guard;
  Tensor x = rondo::zeros({2}, rondo::kDouble).requires_grad_();
  Tensor y = x.sqrt() * 0;
  check_error([&] { y.sum().backward(); }, "Function 'SqrtBackward0' returned nan values in its 0th output.");
  BOOST_TEST(warned("Error detected in SqrtBackward0"));
  BOOST_TEST(warned("Traceback of forward call that caused the error"));
}

BOOST_AUTO_TEST_CASE(check_nan_can_be_off) {
  autograd::DetectAnomalyGuard guard(false);
  Tensor x = rondo::zeros({2}, rondo::kDouble).requires_grad_();
  (x.sqrt() * 0).sum().backward();
  BOOST_TEST(x.grad().isnan().all().item<bool>());
  {
    autograd::DetectAnomalyGuard inner(true);
    BOOST_TEST(autograd::AnomalyMode::should_check_nan());
  }
  BOOST_TEST(!autograd::AnomalyMode::should_check_nan());
}

BOOST_AUTO_TEST_CASE(says_so_when_the_forward_pass_was_not_watched) {
  support::Warnings watch;
  Tensor x = rondo::zeros({2}, rondo::kDouble).requires_grad_();
  Tensor y = (x.sqrt() * 0).sum();
  autograd::DetectAnomalyGuard guard;
  check_error([&] { y.backward(); }, "returned nan");
  BOOST_TEST(warned("No forward pass information"));
}

BOOST_AUTO_TEST_CASE(second_derivatives_name_what_induced_them) {
  support::Warnings watch;
  autograd::DetectAnomalyGuard guard;
  Tensor x = rondo::zeros({2}, rondo::kDouble).requires_grad_();
  Tensor g = autograd::grad({x.pow(1.5).sum()}, {x}, {}, true, true)[0];
  check_error([&] { (g * 0).sum().backward(); }, "returned nan");
  BOOST_TEST(warned("induced the previous calculation"));
}

BOOST_AUTO_TEST_SUITE_END()
