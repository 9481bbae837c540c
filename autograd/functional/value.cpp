#include <rondo/autograd/functional/value.h>

namespace rondo {

IValue::IValue(Scalar value) {
  if (value.isBoolean()) {
    value_ = value.toBool();
  } else if (value.isIntegral(false)) {
    value_ = value.toLong();
  } else {
    value_ = value.toDouble();
  }
}

Scalar IValue::toScalar() const {
  if (isInt()) return toInt();
  if (isBool()) return toBool();
  return toDouble();
}

const char* IValue::tagKind() const {
  constexpr const char* kKinds[] = {"None",   "Double",     "Int",     "Bool",      "String",
                                    "Tensor", "TensorList", "IntList", "DoubleList"};
  return kKinds[value_.index()];
}

void IValue::wrong_kind(const char* wanted) const {
  fail("IValue", std::string("Expected ") + wanted + " but got " + tagKind());
}

}  // namespace rondo
