#include <rondo/optim/fields.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/serialize/archive.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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
      return same_all(a.as<std::vector<Tensor>>(), b.as<std::vector<Tensor>>());
  }
  return false;
}

// What a member is saved as; None: not at all.
IValue saved(const Field& field) {
  const auto optional = [](const auto& value) { return value ? IValue(*value) : IValue(); };
  switch (field.kind()) {
    case Field::Kind::Bool:
      return field.as<bool>();
    case Field::Kind::Int:
      return field.as<int64_t>();
    case Field::Kind::Unsigned:
      return field.as<unsigned>();
    case Field::Kind::Double:
      return field.as<double>();
    case Field::Kind::Pair: {
      const auto& [a, b] = field.as<std::tuple<double, double>>();
      return std::vector<double>{a, b};
    }
    case Field::Kind::Triple: {
      const auto& [a, b, c] = field.as<std::tuple<double, double, double>>();
      return std::vector<double>{a, b, c};
    }
    case Field::Kind::OptionalInt:
      return optional(field.as<std::optional<int64_t>>());
    case Field::Kind::OptionalDouble:
      return optional(field.as<std::optional<double>>());
    case Field::Kind::OptionalString:
      return optional(field.as<std::optional<std::string>>());
    case Field::Kind::Doubles:
      return field.as<std::vector<double>>();
    case Field::Kind::Tensor:
      return field.as<Tensor>().defined() ? IValue(field.as<Tensor>()) : IValue();
    case Field::Kind::Tensors:
      return field.as<std::vector<Tensor>>();
  }
  return {};
}

bool may_be_missing(Field::Kind kind) {
  return kind == Field::Kind::OptionalInt || kind == Field::Kind::OptionalDouble ||
         kind == Field::Kind::OptionalString || kind == Field::Kind::Tensor;
}

const std::vector<double>& numbers(const Field& field, const IValue& value, size_t count) {
  const std::vector<double>& list = value.toDoubleVector();
  if (list.size() != count) fail("load", fmt::format("'{}' has {} numbers; need {}", field.name(), list.size(), count));
  return list;
}

// Whole numbers are taken for others too, and tensors of one element for numbers: PyTorch counts steps in them.
double number(const IValue& value) {
  if (value.isTensor() && value.toTensor().defined()) return value.toTensor().item<double>();
  return value.isInt() ? static_cast<double>(value.toInt()) : value.toDouble();
}
int64_t whole(const Field& field, const IValue& value) {
  if (!value.isTensor() || !value.toTensor().defined()) return value.toInt();
  const double count = value.toTensor().item<double>();
  if (count != std::floor(count) || std::abs(count) > 1e15) {
    fail("load", fmt::format("'{}' is {}; need a whole number", field.name(), count));
  }
  return static_cast<int64_t>(count);
}
Tensor tensor(const IValue& value) {
  if (value.isDouble() || value.isInt()) return full({}, number(value));
  return value.toTensor().detach().clone();
}

// Puts what was saved into the member. With `only_check` it throws what it would throw and changes nothing.
void assign(const Field& field, const IValue& value, bool only_check) {
  const auto put = [&](auto& member, auto&& loaded) {
    if (!only_check) member = loaded;
  };
  const bool none = value.isNone();
  switch (field.kind()) {
    case Field::Kind::Bool:
      return put(field.as<bool>(), value.toBool());
    case Field::Kind::Int:
      return put(field.as<int64_t>(), whole(field, value));
    case Field::Kind::Unsigned:
      return put(field.as<unsigned>(), static_cast<unsigned>(whole(field, value)));
    case Field::Kind::Double:
      return put(field.as<double>(), number(value));
    case Field::Kind::Pair: {
      const std::vector<double>& list = numbers(field, value, 2);
      return put(field.as<std::tuple<double, double>>(), std::make_tuple(list[0], list[1]));
    }
    case Field::Kind::Triple: {
      const std::vector<double>& list = numbers(field, value, 3);
      return put(field.as<std::tuple<double, double, double>>(), std::make_tuple(list[0], list[1], list[2]));
    }
    case Field::Kind::OptionalInt:
      return put(field.as<std::optional<int64_t>>(), none ? std::nullopt : std::optional<int64_t>(whole(field, value)));
    case Field::Kind::OptionalDouble:
      return put(field.as<std::optional<double>>(), none ? std::nullopt : std::optional<double>(number(value)));
    case Field::Kind::OptionalString:
      return put(field.as<std::optional<std::string>>(),
                 none ? std::nullopt : std::optional<std::string>(value.toStringRef()));
    case Field::Kind::Doubles: {
      auto& member = field.as<std::vector<double>>();
      return put(member, numbers(field, value, member.size()));
    }
    // The archive keeps its tensors: another optimizer may be loaded from it.
    case Field::Kind::Tensor:
      if (!none && !value.isScalar()) value.toTensor();
      return put(field.as<Tensor>(), none || only_check ? Tensor() : tensor(value));
    case Field::Kind::Tensors: {
      const std::vector<Tensor>& list = value.toTensorVector();
      if (only_check) return;
      auto& member = field.as<std::vector<Tensor>>();
      member.clear();
      for (const Tensor& each : list) member.push_back(each.detach().clone());
    }
  }
}

}  // namespace

void save_fields(const Fields& fields, serialize::OutputArchive& archive) {
  for (const Field& field : fields) {
    const IValue value = saved(field);
    if (!value.isNone()) archive.write(field.name(), value);
  }
}

void load_fields(const Fields& fields, serialize::InputArchive& archive) { load_fields({{fields, &archive}}); }

void load_fields(const std::vector<std::pair<Fields, serialize::InputArchive*>>& all) {
  std::vector<std::pair<const Field*, IValue>> values;
  for (const auto& [fields, archive] : all) {
    for (const Field& field : fields) {
      IValue value;
      serialize::InputArchive empty;
      if (may_be_missing(field.kind())) {
        archive->try_read(field.name(), value);
      } else if (field.kind() == Field::Kind::Tensors && !archive->try_read(field.name(), value) &&
                 archive->try_read(field.name(), empty)) {
        value = std::vector<Tensor>();  // a list without elements has no type in other programs' files
      } else {
        archive->read(field.name(), value);
      }
      try {
        assign(field, value, true);
      } catch (const Error& error) {
        fail("load", fmt::format("'{}{}' cannot be taken: {}", archive->path(), field.name(), error.what()));
      }
      values.emplace_back(&field, std::move(value));
    }
  }
  for (const auto& [field, value] : values) assign(*field, value, false);
}

void load_fields_there(const Fields& fields, serialize::InputArchive& archive) {
  const std::vector<std::string> names = archive.keys();
  Fields there;
  for (const Field& field : fields) {
    if (std::find(names.begin(), names.end(), field.name()) != names.end()) there.push_back(field);
  }
  load_fields(there, archive);
}

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
