#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/models/training/targets.h>
#include <rondo/models/training/trainer.h>

#include <fmt/format.h>

namespace rondo::models {
namespace {

using losses::Target;

// The weight of each sample's class. Classes that are not listed weigh 1.
void apply_class_weight(const char* call, const Tensor& y, const std::vector<std::pair<int64_t, double>>& class_weight,
                        Tensor& weight) {
  Tensor classes = y.detach();
  if (classes.dim() > 1 && classes.size(-1) > 1) classes = argmax(classes, -1);
  classes = classes.to(kLong).reshape({-1}).contiguous();
  if (classes.numel() != weight.numel()) {
    fail_value(call, fmt::format("class_weight with y of shape {}; need one class a sample", to_string(y.sizes())));
  }
  double* factors = weight.data_ptr<double>();
  const int64_t* numbers = classes.data_ptr<int64_t>();
  for (int64_t i = 0; i < classes.numel(); ++i) {
    for (const auto& [number, factor] : class_weight) {
      if (number == numbers[i]) factors[i] *= factor;
    }
  }
}

}  // namespace

Trainer::Trainer(SequentialImpl& model, const char* call, const Tensor& y, IntArrayRef output)
    : model_(model), variables_(model.trainable_weights()), gradients_(variables_.size()) {
  const Compiled& compiled = *model.compiled;
  if (!compiled.loss.defined()) {
    fail_value(call,
               fmt::format("model \"{}\" was compiled without a loss; need one to train or to evaluate", model.name));
  }
  const layers::Ending ending = model.stack.back()->ending();
  loss_ = compiled.loss.function().before(ending);
  if (loss_) {
    left_out_ = ending;
  } else {
    loss_ = compiled.loss.ptr();
  }
  wants_[static_cast<int>(loss_->target())] = true;
  const auto add = [&](const std::vector<metrics::Metric>& list, bool weighted) {
    for (const metrics::Metric& metric : list) {
      auto function = metric.resolve(y.sizes(), output);
      wants_[static_cast<int>(function->target())] = true;
      needs_probabilities_ |= !function->only_order();
      measures_.push_back({std::move(function), weighted});
    }
  };
  add(compiled.metrics, false);
  add(compiled.weighted_metrics, true);
  needs_probabilities_ &= left_out_ != layers::Ending::kOther;
}

Columns Trainer::prepare(const char* call, const Tensor& x, const Tensor& y, const Tensor& sample_weight,
                         const std::vector<std::pair<int64_t, double>>& class_weight) const {
  if (!y.defined() || y.dim() == 0) fail_value(call, "y is no tensor of samples; need (samples, ...)");
  Columns data;
  data.x = model_.fit_input(call, x);
  const int64_t rows = data.x.size(0);
  if (y.size(0) != rows) {
    fail_value(call, fmt::format("x has {} samples, y has {}: shapes {} and {}; need equal numbers", rows, y.size(0),
                                 to_string(x.sizes()), to_string(y.sizes())));
  }
  const Dims output = model_.output_shape(data.x.sizes());
  const std::string who = fmt::format("{}: {}", call, loss_->name());
  const auto in_form = [&](Target form) {
    if (!wants_[static_cast<int>(form)]) return Tensor();
    return fit_target(who, y, form, output, model_.dtype(), loss_->ignored_class());
  };
  data.classes = in_form(Target::kClasses);
  data.values = in_form(Target::kValues);
  data.as_given = in_form(Target::kAsGiven);
  if (!sample_weight.defined() && class_weight.empty()) return data;
  Tensor weight = ones({rows}, kDouble);
  if (sample_weight.defined()) {
    if (sample_weight.numel() != rows || sample_weight.size(0) != rows) {
      fail_value(call, fmt::format("sample_weight has shape {}; need ({},), one number a sample",
                                   to_string(sample_weight.sizes()), rows));
    }
    weight = sample_weight.detach().to(kDouble).reshape({rows}).clone();
  }
  if (!class_weight.empty()) apply_class_weight(call, y, class_weight, weight);
  data.weight = weight.to(model_.dtype());
  return data;
}

void Trainer::reset() {
  loss_total_ = loss_count_ = 0;
  for (const Measure& measure : measures_) measure.metric->reset_state();
}

Tensor Trainer::forward(const Tensor& x, bool training) const {
  return left_out_ == layers::Ending::kOther ? model_.forward(x, training) : model_.forward_before_ending(x, training);
}

Tensor Trainer::loss_of(const Columns& batch, const Tensor& output) const {
  return loss_->reduced(batch.target(loss_->target()), output, batch.weight);
}

double Trainer::measure(const Columns& batch, const Tensor& output, double loss) {
  const auto rows = static_cast<double>(batch.rows());
  loss_total_ += loss * rows;
  loss_count_ += rows;
  if (measures_.empty()) return loss;
  NoGradGuard no_grad;
  Tensor probabilities = output;
  if (needs_probabilities_) {
    probabilities = left_out_ == layers::Ending::kSoftmax ? softmax(output, -1) : sigmoid(output);
  }
  for (const Measure& measure : measures_) {
    const Tensor& y = batch.target(measure.metric->target());
    measure.metric->update_state(y, probabilities, measure.weighted ? batch.weight : Tensor());
  }
  return loss;
}

double Trainer::train(const Columns& batch) {
  AutoGradMode enabled(true);
  for (const Tensor& variable : variables_) variable.mutable_grad().reset();
  const Tensor output = forward(batch.x, true);
  Tensor loss = loss_of(batch, output);
  const double value = measure(batch, output, (loss.dim() == 0 ? loss : mean(loss)).item().toDouble());
  if (variables_.empty()) return value;
  if (loss.dim() > 0) loss = sum(loss);
  if (!loss.requires_grad()) {
    fail("fit", fmt::format("the loss of model \"{}\" depends on none of the weights that compile() found trainable; "
                            "compile() again after set_trainable()",
                            model_.name));
  }
  loss.backward();
  for (size_t i = 0; i < variables_.size(); ++i) gradients_[i] = std::move(variables_[i].mutable_grad());
  model_.compiled->optimizer.function().apply(variables_, gradients_);
  for (Tensor& gradient : gradients_) gradient.reset();
  return value;
}

double Trainer::test(const Columns& batch) {
  NoGradGuard no_grad;
  const Tensor output = forward(batch.x, false);
  const Tensor loss = loss_of(batch, output);
  return measure(batch, output, (loss.dim() == 0 ? loss : mean(loss)).item().toDouble());
}

void Trainer::read(Logs& logs, const char* prefix) const {
  const std::string before = prefix;
  logs.insert_or_assign(before + "loss", loss_count_ == 0 ? 0 : loss_total_ / loss_count_);
  for (const Measure& measure : measures_) {
    logs.insert_or_assign(before + measure.metric->name(), measure.metric->result());
  }
}

}  // namespace rondo::models
