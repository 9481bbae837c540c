// Attention and transformers: modules from a seed, their derivatives, all options and masks.
#include "case.h"

#include <sstream>

using against::gradients;
using against::real;
using against::refuses;
using against::value;

namespace nn = torch::nn;
namespace F = torch::nn::functional;

namespace {

torch::Tensor flat(const torch::Tensor& t) { return t.reshape({-1}); }
torch::Tensor joined(const std::tuple<torch::Tensor, torch::Tensor>& r) {
  return std::get<1>(r).defined() ? torch::cat({flat(std::get<0>(r)), flat(std::get<1>(r))}) : std::get<0>(r);
}
// Which keys to hide, never the first.
torch::Tensor booleans(torch::IntArrayRef sizes, double share) {
  torch::Tensor hidden = torch::rand(sizes) < share;
  hidden.select(1, 0).fill_(false);
  return hidden;
}

// Initial values, outputs, and all gradients of a module.
template <class Module, class Call>
void trained(const std::string& what, Module module, const Call& call) {
  for (const auto& item : module->named_parameters()) value(what + " initially " + item.key(), item.value());
  module->to(torch::kDouble);
  const torch::Tensor y = call(module);
  value(what + " output", y);
  (y * torch::linspace(-1, 1, y.numel(), torch::kDouble).view(y.sizes())).sum().backward();
  for (const auto& item : module->named_parameters()) {
    if (item.value().grad().defined()) value(what + " gradient " + item.key(), item.value().grad());
  }
}

// Of what a module prints: its length and a sum of its characters.
template <class Module>
void printed(const std::string& what, const Module& module) {
  std::ostringstream stream;
  stream << *module;
  double sum = 0;
  for (size_t i = 0; i < stream.str().size(); ++i) sum += double(i + 1) * stream.str()[i];
  value(what + " printed length", double(stream.str().size()));
  value(what + " printed sum", sum);
}

}  // namespace

AGAINST(multihead_attention) {
  torch::manual_seed(11);
  using Options = nn::MultiheadAttentionOptions;
  trained("itself", nn::MultiheadAttention(6, 2), [](auto& m) {
    const auto x = real({4, 3, 6});
    return joined(m->forward(x, x, x));
  });
  trained("memory", nn::MultiheadAttention(6, 3), [](auto& m) {
    const auto x = real({5, 3, 6});
    return joined(m->forward(real({4, 3, 6}), x, x));
  });
  trained("three", nn::MultiheadAttention(6, 3), [](auto& m) {
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6})));
  });
  trained("no biases", nn::MultiheadAttention(Options(6, 3).bias(false)), [](auto& m) {
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6})));
  });
  trained("masks", nn::MultiheadAttention(6, 3), [](auto& m) {
    const auto padding = booleans({3, 5}, 0.3);
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6}), padding, true, real({4, 5})));
  });
  trained("masks without weights", nn::MultiheadAttention(6, 3), [](auto& m) {
    const auto padding = booleans({3, 5}, 0.3);
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6}), padding, false, real({4, 5})));
  });
  trained("weights of heads", nn::MultiheadAttention(6, 3), [](auto& m) {
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6}), {}, true, {}, false));
  });
  trained("added key", nn::MultiheadAttention(Options(6, 3).add_bias_kv(true)), [](auto& m) {
    const auto padding = booleans({3, 5}, 0.3);
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6}), {}, true, real({4, 5})));
  });
  trained("zero attention", nn::MultiheadAttention(Options(6, 3).add_zero_attn(true)), [](auto& m) {
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6}), {}, false, real({4, 5})));
  });
  trained("both added", nn::MultiheadAttention(Options(6, 3).add_zero_attn(true).add_bias_kv(true)), [](auto& m) {
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6})));
  });
  trained("other sizes", nn::MultiheadAttention(Options(6, 3).kdim(4).vdim(4)), [](auto& m) {
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 4}), real({5, 3, 4})));
  });
  trained("dropout", nn::MultiheadAttention(Options(6, 3).dropout(0.3)), [](auto& m) {
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6})));
  });
  trained("dropout without weights", nn::MultiheadAttention(Options(6, 3).dropout(0.3)), [](auto& m) {
    return joined(m->forward(real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6}), {}, false));
  });
  printed("attention", nn::MultiheadAttention(6, 3));
  gradients("masks",
            {real({4, 3, 6}), real({5, 3, 6}), real({5, 3, 6}), real({18, 6}), real({18}), real({6, 6}), real({6})},
            [](const against::Inputs& in) -> torch::Tensor {
              F::MultiheadAttentionForwardFuncOptions o(6, 2, in[3], in[4], {}, {}, false, 0, in[5], in[6]);
              return joined(F::multi_head_attention_forward(in[0], in[1], in[2], o.need_weights(false)));
            });
  gradients("static",
            {real({4, 3, 6}), real({5, 3, 6}), real({18, 6}), real({18}), real({6, 6}), real({6}), real({6, 7, 3}),
             real({6, 7, 3})},
            [](const against::Inputs& in) -> torch::Tensor {
              F::MultiheadAttentionForwardFuncOptions o(6, 2, in[2], in[3], {}, {}, false, 0, in[4], in[5]);
              return joined(F::multi_head_attention_forward(in[0], in[1], in[1], o.static_k(in[6]).static_v(in[7])));
            });
  refuses("heads", [] {
    nn::MultiheadAttention m(6, 4);
    const auto x = torch::ones({4, 3, 6});
    m->forward(x, x, x);
  });
  refuses("width", [] {
    const auto x = torch::ones({4, 3, 5});
    nn::MultiheadAttention(6, 2)->forward(x, x, x);
  });
  refuses("padding", [] {
    const auto x = torch::ones({4, 3, 6});
    nn::MultiheadAttention(6, 2)->forward(x, x, x, torch::ones({2, 4}, torch::kBool));
  });
}

AGAINST(transformers) {
  torch::manual_seed(12);
  const auto mask = [](int64_t n) { return nn::TransformerImpl::generate_square_subsequent_mask(n); };
  value("mask", mask(4));
  value("mask of none", mask(0));
  for (const double p : {0.0, 0.3}) {
    const std::string tag = p > 0 ? " dropout" : "";
    trained("encoder layer" + tag,
            nn::TransformerEncoderLayer(nn::TransformerEncoderLayerOptions(6, 2).dim_feedforward(5).dropout(p)),
            [&](auto& m) {
              return m->forward(real({4, 3, 6}), mask(4).to(torch::kDouble));
            });
    trained("encoder layer padded" + tag,
            nn::TransformerEncoderLayer(
                nn::TransformerEncoderLayerOptions(6, 2).dim_feedforward(5).dropout(p).activation(torch::kGELU)),
            [&](auto& m) {
              return m->forward(real({4, 3, 6}), {}, booleans({3, 4}, 0.3));
            });
    trained(
        "decoder layer" + tag,
        nn::TransformerDecoderLayer(nn::TransformerDecoderLayerOptions(6, 2).dim_feedforward(5).dropout(p).activation(
            [](const torch::Tensor& x) { return torch::tanh(x); })),
        [&](auto& m) {
          return m->forward(real({4, 3, 6}), real({5, 3, 6}), mask(4).to(torch::kDouble), real({4, 5}), {},
                            booleans({3, 5}, 0.3));
        });
    trained("transformer" + tag, nn::Transformer(nn::TransformerOptions(6, 2, 2, 1).dim_feedforward(5).dropout(p)),
            [&](auto& m) {
              return m->forward(real({4, 3, 6}), real({5, 3, 6}), {}, mask(5).to(torch::kDouble));
            });
  }
  nn::LayerNorm norm(nn::LayerNormOptions({6}));
  trained("encoder",
          nn::TransformerEncoder(
              nn::TransformerEncoderOptions(nn::TransformerEncoderLayerOptions(6, 2).dim_feedforward(5).dropout(0), 2)
                  .norm(nn::AnyModule(norm))),
          [](auto& m) {
            return m->forward(real({4, 3, 6}));
          });
  nn::TransformerDecoderLayer layer(nn::TransformerDecoderLayerOptions(6, 2).dim_feedforward(5).dropout(0));
  trained("decoder", nn::TransformerDecoder(layer, 2), [](auto& m) {
    return m->forward(real({4, 3, 6}), real({5, 3, 6}));
  });
  printed("transformer", nn::Transformer(nn::TransformerOptions(6, 2, 2, 1)));
  refuses("dimensions", [] {
    nn::Transformer(nn::TransformerOptions(6, 2, 1, 1))->forward(torch::ones({3, 6}), torch::ones({3, 6}));
  });
  refuses("batches", [] {
    nn::Transformer(nn::TransformerOptions(6, 2, 1, 1))->forward(torch::ones({3, 2, 6}), torch::ones({3, 3, 6}));
  });
  refuses("features", [] {
    nn::Transformer(nn::TransformerOptions(6, 2, 1, 1))->forward(torch::ones({3, 2, 4}), torch::ones({3, 2, 4}));
  });
  refuses("mask size", [&] { mask(-1); });
}
