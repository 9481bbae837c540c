// The training loop.
#include <rondo/models/training/callback_list.h>
#include <rondo/models/training/run.h>

#include <fmt/format.h>

#include <cmath>

namespace rondo::models {
namespace {

using callbacks::Callback;

bool holds_nan(const Tensor& tensor) {
  if (!tensor.defined() || !tensor.is_floating_point()) return false;
  return visit_dtype(tensor.dtype(), [&]<class T>(TypeTag<T>) {
    if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
      const T* data = tensor.data_ptr<T>();
      for (int64_t i = 0; i < tensor.numel(); ++i) {
        if (data[i] != data[i]) return true;
      }
    }
    return false;
  });
}

// The first and the last rows of the data, as validation_split cuts them.
int64_t cut_of(int64_t rows, double split) {
  if (!(split >= 0 && split < 1)) {
    fail_value("fit", fmt::format("validation_split is {}; need 0 <= validation_split < 1", split));
  }
  const auto cut = static_cast<int64_t>(std::floor(static_cast<double>(rows) * (1.0 - split)));
  if (cut == 0 || cut == rows) {
    fail_value("fit", fmt::format("{} samples cannot be split by validation_split = {}: {} for training, {} for "
                                  "validation; need at least one each",
                                  rows, split, cut, rows - cut));
  }
  return cut;
}

// Data that is sorted by class leaves classes out of the training: said, since it cannot be seen in the numbers.
void warn_of_one_class(const Tensor& classes, int64_t cut) {
  if (!classes.defined() || classes.numel() - cut < 20 || classes.dim() != 1) return;
  const int64_t* labels = classes.data_ptr<int64_t>();
  for (int64_t i = cut; i < classes.numel(); ++i) {
    if (labels[i] != labels[cut]) return;
  }
  for (int64_t i = 0; i < cut; ++i) {
    if (labels[i] == labels[cut]) continue;
    warn(
        fmt::format("fit: the last {} samples, which validation_split takes, are all of class {}; shuffle the data "
                    "beforehand",
                    classes.numel() - cut, labels[cut]));
    return;
  }
}

void warn_of_nan(const Columns& data, int64_t epoch, int64_t step) {
  const char* cause = holds_nan(data.x)                                    ? "x holds NaN"
                      : holds_nan(data.values) || holds_nan(data.as_given) ? "y holds NaN"
                                                                           : "the data holds none";
  warn(fmt::format("fit: the loss is NaN from epoch {}, step {} on ({}); the training goes on", epoch + 1, step + 1,
                   cause));
}

}  // namespace

History Sequential::fit(const Tensor& x, const Tensor& y, FitOptions options) const {
  SequentialImpl& m = *impl_;
  const int64_t batch_size = checked_batch_size("fit", "batch_size", options.batch_size);
  const int64_t validation_batch_size =
      checked_batch_size("fit", "validation_batch_size",
                         options.validation_batch_size ? options.validation_batch_size : std::optional(batch_size));
  if (!options.validation_freq.valid()) {
    fail_value("fit", "validation_freq is not positive, or an empty list; need every how many epochs, or which");
  }
  const std::shared_ptr<Trainer> held = trainer_for(m, "fit", x, y);
  Trainer& trainer = *held;
  Columns data = trainer.prepare("fit", x, y, options.sample_weight, options.class_weight), validation;
  if (options.validation_data.x.defined()) {
    const ValidationData& given = options.validation_data;
    validation = trainer.prepare("fit: validation_data", given.x, given.y, given.sample_weight);
  } else if (options.validation_split != 0) {
    const int64_t rows = data.rows(), cut = cut_of(rows, options.validation_split);
    warn_of_one_class(data.classes, cut);
    // Weights of classes are for the training alone.
    const Columns plain = options.class_weight.empty() ? data : trainer.prepare("fit", x, y, options.sample_weight);
    validation = row_range(plain, cut, rows - cut);
    data = row_range(data, 0, cut);
  }

  Feed feed(data, batch_size, options.shuffle);
  std::optional<Feed> validation_feed;
  if (validation.rows() > 0) validation_feed.emplace(validation, validation_batch_size, false);

  History history;
  callbacks::ProgbarLogger logger(options.progress);
  Sequential self = *this;
  const CallbackList list(options.callbacks, {&history, options.verbose == 0 ? nullptr : &logger}, &self,
                          {options.verbose, options.epochs, feed.steps()});
  m.stop_training = false;
  bool warned = false;
  Logs none, logs, batch_logs;
  list.call(&Callback::on_train_begin, none);
  for (int64_t epoch = options.initial_epoch; epoch < options.epochs && !m.stop_training; ++epoch) {
    trainer.reset();
    list.call(&Callback::on_epoch_begin, epoch, none);
    Columns batch;
    int64_t step = 0;
    for (feed.start(); !m.stop_training && feed.next(batch); ++step) {
      if (list.wants_batches()) list.call_batch(&Callback::on_train_batch_begin, step, none);
      const double loss = trainer.train(batch);
      if (loss != loss && !warned) {
        warn_of_nan(data, epoch, step);
        warned = true;
      }
      if (!list.wants_batches()) continue;
      trainer.read(batch_logs);
      list.call_batch(&Callback::on_train_batch_end, step, batch_logs);
    }
    logs.clear();
    trainer.read(logs);
    if (validation_feed && options.validation_freq.includes(epoch)) {
      test_all(trainer, *validation_feed, list);
      trainer.read(logs, "val_");
    }
    logger.set_seen(step);
    list.call(&Callback::on_epoch_end, epoch, logs);
  }
  list.call(&Callback::on_train_end, logs);
  return history;
}

}  // namespace rondo::models
