#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/models/layers/layer_impl.h>
#include <rondo/models/session.h>

#include <fmt/format.h>

namespace rondo::layers {
namespace {

ScalarType floating_type(const std::string& layer, const std::string& name) {
  if (name.empty()) return models::floatx_type();
  if (name == "float32") return kFloat;
  if (name == "float64") return kDouble;
  fail_value(layer, fmt::format("dtype is \"{}\"; need float32 or float64", name));
}

}  // namespace

LayerImpl::LayerImpl(std::string class_name, const CommonOptions& options)
    : nn::Module(options.name.empty() ? models::unique_name(class_name) : options.name),
      class_name_(std::move(class_name)),
      input_shape_(options.input_shape),
      dtype_(floating_type(name(), options.dtype)),
      trainable_(options.trainable) {}

void LayerImpl::make_weights(IntArrayRef) {}

Dims LayerImpl::output_shape(IntArrayRef input_shape) const { return input_shape; }

void LayerImpl::check_input(IntArrayRef) const {}

void LayerImpl::build(IntArrayRef input_shape) {
  if (built_) return;
  const auto parameters = named_parameters(false), buffers = named_buffers(false);
  const auto children = named_children();
  try {
    make_weights(input_shape);
  } catch (...) {
    // As before, so that the next attempt can give the same names.
    for (const auto& item : named_parameters(false)) {
      if (!parameters.contains(item.key())) unregister_parameter(item.key());
    }
    for (const auto& item : named_buffers(false)) {
      if (!buffers.contains(item.key())) unregister_buffer(item.key());
    }
    for (const auto& item : named_children()) {
      if (!children.contains(item.key())) unregister_module(item.key());
    }
    weights_.clear();
    throw;
  }
  built_ = true;
}

Tensor LayerImpl::add_weight(const std::string& name, IntArrayRef sizes, const initializers::Initializer& initializer) {
  Tensor weight = register_parameter(name, initializer(sizes, dtype_), trainable_);
  weights_.push_back(weight);
  return weight;
}

void LayerImpl::set_trainable(bool trainable) {
  trainable_ = trainable;
  for (const Tensor& weight : weights_) weight.requires_grad_(trainable);
}

void LayerImpl::set_weights(const std::vector<Tensor>& weights) {
  if (weights.size() != weights_.size()) {
    fail_value("set_weights",
               fmt::format("layer \"{}\" was given {} weights; it has {}", name(), weights.size(), weights_.size()));
  }
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i].sizes() != weights_[i].sizes()) {
      fail_value("set_weights", fmt::format("layer \"{}\", weight {}: got shape {}; need {}", name(), i,
                                            to_string(weights[i].sizes()), to_string(weights_[i].sizes())));
    }
  }
  NoGradGuard no_grad;
  for (size_t i = 0; i < weights.size(); ++i) weights_[i].copy_(weights[i]);
}

void LayerImpl::reject_input(const std::string& text) const {
  fail_value(name(), fmt::format("Input 0 of layer \"{}\" is incompatible with the layer: {}", name(), text));
}

Layer::Layer(std::shared_ptr<LayerImpl> impl) : impl_(std::move(impl)) {
  if (!impl_) fail_value("Layer", "got a null pointer; need a layer");
}

const std::string& Layer::name() const { return impl_->layer_name(); }
std::string Layer::class_name() const { return impl_->class_name(); }
bool Layer::built() const { return impl_->built(); }
void Layer::build(IntArrayRef input_shape) const { impl_->build(input_shape); }

Tensor Layer::operator()(const Tensor& x, bool training) const {
  impl_->build(x.sizes());
  impl_->check_input(x.sizes());
  return impl_->call(x, training);
}

std::vector<Tensor> Layer::weights() const { return impl_->weights(); }

std::vector<Tensor> Layer::get_weights() const {
  std::vector<Tensor> copies;
  for (const Tensor& weight : impl_->weights()) copies.push_back(weight.detach().clone());
  return copies;
}

void Layer::set_weights(const std::vector<Tensor>& weights) const { impl_->set_weights(weights); }

int64_t Layer::count_params() const {
  if (!impl_->built()) {
    fail_value("count_params", fmt::format("layer \"{}\" has no weights yet; build it first", name()));
  }
  int64_t count = 0;
  for (const Tensor& weight : impl_->weights()) count += weight.numel();
  return count;
}

bool Layer::trainable() const { return impl_->trainable(); }
void Layer::set_trainable(bool trainable) const { impl_->set_trainable(trainable); }

}  // namespace rondo::layers
