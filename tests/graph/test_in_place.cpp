// Changes in place, views, and the version counter.
#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>

using rondo::Tensor;

namespace {

template <class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const rondo::Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

bool holds(const std::string& text, const std::string& needle) {
  if (text.find(needle) != std::string::npos) return true;
  BOOST_TEST_MESSAGE(text);
  return false;
}

Tensor ones_leaf(rondo::IntArrayRef sizes) { return rondo::ones(sizes, rondo::kDouble).requires_grad_(); }
double number(const Tensor& t) { return t.item<double>(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(in_place)

BOOST_AUTO_TEST_CASE(a_leaf_that_requires_grad_is_refused) {
  Tensor x = ones_leaf({2});
  BOOST_TEST(holds(message_of([&] { x.add_(1); }),
                   "a leaf Variable that requires grad is being used in an in-place operation"));
  BOOST_TEST(holds(message_of([&] { x[0].add_(1); }), "a view of a leaf Variable that requires grad"));
  rondo::NoGradGuard guard;
  x.add_(1);
  BOOST_TEST(x.requires_grad());
  BOOST_TEST(number(x[0]) == 2);
}

BOOST_AUTO_TEST_CASE(every_change_counts_one_version) {
  Tensor x = rondo::zeros({2});
  BOOST_TEST(x._version() == 0);
  x.add_(1);
  BOOST_TEST(x._version() == 1);
  x.exp_();
  x.fill_(2);
  BOOST_TEST(x._version() == 3);
  BOOST_TEST(x[0]._version() == 3);
  BOOST_TEST(x.detach()._version() == 3);
  BOOST_TEST(x.clone()._version() == 0);
}

BOOST_AUTO_TEST_CASE(a_saved_value_that_changed_is_an_error) {
  Tensor x = ones_leaf({2});
  const Tensor h = x * 2, y = (h * h).sum();
  h.add_(1);
  const std::string message = message_of([&] { y.backward(); });
  BOOST_TEST(holds(message, "has been modified by an inplace operation"));
  BOOST_TEST(holds(message, "[CPUDoubleType [2]], which is output 0 of AddBackward1, is at version 1"), message);
}

BOOST_AUTO_TEST_CASE(a_value_that_nobody_saved_may_change) {
  Tensor x = ones_leaf({2});
  const Tensor h = x + 1, y = h + 2;
  h.mul_(3);
  y.sum().backward();
  BOOST_TEST(number(x.grad()[0]) == 1);
}

BOOST_AUTO_TEST_CASE(a_detached_alias_is_watched_too) {
  Tensor x = ones_leaf({2});
  const Tensor h = x * 2, y = (h * h).sum();
  h.detach().zero_();
  BOOST_TEST(holds(message_of([&] { y.backward(); }), "modified by an inplace operation"));
}

BOOST_AUTO_TEST_CASE(an_operation_that_saves_its_result_works_in_place) {
  Tensor x = ones_leaf({2});
  const Tensor h = x * 1.0;
  h.exp_();
  h.sum().backward();
  BOOST_TEST(std::abs(number(x.grad()[0]) - std::exp(1.0)) < 1e-12);
}

BOOST_AUTO_TEST_CASE(the_overwritten_factor_is_kept) {
  Tensor x = ones_leaf({2}), w = ones_leaf({2});
  const Tensor h = x * 3;
  h.mul_(w);
  h.sum().backward();
  BOOST_TEST(number(w.grad()[0]) == 3);
  BOOST_TEST(number(x.grad()[0]) == 3);
  const Tensor s = x * 2;
  s.mul_(s);
  s.sum().backward();
  BOOST_TEST(number(x.grad()[0]) == 3 + 8);
}

BOOST_AUTO_TEST_CASE(a_changed_view_changes_its_base_gradient_in_its_region_only) {
  Tensor x = ones_leaf({2, 2});
  const Tensor base = x * 1.0;
  base[0].mul_(2);
  base.sum().backward();
  BOOST_TEST(number(x.grad()[0][1]) == 2);
  BOOST_TEST(number(x.grad()[1][1]) == 1);
}

BOOST_AUTO_TEST_CASE(another_view_sees_the_change) {
  Tensor x = ones_leaf({4});
  const Tensor base = x * 1.0, all = base.view({2, 2});
  base.narrow(0, 0, 2).mul_(5);
  all.sum().backward();
  BOOST_TEST(number(x.grad()[1]) == 5);
  BOOST_TEST(number(x.grad()[2]) == 1);
}

BOOST_AUTO_TEST_CASE(an_older_view_follows_a_change_of_its_base) {
  Tensor x = ones_leaf({4});
  const Tensor base = x * 1.0, part = base.slice(0, 1, 3);
  base.mul_(7);
  part.sum().backward();
  BOOST_TEST(number(x.grad()[1]) == 7);
  BOOST_TEST(number(x.grad()[0]) == 0);
}

BOOST_AUTO_TEST_CASE(a_plain_base_begins_to_require_grad) {
  Tensor w = ones_leaf({2});
  Tensor base = rondo::zeros({3, 2}, rondo::kDouble);
  base[1] = w * 4;
  BOOST_TEST(base.requires_grad());
  (base * 2).sum().backward();
  BOOST_TEST(number(w.grad()[0]) == 8);
}

BOOST_AUTO_TEST_CASE(views_of_transposed_bases_work) {
  Tensor x = ones_leaf({2, 3});
  const Tensor base = (x * 1.0).t();
  base[1].mul_(3);
  base.sum().backward();
  BOOST_TEST(number(x.grad()[0][1]) == 3);
  BOOST_TEST(number(x.grad()[0][0]) == 1);
}

BOOST_AUTO_TEST_CASE(parts_of_a_split_are_refused) {
  Tensor x = ones_leaf({4});
  const auto parts = (x * 1.0).split(2);
  BOOST_TEST(holds(message_of([&] { parts[0].add_(1); }), "returns multiple views"));
}

BOOST_AUTO_TEST_CASE(a_view_made_without_gradients_is_refused_with_them) {
  Tensor x = ones_leaf({4});
  const Tensor base = x * 1.0;
  Tensor view;
  {
    rondo::NoGradGuard guard;
    view = base.narrow(0, 0, 2);
  }
  BOOST_TEST(holds(message_of([&] { view.mul_(x.narrow(0, 0, 2)); }), "no_grad mode"));
}

BOOST_AUTO_TEST_CASE(a_view_cannot_be_detached_in_place) {
  Tensor x = ones_leaf({4});
  const Tensor view = (x * 1.0).narrow(0, 0, 2);
  BOOST_TEST(holds(message_of([&] { view.detach_(); }), "Can't detach views in-place"));
  const Tensor h = x * 2;
  h.detach_();
  BOOST_TEST(h.is_leaf());
}

BOOST_AUTO_TEST_CASE(assigning_to_a_temporary_writes_and_to_a_name_rebinds) {
  Tensor x = rondo::zeros({2, 2});
  Tensor y = x;
  y = rondo::ones({2, 2});
  BOOST_TEST(number(x.sum()) == 0);
  x[0] = rondo::ones({2});
  x[1][1] = 5;
  BOOST_TEST(number(x.sum()) == 7);
}

BOOST_AUTO_TEST_CASE(changes_computed_in_another_type_keep_their_gradients) {
  const Tensor factor = rondo::full({6}, 0.25, rondo::kDouble);
  for (const auto type : {rondo::kHalf, rondo::kBFloat16, rondo::kFloat}) {
    const Tensor x = rondo::full({6}, 0.5, type).requires_grad_();
    Tensor y = x * 1;
    y.mul_(3);
    y.narrow(0, 0, 3).mul_(factor.narrow(0, 0, 3));
    y.pow_(2);
    BOOST_TEST((y.dtype() == type));
    y.sum().backward();
    const Tensor first = x.grad().narrow(0, 0, 3).to(rondo::kDouble),
                 last = x.grad().narrow(0, 3, 3).to(rondo::kDouble);
    BOOST_TEST(first.allclose(rondo::full({3}, 2 * 0.375 * 0.75, rondo::kDouble), 1e-2));
    BOOST_TEST(last.allclose(rondo::full({3}, 2 * 1.5 * 3, rondo::kDouble), 1e-2));
  }
}

BOOST_AUTO_TEST_CASE(views_that_overlap_themselves_add_up_when_their_base_changes) {
  const auto gradient = [](auto f) {
    const Tensor x = ones_leaf({5});
    f(x).sum().backward();
    return x.grad();
  };
  const auto list = [](std::vector<double> numbers) { return rondo::tensor(numbers, rondo::kDouble); };
  BOOST_TEST(gradient([](const Tensor& x) {
               Tensor base = x * 1;
               const Tensor view = base.expand({4, 5});
               base.mul_(2);
               return view;
             }).equal(list({8, 8, 8, 8, 8})));
  BOOST_TEST(gradient([](const Tensor& x) {
               Tensor base = x * 1;
               const Tensor view = base.unfold(0, 3, 1);
               base.mul_(2);
               return view;
             }).equal(list({2, 4, 6, 4, 2})));
  BOOST_TEST(gradient([](const Tensor& x) {
               Tensor base = x * 1;
               const Tensor view = base.as_strided({2, 3}, {1, 1});
               base.mul_(2);
               return view;
             }).equal(list({2, 4, 4, 2, 0})));
  const Tensor one = ones_leaf({1});
  const Tensor wide = (one * 2).expand({3});
  wide.narrow(0, 0, 1).mul_(5);
  wide.sum().backward();
  BOOST_TEST(number(one.grad()) == 30);
}

BOOST_AUTO_TEST_CASE(second_derivatives_through_a_changed_view_that_kept_its_result) {
  const Tensor x = rondo::tensor({0.5, -1., 2.}, rondo::kDouble).requires_grad_();
  Tensor y = x * 1;
  y.narrow(0, 0, 2).exp_();
  const Tensor slope = rondo::autograd::grad({(y * y).sum()}, {x}, {}, true, true)[0];
  const Tensor bend = rondo::autograd::grad({slope.sum()}, {x})[0];
  const Tensor wanted = rondo::tensor({4 * std::exp(1.0), 4 * std::exp(-2.0), 2.0}, rondo::kDouble);
  BOOST_TEST(bend.allclose(wanted));
}

BOOST_AUTO_TEST_CASE(a_retained_gradient_stays_with_a_view_whose_base_changes) {
  const Tensor x = ones_leaf({4});
  Tensor y = x * 1;
  const Tensor view = y.narrow(0, 0, 2);
  view.retain_grad();
  y.mul_(2);
  (view * 3).sum().backward();
  BOOST_TEST(view.grad().equal(rondo::full({2}, 3, rondo::kDouble)));
}

namespace {

struct Sevenfold : rondo::autograd::Function<Sevenfold> {
  static Tensor forward(rondo::autograd::AutogradContext*, const Tensor& x) { return x.view_as(x); }
  static rondo::variable_list backward(rondo::autograd::AutogradContext*, const rondo::variable_list& g) {
    return {g[0] * 7};
  }
};
struct AddOne : rondo::autograd::Function<AddOne> {
  static Tensor forward(rondo::autograd::AutogradContext* context, const Tensor& x) {
    x.add_(1);
    context->mark_dirty({x});
    return x;
  }
  static rondo::variable_list backward(rondo::autograd::AutogradContext*, const rondo::variable_list& g) { return g; }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_part_of_several_is_refused_from_a_custom_function_too) {
  const Tensor x = ones_leaf({4});
  const std::vector<Tensor> parts = (x * 1).chunk(2);
  BOOST_TEST(holds(message_of([&] { AddOne::apply(parts[0]); }), "Output of a function that returns multiple views"));
}

BOOST_AUTO_TEST_CASE(unsafe_parts_count_their_changes_for_themselves) {
  const Tensor x = ones_leaf({4}), base = x * 2;
  const Tensor y = base * base;
  for (const Tensor& part : base.unsafe_chunk(2)) part.mul_(5);
  y.sum().backward();  // with the numbers that are there now: nobody looked
  BOOST_TEST(number(x.grad()[0]) == 40);
}

BOOST_AUTO_TEST_CASE(new_data_keep_the_count_of_changes) {
  const Tensor x = ones_leaf({2}), other = rondo::full({2}, 9.0, rondo::kDouble);
  {
    const rondo::NoGradGuard guard;
    x.add_(1);
  }
  const Tensor y = (x * x).sum();
  x.set_data(other);
  BOOST_TEST(x._version() == 1);
  y.backward();
  BOOST_TEST(number(x.grad()[0]) == 18);
  other.add_(1);
  BOOST_TEST(x._version() == 1);
  BOOST_TEST(number(x[0]) == 10);
}

BOOST_AUTO_TEST_CASE(new_memory_counts_as_a_change) {
  const Tensor w = ones_leaf({3});
  const auto used_after = [&](auto change) {
    Tensor a = rondo::ones({3}, rondo::kDouble);
    a.add_(1);  // new memory begins to count from 0
    const Tensor y = w * a;
    change(a);
    return message_of([&] { y.sum().backward(); });
  };
  const char* const expected = "modified by an inplace operation";
  BOOST_TEST(holds(used_after([](Tensor& a) { a.set_(rondo::full({3}, 5.0, rondo::kDouble)); }), expected));
  BOOST_TEST(holds(used_after([](Tensor& a) { a.resize_({100}); }), expected));
  BOOST_TEST(holds(used_after([](Tensor& a) { a.resize_({2}); }), expected));
}

BOOST_AUTO_TEST_CASE(what_requires_grad_is_not_resized) {
  const Tensor x = ones_leaf({2});
  const rondo::NoGradGuard guard;
  BOOST_TEST(holds(message_of([&] { x.resize_({3}); }), "cannot resize variables that require grad"));
}

BOOST_AUTO_TEST_CASE(a_leaf_takes_gradients_of_the_shape_that_it_was_set_to) {
  const Tensor x = ones_leaf({4});
  {
    const rondo::NoGradGuard guard;
    x.set_(x.slice(0, 1));
  }
  (x * 2).sum().backward();
  BOOST_TEST((x.grad().sizes() == rondo::IntArrayRef{3}));
}

BOOST_AUTO_TEST_CASE(a_view_of_a_custom_function_does_not_lose_its_backward_silently) {
  const Tensor x = ones_leaf({3});
  Tensor y = x * 2;
  const Tensor z = Sevenfold::apply(y);
  y.mul_(2);
  BOOST_TEST(holds(message_of([&] { z.sum().backward(); }), "its base or another view of its base has been modified"));
}

BOOST_AUTO_TEST_SUITE_END()
