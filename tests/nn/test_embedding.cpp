// Embeddings: what the tables of modules and operations do not see.
#include <rondo/autograd.h>
#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
namespace F = rondo::nn::functional;
using rondo::Tensor;
using rondo::tensor;
using support::check_values;

BOOST_AUTO_TEST_SUITE(embeddings)

BOOST_AUTO_TEST_CASE(gradients_by_frequency) {
  Tensor table = rondo::ones({3, 1}).requires_grad_();
  F::embedding(tensor({0, 2, 2, 2}), table, F::EmbeddingFuncOptions().scale_grad_by_freq(true)).sum().backward();
  check_values(table.grad(), {1, 0, 1});
  table.mutable_grad() = Tensor();
  const auto how = F::EmbeddingBagFuncOptions().mode(rondo::kSum).scale_grad_by_freq(true);
  F::embedding_bag(tensor({0, 2, 2, 2}).reshape({2, 2}), table, how).sum().backward();
  check_values(table.grad(), {1, 0, 1});
}

BOOST_AUTO_TEST_CASE(given_weights) {
  const Tensor rows = rondo::arange(6, rondo::kFloat).reshape({3, 2});
  auto frozen = nn::EmbeddingBag::from_pretrained(rows);
  BOOST_TEST(!frozen->weight.requires_grad());
  check_values(frozen->forward(tensor({0, 2}).reshape({1, 2})), {2, 3});
  auto learning =
      nn::EmbeddingBag::from_pretrained(rows, nn::EmbeddingBagFromPretrainedOptions().freeze(false).mode(rondo::kMax));
  BOOST_TEST(learning->weight.requires_grad());
  check_values(learning->forward(tensor({0, 2}).reshape({1, 2})), {4, 5});
}

BOOST_AUTO_TEST_CASE(padding_rows_do_not_count) {
  nn::EmbeddingBag bag(nn::EmbeddingBagOptions(3, 2).padding_idx(-1));
  BOOST_TEST(bag->weight.detach().select(0, 2).abs().sum().item<double>() > 0);  // drawn like the others
  const Tensor both = bag->forward(tensor({0, 2}).reshape({1, 2}));
  check_values(both.detach(), support::values(bag->weight.detach().select(0, 0)));
  // A bag of nothing else is zeros.
  check_values(bag->forward(tensor({2, 2}).reshape({1, 2})).detach(), {0, 0});
}

BOOST_AUTO_TEST_SUITE_END()
