// A transformer that writes like Shakespeare, character by character: must reach a loss of 1.8 nats a character on text
// that it has not seen, within 20 minutes on two cores (with --quick 2.6, within a minute); exits with 1 where it does
// not.
#include <rondo/rondo.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <numbers>

using namespace rondo;

namespace {

struct Options {
  uint64_t seed = 1;
  int64_t steps = 2000, batch = 16, context = 128, width = 128, layers = 4, heads = 4, sample = 400;
  double learning_rate = 3e-3, dropout = 0, limit = 1.8, temperature = 0.8;
  bool quick = false;
  std::string data = {}, plot = {};
};

// ---- the net ----

// x + attention(norm(x)), then x + feed-forward(norm(x)); positions enter by turning queries and keys.
struct BlockImpl : nn::Module {
  BlockImpl(int64_t width, int64_t heads_count, double p) : heads(heads_count), dropout(p) {
    norm1 = register_module("norm1", nn::LayerNorm(nn::LayerNormOptions({width})));
    qkv = register_module("qkv", nn::Linear(width, 3 * width));
    project = register_module("project", nn::Linear(width, width));
    norm2 = register_module("norm2", nn::LayerNorm(nn::LayerNormOptions({width})));
    expand = register_module("expand", nn::Linear(width, 4 * width));
    shrink = register_module("shrink", nn::Linear(4 * width, width));
  }
  Tensor forward(const Tensor& input) {
    const int64_t batch = input.size(0), time = input.size(1), width = input.size(2);
    const std::vector<Tensor> parts = qkv(norm1(input)).view({batch, time, 3 * heads, width / heads}).chunk(3, 2);
    const Tensor q = rotary_embedding(parts[0].transpose(1, 2)), k = rotary_embedding(parts[1].transpose(1, 2));
    const Tensor mixed = scaled_dot_product_attention(q, k, parts[2].transpose(1, 2), {}, 0, true);
    const Tensor x = input + drop(project(mixed.transpose(1, 2).reshape({batch, time, width})));
    return x + drop(shrink(gelu(expand(norm2(x)))));
  }
  Tensor drop(const Tensor& x) const { return rondo::dropout(x, dropout, is_training()); }

  int64_t heads;
  double dropout;
  nn::LayerNorm norm1{nullptr}, norm2{nullptr};
  nn::Linear qkv{nullptr}, project{nullptr}, expand{nullptr}, shrink{nullptr};
};
RONDO_MODULE(Block);

struct GptImpl : nn::Module {
  GptImpl(int64_t vocabulary, const Options& o) {
    embedding = register_module("embedding", nn::Embedding(vocabulary, o.width));
    blocks = register_module("blocks", nn::ModuleList());
    for (int64_t i = 0; i < o.layers; ++i) blocks->push_back(Block(o.width, o.heads, o.dropout));
    norm = register_module("norm", nn::LayerNorm(nn::LayerNormOptions({o.width})));
    head = register_module("head", nn::Linear(nn::LinearOptions(o.width, vocabulary).bias(false)));
    // Small steps at first: what the blocks add shrinks with their number.
    for (const auto& item : named_parameters()) {
      const std::string& name = item.key();
      if (item.value().dim() < 2) continue;
      const bool adds = name.find("project") != std::string::npos || name.find("shrink") != std::string::npos;
      nn::init::normal_(item.value(), 0, adds ? 0.02 / std::sqrt(2.0 * static_cast<double>(o.layers)) : 0.02);
    }
  }
  // [batch, time] -> scores of each next character [batch, time, vocabulary].
  Tensor forward(const Tensor& ids) {
    Tensor x = embedding(ids);
    for (const auto& block : *blocks) x = block->as<Block>()->forward(x);
    return head(norm(x));
  }

  nn::Embedding embedding{nullptr};
  nn::ModuleList blocks{nullptr};
  nn::LayerNorm norm{nullptr};
  nn::Linear head{nullptr};
};
RONDO_MODULE(Gpt);

// ---- the text ----

struct Text {
  explicit Text(const std::string& characters) {
    int64_t number_of[256];
    std::fill(std::begin(number_of), std::end(number_of), -1);
    for (int c = 0; c < 256; ++c) {
      if (characters.find(static_cast<char>(c)) == std::string::npos) continue;
      number_of[c] = static_cast<int64_t>(vocabulary.size());
      vocabulary += static_cast<char>(c);
    }
    std::vector<int64_t> ids;
    for (char c : characters) ids.push_back(number_of[static_cast<unsigned char>(c)]);
    const Tensor all = tensor(ids, kLong);
    const int64_t known = all.size(0) * 9 / 10;
    train = all.narrow(0, 0, known);
    validation = all.narrow(0, known, all.size(0) - known);
  }
  std::string vocabulary;
  Tensor train, validation;
};

// Windows of `context` characters that begin at `starts`, and the same moved on by one.
std::pair<Tensor, Tensor> windows(const Tensor& ids, const Tensor& starts, int64_t context) {
  const Tensor places = starts.unsqueeze(1) + arange(context);
  return {ids.index_select(0, places.view({-1})).view(places.sizes()), ids.index_select(0, (places + 1).view({-1}))};
}

Tensor loss_of(Gpt& gpt, const std::pair<Tensor, Tensor>& batch) {
  const Tensor scores = gpt(batch.first);
  return cross_entropy_loss(scores.view({-1, scores.size(2)}), batch.second);
}

// The mean loss over windows that lie evenly over text that was held back.
double validate(Gpt& gpt, const Text& text, const Options& o, int64_t batches) {
  NoGradGuard no_grad;
  gpt->eval();
  const int64_t count = batches * 32, last = text.validation.size(0) - o.context - 1;
  const Tensor starts = linspace(0, static_cast<double>(last), count, kDouble).to(kLong);
  double sum = 0;
  for (int64_t i = 0; i < batches; ++i) {
    sum += loss_of(gpt, windows(text.validation, starts.narrow(0, i * 32, 32), o.context)).item<double>();
  }
  gpt->train();
  return sum / static_cast<double>(batches);
}

std::string written(Gpt& gpt, const Text& text, const Options& o) {
  NoGradGuard no_grad;
  gpt->eval();
  std::string result;
  Tensor ids = zeros({1, 1}, kLong);
  for (int64_t i = 0; i < o.sample; ++i) {
    const int64_t length = std::min(ids.size(1), o.context);
    const Tensor scores = gpt(ids.narrow(1, ids.size(1) - length, length)).select(1, length - 1);
    const Tensor next = (scores / o.temperature).softmax(-1).multinomial(1);
    result += text.vocabulary[static_cast<size_t>(next.item<int64_t>())];
    ids = cat({ids, next}, 1);
  }
  return result;
}

// Up in a line over the first hundred steps, down to a tenth along a cosine.
double rate_at(int64_t step, const Options& o) {
  const double rise = static_cast<double>(step + 1) / 100;
  const double way = static_cast<double>(step) / static_cast<double>(o.steps);
  return o.learning_rate * std::min({rise, 1.0, 0.1 + 0.45 * (1 + std::cos(std::numbers::pi * way))});
}

// True where the loss is reached.
bool run(const Options& o, const std::string& characters) {
  manual_seed(o.seed);
  const Text text(characters);
  Gpt gpt(static_cast<int64_t>(text.vocabulary.size()), o);
  int64_t count = 0;
  for (const Tensor& parameter : gpt->parameters()) count += parameter.numel();
  std::printf("%zu characters, %lld of them known, %lld parameters\n", text.vocabulary.size(),
              static_cast<long long>(text.train.size(0)), static_cast<long long>(count));

  optim::AdamW adam(gpt->parameters(), optim::AdamWOptions(o.learning_rate).betas({0.9, 0.98}).weight_decay(0.1));
  models::Curve training{.name = "training"}, validation{.name = "validation", .dashed = true};
  const auto begin = std::chrono::steady_clock::now();
  double reached = 0, mean = 0;
  const int64_t each = std::max<int64_t>(1, o.steps / 25);
  for (int64_t step = 0; step < o.steps; ++step) {
    adam.param_groups()[0].options().set_lr(rate_at(step, o));
    const Tensor starts = randint(text.train.size(0) - o.context - 1, {o.batch}, kLong);
    adam.zero_grad();
    const Tensor loss = loss_of(gpt, windows(text.train, starts, o.context));
    loss.backward();
    nn::utils::clip_grad_norm_(gpt->parameters(), 1);
    adam.step();
    mean += loss.item<double>();
    if ((step + 1) % each != 0 && step + 1 != o.steps) continue;
    const bool last = step + 1 == o.steps;
    reached = validate(gpt, text, o, last ? 20 : 4);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    mean /= static_cast<double>(step % each + 1);
    std::printf("step %5lld  loss %.4f  validation %.4f  %.0f s\n", static_cast<long long>(step + 1), mean, reached,
                time.count());
    std::fflush(stdout);
    training.x.push_back(static_cast<double>(step + 1));
    training.y.push_back(mean);
    validation.x.push_back(static_cast<double>(step + 1));
    validation.y.push_back(reached);
    mean = 0;
  }
  if (o.sample > 0) std::printf("%s\n", written(gpt, text, o).c_str());
  if (!o.plot.empty()) {
    models::save_svg(
        o.plot,
        {{.title = "Loss", .x_label = "step", .y_label = "nats a character", .curves = {training, validation}}});
  }
  return reached < o.limit;
}

}  // namespace

int main(int argc, char** argv) {
  Options o;
  CLI::App app("Trains a small transformer to continue a text character by character.");
  app.add_option("--data", o.data, "Folder that holds text/tinyshakespeare.txt; else $RONDO_DATA");
  app.add_flag("--quick", o.quick, "A smaller net for a few seconds, which must reach a loss of 2.6");
  const auto number = [&](const char* name, auto& value, const char* what) {
    return app.add_option(name, value, what)->capture_default_str();
  };
  number("--seed", o.seed, "Seed of the weights, the batches and the sample");
  CLI::Option* const given[] = {number("--steps", o.steps, "Steps of training"),
                                number("--batch", o.batch, "Windows of text a step"),
                                number("--context", o.context, "Characters of a window"),
                                number("--width", o.width, "Numbers a character"),
                                number("--layers", o.layers, "Blocks"),
                                number("--heads", o.heads, "Heads of attention"),
                                number("--limit", o.limit, "The loss on unseen text that must be reached")};
  number("--learning-rate", o.learning_rate, "The highest one");
  number("--dropout", o.dropout, "Probability");
  number("--sample", o.sample, "Characters to write at the end");
  number("--temperature", o.temperature, "Of the sample: lower is surer");
  app.add_option("--plot", o.plot, "Draws the losses to this SVG file");
  CLI11_PARSE(app, argc, argv);
  if (o.quick) {
    const Options quick{.steps = 150, .batch = 16, .context = 64, .width = 64, .layers = 2, .heads = 4, .limit = 2.6};
    if (given[0]->empty()) o.steps = quick.steps;
    if (given[1]->empty()) o.batch = quick.batch;
    if (given[2]->empty()) o.context = quick.context;
    if (given[3]->empty()) o.width = quick.width;
    if (given[4]->empty()) o.layers = quick.layers;
    if (given[5]->empty()) o.heads = quick.heads;
    if (given[6]->empty()) o.limit = quick.limit;
  }
  if (o.data.empty() && std::getenv("RONDO_DATA") != nullptr) o.data = std::getenv("RONDO_DATA");
  std::ifstream file(o.data + "/text/tinyshakespeare.txt", std::ios::binary);
  const std::string characters{std::istreambuf_iterator<char>(file), {}};
  if (o.data.empty() || characters.empty()) {
    std::cout << "skipped: no text/tinyshakespeare.txt in --data DIR or $RONDO_DATA\n";
    return 77;
  }
  try {
    if (run(o, characters)) return 0;
    std::cerr << "char_gpt: missed a loss of " << o.limit << '\n';
  } catch (const Error& error) {
    std::cerr << error.what() << '\n';
  }
  return 1;
}
