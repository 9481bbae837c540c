// The Tensor: a counted handle on an n-dimensional array. Methods that compute are defined by the operations
// (ops/methods.h); include <rondo/autograd.h> to use them.
#pragma once

#include <rondo/autograd/base/scalar.h>
#include <rondo/autograd/tensor/generator.h>
#include <rondo/autograd/tensor/options.h>
#include <rondo/autograd/tensor/pointwise_list.h>
#include <rondo/autograd/tensor/tensor_impl.h>

#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace rondo {

// Marks a free function in ops/ that is a method of Tensor as well (tools/methods.py).
#define RONDO_METHOD
class Tensor;
class DeprecatedTypeProperties;
template <class T>
struct DefaultPtrTraits {
  using PtrType = T*;
};
template <class T>
struct RestrictPtrTraits {
  using PtrType = T* __restrict__;
};
template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits, class Index = int64_t>
class TensorAccessor;
template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits, class Index = int64_t>
class GenericPackedTensorAccessor;
template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
using PackedTensorAccessor32 = GenericPackedTensorAccessor<T, N, PtrTraits, int32_t>;
template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
using PackedTensorAccessor64 = GenericPackedTensorAccessor<T, N, PtrTraits, int64_t>;
using TensorList = ArrayRef<Tensor>;

namespace graph {
class Node;
}
namespace autograd {
using Node = graph::Node;
}
namespace indexing {
struct TensorIndex;
}

template <class... B>
concept one_bool = sizeof...(B) < 2 && (std::is_same_v<B, bool> && ...);  // or none
// A handle: copies share the array. Assigning to a named tensor rebinds the handle; assigning to a temporary (`x[0] =
// y`, `x.narrow(...) = 1`) writes into the array. Methods whose names end in _ change the array in place and are const,
// since the handle stays as it is. A default-made tensor is undefined: `defined()` and `requires_grad()` are false,
// `numel()` is 0, and anything else throws.
class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(base::Ref<TensorImpl> impl) : impl_(std::move(impl)) {}
  // Undefined without a value: what stands for an argument that is left out. Templates, so that {} means Tensor().
  template <class T>
  requires(std::is_same_v<T, std::nullopt_t>) Tensor(T) {}
  template <class T>
  requires(std::is_same_v<T, Tensor>) Tensor(const std::optional<T>& tensor) {
    if (tensor) impl_ = tensor->impl_;
  }
  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) noexcept = default;
  ~Tensor() = default;

  Tensor& operator=(const Tensor& other) & {
    impl_ = other.impl_;
    return *this;
  }
  Tensor& operator=(Tensor&& other) & noexcept {
    impl_ = std::move(other.impl_);
    return *this;
  }
  Tensor& operator=(const Tensor& value) &&;
  Tensor& operator=(Tensor&& value) &&;
  Tensor& operator=(Scalar value) &&;

  // ---- what it is ----
  bool defined() const { return static_cast<bool>(impl_); }
  void reset() { impl_.reset(); }
  bool is_same(const Tensor& other) const { return impl_ == other.impl_; }
  int64_t dim() const { return impl().sizes.size(); }
  int64_t ndimension() const { return dim(); }
  int64_t numel() const { return impl_ ? impl_->numel : 0; }
  IntArrayRef sizes() const { return impl().sizes; }
  IntArrayRef strides() const { return impl().strides; }
  int64_t size(int64_t dim) const { return impl().sizes[wrap_axis("size", dim, this->dim())]; }
  int64_t stride(int64_t dim) const { return impl().strides[wrap_axis("stride", dim, this->dim())]; }
  int64_t storage_offset() const { return impl().offset(); }
  TypeMeta dtype() const { return TypeMeta(impl().dtype); }
  ScalarType scalar_type() const { return impl().dtype; }
  size_t element_size() const { return rondo::element_size(dtype()); }
  size_t itemsize() const { return element_size(); }
  size_t nbytes() const { return static_cast<size_t>(numel()) * element_size(); }
  Device device() const { return kCPU; }
  Layout layout() const { return kStrided; }
  TensorOptions options() const { return TensorOptions(dtype()).device(device()).layout(layout()); }
  bool is_contiguous() const { return impl().contiguous; }
  bool is_floating_point() const { return rondo::is_floating_point(dtype()); }
  bool is_complex() const { return false; }
  bool is_signed() const { return dtype() != kByte && dtype() != kBool; }
  bool is_cpu() const { return true; }
  bool is_cuda() const { return false; }
  bool is_sparse() const { return false; }
  bool is_mps() const { return false; }
  // What libtorch's tensors may be and rondo's never are.
  bool is_meta() const { return false; }
  bool is_quantized() const { return false; }
  bool is_mkldnn() const { return false; }
  bool is_pinned() const { return false; }
  bool is_variable() const { return defined(); }
  bool is_conj() const { return false; }
  bool is_neg() const { return false; }
  int64_t get_device() const { return -1; }
  Tensor cuda() const;  // throws Error: there is no such device
  // Empty: tensors have no names, libtorch's that nobody named neither.
  std::string name() const { return {}; }
  bool is_alias_of(const Tensor& other) const { return storage().is_alias_of(other.storage()); }
  // Numbers that can be read and written by their indices, with no checks: a[i][j], a.size(0). T is the dtype's C++
  // type and N the number of dimensions, else Error is thrown; the tensor must outlive it (tensor/accessor.h).
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() const&;
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() && = delete;
  // The same with sizes and strides of its own, 32 or 64 bits wide: throws where 32 are not enough.
  template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor32<T, N, PtrTraits> packed_accessor32() const&;
  template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor32<T, N, PtrTraits> packed_accessor32() && = delete;
  template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor64<T, N, PtrTraits> packed_accessor64() const&;
  template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor64<T, N, PtrTraits> packed_accessor64() && = delete;
  // The length of the first dimension; throws for 0-dimensional tensors, as libtorch does.
  int64_t __len__() const { return size(0); }
  Storage storage() const { return Storage(impl().storage); }
  bool has_storage() const { return defined(); }
  uint32_t use_count() const { return impl_ ? impl_->use_count() : 0; }
  // "CPUFloatType", "UndefinedType": libtorch's word for the kind of tensor.
  std::string toString() const;
  // The dtype in an older form of libtorch's (compat/type_properties.h).
  DeprecatedTypeProperties type() const;
  // Writes "[CPUFloatType [2, 3]]" to standard error.
  void print() const;

  void* data_ptr() const { return impl().data; }
  // Throws TypeError unless T is the C++ type of the dtype.
  template <class T>
  T* data_ptr() const {
    if (scalar_type_of<T> != dtype()) wrong_pointer(scalar_type_of<T>);
    return reinterpret_cast<T*>(impl().data);
  }
  template <class T>
  const T* const_data_ptr() const {
    return data_ptr<T>();
  }
  template <class T>
  T* data() const {
    return data_ptr<T>();
  }
  const void* const_data_ptr() const { return data_ptr(); }
  void* mutable_data_ptr() const { return data_ptr(); }
  template <class T>
  T* mutable_data_ptr() const {
    return data_ptr<T>();
  }
  // The only element; throws Error when there is not exactly one.
  Scalar item() const;
  template <class T>
  T item() const {
    return item().to<T>();
  }

  // ---- differentiation ----
  bool requires_grad() const;
  // Throws Error for dtypes that are not floating point, and for false on a tensor that has a history.
  const Tensor& requires_grad_(bool value = true) const;
  // The same, but that false changes nothing on a tensor that has a history.
  const Tensor& set_requires_grad(bool value) const { return value || is_leaf() ? requires_grad_(value) : *this; }
  bool is_leaf() const;
  int64_t output_nr() const;
  // How many changes in place the memory has seen. Throws Error for inference tensors, which are not watched.
  int64_t _version() const;
  // Whether it was made in inference mode (graph/mode.h).
  bool is_inference() const { return impl().inference; }
  // The accumulated gradient, undefined if there is none.
  const Tensor& grad() const;
  Tensor& mutable_grad() const;
  base::Ref<graph::Node> grad_fn() const;
  void retain_grad() const;
  bool retains_grad() const;
  // The gradient of this tensor with respect to the leaves is added to their grad(). `gradient` may be undefined for
  // one-element tensors. Throws Error as libtorch does.
  void backward(const Tensor& gradient = {}, std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                std::optional<TensorList> inputs = std::nullopt) const;
  // A function of the gradient, called in backward: void(Tensor), or Tensor(Tensor) whose result replaces the gradient.
  // Returns the number that remove_hook takes. Defined in graph/hooks.h.
  template <class F>
  unsigned register_hook(F&& hook) const;
  void remove_hook(unsigned number) const;
  // A function void(Tensor) of this leaf, called after its gradient was accumulated; the number is for remove_hook too.
  // Throws Error for other tensors. Defined in graph/hooks.h.
  template <class F>
  unsigned register_post_accumulate_grad_hook(F&& hook) const;
  // The same array without history.
  Tensor detach() const;
  const Tensor& detach_() const;
  // And, but for the last, with its own count of changes: backward does not see what is written through it.
  Tensor data() const { return variable_data(); }
  Tensor variable_data() const;
  Tensor tensor_data() const;
  void set_data(const Tensor& other) const;
  bool is_view() const;
  Tensor _base() const;

  // ---- copies and conversions ----
  Tensor to(ScalarType type, bool non_blocking = false, bool copy = false) const;
  Tensor to(TypeMeta type, bool non_blocking = false, bool copy = false) const {
    return to(type.toScalarType(), non_blocking, copy);
  }
  Tensor to(TensorOptions options, bool non_blocking = false, bool copy = false) const;
  Tensor to(Device device, ScalarType type, bool non_blocking = false, bool copy = false) const;
  Tensor to(Device device, bool non_blocking = false, bool copy = false) const;
  Tensor to(DeviceType device, bool non_blocking = false, bool copy = false) const;
  template <class T>
  requires(std::is_convertible_v<T, std::string>) Tensor to(T device, bool non_blocking = false, bool copy = false)
  const { return to(Device(device), non_blocking, copy); }
  Tensor to(const Tensor& like) const;
  Tensor type_as(const Tensor& like) const;
  Tensor cpu() const;
  Tensor contiguous() const;
  Tensor clone() const;
  Tensor& copy_(const Tensor& source, bool non_blocking = false) const;
  Tensor& fill_(Scalar value) const;
  Tensor& fill_(const Tensor& value) const;
  Tensor& zero_() const;
  Tensor& resize_(IntArrayRef sizes) const;

  // ---- views ----
  Tensor view(IntArrayRef sizes) const;
  Tensor view_as(const Tensor& other) const;
  Tensor reshape(IntArrayRef sizes) const;
  Tensor reshape_as(const Tensor& other) const;
  Tensor flatten(int64_t start_dim = 0, int64_t end_dim = -1) const;
  Tensor unflatten(int64_t dim, IntArrayRef sizes) const;
  Tensor t() const;
  Tensor transpose(int64_t dim0, int64_t dim1) const;
  Tensor permute(IntArrayRef dims) const;
  Tensor movedim(int64_t source, int64_t destination) const;
  Tensor expand(IntArrayRef sizes, bool implicit = false) const;
  Tensor expand_as(const Tensor& other) const;
  Tensor select(int64_t dim, int64_t index) const;
  Tensor slice(int64_t dim = 0, std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt,
               int64_t step = 1) const;
  Tensor narrow(int64_t dim, int64_t start, int64_t length) const;
  Tensor squeeze() const;
  Tensor squeeze(int64_t dim) const;
  Tensor unsqueeze(int64_t dim) const;
  Tensor diagonal(int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1) const;
  Tensor as_strided(IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> offset = std::nullopt) const;
  Tensor alias() const;
  Tensor operator[](int64_t index) const;
  Tensor operator[](const Tensor& index) const;
  template <class S>
  requires(std::is_same_v<S, Scalar>) Tensor operator[](S index) const { return (*this)[index.toLong()]; }
  Tensor index(std::initializer_list<indexing::TensorIndex> indices) const;
  Tensor index(ArrayRef<indexing::TensorIndex> indices) const;
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices, const Tensor& value,
                     bool accumulate = false) const;
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices, Scalar value) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Tensor& value, bool accumulate = false) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, Scalar value) const;
  // With a list of optional tensors, in which nothing stands for a whole dimension (ops/index.h).
  template <class List>
  requires(std::is_convertible_v<const List&, ArrayRef<std::optional<Tensor>>>) Tensor index(const List& indices)
  const;
  template <class List>
  requires(std::is_convertible_v<const List&, ArrayRef<std::optional<Tensor>>>) Tensor& index_put_(
      const List& indices, const Tensor& value, bool accumulate = false) const;
  template <class List>
  requires(std::is_convertible_v<const List&, ArrayRef<std::optional<Tensor>>>) Tensor
      index_put(const List& indices, const Tensor& value, bool accumulate = false)
  const;
  std::vector<Tensor> split(int64_t size, int64_t dim = 0) const;
  std::vector<Tensor> split(IntArrayRef sizes, int64_t dim = 0) const;
  std::vector<Tensor> chunk(int64_t count, int64_t dim = 0) const;
  std::vector<Tensor> unbind(int64_t dim = 0) const;

  // ---- elementwise ----
#define RONDO_DECLARE(name) \
  Tensor name() const;      \
  Tensor& name##_() const;
  RONDO_UNARY_OPERATIONS(RONDO_DECLARE, RONDO_DECLARE)
#undef RONDO_DECLARE
  Tensor operator-() const;
  Tensor operator~() const;
  Tensor add(const Tensor& other, Scalar alpha = 1) const;
  Tensor add(Scalar other, Scalar alpha = 1) const;
  Tensor sub(const Tensor& other, Scalar alpha = 1) const;
  Tensor sub(Scalar other, Scalar alpha = 1) const;
  Tensor mul(const Tensor& other) const;
  Tensor mul(Scalar other) const;
  Tensor div(const Tensor& other) const;
  Tensor div(Scalar other) const;
  Tensor div(const Tensor& other, std::optional<std::string> rounding_mode) const;
  Tensor div(Scalar other, std::optional<std::string> rounding_mode) const;
  Tensor pow(const Tensor& exponent) const;
  Tensor pow(Scalar exponent) const;
  Tensor remainder(const Tensor& other) const;
  Tensor remainder(Scalar other) const;
  Tensor fmod(const Tensor& other) const;
  Tensor fmod(Scalar other) const;
  Tensor& add_(const Tensor& other, Scalar alpha = 1) const;
  Tensor& add_(Scalar other, Scalar alpha = 1) const;
  Tensor& sub_(const Tensor& other, Scalar alpha = 1) const;
  Tensor& sub_(Scalar other, Scalar alpha = 1) const;
  Tensor& mul_(const Tensor& other) const;
  Tensor& mul_(Scalar other) const;
  Tensor& div_(const Tensor& other) const;
  Tensor& div_(Scalar other) const;
  Tensor& pow_(const Tensor& exponent) const;
  Tensor& pow_(Scalar exponent) const;
  const Tensor& operator+=(const Tensor& other) const { return add_(other); }
  const Tensor& operator+=(Scalar other) const { return add_(other); }
  const Tensor& operator-=(const Tensor& other) const { return sub_(other); }
  const Tensor& operator-=(Scalar other) const { return sub_(other); }
  const Tensor& operator*=(const Tensor& other) const { return mul_(other); }
  const Tensor& operator*=(Scalar other) const { return mul_(other); }
  const Tensor& operator/=(const Tensor& other) const { return div_(other); }
  const Tensor& operator/=(Scalar other) const { return div_(other); }
  const Tensor& operator&=(const Tensor& other) const { return bitwise_and_(other); }
  const Tensor& operator|=(const Tensor& other) const { return bitwise_or_(other); }
  const Tensor& operator^=(const Tensor& other) const { return bitwise_xor_(other); }
  Tensor polygamma(int64_t n) const;
  Tensor addcmul(const Tensor& tensor1, const Tensor& tensor2, Scalar value = 1) const;
  Tensor addcdiv(const Tensor& tensor1, const Tensor& tensor2, Scalar value = 1) const;
  Tensor& addcmul_(const Tensor& tensor1, const Tensor& tensor2, Scalar value = 1) const;
  Tensor& addcdiv_(const Tensor& tensor1, const Tensor& tensor2, Scalar value = 1) const;
  Tensor& lerp_(const Tensor& end, Scalar weight) const;
  Tensor clamp(std::optional<Scalar> min, std::optional<Scalar> max = std::nullopt) const;
  Tensor clamp(const std::optional<Tensor>& min, const std::optional<Tensor>& max = std::nullopt) const;
  Tensor& clamp_(std::optional<Scalar> min, std::optional<Scalar> max = std::nullopt) const;
  Tensor& clamp_min_(Scalar min) const;
  Tensor& clamp_max_(Scalar max) const;
  Tensor maximum(const Tensor& other) const;
  Tensor minimum(const Tensor& other) const;
  Tensor where(const Tensor& condition, const Tensor& other) const;
  Tensor masked_fill(const Tensor& mask, Scalar value) const;
  Tensor masked_fill(const Tensor& mask, const Tensor& value) const;
  Tensor& masked_fill_(const Tensor& mask, Scalar value) const;
  Tensor& masked_fill_(const Tensor& mask, const Tensor& value) const;

#define RONDO_DECLARE(name)               \
  Tensor name(const Tensor& other) const; \
  Tensor name(Scalar other) const;
  RONDO_DECLARE(eq)
  RONDO_DECLARE(ne)
  RONDO_DECLARE(lt)
  RONDO_DECLARE(le)
  RONDO_DECLARE(gt)
  RONDO_DECLARE(ge)
#undef RONDO_DECLARE
  Tensor logical_and(const Tensor& other) const;
  Tensor logical_or(const Tensor& other) const;
  Tensor logical_xor(const Tensor& other) const;
  Tensor logical_not() const;
  Tensor bitwise_and(const Tensor& other) const;
  Tensor bitwise_or(const Tensor& other) const;
  Tensor bitwise_xor(const Tensor& other) const;
  Tensor bitwise_not() const;
  Tensor isnan() const;
  Tensor isinf() const;
  Tensor isfinite() const;
  bool equal(const Tensor& other) const;
  bool allclose(const Tensor& other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) const;
  Tensor isclose(const Tensor& other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) const;

  // ---- reductions ----
  Tensor sum(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor sum(OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor sum_to_size(IntArrayRef sizes) const;
  Tensor mean(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor mean(OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor prod(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor prod(int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor max() const;
  Tensor min() const;
  Tensor max(const Tensor& other) const;
  Tensor min(const Tensor& other) const;
  std::tuple<Tensor, Tensor> max(int64_t dim, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> min(int64_t dim, bool keepdim = false) const;
  Tensor amax(IntArrayRef dim = {}, bool keepdim = false) const;
  Tensor amin(IntArrayRef dim = {}, bool keepdim = false) const;
  Tensor argmax(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const;
  Tensor argmin(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const;
  Tensor all() const;
  Tensor all(int64_t dim, bool keepdim = false) const;
  Tensor any() const;
  Tensor any(int64_t dim, bool keepdim = false) const;
  // Only a real bool means `unbiased`: x.var(0) reduces dimension 0 (in libtorch it silently means unbiased = false).
  template <class... B>
  requires(one_bool<B...>) Tensor var(B... unbiased)
  const { return var_all((unbiased && ...) ? 1 : 0); }
  Tensor var(OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false) const;
  Tensor var(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false) const;
  template <class... B>
  requires(one_bool<B...>) Tensor std(B... unbiased)
  const { return std_all((unbiased && ...) ? 1 : 0); }
  Tensor std(OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false) const;
  Tensor std(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false) const;
  Tensor norm(Scalar p = 2) const;
  Tensor norm(std::optional<Scalar> p, IntArrayRef dim, bool keepdim = false) const;
  Tensor logsumexp(IntArrayRef dim, bool keepdim = false) const;
  Tensor softmax(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor log_softmax(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor cumsum(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  std::tuple<Tensor, Tensor> sort(int64_t dim = -1, bool descending = false) const;
  Tensor argsort(int64_t dim = -1, bool descending = false) const;
  std::tuple<Tensor, Tensor> topk(int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true) const;

  // ---- products ----
  Tensor matmul(const Tensor& other) const;
  Tensor mm(const Tensor& other) const;
  Tensor bmm(const Tensor& other) const;
  Tensor mv(const Tensor& vector) const;
  Tensor dot(const Tensor& other) const;
  Tensor addmm(const Tensor& mat1, const Tensor& mat2, Scalar beta = 1, Scalar alpha = 1) const;

  // ---- indexing, triangles, repetition ----
  Tensor index_select(int64_t dim, const Tensor& index) const;
  Tensor gather(int64_t dim, const Tensor& index, bool sparse_grad = false) const;
  Tensor scatter_add(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor& scatter_add_(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor scatter(int64_t dim, const Tensor& index, Scalar value) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, Scalar value) const;
  Tensor index_add(int64_t dim, const Tensor& index, const Tensor& source, Scalar alpha = 1) const;
  Tensor& index_add_(int64_t dim, const Tensor& index, const Tensor& source, Scalar alpha = 1) const;
  Tensor masked_select(const Tensor& mask) const;
  Tensor nonzero() const;
  Tensor triu(int64_t diagonal = 0) const;
  Tensor tril(int64_t diagonal = 0) const;
  Tensor flip(IntArrayRef dims) const;
  Tensor repeat(IntArrayRef repeats) const;

  // ---- random, in place ----
  Tensor& uniform_(double from = 0, double to = 1, std::optional<Generator> generator = std::nullopt) const;
  Tensor& normal_(double mean = 0, double std = 1, std::optional<Generator> generator = std::nullopt) const;
  Tensor& bernoulli_(double p = 0.5, std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(int64_t to, std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(int64_t from, int64_t to, std::optional<Generator> generator = std::nullopt) const;
  Tensor bernoulli(std::optional<Generator> generator = std::nullopt) const;

  // ---- operations that forward to the free function of the same name, which says what they do ----
#include <rondo/autograd/tensor/method_list.inc>

  // ---- for rondo's own floors ----
  TensorImpl* unsafeGetTensorImpl() const { return impl_.get(); }
  const base::Ref<TensorImpl>& impl_ref() const { return impl_; }
  // Throws Error for an undefined tensor.
  TensorImpl& impl() const {
    if (!impl_) undefined();
    return *impl_;
  }

 private:
  [[noreturn]] static void undefined();
  [[noreturn]] void wrong_pointer(ScalarType wanted) const;
  Tensor var_all(int64_t correction) const;
  Tensor std_all(int64_t correction) const;

  base::Ref<TensorImpl> impl_;
};

// Prints numbers and type as libtorch does (tensor/print.cpp).
std::ostream& operator<<(std::ostream& out, const Tensor& tensor);
// print(out, tensor, line_size) breaks lines after `line_size` columns.
std::ostream& print(std::ostream& out, const Tensor& tensor, int64_t line_size);

}  // namespace rondo
