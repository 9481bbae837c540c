// Embedding and EmbeddingBag: free functions, nn::functional and modules.
#include "case.h"

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;
namespace F = torch::nn::functional;

namespace {

torch::Tensor longs(std::vector<int64_t> list) { return torch::tensor(list, torch::kLong); }
torch::Tensor rows() { return longs({1, 2, 0, 4, 1, 1, 3}); }
torch::Tensor offsets() { return longs({0, 2, 2, 5}); }

}  // namespace

#define BAG(label, ...)            \
  gradients(label, {real({5, 3})}, \
            AGAINST_F(std::get<0>(torch::embedding_bag(in[0].square(), rows(), offsets(), __VA_ARGS__))), false)

AGAINST(embedding_bag) {
  BAG("sum", false, 0);
  BAG("mean", false, 1);
  BAG("max", false, 2);
  // Of rows that are read equally often: the reference takes the counts of others.
  gradients("by frequency", {real({5, 3})},
            AGAINST_F(std::get<0>(torch::embedding_bag(in[0].square(), longs({3, 1, 3, 1}), longs({0, 1}), true, 1))),
            false);
  gradients("sum, last offset", {real({5, 3})},
            AGAINST_F(std::get<0>(
                torch::embedding_bag(in[0].square(), rows(), longs({0, 2, 2, 7}), false, 0, false, {}, true))),
            false);
  gradients("mean, last offset", {real({5, 3})},
            AGAINST_F(std::get<0>(
                torch::embedding_bag(in[0].square(), rows(), longs({0, 2, 2, 7}), false, 1, false, {}, true))),
            false);
  BAG("sum, padding", false, 0, false, {}, false, 1);
  BAG("mean, padding", false, 1, false, {}, false, 1);
  BAG("max, padding", false, 2, false, {}, false, 1);
  BAG("negative padding", false, 1, false, {}, false, -4);
  gradients("weights", {real({5, 3}), real({7})},
            AGAINST_F(std::get<0>(torch::embedding_bag(in[0], rows(), offsets(), false, 0, false, in[1]))), false);
  gradients("weights, padding", {real({5, 3}), real({7})},
            AGAINST_F(std::get<0>(torch::embedding_bag(in[0], rows(), offsets(), false, 0, false, in[1], false, 1))),
            false);
  gradients("strided", {real({3, 5})},
            AGAINST_F(std::get<0>(torch::embedding_bag(in[0].t(), rows(), offsets(), false, 1))), false);
  gradients("int32", {real({5, 3})},
            AGAINST_F(std::get<0>(torch::embedding_bag(in[0], rows().to(torch::kInt), offsets().to(torch::kInt)))),
            false);
  value("bag sizes", std::get<2>(torch::embedding_bag(real({5, 3}), rows(), offsets(), false, 1)));
  value("float", std::get<0>(torch::embedding_bag(real({5, 40}).to(torch::kFloat), rows(), offsets(), false, 1)));
  using Options = F::EmbeddingBagFuncOptions;
  gradients("functional", {real({5, 3})},
            AGAINST_F(F::embedding_bag(rows(), in[0], Options().offsets(offsets()).mode(torch::kSum))), false);
  gradients("functional matrix", {real({5, 3})},
            AGAINST_F(F::embedding_bag(longs({1, 2, 0, 4, 4, 1}).reshape({2, 3}), in[0], Options().mode(torch::kMax))),
            false);
  gradients("functional matrix weights", {real({5, 3}), real({2, 3})},
            AGAINST_F(F::embedding_bag(longs({1, 2, 0, 4, 4, 1}).reshape({2, 3}), in[0],
                                       Options().mode(torch::kSum).per_sample_weights(in[1]))),
            false);
  gradients("functional mean default", {real({5, 3})},
            AGAINST_F(F::embedding_bag(longs({1, 2, 0, 4, 4, 1}).reshape({2, 3}), in[0])), false);
  {
    torch::Tensor table = real({5, 3});
    value("max norm", F::embedding_bag(rows(), table, Options().offsets(offsets()).max_norm(1).norm_type(1)));
    value("table after max norm", table);
  }
  const auto table = torch::ones({5, 3});
  refuses("first offset", [&] { F::embedding_bag(rows(), table, Options().offsets(longs({1, 2}))); });
  refuses("last offset", [&] { F::embedding_bag(rows(), table, Options().offsets(longs({0, 8}))); });
  refuses("no offsets", [&] { F::embedding_bag(rows(), table); });
  refuses("offsets of a matrix", [&] {
    F::embedding_bag(longs({1, 2}).reshape({1, 2}), table, Options().offsets(longs({0})));
  });
  refuses("cube", [&] { F::embedding_bag(torch::zeros({1, 2, 3}, torch::kLong), table); });
  refuses("weights of a mean",
          [&] { F::embedding_bag(rows(), table, Options().offsets(offsets()).per_sample_weights(torch::ones({7}))); });
  refuses("weights of another shape", [&] {
    F::embedding_bag(rows(), table,
                     Options().offsets(offsets()).mode(torch::kSum).per_sample_weights(torch::ones({6})));
  });
  refuses("max by frequency", [&] {
    F::embedding_bag(rows(), table, Options().offsets(offsets()).mode(torch::kMax).scale_grad_by_freq(true));
  });
  refuses("sparse max",
          [&] { F::embedding_bag(rows(), table, Options().offsets(offsets()).mode(torch::kMax).sparse(true)); });
  refuses("row", [&] { F::embedding_bag(longs({5}), table, Options().offsets(longs({0}))); });
}

AGAINST(embedding_modules) {
  using namespace torch::nn;
  const auto show = [](const char* name, auto& module) {
    value(std::string(name) + " weight", module->weight);
    value(std::string(name) + " output", module->forward(longs({1, 2, 0, 3}).reshape({2, 2})));
  };
  torch::manual_seed(3);
  Embedding plain(5, 3), padded(EmbeddingOptions(5, 3).padding_idx(1)), limited(EmbeddingOptions(5, 3).max_norm(1));
  show("plain", plain);
  show("padded", padded);
  show("limited", limited);
  value("limited weight afterwards", limited->weight);
  EmbeddingBag bag(5, 3), sum(EmbeddingBagOptions(5, 3).mode(torch::kSum).padding_idx(2));
  show("bag", bag);
  value("sum output", sum->forward(longs({1, 2, 0, 3}).reshape({2, 2})));
  EmbeddingBag most(EmbeddingBagOptions(5, 3).mode(torch::kMax));
  show("max", most);
  const auto given = EmbeddingBag::from_pretrained(torch::arange(6, torch::kFloat).reshape({3, 2}));
  value("given trains", given->weight.requires_grad());
  value("given rows",
        Embedding::from_pretrained(torch::arange(6, torch::kFloat).reshape({3, 2}))->forward(longs({2, 0})));
  gradients("by frequency", {real({5, 3})}, AGAINST_F(torch::embedding(in[0].square(), longs({1, 2, 1, 1}), -1, true)),
            false);
  gradients("padding", {real({5, 3})}, AGAINST_F(torch::embedding(in[0], longs({1, 2, 1, 1}), 2)), false);
  gradients("functional", {real({5, 3})},
            AGAINST_F(F::embedding(longs({1, 2, 1, 0}).reshape({2, 2}), in[0],
                                   F::EmbeddingFuncOptions().padding_idx(-4).scale_grad_by_freq(true))),
            false);
  {
    torch::Tensor table = real({5, 3});
    value("renorm", F::embedding(longs({1, 2, 1}), table, F::EmbeddingFuncOptions().max_norm(0.5).norm_type(3)));
    value("table after renorm", table);
  }
  refuses("padding row", [] { Embedding(EmbeddingOptions(5, 3).padding_idx(5)); });
  refuses("padding of a bag", [] { EmbeddingBag(EmbeddingBagOptions(5, 3).padding_idx(-6)); });
  refuses("weight", [] { Embedding(EmbeddingOptions(5, 3)._weight(torch::ones({5, 2}))); });
  refuses("pretrained", [] { EmbeddingBag::from_pretrained(torch::ones({5})); });
}
