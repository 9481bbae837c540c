#include <rondo/autograd/functional/gradcheck.h>
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>
#include <memory>

namespace rondo::autograd {
namespace {

bool checked(const Tensor& input) { return input.defined() && input.requires_grad(); }

void check_inputs(const variable_list& inputs) {
  bool any = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!checked(inputs[i])) continue;
    any = true;
    if (inputs[i].dtype() != kDouble && inputs[i].dtype() != kFloat) {
      fail("gradcheck", fmt::format("input #{} is {}; need float64 (or float32)", i, dtype_name(inputs[i].dtype())));
    }
    if (inputs[i].dtype() != kDouble) {
      warn(
          fmt::format("gradcheck: input #{} requires gradient and is not a double precision floating point. This check "
                      "will likely fail if all the inputs are not of double precision.",
                      i));
    }
    for (int64_t d = 0; d < inputs[i].dim(); ++d) {
      if (inputs[i].stride(d) == 0 && inputs[i].size(d) > 1) {
        fail("gradcheck",
             fmt::format("The {}th input has a dimension with stride 0. gradcheck only supports inputs that "
                         "are non-overlapping to be able to compute the numerical gradients correctly.",
                         i));
      }
    }
  }
  if (!any) fail("gradcheck", "gradcheck expects at least one input tensor to require gradient, but none of them do.");
}

variable_list outputs_of(TensorFunction f, const variable_list& inputs) {
  variable_list outputs;
  for (const Tensor& output : f(inputs)) {
    if (output.defined() && output.is_floating_point()) outputs.push_back(output);
  }
  return outputs;
}

variable_list to_check(const variable_list& inputs) {
  variable_list list;
  for (const Tensor& input : inputs) {
    if (checked(input)) list.push_back(input);
  }
  return list;
}

variable_list backward_of(const Tensor& output, const variable_list& xs, const Tensor& v) {
  if (!output.requires_grad()) return variable_list(xs.size());
  return grad({output}, xs, {v}, true, false, true);
}

// One number of a tensor, in memory itself: moving it must count no version. It moves back in the end.
class Element {
 public:
  Element(const Tensor& x, int64_t place) : type_(x.dtype()), at_(static_cast<char*>(x.data_ptr())) {
    int64_t offset = 0;
    for (int64_t d = x.dim(); d-- > 0;) {
      offset += place % x.size(d) * x.stride(d);
      place /= x.size(d);
    }
    at_ += offset * static_cast<int64_t>(x.element_size());
    before_ = type_ == kDouble ? *reinterpret_cast<double*>(at_) : *reinterpret_cast<float*>(at_);
  }
  ~Element() { set(before_); }
  Element(const Element&) = delete;
  Element& operator=(const Element&) = delete;
  void move(double by) { set(before_ + by); }

 private:
  void set(double value) {
    if (type_ == kDouble) {
      *reinterpret_cast<double*>(at_) = value;
    } else if (type_ == kFloat) {
      *reinterpret_cast<float*>(at_) = static_cast<float>(value);
    }
  }
  ScalarType type_;
  char* at_;
  double before_;
};

// f at the inputs with number `place` of input `which` moved; the memory is restored.
variable_list moved(TensorFunction f, const variable_list& inputs, const Tensor& x, int64_t place, double by) {
  Element element(x, place);
  element.move(by);
  variable_list outputs = outputs_of(f, inputs);
  for (Tensor& output : outputs) output = output.detach().clone();
  return outputs;
}

struct Checker {
  TensorFunction f;
  const variable_list& inputs;
  const GradcheckOptions& options;
  variable_list xs, outputs;

  Checker(TensorFunction function, const variable_list& in, const GradcheckOptions& how)
      : f(function), inputs(in), options(how), xs(to_check(in)), outputs(outputs_of(function, in)) {}

  bool close(double a, double n) const {
    if (std::isnan(a) || std::isnan(n)) return std::isnan(a) && std::isnan(n);
    return a == n || std::abs(a - n) <= options.atol + options.rtol * std::abs(n);
  }

  // J[output][element of output][input] by rows of backward.
  Tensor analytic_row(size_t o, int64_t k, size_t i, variable_list& cache) const {
    if (i == 0) {
      Tensor unit = zeros({outputs[o].numel()}, outputs[o].options());
      unit[k].fill_(1);
      unit = unit.view(outputs[o].sizes());
      cache = backward_of(outputs[o], xs, unit);
      const variable_list again = backward_of(outputs[o], xs, unit);
      for (size_t j = 0; j < xs.size(); ++j) {
        if (!cache[j].defined()) continue;
        if (cache[j].sizes() != xs[j].sizes() || cache[j].dtype() != xs[j].dtype()) {
          fail("gradcheck", fmt::format("grad is incorrect size or dtype: input {} is {} of {}, its gradient {} of {}",
                                        j, to_string(xs[j].sizes()), dtype_name(xs[j].dtype()),
                                        to_string(cache[j].sizes()), dtype_name(cache[j].dtype())));
        }
        const Tensor apart = (cache[j] - again[j]).abs();
        if (apart.numel() > 0 && apart.max().item<double>() > options.nondet_tol) {
          fail("gradcheck",
               "Backward is not reentrant, i.e., running backward with same input and grad_output multiple "
               "times gives different values, although analytical gradient matches numerical gradient.");
        }
      }
    }
    return cache[i];
  }

  void whole() const {
    std::vector<std::vector<Tensor>> numeric(outputs.size());  // [output][input]: (input's numel, output's numel)
    for (size_t i = 0; i < xs.size(); ++i) {
      std::vector<variable_list> columns(outputs.size());
      for (int64_t place = 0; place < xs[i].numel(); ++place) {
        const variable_list after = moved(f, inputs, xs[i], place, options.eps);
        const variable_list before = moved(f, inputs, xs[i], place, -options.eps);
        for (size_t o = 0; o < outputs.size(); ++o) {
          if (after.size() != outputs.size() || after[o].sizes() != outputs[o].sizes() ||
              after[o].dtype() != outputs[o].dtype()) {
            fail("gradcheck",
                 fmt::format("Expected output {} to keep its shape and dtype when the inputs are perturbed", o));
          }
          columns[o].push_back(((after[o] - before[o]) / (2 * options.eps)).reshape({-1}));
        }
      }
      for (size_t o = 0; o < outputs.size(); ++o) {
        numeric[o].push_back(columns[o].empty() ? Tensor() : stack(columns[o]));
      }
    }
    for (size_t o = 0; o < outputs.size(); ++o) {
      for (int64_t k = 0; k < outputs[o].numel(); ++k) {
        variable_list cache;
        for (size_t i = 0; i < xs.size(); ++i) compare(o, k, i, analytic_row(o, k, i, cache), numeric[o][i]);
      }
    }
  }

  void compare(size_t o, int64_t k, size_t i, const Tensor& row, const Tensor& numeric) const {
    if (!numeric.defined()) return;
    NoGradGuard guard;
    const Tensor flat = row.defined() ? row.reshape({-1}).to(kDouble) : zeros({xs[i].numel()}, kDouble);
    const Tensor column = numeric.select(1, k).to(kDouble).contiguous();
    const Tensor kept = flat.contiguous();
    const double* a = kept.data_ptr<double>();
    const double* n = column.data_ptr<double>();
    for (int64_t e = 0; e < xs[i].numel(); ++e) {
      if (close(a[e], n[e])) continue;
      if (!outputs[o].requires_grad()) {
        fail("gradcheck", fmt::format("Numerical gradient for function expected to be zero: output {} does not require "
                                      "grad, but its element {} changes with element {} of input {} by {}",
                                      o, k, e, i, n[e]));
      }
      fail("gradcheck",
           fmt::format("Jacobian mismatch for output {} with respect to input {}: element {} of the output "
                       "({}), element {} of the input: numerical: {:.9g}, analytical: {:.9g}",
                       o, i, k, outputs[o].requires_grad() ? outputs[o].grad_fn()->name() : "no graph", e, n[e], a[e]));
    }
  }

  // <u, J v> both ways along random directions.
  void fast() const {
    NoGradGuard guard;
    for (size_t o = 0; o < outputs.size(); ++o) {
      const Tensor u = rand(outputs[o].sizes(), outputs[o].options());
      const variable_list gradients = backward_of(outputs[o], xs, u);
      for (size_t i = 0; i < xs.size(); ++i) {
        const Tensor v = rand(xs[i].sizes(), xs[i].options());
        const auto moved_by = [&](double distance) {
          AutoGradMode enabled(true);  // the function may differentiate
          std::vector<std::unique_ptr<Element>> elements;
          for (int64_t place = 0; place < v.numel(); ++place) {
            elements.push_back(std::make_unique<Element>(xs[i], place));
            elements.back()->move(distance * v.view({-1})[place].item<double>());
          }
          return outputs_of(f, inputs)[o].detach().clone();
        };
        const Tensor after = moved_by(options.eps), back = moved_by(-options.eps);
        const double n = ((after - back) * u).sum().item<double>() / (2 * options.eps);
        const double a = gradients[i].defined() ? (gradients[i] * v).sum().item<double>() : 0;
        if (!close(a, n)) {
          fail("gradcheck", fmt::format("Jacobian mismatch for output {} with respect to input {}, along a random "
                                        "direction: numerical: {:.9g}, analytical: {:.9g}",
                                        o, i, n, a));
        }
      }
    }
  }

  void zero_gradients() const {
    for (size_t o = 0; o < outputs.size(); ++o) {
      const variable_list gradients = backward_of(outputs[o], xs, zeros_like(outputs[o]));
      for (const Tensor& gradient : gradients) {
        if (gradient.defined() && gradient.numel() > 0 && gradient.abs().max().item<double>() != 0) {
          fail("gradcheck",
               fmt::format("Backward not multiplied by grad_output: output {} with a gradient of zeros", o));
        }
      }
    }
  }

  // Some outputs of a node without a gradient: the rule must cope.
  void undefined_gradients() const {
    if (outputs.size() < 2) return;
    for (size_t o = 0; o < outputs.size(); ++o) backward_of(outputs[o], xs, ones_like(outputs[o]));
  }

  void run() const {
    if (outputs.empty()) fail("gradcheck", "the function returned no tensor of floating point");
    if (options.fast_mode) {
      fast();
    } else {
      whole();
    }
    zero_gradients();
    if (options.check_undefined_grad) undefined_gradients();
  }
};

}  // namespace

bool gradcheck(TensorFunction f, const variable_list& inputs, const GradcheckOptions& options) {
  try {
    check_inputs(inputs);
    AutoGradMode mode(true);
    Checker(f, inputs, options).run();
  } catch (const Error&) {
    if (options.raise_exception) throw;
    return false;
  }
  return true;
}

bool gradgradcheck(TensorFunction f, const variable_list& inputs, const variable_list& grad_outputs,
                   const GradcheckOptions& options) {
  AutoGradMode mode(true);
  variable_list all = inputs, weights = grad_outputs;
  if (weights.empty()) {
    for (const Tensor& output : outputs_of(f, inputs)) {
      if (output.requires_grad()) weights.push_back(randn(output.sizes(), output.options()).requires_grad_());
    }
  }
  all.insert(all.end(), weights.begin(), weights.end());
  const size_t count = inputs.size();
  const auto gradient = [&](const variable_list& given) {
    const variable_list xs(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(count));
    variable_list roots;
    AutoGradMode recording(true);
    for (const Tensor& output : outputs_of(f, xs)) {
      if (output.requires_grad()) roots.push_back(output);
    }
    const variable_list v(given.begin() + static_cast<std::ptrdiff_t>(count), given.end());
    variable_list found;
    const variable_list wanted = to_check(xs);
    const variable_list gradients = grad(roots, wanted, v, true, true, true);
    for (size_t i = 0; i < wanted.size(); ++i) {
      found.push_back(gradients[i].defined() ? gradients[i] : zeros_like(wanted[i]));
    }
    return found;
  };
  return gradcheck(gradient, all, options);
}

}  // namespace rondo::autograd
