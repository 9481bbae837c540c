// Recurrent nets and attention: what neither the table of modules nor the comparison with libtorch covers.
#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

namespace rondo {
namespace {

using support::check_error;
namespace packing = nn::utils::rnn;

// Outputs and gradients of a net and its input, with this number of threads.
template <class Run>
std::vector<Tensor> with_threads(int count, const std::vector<Tensor>& leaves, Run run) {
  const int before = get_num_threads();
  set_num_threads(count);
  const Tensor y = run();
  std::vector<Tensor> result = autograd::grad({(y * y).sum()}, leaves);
  result.push_back(y);
  set_num_threads(before);
  return result;
}
template <class Run>
void check_threads(const std::vector<Tensor>& leaves, Run run) {
  const std::vector<Tensor> one = with_threads(1, leaves, run), three = with_threads(3, leaves, run);
  for (size_t i = 0; i < one.size(); ++i) BOOST_TEST(one[i].equal(three[i]));
}

std::vector<Tensor> with_input(const nn::Module& module, const Tensor& input) {
  std::vector<Tensor> leaves = module.parameters();
  leaves.push_back(input);
  return leaves;
}

BOOST_AUTO_TEST_SUITE(sequences)

BOOST_AUTO_TEST_CASE(no_bit_depends_on_the_number_of_threads) {
  manual_seed(3);
  const Tensor x = rand({17, 29, 40}).requires_grad_();
  nn::LSTM lstm(nn::LSTMOptions(40, 50).num_layers(2).bidirectional(true).proj_size(20));
  check_threads(with_input(*lstm, x), [&] { return std::get<0>(lstm(x)); });
  nn::GRU gru(nn::GRUOptions(40, 50).batch_first(true));
  check_threads(with_input(*gru, x), [&] { return std::get<0>(gru(x)); });
  const Tensor q = rand({2, 3, 150, 33}).requires_grad_(), k = rand({2, 3, 90, 33}).requires_grad_();
  check_threads({q, k}, [&] { return scaled_dot_product_attention(q, k, k); });
  check_threads({q}, [&] { return scaled_dot_product_attention(q, q, q, {}, 0, true); });
}

BOOST_AUTO_TEST_CASE(rows_of_a_batch_do_not_meet) {
  manual_seed(4);
  nn::GRU gru(5, 7);
  const Tensor x = rand({6, 21, 5});
  const Tensor all = std::get<0>(gru(x));
  BOOST_TEST(all.narrow(1, 8, 5).allclose(std::get<0>(gru(x.narrow(1, 8, 5))), 1e-6, 1e-7));
}

BOOST_AUTO_TEST_CASE(outputs_may_be_changed_in_place) {
  manual_seed(5);
  const Tensor x = rand({4, 2, 3}, kDouble).requires_grad_();
  nn::RNN rnn(3, 4);
  rnn->to(kDouble);
  const Tensor gradient = autograd::grad({(std::get<0>(rnn(x)) * 2).sum()}, {x})[0];
  Tensor y = std::get<0>(rnn(x));
  y.mul_(2);
  BOOST_TEST(autograd::grad({y.sum()}, {x})[0].equal(gradient));
}

BOOST_AUTO_TEST_CASE(packed_sequences_are_the_padded_ones_one_by_one) {
  manual_seed(6);
  nn::LSTM lstm(nn::LSTMOptions(3, 4).bidirectional(true));
  const std::vector<Tensor> list{rand({3, 3}), rand({5, 3}), rand({1, 3})};
  const auto [packed, states] = lstm->forward_with_packed_input(packing::pack_sequence(list, false));
  const auto [padded, lengths] = packing::pad_packed_sequence(packed);
  for (int64_t i = 0; i < 3; ++i) {
    const auto [y, alone] = lstm(list[static_cast<size_t>(i)]);
    BOOST_TEST(lengths[i].item<int64_t>() == y.size(0));
    BOOST_TEST(padded.select(1, i).narrow(0, 0, y.size(0)).allclose(y, 1e-6, 1e-7));
    BOOST_TEST(std::get<0>(states).select(1, i).allclose(std::get<0>(alone), 1e-6, 1e-7));
    BOOST_TEST(std::get<1>(states).select(1, i).allclose(std::get<1>(alone), 1e-6, 1e-7));
  }
}

BOOST_AUTO_TEST_CASE(narrow_types_are_computed_in_float32) {
  manual_seed(7);
  const Tensor x = rand({3, 2, 4});
  nn::GRU gru(4, 5);
  const Tensor y = std::get<0>(gru(x));
  gru->to(kBFloat16);
  const Tensor narrow = std::get<0>(gru(x.to(kBFloat16)));
  BOOST_TEST((narrow.dtype() == kBFloat16));
  BOOST_TEST(narrow.to(kFloat).allclose(y, 0, 2e-2));
  const Tensor attended = scaled_dot_product_attention(x.to(kHalf), x.to(kHalf), x.to(kHalf));
  BOOST_TEST((attended.dtype() == kHalf));
  BOOST_TEST(attended.to(kFloat).allclose(scaled_dot_product_attention(x, x, x), 0, 2e-3));
}

BOOST_AUTO_TEST_CASE(messages_say_what_came_and_what_was_needed) {
  nn::LSTM lstm(3, 4);
  check_error([&] { lstm(ones({5, 2, 4})); }, "input.size(-1) must be equal to input_size. Expected 3, got 4");
  check_error(
      [&] {
        lstm(ones({5, 2, 3}), std::make_tuple(ones({1, 3, 4}), ones({1, 2, 4})));
      },
      "Expected hidden[0] size (1, 2, 4), got (1, 3, 4)");
  check_error([] { nn::GRU(nn::GRUOptions(3, 4).num_layers(0)); }, "num_layers must be greater than zero; got 0");
  check_error([] { nn::LSTM(nn::LSTMOptions(3, 4).proj_size(5)); }, "proj_size has to be a positive integer");
  check_error([] { nn::GRUCell(3, 4)->forward(ones({2, 2})); }, "input has inconsistent input_size: got 2 expected 3");
  check_error([] { nn::RNNCell(3, 4)->forward(ones({2, 2, 3})); }, "Expected input to be 1D or 2D, got 3D instead");
  check_error([] { nn::MultiheadAttention(6, 4); }, "embed_dim must be divisible by num_heads; got 6 and 4");
  check_error([] { nn::RotaryEmbedding(3); }, "need a positive even number");
  support::Warnings warnings;
  nn::GRU(nn::GRUOptions(3, 4).dropout(0.5));
  BOOST_REQUIRE_EQUAL(warnings.texts().size(), 1);
  BOOST_TEST(warnings.texts()[0].find("got dropout=0.5 and num_layers=1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(any_module_fills_in_the_default_arguments) {
  nn::GRU gru(3, 4);
  nn::AnyModule any(gru);
  const Tensor x = rand({5, 2, 3});
  const auto [y, h] = any.forward<std::tuple<Tensor, Tensor>>(x);
  BOOST_TEST(y.equal(std::get<0>(gru(x))));
  BOOST_TEST(h.equal(std::get<1>(gru(x))));
}

BOOST_AUTO_TEST_CASE(dropped_weights_leave_their_expectation) {
  manual_seed(8);
  const Tensor v = ones({400, 1}), q = rand({300, 4}), k = rand({400, 4});
  const Tensor y = scaled_dot_product_attention(q, k, v, {}, 0.25);
  BOOST_TEST(std::abs(y.mean().item<double>() - 1) < 0.01);
  BOOST_TEST(y.std().item<double>() > 0.01);
}

BOOST_AUTO_TEST_CASE(products_of_turned_rows_depend_on_their_distance) {
  manual_seed(9);
  const Tensor q = rand({1, 8}, kDouble), k = rand({1, 8}, kDouble);
  for (const bool interleaved : {true, false}) {
    const auto product = [&](int64_t i, int64_t j) {
      return (rotary_embedding(q, 100, i, interleaved) * rotary_embedding(k, 100, j, interleaved)).sum().item<double>();
    };
    BOOST_TEST(std::abs(product(3, 1) - product(12, 10)) < 1e-12);
    BOOST_TEST(std::abs(product(0, 0) - (q * k).sum().item<double>()) < 1e-12);
    BOOST_TEST(std::abs(product(3, 1) - product(4, 1)) > 1e-6);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rondo
