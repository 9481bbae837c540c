#include <rondo/autograd/tensor/stream.h>
#include <rondo/compat/arguments.h>
#include <rondo/compat/str.h>

#include <algorithm>
#include <ostream>

namespace rondo {
namespace {

template <class... Parts>
void check(bool holds, CheckedFrom from, const Parts&... parts) {
  if (!holds) throw Error(str(parts..., " (while checking arguments for ", from, ")"));
}

using CheckPair = void (*)(CheckedFrom, const TensorArg&, const TensorArg&);

// Each defined tensor against the first one.
void check_all(CheckedFrom from, ArrayRef<TensorArg> all, CheckPair check_pair) {
  const TensorArg* first = nullptr;
  for (const TensorArg& each : all) {
    if (!each->defined()) continue;
    if (first) {
      check_pair(from, *first, each);
    } else {
      first = &each;
    }
  }
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const TensorArg& argument) {
  if (argument.pos != 0) out << "argument #" << argument.pos << ' ';
  return out << '\'' << argument.name << '\'';
}

void checkDefined(CheckedFrom from, const TensorArg& t) {
  check(t->defined(), from, "Expected tensor for ", t, " to be non-null, but it was undefined");
}
void checkAllDefined(CheckedFrom from, ArrayRef<TensorArg> all) {
  for (const TensorArg& each : all) checkDefined(from, each);
}

void checkDim(CheckedFrom from, const TensorArg& t, int64_t dim) {
  check(t->dim() == dim, from, "Expected ", dim, "-dimensional tensor, but got ", t->dim(), "-dimensional tensor for ",
        t);
}
void checkDimRange(CheckedFrom from, const TensorArg& t, int64_t begin, int64_t end) {
  check(t->dim() >= begin && t->dim() < end, from, "Expected ", begin, " to ", end - 1, " dimensions, but got ",
        t->dim(), "-dimensional tensor for ", t);
}
void checkSameDim(CheckedFrom from, const TensorArg& a, const TensorArg& b) {
  check(a->dim() == b->dim(), from, "Expected tensor for ", a, " to have the same dimension as tensor for ", b,
        "; but ", a->dim(), " does not equal ", b->dim());
}

void checkSize(CheckedFrom from, const TensorArg& t, IntArrayRef sizes) {
  checkDim(from, t, static_cast<int64_t>(sizes.size()));
  check(t->sizes() == sizes, from, "Expected tensor of size ", sizes, ", but got tensor of size ", t->sizes(), " for ",
        t);
}
void checkSize(CheckedFrom from, const TensorArg& t, int64_t dim, int64_t size) {
  check(t->size(dim) == size, from, "Expected tensor to have size ", size, " at dimension ", dim, ", but got size ",
        t->size(dim), " for ", t);
}
void checkSameSize(CheckedFrom from, const TensorArg& a, const TensorArg& b) {
  check(a->sizes() == b->sizes(), from, "Expected tensor for ", a, " to have same size as tensor for ", b, "; but ",
        a->sizes(), " does not equal ", b->sizes());
}
void checkAllSameSize(CheckedFrom from, ArrayRef<TensorArg> all) { check_all(from, all, checkSameSize); }

void checkNumel(CheckedFrom from, const TensorArg& t, int64_t numel) {
  check(t->numel() == numel, from, "Expected tensor for ", t, " to have ", numel, " elements; but it actually has ",
        t->numel(), " elements");
}
void checkSameNumel(CheckedFrom from, const TensorArg& a, const TensorArg& b) {
  check(a->numel() == b->numel(), from, "Expected tensor for ", a, " to have same number of elements as tensor for ", b,
        "; but ", a->numel(), " does not equal ", b->numel());
}
void checkAllSameNumel(CheckedFrom from, ArrayRef<TensorArg> all) { check_all(from, all, checkSameNumel); }

void checkContiguous(CheckedFrom from, const TensorArg& t) {
  check(t->is_contiguous(), from, "Expected contiguous tensor, but got non-contiguous tensor for ", t);
}
void checkAllContiguous(CheckedFrom from, ArrayRef<TensorArg> all) {
  for (const TensorArg& each : all) {
    if (each->defined()) checkContiguous(from, each);
  }
}

void checkScalarType(CheckedFrom from, const TensorArg& t, ScalarType type) {
  check(t->scalar_type() == type, from, "Expected tensor for ", t, " to have scalar type ", type, "; but got ",
        t->toString(), " instead");
}
void checkScalarTypes(CheckedFrom from, const TensorArg& t, ArrayRef<ScalarType> types) {
  if (std::find(types.begin(), types.end(), t->scalar_type()) != types.end()) return;
  std::string known;
  for (const ScalarType type : types) known.append(known.empty() ? "" : ", ").append(toString(type));
  check(false, from, "Expected tensor for ", t, " to have one of the following scalar types: ", known, "; but got ",
        t->toString(), " instead");
}
void checkSameType(CheckedFrom from, const TensorArg& a, const TensorArg& b) {
  check(a->scalar_type() == b->scalar_type(), from, "Expected tensor for ", a, " to have the same type as tensor for ",
        b, "; but type ", a->toString(), " does not equal ", b->toString());
}
void checkAllSameType(CheckedFrom from, ArrayRef<TensorArg> all) { check_all(from, all, checkSameType); }

void checkSameGPU(CheckedFrom from, const TensorArg& a, const TensorArg& b) {
  check(false, from, "Tensor for ", a, " is on CPU, Tensor for ", b, " is on CPU, but expected them to be on GPU");
}
void checkAllSameGPU(CheckedFrom from, ArrayRef<TensorArg> all) { check_all(from, all, checkSameGPU); }
void checkDeviceType(CheckedFrom from, TensorList tensors, DeviceType type) {
  for (const Tensor& each : tensors) {
    check(!each.defined() || each.device().type() == type, from, "Expected tensor to have ", type,
          " DeviceType, but got tensor with ", each.device().type(), " DeviceType");
  }
}

}  // namespace rondo
