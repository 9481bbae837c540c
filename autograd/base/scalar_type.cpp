#include <rondo/autograd/base/error.h>
#include <rondo/autograd/base/scalar_type.h>

#include <atomic>
#include <string>

namespace rondo {
namespace {

std::atomic<ScalarType> default_type{kFloat};

// The place in the chain of promotion; uint8 stands beside the signed types and is handled apart.
int rank(ScalarType type) {
  switch (type) {
    case kBool:
      return 0;
    case kByte:
      return 1;
    case kChar:
      return 2;
    case kShort:
      return 3;
    case kInt:
      return 4;
    case kLong:
      return 5;
    case kHalf:
    case kBFloat16:
      return 6;
    case kFloat:
      return 7;
    case kDouble:
      return 8;
    default:
      return 9;
  }
}

}  // namespace

const char* toString(ScalarType type) {
  switch (type) {
    case kByte:
      return "Byte";
    case kChar:
      return "Char";
    case kShort:
      return "Short";
    case kInt:
      return "Int";
    case kLong:
      return "Long";
    case kHalf:
      return "Half";
    case kFloat:
      return "Float";
    case kDouble:
      return "Double";
    case kBool:
      return "Bool";
    case kBFloat16:
      return "BFloat16";
    default:
      return "Undefined";
  }
}

const char* TypeMeta::name() const {
  switch (type_) {
    case kByte:
      return "unsigned char";
    case kChar:
      return "signed char";
    case kShort:
      return "short int";
    case kInt:
      return "int";
    case kLong:
      return "long int";
    case kHalf:
      return "c10::Half";
    case kFloat:
      return "float";
    case kDouble:
      return "double";
    case kBool:
      return "bool";
    case kBFloat16:
      return "c10::BFloat16";
    default:
      return "nullptr (uninitialized)";
  }
}

const char* dtype_name(ScalarType type) {
  switch (type) {
    case kByte:
      return "uint8";
    case kChar:
      return "int8";
    case kShort:
      return "int16";
    case kInt:
      return "int32";
    case kLong:
      return "int64";
    case kHalf:
      return "float16";
    case kFloat:
      return "float32";
    case kDouble:
      return "float64";
    case kBool:
      return "bool";
    case kBFloat16:
      return "bfloat16";
    default:
      return "undefined";
  }
}

ScalarType promote_types(ScalarType a, ScalarType b) {
  if (a == b) return a;
  if (a == ScalarType::Undefined || b == ScalarType::Undefined) return ScalarType::Undefined;
  if (rank(a) == rank(b)) return kFloat;  // float16 with bfloat16
  const ScalarType high = rank(a) > rank(b) ? a : b, low = rank(a) > rank(b) ? b : a;
  return high == kChar && low == kByte ? kShort : high;
}

ScalarType default_dtype() { return default_type.load(std::memory_order_relaxed); }

void set_default_dtype(ScalarType type) {
  if (type == ScalarType::Undefined) fail_type("set_default_dtype", "got undefined; need a dtype");
  default_type.store(type, std::memory_order_relaxed);
}

}  // namespace rondo
