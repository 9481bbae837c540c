#include <rondo/compat/type_properties.h>

#include <ostream>

namespace rondo {

DeprecatedTypeProperties Tensor::type() const {
  return DeprecatedTypeProperties(defined() ? scalar_type() : ScalarType::Undefined);
}

std::string DeprecatedTypeProperties::toString() const {
  return type_ == ScalarType::Undefined ? "UndefinedType" : std::string("CPU") + rondo::toString(type_) + "Type";
}

std::ostream& operator<<(std::ostream& out, const DeprecatedTypeProperties& type) { return out << type.toString(); }

}  // namespace rondo
