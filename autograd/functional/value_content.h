// What an IValue holds.
#pragma once

#include <rondo/autograd/functional/dict.h>
#include <rondo/autograd/functional/value.h>

#include <atomic>
#include <variant>

namespace rondo {

// Never changes once it is made, so that copies can share it; the elements of its lists may, for all who hold them.
struct IValue::Content {
  using Value = std::variant<double, int64_t, bool, std::string, Tensor, List<Tensor>, List<int64_t>, List<double>,
                             List<IValue>, base::Ref<ivalue::Tuple>, base::Ref<DictTable>>;
  explicit Content(Value from) : value(std::move(from)) {}
  const Value value;
  std::atomic<uint32_t> owners{1};
};

}  // namespace rondo
