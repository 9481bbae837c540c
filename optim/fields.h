// The members of options, states and schedulers as a list: what equality, saving and loading see of them.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace rondo::serialize {
class InputArchive;
class OutputArchive;
}  // namespace rondo::serialize

namespace rondo::optim {

// One member, by name; the value stays where it is.
class Field {
 public:
  enum class Kind : uint8_t {
    Bool,
    Int,
    Unsigned,
    Double,
    Pair,
    Triple,
    OptionalInt,
    OptionalDouble,
    OptionalString,
    Doubles,
    Tensor,
    Tensors
  };

  Field(const char* name, bool& v) : Field(name, Kind::Bool, &v) {}
  Field(const char* name, int64_t& v) : Field(name, Kind::Int, &v) {}
  Field(const char* name, unsigned& v) : Field(name, Kind::Unsigned, &v) {}
  Field(const char* name, double& v) : Field(name, Kind::Double, &v) {}
  Field(const char* name, std::tuple<double, double>& v) : Field(name, Kind::Pair, &v) {}
  Field(const char* name, std::tuple<double, double, double>& v) : Field(name, Kind::Triple, &v) {}
  Field(const char* name, std::optional<int64_t>& v) : Field(name, Kind::OptionalInt, &v) {}
  Field(const char* name, std::optional<double>& v) : Field(name, Kind::OptionalDouble, &v) {}
  Field(const char* name, std::optional<std::string>& v) : Field(name, Kind::OptionalString, &v) {}
  Field(const char* name, std::vector<double>& v) : Field(name, Kind::Doubles, &v) {}
  Field(const char* name, rondo::Tensor& v) : Field(name, Kind::Tensor, &v) {}
  Field(const char* name, std::vector<rondo::Tensor>& v) : Field(name, Kind::Tensors, &v) {}

  const char* name() const { return name_; }
  Kind kind() const { return kind_; }
  // The member; T must be what the field was made from.
  template <class T>
  T& as() const {
    return *static_cast<T*>(value_);
  }

 private:
  Field(const char* name, Kind kind, void* value) : name_(name), value_(value), kind_(kind) {}

  const char* name_;
  void* value_;
  Kind kind_;
};

using Fields = std::vector<Field>;

// Whether all members are equal; tensors by shape and numbers, undefined ones equal each other.
bool same_fields(const Fields& a, const Fields& b);
// Members without a value (an optional without one, an undefined tensor) are left out.
void save_fields(const Fields& fields, serialize::OutputArchive& archive);
// A number may come as a tensor with one element. Throws Error, before anything is changed, for members that are
// missing or of another kind and for lists of numbers whose length differs.
void load_fields(const Fields& fields, serialize::InputArchive& archive);
// The same for several lists: all or none.
void load_fields(const std::vector<std::pair<Fields, serialize::InputArchive*>>& all);
// Loads those that the archive has; the others stay as they are.
void load_fields_there(const Fields& fields, serialize::InputArchive& archive);
// The field of that name, null if there is none.
const Field* find_field(const Fields& fields, const char* name);

}  // namespace rondo::optim
