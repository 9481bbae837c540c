#include "case.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <map>

namespace against {
namespace {

std::map<std::string, void (*)()>& cases() {
  static std::map<std::string, void (*)()> all;
  return all;
}

std::string current;

// Different numbers that exist in both libraries without a generator.
torch::Tensor weights(const torch::Tensor& like) {
  return torch::arange(1, like.numel() + 1, torch::kDouble).mul(0.7).sin().add(0.3).reshape(like.sizes());
}

torch::Tensor weighted_sum(const torch::Tensor& y) { return (y.to(torch::kDouble) * weights(y)).sum(); }

void print_all(const std::string& what, const std::vector<torch::Tensor>& tensors) {
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].defined()) {
      value(what + " " + std::to_string(i), tensors[i]);
    } else {
      std::printf("%s: %s %zu: none\n", current.c_str(), what.c_str(), i);
    }
  }
}

}  // namespace

torch::Tensor real(torch::IntArrayRef sizes, double low, double high) {
  return torch::rand(sizes, torch::kDouble) * (high - low) + low;
}
torch::Tensor integers(torch::IntArrayRef sizes, int64_t high) { return torch::randint(high, sizes, torch::kLong); }

void value(const std::string& what, const torch::Tensor& tensor) {
  std::printf("%s: %s: %d (", current.c_str(), what.c_str(), static_cast<int>(tensor.scalar_type()));
  for (int64_t d = 0; d < tensor.dim(); ++d) std::printf(d == 0 ? "%ld" : ", %ld", static_cast<long>(tensor.size(d)));
  std::printf(")");
  const torch::Tensor numbers = tensor.detach().to(torch::kDouble).contiguous();
  const double* p = numbers.data_ptr<double>();
  for (int64_t i = 0; i < numbers.numel(); ++i) {
    // A NaN's sign says nothing.
    if (std::isnan(p[i])) {
      std::printf(" nan");
    } else {
      std::printf(" %.15g", p[i]);
    }
  }
  std::printf("\n");
}
void value(const std::string& what, double number) {
  std::printf("%s: %s: %.15g\n", current.c_str(), what.c_str(), number);
}

void gradients(const std::string& what, const Inputs& inputs, torch::Tensor (*f)(const Inputs&), bool second) {
  Inputs leaves, wanted;
  for (const torch::Tensor& input : inputs) {
    leaves.push_back(input.is_floating_point() ? input.detach().clone().requires_grad_() : input);
    if (input.is_floating_point()) wanted.push_back(leaves.back());
  }
  const torch::Tensor y = f(leaves);
  value(what, y);
  if (!y.requires_grad()) {
    value(what + " requires grad", 0);
    return;
  }
  const auto first = torch::autograd::grad({weighted_sum(y)}, wanted, {}, second, second, true);
  print_all(what + " gradient", first);
  if (!second) return;
  torch::Tensor total = torch::zeros({}, torch::kDouble);
  for (const torch::Tensor& g : first) {
    if (g.defined() && g.requires_grad()) total = total + weighted_sum(g);
  }
  if (total.requires_grad())
    print_all(what + " second", torch::autograd::grad({total}, wanted, {}, false, false, true));
}

Case::Case(const char* name, void (*run)()) { cases()[name] = run; }

}  // namespace against

// From its name, so that a case keeps its numbers when others come beside it (FNV-1a).
static uint64_t seed_of(const std::string& name) {
  uint32_t hash = 2166136261u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

int main() {
  for (const auto& [name, run] : against::cases()) {
    against::current = name;
    torch::manual_seed(seed_of(name));
    try {
      run();
    } catch (const std::exception& error) {
      std::printf("%s: unexpected exception\n", name.c_str());
      std::fprintf(stderr, "%s: unexpected exception: %.300s\n", name.c_str(), error.what());
    }
  }
  return 0;
}
