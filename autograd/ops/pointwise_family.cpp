#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/pointwise_family.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/layout.h>

#include <fmt/format.h>

#include <cstring>
#include <new>

namespace rondo::ops {
namespace {

using graph::Backward;
using graph::Saved;
using kernels::Kind;

constexpr size_t kOpBytes = 40;

// The saved arguments and, at index 3, the value: most operations keep one or none, so each is made when it is needed.
class SavedValues {
 public:
  SavedValues() = default;
  ~SavedValues() {
    for (int i = 0; made_ >> i; ++i) {
      if (made_ & (1u << i)) (*this)[i].~Saved();
    }
  }
  SavedValues(const SavedValues&) = delete;
  SavedValues& operator=(const SavedValues&) = delete;

  Saved& make(int i) {
    made_ |= 1u << i;
    return *new (room_ + static_cast<size_t>(i) * sizeof(Saved)) Saved;
  }
  Saved& operator[](int i) {
    return *std::launder(reinterpret_cast<Saved*>(room_ + static_cast<size_t>(i) * sizeof(Saved)));
  }
  void release() {
    for (int i = 0; made_ >> i; ++i) {
      if (made_ & (1u << i)) (*this)[i].release();
    }
  }

 private:
  unsigned made_ = 0;  // first: what follows is often never touched
  alignas(Saved) std::byte room_[4 * sizeof(Saved)];
};

// The common case: every input contiguous and of the first one's shape.
bool all_flat(const Tensor* const* inputs, int count) {
  const TensorImpl& first = *inputs[0]->unsafeGetTensorImpl();
  if (!first.contiguous) return false;
  for (int i = 1; i < count; ++i) {
    const TensorImpl& impl = *inputs[i]->unsafeGetTensorImpl();
    if (!impl.contiguous || !(impl.sizes == first.sizes)) return false;
  }
  return true;
}

// The result of the common case.
Tensor run_flat(kernels::Loop loop, const void* op, ScalarType type, const Tensor* const* inputs, int count,
                int64_t grain) {
  static constexpr int64_t kOnes[kernels::kMaxOperands] = {1, 1, 1, 1, 1, 1};
  const TensorImpl& first = *inputs[0]->unsafeGetTensorImpl();
  Tensor out = tensor_data::make_like(first, type);
  void* data[kernels::kMaxOperands];
  data[0] = out.unsafeGetTensorImpl()->data;
  for (int i = 0; i < count; ++i) data[i + 1] = inputs[i]->unsafeGetTensorImpl()->data;
  if (first.numel > 0 && first.numel <= grain) {
    loop(op, data, kOnes, first.numel);
    return out;
  }
  int64_t bytes[kernels::kMaxOperands] = {static_cast<int64_t>(element_size(type))};
  for (int i = 0; i < count; ++i) bytes[i + 1] = static_cast<int64_t>(inputs[i]->element_size());
  kernels::run_flat(loop, op, count + 1, data, kOnes, bytes, first.numel, grain);
  return out;
}

// The backward step of every pointwise operation. Without create_graph one fused loop per gradient; with it the formula
// on tensors.
struct PointwiseBackward final : graph::Node {
  PointwiseBackward(const Pointwise& t, const void* parameters) : table(t) {
    // Word by word: a call of memcpy for a length that is not known costs more.
    size_t at = 0;
    for (; at + 8 <= t.op_bytes; at += 8) std::memcpy(op + at, static_cast<const char*>(parameters) + at, 8);
    if (at < t.op_bytes && t.op_bytes > 1)
      std::memcpy(op + at, static_cast<const char*>(parameters) + at, t.op_bytes - at);
  }
  std::string name() const override { return table.node ? table.node : backward_name(table.name); }
  Traits traits() const override { return {.elementwise = true, .flat_slope = table.flat_slope}; }
  void release_variables() override { saved.release(); }
  void backward(Backward& step) override {
    if (table.arity == 1 && !step.create_graph()) [[likely]] {
      if (step.wants(0)) step[0] = table.slope[0] == Pointwise::Slope::kUnit ? step.take_gy() : fused(step, 0);
      return;
    }
    int last = table.arity;
    while (last-- > 0 && !step.wants(last)) {}
    for (int i = 0; i <= last; ++i) {
      if (!step.wants(i)) continue;
      if (step.create_graph()) {
        step[i] = recorded(step, i);
      } else if (i == last && table.slope[i] == Pointwise::Slope::kUnit) {
        step[i] = step.take_gy();
      } else {
        step[i] = fused(step, i);
      }
    }
  }

  Tensor recorded(Backward& step, int which) {
    Tensor arguments[3], y;
    for (int i = 0; i < table.arity; ++i) {
      if (table.uses[which] & (1u << i)) arguments[i] = saved[i].get(*this);
    }
    if (table.uses[which] & kernels::Uses::kY) y = saved[3].get(*this);
    return table.formula(op, which, step.gy(), arguments, y);
  }

  Tensor fused(Backward& step, int which) {
    const Tensor& gy = step.gy();
    if (table.slope[which] == Pointwise::Slope::kUnit) return gy;
    const Tensor* inputs[5] = {&gy};
    int count = 1;
    for (int i = 0; i < 4; ++i) {
      if (table.uses[which] & (1u << i)) inputs[count++] = &saved[i].peek(*this);
    }
    const ScalarType type = gy.dtype();
    const kernels::Loop loop = table.kernels.slope[which][type == kDouble ? 1 : 0];
    if (all_flat(inputs, count)) [[likely]]
      return run_flat(loop, op, type, inputs, count, table.grain);
    Tensor gradient;
    walk(loop, op, gradient, type, gy.sizes(), inputs, count, table.grain);
    return gradient;
  }

  // Keeps what the slopes of the wanted gradients read.
  void save(const Tensor* const* arguments, const Tensor& y) {
    unsigned used = 0;
    for (int i = 0; i < table.arity; ++i) {
      if (wants(i)) used |= table.uses[i];
    }
    if (used == 0) return;
    for (int i = 0; i < table.arity; ++i) {
      if (used & (1u << i)) saved.make(i).save_input(*arguments[i]);
    }
    if (used & kernels::Uses::kY) saved.make(3).save_output(y);
  }

  const Pointwise& table;
  alignas(8) char op[kOpBytes];
  SavedValues saved;
};

// Where an argument counts in promotion: tensors with dimensions first.
int category(const Tensor& tensor) { return tensor.dim() > 0 ? 2 : 1; }

// bool 0, integers 1, floating point 2: a lower category of tensor takes part only where its kind is higher.
int kind_rank(ScalarType type) { return is_floating_point(type) ? 2 : type == kBool ? 0 : 1; }

[[noreturn]] void no_such_type(const Pointwise& table, ScalarType type) {
  fail_type(table.name, fmt::format("\"{}\" is not implemented for {}", table.name, dtype_name(type)));
}

// The type to compute in for arguments that promote to `common`; 16-bit floating point goes through float32.
ScalarType compute_type(const Pointwise& table, ScalarType common) {
  if (table.kind == Kind::kFloat && !is_floating_point(common)) return default_dtype();
  const ScalarType type = is_reduced_floating(common) ? kFloat : common;
  if (!table.kernels.value[kernel_slot(type)]) no_such_type(table, common);
  return type;
}

ScalarType value_type(const Pointwise& table, ScalarType computed) {
  return table.kind == Kind::kPredicate ? kBool : computed;
}

bool differentiable(const Pointwise& table, ScalarType type) {
  return table.kind != Kind::kPredicate && is_floating_point(type);
}

// Arguments are of the computed type and broadcast.
Tensor compute(const Pointwise& table, const void* op, const Tensor* const* arguments) {
  const Tensor& a = *arguments[0];
  const kernels::Loop loop = table.kernels.value[kernel_slot(a.dtype())];
  const ScalarType type = value_type(table, a.dtype());
  if (all_flat(arguments, table.arity)) [[likely]] {
    return run_flat(loop, op, type, arguments, table.arity, table.grain);
  }
  Tensor y;
  if (table.arity == 1) {
    walk(loop, op, y, type, a.sizes(), arguments, 1, table.grain);
    return y;
  }
  bool same = true;
  for (int i = 1; i < table.arity; ++i) same = same && arguments[i]->sizes() == a.sizes();
  if (same) {
    walk(loop, op, y, type, a.sizes(), arguments, table.arity, table.grain);
    return y;
  }
  Dims shape = a.sizes();
  for (int i = 1; i < table.arity; ++i) shape = broadcast_shapes(table.name, shape, arguments[i]->sizes());
  walk(loop, op, y, type, shape, arguments, table.arity, table.grain);
  return y;
}

bool any_requires_grad(const Tensor* const* arguments, int count) {
  if (!graph::grad_enabled()) return false;
  for (int i = 0; i < count; ++i) {
    if (graph::requires_grad(*arguments[i])) return true;
  }
  return false;
}

Tensor run_in(const Pointwise& table, const void* op, const Tensor* const* arguments) {
  Tensor y = compute(table, op, arguments);
  if (any_requires_grad(arguments, table.arity) && differentiable(table, y.dtype())) {
    auto node = base::Ref<PointwiseBackward>(new PointwiseBackward(table, op));
    for (int i = 0; i < table.arity; ++i) {
      if (table.slope[i] == Pointwise::Slope::kNone) {
        node->add_edge(graph::Edge());
      } else {
        node->add_edge(*arguments[i]);
      }
    }
    PointwiseBackward* raw = node.get();
    graph::set_grad_fn(y, std::move(node), 0);
    if (table.uses[0] | table.uses[1] | table.uses[2]) raw->save(arguments, y);
  }
  return y;
}

// An array without gaps whose numbers lie in the same order as `like`'s.
bool same_layout(const TensorImpl& impl, const TensorImpl& like) {
  if (impl.contiguous && like.contiguous) return IntArrayRef(impl.sizes) == IntArrayRef(like.sizes);
  return impl.sizes == like.sizes && impl.strides == like.strides;
}

bool is_one_number(const TensorImpl& impl) {
  if (impl.numel == 1) return true;
  for (int32_t i = 0; i < impl.sizes.size(); ++i) {
    if (impl.strides[i] != 0 && impl.sizes[i] != 1) return false;
  }
  return true;
}

Dims broadcast_strides(const TensorImpl& impl, IntArrayRef shape) {
  Dims strides(static_cast<int32_t>(shape.size()), 0);
  const int32_t lead = strides.size() - impl.sizes.size();
  for (int32_t i = 0; i < impl.sizes.size(); ++i) {
    strides[lead + i] = impl.sizes[i] == 1 && shape[static_cast<size_t>(lead + i)] != 1 ? 0 : impl.strides[i];
  }
  return strides;
}

}  // namespace

std::string backward_name(const char* name) {
  std::string result;
  bool upper = true;
  for (const char* c = name; *c; ++c) {
    if (*c == '_') {
      upper = true;
    } else {
      result += upper && *c >= 'a' && *c <= 'z' ? static_cast<char>(*c - 'a' + 'A') : *c;
      upper = *c >= '0' && *c <= '9';
    }
  }
  return result + "Backward0";
}

int kernel_slot(ScalarType type) {
  switch (type) {
    case kFloat:
      return 0;
    case kDouble:
      return 1;
    case kByte:
      return 2;
    case kChar:
      return 3;
    case kShort:
      return 4;
    case kInt:
      return 5;
    case kLong:
      return 6;
    case kBool:
      return 7;
    default:
      return -1;
  }
}

void walk(kernels::Loop loop, const void* op, Tensor& out, ScalarType type, IntArrayRef sizes,
          const Tensor* const* inputs, int count, int64_t grain) {
  if (!out.defined() && all_flat(inputs, count) && inputs[0]->sizes() == sizes) [[likely]] {
    out = run_flat(loop, op, type, inputs, count, grain);
    return;
  }
  const TensorImpl* like = nullptr;  // the first input of the output's shape
  for (int i = 0; i < count && !like; ++i) {
    const TensorImpl& impl = *inputs[i]->unsafeGetTensorImpl();
    if (impl.sizes.size() == static_cast<int32_t>(sizes.size()) && IntArrayRef(impl.sizes) == sizes &&
        (impl.contiguous || tensor_data::is_dense(impl.sizes, impl.strides))) {
      like = &impl;
    }
  }
  if (!out.defined()) {
    out = like && !like->contiguous ? tensor_data::make_strided(sizes, like->strides, type)
                                    : tensor_data::make(sizes, type);
  }
  const TensorImpl& to = *out.unsafeGetTensorImpl();
  if (to.numel == 0) return;
  void* data[kernels::kMaxOperands];
  int64_t step[kernels::kMaxOperands], bytes[kernels::kMaxOperands];
  bool flat = to.contiguous || tensor_data::is_dense(to.sizes, to.strides);
  data[0] = to.data;
  step[0] = 1;
  bytes[0] = static_cast<int64_t>(element_size(to.dtype));
  for (int i = 0; i < count; ++i) {
    const TensorImpl& from = *inputs[i]->unsafeGetTensorImpl();
    data[i + 1] = from.data;
    bytes[i + 1] = static_cast<int64_t>(element_size(from.dtype));
    if (same_layout(from, to)) {
      step[i + 1] = 1;
    } else {
      step[i + 1] = 0;
      flat = flat && is_one_number(from);
    }
  }
  if (flat) {
    kernels::run_flat(loop, op, count + 1, data, step, bytes, to.numel, grain);
    return;
  }
  Dims strides[kernels::kMaxOperands];
  kernels::Operand operands[kernels::kMaxOperands];
  operands[0] = {to.data, bytes[0], to.strides.data()};
  for (int i = 0; i < count; ++i) {
    strides[i] = broadcast_strides(*inputs[i]->unsafeGetTensorImpl(), sizes);
    operands[i + 1] = {data[i + 1], bytes[i + 1], strides[i].data()};
  }
  kernels::run_loop(loop, op, count + 1, operands, static_cast<int>(sizes.size()), sizes.data(), grain);
}

ScalarType result_type(const Tensor* const* tensors, int count) {
  ScalarType by_category[3] = {ScalarType::Undefined, ScalarType::Undefined, ScalarType::Undefined};
  for (int i = 0; i < count; ++i) {
    ScalarType& type = by_category[category(*tensors[i])];
    type = type == ScalarType::Undefined ? tensors[i]->dtype() : promote_types(type, tensors[i]->dtype());
  }
  if (by_category[2] == ScalarType::Undefined) return by_category[1];
  if (by_category[1] == ScalarType::Undefined || kind_rank(by_category[1]) <= kind_rank(by_category[2]))
    return by_category[2];
  return promote_types(by_category[2], by_category[1]);
}

ScalarType result_type(const Tensor& tensor, Scalar number) {
  const ScalarType type = tensor.dtype();
  if (number.isFloatingPoint() && !is_floating_point(type)) return default_dtype();
  if (number.isIntegral(false) && type == kBool) return kLong;
  return type;
}

Tensor run(const Pointwise& table, const void* op, const Tensor* const* arguments) {
  const ScalarType first = arguments[0]->dtype();
  bool plain = (first == kFloat || first == kDouble) && table.kind != Kind::kInteger;
  for (int i = 1; i < table.arity; ++i) plain = plain && arguments[i]->dtype() == first;
  if (plain) return run_in(table, op, arguments);
  const ScalarType common = result_type(arguments, table.arity), computed = compute_type(table, common);
  Tensor converted[3];
  const Tensor* pointers[3];
  for (int i = 0; i < table.arity; ++i) {
    converted[i] = arguments[i]->to(computed);
    pointers[i] = &converted[i];
  }
  Tensor y = run_in(table, op, pointers);
  return is_reduced_floating(common) && y.dtype() == kFloat ? y.to(common) : y;
}

Tensor run_with_number(const Pointwise& table, const void* op, const Tensor& argument, Scalar number) {
  const Tensor* pointer = &argument;
  const ScalarType first = argument.dtype();
  // No number widens these.
  if ((first == kFloat || first == kDouble) && table.kind != Kind::kInteger) return run_in(table, op, &pointer);
  const ScalarType common = ops::result_type(argument, number);
  if (common == argument.dtype()) return run(table, op, &pointer);
  const Tensor converted = argument.to(common);
  pointer = &converted;
  return run(table, op, &pointer);
}

namespace {

Tensor& write_in_place(const Pointwise& table, const void* op, Tensor& self, const Tensor* const* arguments,
                       ScalarType common) {
  const ScalarType computed = compute_type(table, common), given = value_type(table, computed);
  const ScalarType result = is_reduced_floating(common) ? common : given;
  if (!can_cast(result, self.dtype())) {
    fail(table.name, fmt::format("result type {} can't be cast to the desired output type {}", toString(result),
                                 toString(self.dtype())));
  }
  const bool recorded = any_requires_grad(arguments, table.arity) && differentiable(table, result);
  graph::check_in_place(table.name, self, recorded);
  graph::check_distinct(table.name, self);
  for (int i = 1; i < table.arity; ++i) {
    const Dims shape = broadcast_shapes(table.name, self.sizes(), arguments[i]->sizes());
    if (IntArrayRef(shape) != self.sizes()) {
      fail(table.name, fmt::format("output with shape {} doesn't match the broadcast shape {}", to_string(self.sizes()),
                                   to_string(shape)));
    }
  }
  if (recorded && computed != self.dtype()) {
    // In the computed type and with its history; the conversions on both sides are recorded too.
    Tensor wide[3];
    const Tensor* operands[3];
    for (int i = 0; i < table.arity; ++i) {
      wide[i] = arguments[i]->to(computed);
      operands[i] = &wide[i];
    }
    return self.copy_(run_in(table, op, operands));
  }
  // The values that the kernel reads, in the computed type and clear of the memory that it writes.
  Tensor converted[3];
  const Tensor* pointers[3];
  for (int i = 0; i < table.arity; ++i) {
    const Tensor& argument = *arguments[i];
    converted[i] = argument.dtype() == computed ? argument : argument.to(computed);
    const TensorImpl &from = *converted[i].unsafeGetTensorImpl(), &to = *self.unsafeGetTensorImpl();
    if (i > 0 && tensor_data::share_memory(converted[i], self) && !(from.data == to.data && same_layout(from, to))) {
      converted[i] = converted[i].clone();
    }
    pointers[i] = &converted[i];
  }
  base::Ref<PointwiseBackward> node;
  if (recorded) {
    node = base::Ref<PointwiseBackward>(new PointwiseBackward(table, op));
    unsigned used = 0;
    for (int i = 0; i < table.arity; ++i) {
      const bool wanted = table.slope[i] != Pointwise::Slope::kNone;
      node->add_edge(wanted ? graph::gradient_edge(converted[i]) : graph::Edge());
      if (node->wants(i)) used |= table.uses[i];
    }
    // What the change overwrites is kept as a copy.
    for (int i = 0; i < table.arity; ++i) {
      if ((used & (1u << i)) && tensor_data::share_memory(converted[i], self)) converted[i] = converted[i].clone();
    }
  }
  if (computed == self.dtype() && table.kind != Kind::kPredicate) {
    walk(table.kernels.value[kernel_slot(computed)], op, self, self.dtype(), self.sizes(), pointers, table.arity,
         table.grain);
    self.unsafeGetTensorImpl()->storage->bump_version();
  } else {
    NoGradGuard guard;
    self.copy_(compute(table, op, pointers));
  }
  if (node) {
    unsigned used = 0;
    for (int i = 0; i < table.arity; ++i) {
      if (node->wants(i)) used |= table.uses[i];
    }
    for (int i = 0; i < table.arity; ++i) {
      if (used & (1u << i)) node->saved.make(i).save_input(converted[i]);
    }
    if (used & kernels::Uses::kY) node->saved.make(3).save_output(self);
    graph::rebase_history(self, std::move(node));
  }
  return self;
}

}  // namespace

Tensor& run_in_place(const Pointwise& table, const void* op, Tensor& self, const Tensor* const* others) {
  const Tensor* arguments[3] = {&self};
  for (int i = 1; i < table.arity; ++i) arguments[i] = others[i - 1];
  const Tensor before = self;  // the handle's history as it is now
  arguments[0] = &before;
  return write_in_place(table, op, self, arguments, result_type(arguments, table.arity));
}

Tensor& run_in_place_with_number(const Pointwise& table, const void* op, Tensor& self, Scalar number) {
  const Tensor before = self;
  const Tensor* argument = &before;
  return write_in_place(table, op, self, &argument, ops::result_type(self, number));
}

}  // namespace rondo::ops
