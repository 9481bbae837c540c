// evaluate, predict, and single steps.
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/models/training/run.h>

#include <fmt/format.h>

namespace rondo::models {

using callbacks::Callback;

int64_t checked_batch_size(const char* call, const char* option, std::optional<int64_t> size) {
  const int64_t value = size.value_or(kBatchSize);
  if (value < 1) fail_value(call, fmt::format("{} is {}; need a positive number", option, value));
  return value;
}

std::shared_ptr<Trainer> trainer_for(SequentialImpl& model, const char* call, const Tensor& x, const Tensor& y) {
  if (!model.compiled) {
    fail_value(call, fmt::format("model \"{}\" is not compiled; call compile() before {}()", model.name, call));
  }
  if (!model.trainer) {
    const Tensor data = model.fit_input(call, x);
    if (!y.defined() || y.dim() == 0) fail_value(call, "y is no tensor of samples; need (samples, ...)");
    model.trainer = std::make_shared<Trainer>(model, call, y, model.output_shape(data.sizes()));
  }
  return model.trainer;
}

Logs test_all(Trainer& trainer, Feed& feed, const CallbackList& list, callbacks::ProgbarLogger* logger) {
  Logs none, logs;
  trainer.reset();
  list.call(&Callback::on_test_begin, none);
  Columns batch;
  int64_t step = 0;
  for (feed.start(); feed.next(batch); ++step) {
    if (list.wants_batches()) list.call_batch(&Callback::on_test_batch_begin, step, none);
    trainer.test(batch);
    if (!list.wants_batches()) continue;
    trainer.read(logs);
    list.call_batch(&Callback::on_test_batch_end, step, logs);
  }
  trainer.read(logs);
  if (logger) logger->set_seen(step);
  list.call(&Callback::on_test_end, logs);
  return logs;
}

Logs Sequential::evaluate(const Tensor& x, const Tensor& y, EvaluateOptions options) const {
  SequentialImpl& m = *impl_;
  const int64_t batch_size = checked_batch_size("evaluate", "batch_size", options.batch_size);
  const std::shared_ptr<Trainer> held = trainer_for(m, "evaluate", x, y);
  Trainer& trainer = *held;
  Feed feed(trainer.prepare("evaluate", x, y, options.sample_weight), batch_size, false);
  callbacks::ProgbarLogger logger(options.progress);
  Sequential self = *this;
  const CallbackList list(options.callbacks, {options.verbose == 0 ? nullptr : &logger}, &self,
                          {options.verbose, 1, feed.steps()});
  return test_all(trainer, feed, list, &logger);
}

Tensor Sequential::predict(const Tensor& x, PredictOptions options) const {
  SequentialImpl& m = *impl_;
  const int64_t batch_size = checked_batch_size("predict", "batch_size", options.batch_size);
  NoGradGuard no_grad;
  const Columns data{.x = m.fit_input("predict", x)};
  m.output_shape(data.x.sizes());
  Feed feed(data, batch_size, false);
  callbacks::ProgbarLogger logger(options.progress);
  Sequential self = *this;
  const CallbackList list(options.callbacks, {options.verbose == 0 ? nullptr : &logger}, &self,
                          {options.verbose, 1, feed.steps()});
  Logs none;
  list.call(&Callback::on_predict_begin, none);
  Tensor all;
  Columns batch;
  int64_t step = 0, row = 0;
  for (feed.start(); feed.next(batch); ++step) {
    if (list.wants_batches()) list.call_batch(&Callback::on_predict_batch_begin, step, none);
    const Tensor output = m.forward(batch.x, false);
    if (!all.defined()) {
      Dims sizes(output.sizes());
      sizes[0] = data.rows();
      all = empty(sizes, output.dtype());
    }
    all.narrow(0, row, output.size(0)).copy_(output);
    row += output.size(0);
    if (list.wants_batches()) list.call_batch(&Callback::on_predict_batch_end, step, none);
  }
  logger.set_seen(step);
  list.call(&Callback::on_predict_end, none);
  return all;
}

Logs Sequential::train_on_batch(const Tensor& x, const Tensor& y, const Tensor& sample_weight,
                                bool reset_metrics) const {
  const std::shared_ptr<Trainer> held = trainer_for(*impl_, "train_on_batch", x, y);
  Trainer& trainer = *held;
  const Columns batch = trainer.prepare("train_on_batch", x, y, sample_weight);
  if (reset_metrics) trainer.reset();
  trainer.train(batch);
  Logs logs;
  trainer.read(logs);
  return logs;
}

Logs Sequential::test_on_batch(const Tensor& x, const Tensor& y, const Tensor& sample_weight,
                               bool reset_metrics) const {
  const std::shared_ptr<Trainer> held = trainer_for(*impl_, "test_on_batch", x, y);
  Trainer& trainer = *held;
  const Columns batch = trainer.prepare("test_on_batch", x, y, sample_weight);
  if (reset_metrics) trainer.reset();
  trainer.test(batch);
  Logs logs;
  trainer.read(logs);
  return logs;
}

Tensor Sequential::predict_on_batch(const Tensor& x) const {
  NoGradGuard no_grad;
  const Tensor data = impl_->fit_input("predict_on_batch", x);
  impl_->output_shape(data.sizes());
  return impl_->forward(data, false);
}

}  // namespace rondo::models
