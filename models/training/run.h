// What fit, evaluate and predict have in common.
#pragma once

#include <rondo/models/training/callback_list.h>
#include <rondo/models/training/trainer.h>

namespace rondo::models {

inline constexpr int64_t kBatchSize = 32;

// The batch size of a call; throws ValueError, which begins with `call`, unless it is positive.
int64_t checked_batch_size(const char* call, const char* option, std::optional<int64_t> size);

// The trainer of a compiled model, made with the first data. Throws ValueError where the model is not compiled.
std::shared_ptr<Trainer> trainer_for(SequentialImpl& model, const char* call, const Tensor& x, const Tensor& y);

// Measures all batches; calls the hooks of a test. Logs hold the means at its end.
Logs test_all(Trainer& trainer, Feed& feed, const CallbackList& list, callbacks::ProgbarLogger* logger = nullptr);

}  // namespace rondo::models
