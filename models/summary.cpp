// The summary table, in the layout of Keras 2.4 to 2.6.
#include <rondo/autograd/ops/methods.h>
#include <rondo/models/training/sequential_impl.h>

#include <fmt/format.h>

#include <iostream>

namespace rondo::models {
namespace {

constexpr size_t kWidth = 65;
constexpr size_t kColumnEnds[] = {29, 55, 65};

// Cells that are too long are cut, with one blank left between columns.
std::string row(std::initializer_list<std::string> cells) {
  std::string line;
  size_t column = 0;
  for (const std::string& cell : cells) {
    if (column > 0) line.back() = ' ';
    line += cell;
    line.resize(kColumnEnds[column++], ' ');
  }
  return line + '\n';
}

std::string rule(char c) { return std::string(kWidth, c) + '\n'; }

// 1234567 -> "1,234,567".
std::string with_separators(int64_t number) {
  std::string text = std::to_string(number);
  for (size_t place = text.size(); place > 3;) text.insert(place -= 3, 1, ',');
  return text;
}

}  // namespace

void Sequential::summary() const { summary(std::cout); }

void Sequential::summary(std::ostream& out) const {
  const SequentialImpl& m = *impl_;
  if (!m.built) {
    fail_value("summary",
               fmt::format("model \"{}\": This model has not yet been built. Build the model first by calling "
                           "`build()` or by calling the model on a batch of data.",
                           m.name));
  }
  int64_t trainable = 0, fixed = 0;
  std::string text = fmt::format("Model: \"{}\"\n", m.name) + rule('_');
  text += row({"Layer (type)", "Output Shape", "Param #"}) + rule('=');
  Dims shape(m.input_shape);
  for (size_t i = 0; i < m.stack.size(); ++i) {
    const layers::LayerImpl& layer = *m.stack[i];
    shape = layer.output_shape(shape);
    int64_t count = 0;
    for (const Tensor& weight : layer.weights()) {
      count += weight.numel();
      (weight.requires_grad() ? trainable : fixed) += weight.numel();
    }
    text +=
        row({fmt::format("{} ({})", layer.layer_name(), layer.class_name()), shape_text(shape), std::to_string(count)});
    text += rule(i + 1 == m.stack.size() ? '=' : '_');
  }
  text += fmt::format("Total params: {}\n", with_separators(trainable + fixed));
  text += fmt::format("Trainable params: {}\n", with_separators(trainable));
  text += fmt::format("Non-trainable params: {}\n", with_separators(fixed)) + rule('_');
  out << text << std::flush;
}

}  // namespace rondo::models
