// Einstein's notation: each operand is a tensor with a label for each of its dimensions, and two operands at a time
// become one by a (batched) product of matrices.
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace rondo {
namespace {

// Letters by their codes; dimensions of an ellipsis count back from kEllipsis + 64.
constexpr int kEllipsis = 256, kLabels = kEllipsis + 64;
using Labels = std::vector<int>;

bool holds(const Labels& labels, int label) { return std::find(labels.begin(), labels.end(), label) != labels.end(); }

struct Operand {
  Tensor tensor;
  Labels labels;

  int64_t size(int label) const {
    const auto at = std::find(labels.begin(), labels.end(), label);
    return at == labels.end() ? 1 : tensor.size(at - labels.begin());
  }
  int64_t place(int label) const { return std::find(labels.begin(), labels.end(), label) - labels.begin(); }
  void remove(int label) {
    const int64_t at = place(label);
    tensor = tensor.size(at) == 1 ? tensor.squeeze(at) : tensor.sum(IntArrayRef(at));
    labels.erase(labels.begin() + at);
  }
};

// A size of 1, or none, gives way to the other's.
int64_t joint_size(const Operand& a, const Operand& b, int label) {
  const int64_t size = a.size(label);
  return size == 1 ? b.size(label) : size;
}

[[noreturn]] void fail_einsum(const std::string& text) { fail("einsum()", text); }

// Blanks are of no meaning.
std::string without_blanks(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c != ' ') result += c;
  }
  return result;
}

// The subscripts of one operand, or of the output: letters, and kEllipsis once for "...".
Labels parse(std::string_view text) {
  Labels labels;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.') {
      if (text.substr(i, 3) != "...")
        fail_einsum(fmt::format("found '.' that is not part of any ellipsis in '{}'", text));
      if (holds(labels, kEllipsis)) fail_einsum(fmt::format("found more than one ellipsis in '{}'", text));
      labels.push_back(kEllipsis);
      i += 2;
    } else if (std::isalpha(static_cast<unsigned char>(text[i]))) {
      labels.push_back(text[i]);
    } else {
      fail_einsum(fmt::format("invalid subscript '{}' given at index {} of '{}', subscripts must be in [a-zA-Z]",
                              text[i], i, text));
    }
  }
  return labels;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Numbers the dimensions of the ellipsis, the last one always alike.
Labels expand_ellipsis(const Labels& labels, int64_t count) {
  Labels result;
  for (int label : labels) {
    if (label != kEllipsis) result.push_back(label);
    for (int64_t d = 0; label == kEllipsis && d < count; ++d) {
      result.push_back(kLabels - static_cast<int>(count - d));
    }
  }
  return result;
}

// A label that comes twice in one operand: the diagonal, as the last dimension.
void take_diagonals(Operand& x, size_t number) {
  for (size_t i = 0; i < x.labels.size(); ++i) {
    for (size_t j = i + 1; j < x.labels.size(); ++j) {
      if (x.labels[i] != x.labels[j]) continue;
      const int label = x.labels[i];
      const auto first = static_cast<int64_t>(i), second = static_cast<int64_t>(j);
      if (x.tensor.size(first) != x.tensor.size(second)) {
        fail_einsum(fmt::format("subscript {} is repeated for operand {} but the sizes don't match, {} != {}",
                                static_cast<char>(label), number, x.tensor.size(second), x.tensor.size(first)));
      }
      x.tensor = x.tensor.diagonal(0, first, second);
      x.labels.erase(x.labels.begin() + second);
      x.labels.erase(x.labels.begin() + first);
      x.labels.push_back(label);
      i = static_cast<size_t>(-1);
      break;
    }
  }
}

struct Problem {
  std::vector<Operand> operands;
  Labels output;

  Problem(std::string_view equation, TensorList tensors) {
    const std::string text = without_blanks(equation);
    const size_t arrow = text.find("->");
    const std::string_view whole(text), left = whole.substr(0, arrow);
    const auto parts = split(left, ',');
    if (parts.size() != tensors.size()) {
      fail_einsum(fmt::format("{} operands were provided than specified in the equation: {} tensors for '{}'",
                              parts.size() < tensors.size() ? "more" : "fewer", tensors.size(), text));
    }
    int64_t widest = 0;
    for (size_t i = 0; i < parts.size(); ++i) add(parts[i], tensors[i], i, widest);
    output = arrow == std::string::npos ? implicit(left) : explicit_output(whole.substr(arrow + 2), widest);
    check_sizes();
  }
  bool appears(int label) const {
    return std::any_of(operands.begin(), operands.end(), [&](const Operand& x) { return holds(x.labels, label); });
  }

 private:
  void add(std::string_view part, const Tensor& tensor, size_t number, int64_t& widest) {
    const Labels labels = parse(part);
    const bool has_ellipsis = holds(labels, kEllipsis);
    const int64_t named = static_cast<int64_t>(labels.size()) - has_ellipsis, rest = tensor.dim() - named;
    if (rest < 0 || (rest > 0 && !has_ellipsis)) {
      fail_einsum(
          fmt::format("the number of subscripts in the equation ({}) {} the number of dimensions ({}) for "
                      "operand {}{}",
                      named, rest < 0 ? "is more than" : "does not match", tensor.dim(), number,
                      has_ellipsis ? "" : " and no ellipsis was given"));
    }
    if (rest > kLabels - kEllipsis) fail_einsum("an ellipsis stands for at most 64 dimensions");
    widest = std::max(widest, has_ellipsis ? rest : 0);
    Operand x{tensor, expand_ellipsis(labels, rest)};
    take_diagonals(x, number);
    operands.push_back(std::move(x));
  }
  // The ellipsis, then letters that come once in all of the equation.
  Labels implicit(std::string_view left) const {
    Labels result;
    for (int label = kEllipsis; label < kLabels; ++label) {
      if (appears(label)) result.push_back(label);
    }
    for (int letter = 'A'; letter <= 'z'; ++letter) {
      if (std::count(left.begin(), left.end(), static_cast<char>(letter)) == 1 && std::isalpha(letter)) {
        result.push_back(letter);
      }
    }
    return result;
  }
  Labels explicit_output(std::string_view right, int64_t widest) const {
    const Labels labels = parse(right);
    for (size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] == kEllipsis) continue;
      const char letter = static_cast<char>(labels[i]);
      if (std::count(labels.begin(), labels.end(), labels[i]) > 1) {
        fail_einsum(fmt::format("output subscript {} appears more than once in the output", letter));
      }
      if (!appears(letter)) {
        fail_einsum(fmt::format("output subscript {} does not appear in the equation for any input operand", letter));
      }
    }
    return expand_ellipsis(labels, widest);
  }
  void check_sizes() const {
    for (const Operand& x : operands) {
      for (int label : x.labels) {
        for (const Operand& y : operands) {
          const int64_t a = x.size(label), b = y.size(label);
          if (a == b || a == 1 || b == 1) continue;
          fail_einsum(fmt::format("operands do not broadcast: {} has the sizes {} and {}",
                                  label < kEllipsis ? std::string(1, static_cast<char>(label)) : "the ellipsis", a, b));
        }
      }
    }
  }
};

// The labels of a pair: in both and needed later, in both and summed over, in one alone.
struct Roles {
  Labels shared, summed, left, right;
};

Tensor arranged(const Operand& x, const Roles& roles, const Labels& own, bool summed_last, IntArrayRef flat) {
  Dims order;
  const auto add = [&](const Labels& labels) {
    for (int label : labels) order.push_back(x.place(label));
  };
  add(roles.shared);
  if (summed_last) add(own);
  add(roles.summed);
  if (!summed_last) add(own);
  return x.tensor.permute(order).reshape(flat);
}

// A shared label of size 1 in one operand alone is repeated there.
void match_shared(Operand& x, const Operand& y, const Labels& shared) {
  Dims sizes(x.tensor.sizes());
  for (int label : shared) sizes[x.place(label)] = joint_size(x, y, label);
  if (IntArrayRef(sizes) != x.tensor.sizes()) x.tensor = x.tensor.expand(sizes);
}

int64_t count(const Operand& x, const Labels& labels) {
  int64_t result = 1;
  for (int label : labels) result *= x.size(label);
  return result;
}

Tensor with_singles(const Operand& x, const Labels& labels) {
  Dims order;
  Tensor y = x.tensor;
  Labels present = x.labels;
  for (int label : labels) {
    if (holds(present, label)) continue;
    present.push_back(label);
    y = y.unsqueeze(-1);
  }
  for (int label : labels) order.push_back(std::find(present.begin(), present.end(), label) - present.begin());
  return y.permute(order);
}

// One operand from two; `needed` says what later steps and the output ask for.
template <class Needed>
Operand contract(Operand a, Operand b, const Labels& output, const Needed& needed) {
  Roles roles;
  for (int label : Labels(a.labels)) {
    if (!holds(b.labels, label)) {
      needed(label) ? roles.left.push_back(label) : a.remove(label);
    } else if (needed(label)) {
      roles.shared.push_back(label);
    } else if (a.size(label) == b.size(label)) {
      roles.summed.push_back(label);
    } else {  // one of them is of size 1
      a.remove(label);
      b.remove(label);
    }
  }
  for (int label : Labels(b.labels)) {
    if (holds(a.labels, label)) continue;
    needed(label) ? roles.right.push_back(label) : b.remove(label);
  }
  Operand y;
  for (const Labels* labels : {&roles.shared, &roles.left, &roles.right}) {
    y.labels.insert(y.labels.end(), labels->begin(), labels->end());
  }
  if (roles.summed.empty()) {
    // In the output's order, so that the result lies as it is wanted.
    const auto place = [&output](int label) { return std::find(output.begin(), output.end(), label); };
    std::stable_sort(y.labels.begin(), y.labels.end(), [&](int i, int j) { return place(i) < place(j); });
    y.tensor = with_singles(a, y.labels) * with_singles(b, y.labels);
    return y;
  }
  match_shared(a, b, roles.shared);
  match_shared(b, a, roles.shared);
  const int64_t batch = count(a, roles.shared), k = count(a, roles.summed);
  const int64_t m = count(a, roles.left), n = count(b, roles.right);
  Dims sizes;
  for (int label : y.labels) sizes.push_back(joint_size(a, b, label));
  if (roles.shared.empty()) {
    y.tensor = mm(arranged(a, roles, roles.left, true, {m, k}), arranged(b, roles, roles.right, false, {k, n}));
  } else {
    y.tensor =
        bmm(arranged(a, roles, roles.left, true, {batch, m, k}), arranged(b, roles, roles.right, false, {batch, k, n}));
  }
  y.tensor = y.tensor.reshape(sizes);
  return y;
}

double cost_of(const Operand& a, const Operand& b) {
  double cost = 1;
  for (int label : a.labels) cost *= static_cast<double>(joint_size(a, b, label));
  for (int label : b.labels) {
    if (!holds(a.labels, label)) cost *= static_cast<double>(b.size(label));
  }
  return cost;
}

// The pair whose loops are shortest.
std::pair<size_t, size_t> cheapest(const std::vector<Operand>& operands) {
  std::pair<size_t, size_t> best{0, 1};
  double least = -1;
  for (size_t i = 0; i < operands.size(); ++i) {
    for (size_t j = i + 1; j < operands.size(); ++j) {
      const double cost = cost_of(operands[i], operands[j]);
      if (least >= 0 && cost >= least) continue;
      least = cost;
      best = {i, j};
    }
  }
  return best;
}

std::pair<size_t, size_t> given(IntArrayRef path, size_t step, size_t operands) {
  const int64_t i = path[step], j = path[step + 1], n = static_cast<int64_t>(operands);
  if (i == j || std::min(i, j) < 0 || std::max(i, j) >= n) {
    fail_einsum(fmt::format("expected two different indices below {} in the contraction path, got {} and {}", n, i, j));
  }
  return {static_cast<size_t>(std::min(i, j)), static_cast<size_t>(std::max(i, j))};
}

}  // namespace

Tensor einsum(std::string_view equation, TensorList tensors, OptionalIntArrayRef path) {
  if (tensors.empty()) fail_einsum("must provide at least one operand");
  Problem problem(equation, tensors);
  std::vector<Operand>& operands = problem.operands;
  if (path && path->size() != 2 * (operands.size() - 1) && operands.size() > 1) {
    fail_einsum(
        fmt::format("expected contraction path given in path parameter to have two indices for each of {} "
                    "contractions, got {} numbers",
                    operands.size() - 1, path->size()));
  }
  for (size_t step = 0; operands.size() > 1; step += 2) {
    const auto [i, j] = path ? given(*path, step, operands.size()) : cheapest(operands);
    Operand a = std::move(operands[i]), b = std::move(operands[j]);
    operands.erase(operands.begin() + static_cast<int64_t>(j));
    operands.erase(operands.begin() + static_cast<int64_t>(i));
    operands.push_back(contract(std::move(a), std::move(b), problem.output, [&problem](int label) {
      return holds(problem.output, label) || problem.appears(label);
    }));
  }
  Operand& last = operands.front();
  bool computed = tensors.size() > 1;
  for (int label : Labels(last.labels)) {
    if (holds(problem.output, label)) continue;
    last.remove(label);
    computed = true;
  }
  const Tensor y = with_singles(last, problem.output);
  if (!computed) return y;
  // The product of two keeps the order in which it was computed, as libtorch's; other results are dense.
  return graph::unviewed(tensors.size() == 2 ? y : y.contiguous());
}

namespace {

template <class... T>
Tensor sum_by(const char* equation, const T&... tensors) {
  return einsum(equation, {tensors...});
}

}  // namespace

RONDO_OP(
    einsum, .name = "einsum", .doc = "sums of products in Einstein's notation; composed of products of matrices",
    .samples = [](ops::Samples& s) {
      s.add("a product", {s.real({2, 3}), s.real({3, 4})}, RONDO_SAMPLE(sum_by("ij,jk->ik", in[0], in[1])));
      s.add("implicit", {s.real({3, 2}), s.real({3, 4})}, RONDO_SAMPLE(sum_by("ba,bc", in[0], in[1])));
      s.add("batches", {s.real({2, 3, 2}), s.real({2, 4, 2})}, RONDO_SAMPLE(sum_by("bij,bkj->bki", in[0], in[1])));
      s.add("trace", {s.real({3, 3})}, RONDO_SAMPLE(sum_by("ii", in[0])));
      s.add("diagonal", {s.real({3, 3, 2})}, RONDO_SAMPLE(sum_by("iij->ji", in[0])));
      s.add("ellipsis", {s.real({2, 1, 2, 3}), s.real({4, 3, 2})},
            RONDO_SAMPLE(sum_by("...ij,...jk->...ik", in[0], in[1])));
      s.add("summed ellipsis", {s.real({2, 3, 2})}, RONDO_SAMPLE(sum_by("...j->j", in[0])));
      s.add("three", {s.real({2, 3}), s.real({3, 4}), s.real({4, 2})},
            RONDO_SAMPLE(sum_by("ij,jk,kl->il", in[0], in[1], in[2])));
      s.add("a path", {s.real({2, 3}), s.real({3, 4}), s.real({4, 2})},
            RONDO_SAMPLE(einsum("ij,jk,kl->il", {in[0], in[1], in[2]}, {1, 2, 0, 1})));
      s.add("outer", {s.real({2}), s.real({3})}, RONDO_SAMPLE(sum_by("i,j->ji", in[0], in[1])));
      s.add("elementwise", {s.real({2, 3}), s.real({3})}, RONDO_SAMPLE(sum_by("ij,j->ij", in[0], in[1])));
      s.add("size 1", {s.real({2, 1}), s.real({3, 2})}, RONDO_SAMPLE(sum_by("ij,jk->ik", in[0], in[1])));
      s.add("bilinear", {s.real({2, 3}), s.real({4, 3, 2}), s.real({2, 2})},
            RONDO_SAMPLE(sum_by("bn,anm,bm->ba", in[0], in[1], in[2])));
      s.add("numbers", {s.real({}), s.real({2})}, RONDO_SAMPLE(sum_by(",i->i", in[0], in[1])));
      s.add("empty", {s.real({0, 3}), s.real({3, 2})}, RONDO_SAMPLE(sum_by("ij, jk -> ik", in[0], in[1])));
      s.add("an empty sum", {s.real({2, 0}), s.real({0, 2})}, RONDO_SAMPLE(sum_by("ij,jk->ik", in[0], in[1])));
      s.error("no operand", "must provide at least one operand", [] { einsum("i", {}); });
      s.error("too many", "more operands were provided", [] { sum_by("i", ones({2}), ones({2})); });
      s.error("too few", "fewer operands were provided", [] { sum_by("i,i", ones({2})); });
      s.error("subscripts", "does not match the number of dimensions (2) for operand 0", [] {
        sum_by("i", ones({2, 2}));
      });
      s.error("sizes", "operands do not broadcast", [] { sum_by("i,i", ones({2}), ones({3})); });
      s.error("diagonal", "subscript i is repeated for operand 0 but the sizes don't match", [] {
        sum_by("ii", ones({2, 3}));
      });
      s.error("character", "invalid subscript '1'", [] { sum_by("i1", ones({2, 3})); });
      s.error("unknown output", "output subscript k does not appear", [] { sum_by("ij->k", ones({2, 3})); });
      s.error("output twice", "appears more than once in the output", [] { sum_by("ij->ii", ones({2, 3})); });
      s.error("ellipsis", "not part of any ellipsis", [] { sum_by("i.", ones({2, 3})); });
      s.error("path", "expected contraction path", [] { einsum("i,i", {ones({2}), ones({2})}, {0}); });
    });

}  // namespace rondo
