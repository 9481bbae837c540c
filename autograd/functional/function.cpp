#include <rondo/autograd/base/demangle.h>
#include <rondo/autograd/functional/function.h>
#include <rondo/autograd/graph/arithmetic.h>
#include <rondo/autograd/graph/history.h>

#include <fmt/format.h>

#include <algorithm>
#include <typeinfo>

namespace rondo::autograd {
namespace {

bool contains(const std::vector<TensorImpl*>& list, const Tensor& tensor) {
  return std::find(list.begin(), list.end(), tensor.unsafeGetTensorImpl()) != list.end();
}

bool contains(const variable_list& list, const Tensor& tensor) {
  return std::any_of(list.begin(), list.end(), [&](const Tensor& entry) { return entry.is_same(tensor); });
}

std::vector<TensorImpl*> identities(const variable_list& tensors) {
  std::vector<TensorImpl*> list;
  for (const Tensor& tensor : tensors) {
    if (tensor.defined()) list.push_back(tensor.unsafeGetTensorImpl());
  }
  return list;
}

}  // namespace

namespace detail {

std::string function_name(const std::type_info& type) {
  return "torch::autograd::CppNode<" + base::demangle(type.name()) + ">";
}

}  // namespace detail

void AutogradContext::mark_dirty(const variable_list& inputs) { dirty_ = identities(inputs); }
void AutogradContext::mark_non_differentiable(const variable_list& outputs) {
  non_differentiable_ = identities(outputs);
}

variable_list AutogradContext::get_saved_variables() const {
  variable_list tensors;
  for (size_t i = 0; i < saved_.size(); ++i) {
    tensors.push_back(saved_is_defined_[i] ? saved_[i].get(*node_) : Tensor());
  }
  return tensors;
}

bool AutogradContext::needs_input_grad(size_t input) const {
  if (in_backward_ && input < wanted_.size()) return wanted_[input];
  return static_cast<int>(input) < node_->num_outputs() && node_->wants(static_cast<int>(input));
}

bool AutogradContext::needs_input_grad(std::initializer_list<IndexRange> ranges) const {
  for (const IndexRange& range : ranges) {
    for (size_t i = range.first; i < range.second; ++i) {
      if (needs_input_grad(i)) return true;
    }
  }
  return false;
}

void FunctionNode::add_input(const Tensor& tensor) {
  is_tensor_.push_back(true);
  inputs_.push_back(tensor);
  if (GradMode::is_enabled() && tensor.defined() && graph::requires_grad(tensor)) recorded_ = true;
  add_edge(tensor);
}

Tensor FunctionNode::wrap_output(const Tensor& output, uint32_t nr, size_t count) {
  const bool is_input = contains(inputs_, output), dirty = contains(context_.dirty_, output);
  const bool differentiable = !contains(context_.non_differentiable_, output) && output.is_floating_point();
  if (!recorded_ || !differentiable) {
    // Neither the caller's tensor nor one of forward's own may be seen to require gradients.
    const bool plain = !graph::requires_grad(output) || (dirty && !recorded_);
    Tensor result = (is_input && !dirty) || !plain ? graph::alias_without_history(output) : output;
    if (recorded_) add_output(result);
    return result;
  }
  const base::Ref<graph::Node> self(this);
  if (dirty) {
    const AutogradMeta* meta = graph::meta_of(output);
    if (meta && meta->requires_grad && !meta->grad_fn) {
      fail(name(), "a leaf Variable that requires grad is being used in an in-place operation.");
    }
    if (output.is_view() && count > 1) {
      fail(
          name(),
          "If your Function modifies inplace an input that is a view of another Tensor, your Function cannot return "
          "more than one Tensor. This is not supported by the current autograd engine. You should either make sure the "
          "input is not a view (using .clone() for example) or make your Function only return one Tensor (potentially "
          "splitting it into two Functions: one doing the inplace that returns a single Tensor and a second one that "
          "does the other operations). modifies inplace an input that is a view of another Tensor");
    }
    if (output.is_view()) {
      graph::check_view_in_place(name().c_str(), *meta->view);
      graph::rebase_history(output, self);
      return output;
    }
    add_output(output);
    graph::set_grad_fn(output, self, nr);
    return output;
  }
  Tensor result = is_input ? graph::alias_without_history(output) : output;
  const AutogradMeta* meta = graph::meta_of(result);
  const bool is_view = is_input || (meta && meta->view);
  add_output(result);
  if (is_view) {
    const Tensor base = is_input ? output : meta->view->base;
    const bool of_input = is_input || std::any_of(inputs_.begin(), inputs_.end(), [&](const Tensor& input) {
                            return input.defined() && input.storage().is_alias_of(base.storage());
                          });
    if (of_input)
      graph::mark_view(result, base, graph::CreationMeta::IN_CUSTOM_FUNCTION);
    else
      delete std::exchange(graph::make_meta(result).view, nullptr);
  }
  graph::set_grad_fn(result, self, nr);
  return result;
}

variable_list FunctionNode::wrap_outputs(variable_list outputs) {
  size_t dirty_returned = 0;
  for (TensorImpl* dirty : context_.dirty_) {
    dirty_returned += std::any_of(outputs.begin(), outputs.end(),
                                  [&](const Tensor& output) { return output.unsafeGetTensorImpl() == dirty; });
  }
  if (dirty_returned != context_.dirty_.size()) {
    fail(name(),
         "Some elements marked as dirty during the forward method were not returned as output. The inputs that are "
         "modified inplace must all be outputs of the Function.");
  }
  for (const Tensor& input : inputs_) {
    if (input.defined() && contains(context_.dirty_, input)) input.impl().storage->bump_version();
  }
  variable_list results(outputs.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].defined()) {
      if (recorded_) add_output(graph::zeros(IntArrayRef(), ScalarType::Float));
      continue;
    }
    // The same tensor twice: both are one.
    size_t first = 0;
    while (!outputs[first].is_same(outputs[i])) ++first;
    if (first < i) {
      results[i] = results[first];
      if (recorded_) {
        add_output(results[i]);
        AutogradMeta* meta = graph::meta_of(results[i]);
        if (meta && meta->grad_fn.get() == this) meta->output_nr = static_cast<uint32_t>(i);
      }
      continue;
    }
    results[i] = wrap_output(outputs[i], static_cast<uint32_t>(i), outputs.size());
  }
  if (recorded_) {
    const variable_list& list = context_.to_save_;
    context_.saved_ = std::vector<graph::Saved>(list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      context_.saved_is_defined_.push_back(list[i].defined());
      if (!list[i].defined()) continue;
      size_t nr = 0;
      while (nr < outputs.size() && !outputs[nr].is_same(list[i])) ++nr;
      const bool is_output = nr < outputs.size() && (!contains(inputs_, list[i]) || contains(context_.dirty_, list[i]));
      if (is_output && results[nr].defined() && graph::meta_of(results[nr]) &&
          graph::meta_of(results[nr])->grad_fn.get() == this) {
        context_.saved_[i].save_output(results[nr], static_cast<uint32_t>(nr));
      } else {
        context_.saved_[i].save_input(is_output ? results[nr] : list[i]);
      }
    }
  }
  context_.to_save_.clear();
  inputs_.clear();
  return results;
}

void FunctionNode::backward(graph::Backward& step) {
  variable_list gradients;
  for (int i = 0; i < num_inputs(); ++i) {
    gradients.push_back(context_.materialize_grads_ ? step.gy_or_zeros(i) : step.gy(i));
  }
  context_.wanted_.clear();
  for (int i = 0; i < num_outputs(); ++i) context_.wanted_.push_back(step.wants(i));
  context_.in_backward_ = true;
  struct Left {
    bool& flag;
    ~Left() { flag = false; }
  } left{context_.in_backward_};
  variable_list results = run_backward(std::move(gradients));

  const size_t arguments = is_tensor_.size();
  const size_t given = results.size();
  const bool extra_undefined = std::all_of(results.begin() + static_cast<std::ptrdiff_t>(std::min(arguments, given)),
                                           results.end(), [](const Tensor& g) { return !g.defined(); });
  if (given > arguments && extra_undefined) results.resize(arguments);
  if (results.size() != arguments) {
    fail(name(), fmt::format("function {} returned an incorrect number of gradients (expected {}, got {})", name(),
                             arguments, given));
  }
  int input = 0;
  for (size_t i = 0; i < arguments; ++i) {
    if (is_tensor_[i]) {
      if (step.wants(input)) step[input] = std::move(results[i]);
      ++input;
    } else if (results[i].defined()) {
      fail(name(), fmt::format("function {} returned a gradient different that is defined at position {}, but the "
                               "corresponding forward input was not a Variable",
                               name(), i + 1));
    }
  }
}

void FunctionNode::release_variables() {
  for (size_t i = 0; i < context_.saved_.size(); ++i) {
    if (context_.saved_is_defined_[i]) context_.saved_[i].release();
  }
}

}  // namespace rondo::autograd
