#include <rondo/optim/fields.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>

#include <algorithm>
#include <cstring>

namespace rondo::optim {
namespace {

bool same(const Tensor& a, const Tensor& b) {
  return a.defined() && b.defined() ? a.dtype() == b.dtype() && equal(a, b) : a.defined() == b.defined();
}

template <class List>
bool same_all(const List& a, const List& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

template <class T>
bool equal_as(const Field& a, const Field& b) {
  return a.as<T>() == b.as<T>();
}

bool same_field(const Field& a, const Field& b) {
  if (a.kind() != b.kind() || std::strcmp(a.name(), b.name()) != 0) return false;
  switch (a.kind()) {
    case Field::Kind::Bool:
      return equal_as<bool>(a, b);
    case Field::Kind::Int:
      return equal_as<int64_t>(a, b);
    case Field::Kind::Unsigned:
      return equal_as<unsigned>(a, b);
    case Field::Kind::Double:
      return equal_as<double>(a, b);
    case Field::Kind::Pair:
      return equal_as<std::tuple<double, double>>(a, b);
    case Field::Kind::Triple:
      return equal_as<std::tuple<double, double, double>>(a, b);
    case Field::Kind::OptionalInt:
      return equal_as<std::optional<int64_t>>(a, b);
    case Field::Kind::OptionalDouble:
      return equal_as<std::optional<double>>(a, b);
    case Field::Kind::OptionalString:
      return equal_as<std::optional<std::string>>(a, b);
    case Field::Kind::Doubles:
      return equal_as<std::vector<double>>(a, b);
    case Field::Kind::Tensor:
      return same(a.as<Tensor>(), b.as<Tensor>());
    case Field::Kind::Tensors:
      return same_all(a.as<std::deque<Tensor>>(), b.as<std::deque<Tensor>>());
    case Field::Kind::OptionalTensors: {
      const auto& left = a.as<std::optional<std::vector<Tensor>>>();
      const auto& right = b.as<std::optional<std::vector<Tensor>>>();
      return left && right ? same_all(*left, *right) : left.has_value() == right.has_value();
    }
  }
  return false;
}

}  // namespace

bool same_fields(const Fields& a, const Fields& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_field);
}

const Field* find_field(const Fields& fields, const char* name) {
  for (const Field& field : fields) {
    if (std::strcmp(field.name(), name) == 0) return &field;
  }
  return nullptr;
}

}  // namespace rondo::optim
