// The callbacks of one run, in order.
#pragma once

#include <rondo/models/callbacks.h>

namespace rondo::models {

class CallbackList {
 public:
  using Callback = callbacks::Callback;

  // `own` come last; null ones are left out. The callbacks know the model until the list ends, and then what they knew
  // before: one run may lie within another.
  CallbackList(const std::vector<callbacks::CallbackArgument>& given, std::initializer_list<Callback*> own,
               Sequential* model, const callbacks::Params& params) {
    for (const auto& argument : given) add(argument.get());
    for (Callback* callback : own) add(callback);
    for (Callback* callback : all_) {
      before_.push_back({callback->model_, callback->params_});
      callback->set_params(params);
      callback->set_model(model);
      if (callback->wants_batches()) for_batches_.push_back(callback);
    }
  }
  ~CallbackList() {
    for (size_t i = all_.size(); i-- > 0;) {
      all_[i]->set_params(before_[i].params);
      all_[i]->set_model(before_[i].model);
    }
  }
  CallbackList(const CallbackList&) = delete;
  CallbackList& operator=(const CallbackList&) = delete;

  bool wants_batches() const { return !for_batches_.empty(); }

  void call(void (Callback::*hook)(Logs&), Logs& logs) const {
    for (Callback* callback : all_) (callback->*hook)(logs);
  }
  void call(void (Callback::*hook)(int64_t, Logs&), int64_t number, Logs& logs) const {
    for (Callback* callback : all_) (callback->*hook)(number, logs);
  }
  void call_batch(void (Callback::*hook)(int64_t, Logs&), int64_t number, Logs& logs) const {
    for (Callback* callback : for_batches_) (callback->*hook)(number, logs);
  }

 private:
  void add(Callback* callback) {
    if (callback) all_.push_back(callback);
  }

  struct Before {
    Sequential* model;
    callbacks::Params params;
  };

  std::vector<Callback*> all_, for_batches_;
  std::vector<Before> before_;
};

}  // namespace rondo::models
