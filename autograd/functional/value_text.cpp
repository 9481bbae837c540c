// Values compared and printed: apart from value.cpp, since few programs need it.
#include <rondo/autograd/functional/dict.h>
#include <rondo/autograd/functional/value_content.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/stream.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

namespace rondo {

bool IValue::is(const IValue& other) const {
  if (content_ == other.content_) return true;
  if (isNone() || other.isNone() || content_->value.index() != other.content_->value.index()) return false;
  return std::visit(
      [&](const auto& mine) {
        using T = std::decay_t<decltype(mine)>;
        const T& theirs = std::get<T>(other.content_->value);
        if constexpr (std::is_same_v<T, Tensor>) {
          return mine.is_same(theirs);
        } else if constexpr (requires { mine.is(theirs); }) {
          return mine.is(theirs);
        } else {
          return mine == theirs;
        }
      },
      content_->value);
}

namespace {

bool equal_values(const Tensor& a, const Tensor& b) {
  return a.defined() == b.defined() && (!a.defined() || equal(a, b));
}
bool equal_values(const List<Tensor>& a, const List<Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Tensor& x, const Tensor& y) { return equal_values(x, y); });
}
bool equal_values(const base::Ref<ivalue::Tuple>& a, const base::Ref<ivalue::Tuple>& b) {
  return a->elements() == b->elements();
}
bool equal_values(const base::Ref<DictTable>& a, const base::Ref<DictTable>& b) {
  if (a->entries().size() != b->entries().size()) return false;
  return std::all_of(a->entries().begin(), a->entries().end(), [&](const DictTable::Entry& entry) {
    const size_t place = b->find(entry.first);
    return place < b->entries().size() && b->entries()[place].second == entry.second;
  });
}
template <class T>
bool equal_values(const T& a, const T& b) {
  return a == b;
}

void print_list(std::ostream& stream, const char* brackets, const std::vector<IValue>& values) {
  stream << brackets[0];
  for (size_t i = 0; i < values.size(); ++i) stream << (i ? ", " : "") << values[i];
  if (brackets[0] == '(' && values.size() == 1) stream << ',';
  stream << brackets[1];
}

// Whole numbers keep a point, as in Python.
void print_double(std::ostream& stream, double value) {
  if (value == std::trunc(value) && std::abs(value) < 0x1p63) {
    stream << static_cast<int64_t>(value) << '.';
  } else {
    const auto before = stream.precision(std::numeric_limits<double>::max_digits10);
    stream << value;
    stream.precision(before);
  }
}

}  // namespace

bool operator==(const IValue& a, const IValue& b) {
  if (a.content_ == b.content_) return true;
  if (a.isNone() || b.isNone() || a.content_->value.index() != b.content_->value.index()) return false;
  return std::visit(
      [&](const auto& mine) { return equal_values(mine, std::get<std::decay_t<decltype(mine)>>(b.content_->value)); },
      a.content_->value);
}

std::ostream& operator<<(std::ostream& stream, const IValue& value) {
  if (value.isNone()) return stream << "None";
  if (value.isDouble()) {
    print_double(stream, value.toDouble());
  } else if (value.isInt()) {
    stream << value.toInt();
  } else if (value.isBool()) {
    stream << (value.toBool() ? "True" : "False");
  } else if (value.isString()) {
    stream << value.toStringRef();
  } else if (value.isTensor()) {
    stream << value.toTensor();
  } else if (value.isTuple()) {
    print_list(stream, "()", value.toTupleRef().elements());
  } else if (value.isGenericDict()) {
    stream << '{';
    const char* between = "";
    for (const DictTable::Entry& entry : value.toDictTable()->entries()) {
      stream << between << entry.first << ": " << entry.second;
      between = ", ";
    }
    stream << '}';
  } else {
    print_list(stream, "[]", value.toList().values());
  }
  return stream;
}

}  // namespace rondo
