#include <rondo/autograd/functional/value.h>

#include <rondo/autograd/functional/dict.h>
#include <rondo/autograd/functional/value_content.h>

namespace rondo {

IValue::IValue(double value) : content_(new Content(value)) {}
IValue::IValue(bool value) : content_(new Content(value)) {}
IValue::IValue(int64_t value, int) : content_(new Content(value)) {}
IValue::IValue(std::string value) : content_(new Content(std::move(value))) {}
IValue::IValue(Tensor value) : content_(new Content(std::move(value))) {}
IValue::IValue(std::vector<Tensor> value) : IValue(List<Tensor>(std::move(value))) {}
IValue::IValue(std::vector<int64_t> value) : IValue(List<int64_t>(std::move(value))) {}
IValue::IValue(std::vector<double> value) : IValue(List<double>(std::move(value))) {}
IValue::IValue(std::vector<IValue> value) : IValue(List<IValue>(std::move(value))) {}
IValue::IValue(List<Tensor> value) : content_(new Content(std::move(value))) {}
IValue::IValue(List<int64_t> value) : content_(new Content(std::move(value))) {}
IValue::IValue(List<double> value) : content_(new Content(std::move(value))) {}
IValue::IValue(List<IValue> value) : content_(new Content(std::move(value))) {}
IValue::IValue(base::Ref<ivalue::Tuple> value) : content_(new Content(std::move(value))) {}
IValue::IValue(base::Ref<DictTable> value) : content_(new Content(std::move(value))) {}
IValue::IValue(Scalar value)
    : IValue(value.isBoolean()         ? IValue(value.toBool())
             : value.isIntegral(false) ? IValue(value.toLong())
                                       : IValue(value.toDouble())) {}
IValue::IValue(const IValue& other) noexcept : content_(other.content_) {
  if (content_) content_->owners.fetch_add(1, std::memory_order_relaxed);
}

void IValue::drop() noexcept {
  if (content_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete content_;
}

template <class T>
bool IValue::holds() const {
  return content_ && std::holds_alternative<T>(content_->value);
}

template <class T>
const T& IValue::get(const char* wanted) const {
  if (!holds<T>()) fail("IValue", std::string("Expected ") + wanted + " but got " + tagKind());
  return *std::get_if<T>(&content_->value);
}

bool IValue::isDouble() const { return holds<double>(); }
bool IValue::isInt() const { return holds<int64_t>(); }
bool IValue::isBool() const { return holds<bool>(); }
bool IValue::isString() const { return holds<std::string>(); }
bool IValue::isTensor() const { return holds<Tensor>(); }
bool IValue::isTensorList() const { return holds<List<Tensor>>(); }
bool IValue::isIntList() const { return holds<List<int64_t>>(); }
bool IValue::isDoubleList() const { return holds<List<double>>(); }
bool IValue::isList() const { return holds<List<IValue>>() || isTensorList() || isIntList() || isDoubleList(); }
bool IValue::isTuple() const { return holds<base::Ref<ivalue::Tuple>>(); }
bool IValue::isGenericDict() const { return holds<base::Ref<DictTable>>(); }

double IValue::toDouble() const { return get<double>("Double"); }
int64_t IValue::toInt() const { return get<int64_t>("Int"); }
bool IValue::toBool() const { return get<bool>("Bool"); }
const std::string& IValue::toStringRef() const { return get<std::string>("String"); }
const Tensor& IValue::toTensor() const { return get<Tensor>("Tensor"); }
List<Tensor> IValue::toTensorList() const { return get<List<Tensor>>("TensorList"); }
List<int64_t> IValue::toIntList() const { return get<List<int64_t>>("IntList"); }
List<double> IValue::toDoubleList() const { return get<List<double>>("DoubleList"); }
const std::vector<Tensor>& IValue::toTensorVector() const { return get<List<Tensor>>("TensorList").values(); }
const std::vector<int64_t>& IValue::toIntVector() const { return get<List<int64_t>>("IntList").values(); }
const std::vector<double>& IValue::toDoubleVector() const { return get<List<double>>("DoubleList").values(); }
const base::Ref<ivalue::Tuple>& IValue::toTuple() const { return get<base::Ref<ivalue::Tuple>>("Tuple"); }
const base::Ref<DictTable>& IValue::toDictTable() const { return get<base::Ref<DictTable>>("GenericDict"); }
GenericDict IValue::toGenericDict() const { return GenericDict(toDictTable()); }

List<IValue> IValue::toList() const {
  const auto any = [](const auto& list) { return List<IValue>(std::vector<IValue>(list.begin(), list.end())); };
  if (isTensorList()) return any(toTensorVector());
  if (isIntList()) return any(toIntVector());
  if (isDoubleList()) return any(toDoubleVector());
  return get<List<IValue>>("GenericList");
}

Scalar IValue::toScalar() const {
  if (isInt()) return toInt();
  if (isBool()) return toBool();
  return toDouble();
}

const char* IValue::tagKind() const {
  static constexpr char kKinds[][12] = {"Double",  "Int",        "Bool",        "String", "Tensor",     "TensorList",
                                        "IntList", "DoubleList", "GenericList", "Tuple",  "GenericDict"};
  return content_ ? kKinds[content_->value.index()] : "None";
}

IValue& ValueMap::operator[](const std::string& name) {
  for (Entry& entry : entries_) {
    if (entry.first == name) return entry.second;
  }
  return entries_.emplace_back(name, IValue()).second;
}

const IValue& ValueMap::at(const std::string& name) const {
  for (const Entry& entry : entries_) {
    if (entry.first == name) return entry.second;
  }
  fail("saved_data", "no value is named '" + name + "'");
}

size_t ValueMap::count(const std::string& name) const {
  for (const Entry& entry : entries_) {
    if (entry.first == name) return 1;
  }
  return 0;
}

}  // namespace rondo
