#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/models/session.h>
#include <rondo/models/training/sequential_impl.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rondo::models {
namespace {

// Parameters by path: the model's layers below one module.
class StackModule final : public nn::Module {
 public:
  explicit StackModule(const std::string& name) : nn::Module(name) {}
};

bool is_input(const Layer& layer) { return layer.class_name() == "InputLayer"; }

Dims with_batch(const Shape& sample) {
  Dims shape(sample.sizes());
  shape.insert(0, -1);
  return shape;
}

}  // namespace

ScalarType SequentialImpl::dtype() const {
  if (input) return input->dtype();
  return stack.empty() ? floatx_type() : stack.front()->dtype();
}

void SequentialImpl::build(IntArrayRef shape) {
  Dims current(shape);
  for (layers::LayerImpl* layer : stack) {
    if (layer->built()) layer->check_input(current);
    layer->build(current);
    current = layer->output_shape(current);
  }
  input_shape = shape;
  built = true;
}

Dims SequentialImpl::output_shape(IntArrayRef shape) const {
  Dims current(shape);
  for (layers::LayerImpl* layer : stack) {
    layer->check_input(current);
    current = layer->output_shape(current);
  }
  return current;
}

std::vector<Tensor> SequentialImpl::trainable_weights() const {
  std::vector<Tensor> list;
  for (layers::LayerImpl* layer : stack) {
    for (const Tensor& weight : layer->weights()) {
      if (weight.requires_grad()) list.push_back(weight);
    }
  }
  return list;
}

Tensor SequentialImpl::forward(Tensor x, bool training) const {
  for (layers::LayerImpl* layer : stack) x = layer->call(x, training);
  return x;
}

Tensor SequentialImpl::forward_before_ending(Tensor x, bool training) const {
  for (size_t i = 0; i + 1 < stack.size(); ++i) x = stack[i]->call(x, training);
  return stack.back()->call_before_ending(x, training);
}

Tensor SequentialImpl::fit_input(const char* call, const Tensor& x) {
  if (stack.empty()) fail_value(call, fmt::format("model \"{}\" has no layers; add some", name));
  if (!x.defined()) fail_value(call, "x is undefined; need a tensor of samples");
  if (x.dim() == 0) fail_value(call, "x is a 0-dimensional tensor; need (samples, ...)");
  if (x.numel() == 0) {
    fail_value(call, fmt::format("x has shape {}: no data; need at least one sample", to_string(x.sizes())));
  }
  Tensor data = x.detach().to(dtype());
  if (!built) {
    if (data.dim() == 1) data = data.unsqueeze(-1);
    Dims shape(data.sizes());
    shape[0] = -1;
    build(shape);
  }
  const int64_t wanted = input_shape.size();
  if (data.dim() == wanted + 1 && data.size(-1) == 1) {
    data = data.squeeze(-1);
  } else if (data.dim() == wanted - 1 && input_shape.back() == 1) {
    data = data.unsqueeze(-1);
  }
  bool suits = data.dim() == wanted;
  for (int64_t i = 1; suits && i < wanted; ++i) suits = input_shape[i] < 0 || input_shape[i] == data.size(i);
  if (!suits) {
    stack.front()->check_input(x.sizes());  // says it in terms of the layer, where the layer itself minds
    fail_value(call, fmt::format("Input 0 of layer \"{}\" is incompatible with the layer: expected shape={}, found "
                                 "shape={}",
                                 stack.front()->layer_name(), shape_text(input_shape), to_string(x.sizes())));
  }
  return data.contiguous();
}

Sequential::Sequential(std::initializer_list<Layer> layers, SequentialOptions options)
    : Sequential(std::vector<Layer>(layers), std::move(options)) {}

Sequential::Sequential(const std::vector<Layer>& layers, SequentialOptions options)
    : impl_(std::make_shared<SequentialImpl>()) {
  impl_->name = options.name.empty() ? unique_name("Sequential") : options.name;
  impl_->module = std::make_shared<StackModule>(impl_->name);
  for (const Layer& layer : layers) add(layer);
}

const std::string& Sequential::name() const { return impl_->name; }

namespace {

// fit and its kin hold the trainer while they run.
void refuse_while_running(const char* call, const SequentialImpl& model) {
  if (model.trainer.use_count() < 2) return;
  fail(call, fmt::format("model \"{}\" is being trained or evaluated; wait until that has ended", model.name));
}

}  // namespace

void Sequential::add(const Layer& layer) const {
  SequentialImpl& m = *impl_;
  refuse_while_running("add", m);
  if (is_input(layer)) {
    if (!m.layers.empty() || m.input) {
      fail_value("add", fmt::format("model \"{}\" has layers already; an Input comes first", m.name));
    }
    m.input = layer.ptr();
    return;
  }
  for (const Layer& other : m.layers) {
    if (other.name() != layer.name()) continue;
    fail_value("add", fmt::format("the name \"{}\" is already the name of a layer in model \"{}\"; need unique names",
                                  layer.name(), m.name));
  }
  m.module->register_module(layer.name(), layer.ptr());
  m.layers.push_back(layer);
  m.stack.push_back(&layer.impl());
  m.trainer.reset();
  try {
    if (m.built) {
      m.build(Dims(m.input_shape));
    } else if (m.layers.size() == 1) {
      const Shape& shape = m.input ? m.input->input_shape() : layer.impl().input_shape();
      if (shape.given()) m.build(with_batch(shape));
    }
  } catch (...) {  // a layer that does not fit is not there
    m.module->unregister_module(layer.name());
    m.layers.pop_back();
    m.stack.pop_back();
    throw;
  }
}

void Sequential::pop() const {
  SequentialImpl& m = *impl_;
  refuse_while_running("pop", m);
  if (m.layers.empty()) fail_value("pop", fmt::format("model \"{}\" has no layers", m.name));
  m.module->unregister_module(m.layers.back().name());
  m.layers.pop_back();
  m.stack.pop_back();
  m.trainer.reset();
  if (m.layers.empty()) m.built = false;
}

const std::vector<Layer>& Sequential::layers() const { return impl_->layers; }

Layer Sequential::get_layer(std::string_view name) const {
  std::vector<std::string> known;
  for (const Layer& layer : impl_->layers) {
    if (layer.name() == name) return layer;
    known.push_back(layer.name());
  }
  fail_value("get_layer",
             fmt::format("no layer \"{}\" in model \"{}\"; there are: {}", name, impl_->name, fmt::join(known, ", ")));
}

Layer Sequential::get_layer(int64_t index) const {
  const auto count = static_cast<int64_t>(impl_->layers.size());
  const int64_t place = index < 0 ? index + count : index;
  if (place < 0 || place >= count) {
    fail_index("get_layer", fmt::format("index {} in model \"{}\" of {} layers", index, impl_->name, count));
  }
  return impl_->layers[static_cast<size_t>(place)];
}

void Sequential::build(IntArrayRef input_shape) const {
  if (input_shape.empty()) fail_value("build", "got shape (); need the batch in front");
  Dims shape(input_shape);
  shape[0] = -1;
  impl_->build(shape);
}

bool Sequential::built() const { return impl_->built; }

Dims Sequential::input_shape() const {
  if (!impl_->built) fail_value("input_shape", fmt::format("model \"{}\" has not yet been built", impl_->name));
  return impl_->input_shape;
}

Dims Sequential::output_shape() const { return impl_->output_shape(input_shape()); }

void Sequential::compile(CompileOptions options) const {
  refuse_while_running("compile", *impl_);
  std::vector<std::string> names;
  for (const auto* list : {&options.metrics, &options.weighted_metrics}) {
    for (const metrics::Metric& metric : *list) {
      for (const std::string& name : names) {
        if (name == metric.name()) {
          fail_value("compile", fmt::format("two metrics are called \"{}\"; need unique names", name));
        }
      }
      names.push_back(metric.name());
    }
  }
  impl_->compiled = Compiled{std::move(options.optimizer), std::move(options.loss), std::move(options.metrics),
                             std::move(options.weighted_metrics)};
  impl_->trainer.reset();
}

const optimizers::Optimizer& Sequential::optimizer() const {
  if (!impl_->compiled) fail_value("optimizer", fmt::format("model \"{}\" is not compiled", impl_->name));
  return impl_->compiled->optimizer;
}

bool Sequential::stop_training() const { return impl_->stop_training; }
void Sequential::set_stop_training(bool stop) const { impl_->stop_training = stop; }

std::vector<std::string> Sequential::metrics_names() const {
  std::vector<std::string> names = {"loss"};
  if (!impl_->compiled) return names;
  for (const auto* list : {&impl_->compiled->metrics, &impl_->compiled->weighted_metrics}) {
    for (const metrics::Metric& metric : *list) names.push_back(metric.name());
  }
  return names;
}

std::vector<Tensor> Sequential::weights() const {
  std::vector<Tensor> list;
  for (layers::LayerImpl* layer : impl_->stack) {
    list.insert(list.end(), layer->weights().begin(), layer->weights().end());
  }
  return list;
}

std::vector<Tensor> Sequential::trainable_weights() const { return impl_->trainable_weights(); }

std::vector<Tensor> Sequential::get_weights() const {
  std::vector<Tensor> copies;
  for (const Tensor& weight : weights()) copies.push_back(weight.detach().clone());
  return copies;
}

void Sequential::set_weights(const std::vector<Tensor>& weights) const {
  size_t needed = 0;
  for (layers::LayerImpl* layer : impl_->stack) needed += layer->weights().size();
  if (weights.size() != needed) {
    fail_value("set_weights",
               fmt::format("model \"{}\" was given {} weights; it has {}", impl_->name, weights.size(), needed));
  }
  std::vector<Tensor> before;
  for (const Tensor& weight : get_weights()) before.push_back(weight.clone());
  const auto set = [&](const std::vector<Tensor>& list) {
    auto next = list.begin();
    for (layers::LayerImpl* layer : impl_->stack) {
      const auto end = next + static_cast<std::ptrdiff_t>(layer->weights().size());
      layer->set_weights({next, end});
      next = end;
    }
  };
  try {
    set(weights);
  } catch (...) {
    set(before);
    throw;
  }
}

int64_t Sequential::count_params() const {
  int64_t count = 0;
  for (const Layer& layer : impl_->layers) count += layer.count_params();
  return count;
}

bool Sequential::trainable() const {
  for (const Layer& layer : impl_->layers) {
    if (layer.trainable()) return true;
  }
  return impl_->layers.empty();
}

void Sequential::set_trainable(bool trainable) const {
  for (const Layer& layer : impl_->layers) layer.set_trainable(trainable);
}

std::shared_ptr<nn::Module> Sequential::module() const { return impl_->module; }

Tensor Sequential::operator()(const Tensor& x, bool training) const {
  SequentialImpl& m = *impl_;
  if (!m.built) m.fit_input("call", x);
  Tensor data = x.to(m.dtype());
  if (data.dim() == m.input_shape.size() - 1 && m.input_shape.back() == 1) data = data.unsqueeze(-1);
  m.output_shape(data.sizes());
  return m.forward(data, training);
}

}  // namespace rondo::models
