// Convolutions as products of matrices, which take every shape, and the choice of a faster body.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/convolution_parts.h>
#include <rondo/autograd/kernels/product.h>
#include <rondo/autograd/kernels/scratch.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <type_traits>

namespace rondo::kernels {
namespace conv {
namespace {

constexpr int64_t kBlock = 1 << 21;         // bytes of columns
constexpr int64_t kSharedImages = 1 << 20;  // multiplications an image that are worth sharing among threads

// Addresses in elements of one dtype.
class Elements {
 public:
  explicit Elements(ScalarType type) : bytes_(static_cast<int64_t>(element_size(type))) {}
  const char* at(const void* p, int64_t i) const { return static_cast<const char*>(p) + i * bytes_; }
  char* at(void* p, int64_t i) const { return static_cast<char*>(p) + i * bytes_; }
  void zero(void* p, int64_t count) const { std::memset(p, 0, static_cast<size_t>(count * bytes_)); }
  int64_t bytes() const { return bytes_; }
  // Rows of one number each, columns [first, last).
  void fill_rows(char* to, int64_t rows, int64_t row_stride, int64_t columns, const char* values) const {
    for (int64_t r = 0; r < rows; ++r, to += row_stride * bytes_, values += bytes_) {
      switch (bytes_) {
        case 1:
          fill<uint8_t>(to, columns, values);
          break;
        case 2:
          fill<uint16_t>(to, columns, values);
          break;
        case 4:
          fill<uint32_t>(to, columns, values);
          break;
        default:
          fill<uint64_t>(to, columns, values);
      }
    }
  }

 private:
  template <class T>
  static void fill(char* to, int64_t count, const char* value) {
    std::fill_n(reinterpret_cast<T*>(to), count, *reinterpret_cast<const T*>(value));
  }
  int64_t bytes_;
};

// Whether x is its own columns.
bool is_product(const Convolution& s) {
  for (int i = 0; i < 3; ++i) {
    if (s.kernel[i] != 1 || s.stride[i] != 1 || s.padding[i] != 0 || s.in[i] != s.out[i]) return false;
  }
  return true;
}

// Outputs in a block of columns: a size that depends on the shape alone.
int64_t block_of(const Convolution& s, int64_t bytes) {
  const int64_t size = s.out_size();
  const int64_t most = std::max<int64_t>(64, kBlock / bytes / std::max<int64_t>(1, s.depth()) / 64 * 64);
  const int64_t blocks = (size + most - 1) / most;
  return std::max<int64_t>(1, std::min(size, ((size + blocks - 1) / std::max<int64_t>(1, blocks) + 15) / 16 * 16));
}

// Images are dealt out where there are as many as threads; where there are few, the threads share each one's work.
template <class F>
void each_image(const Convolution& s, const F& f) {
  const int64_t work = std::max<int64_t>(1, s.out_channels * s.depth() * s.out_size());
  const bool few = s.batch < get_num_threads();
  const int64_t grain = few ? s.batch : std::max<int64_t>(1, kSharedImages / work);
  parallel_for(0, s.batch, grain, [&](int64_t first, int64_t last) { f(first, last); });
}

// Small images share a product, which would repack the weights for each of them otherwise: their columns and their
// outputs lie side by side.
class Together {
 public:
  // How many, by the shape alone.
  static int64_t images(const Convolution& s, int64_t bytes) {
    constexpr int64_t kWide = 256;  // columns that a product should have
    const int64_t size = std::max<int64_t>(1, s.out_size());
    if (size >= kWide || s.group_out() < 8) return 1;
    const int64_t columns = std::max(kWide, kBlock / bytes / std::max<int64_t>(1, s.depth()));
    return std::clamp<int64_t>(columns / size, 1, std::max<int64_t>(1, s.batch));
  }

  Together(ScalarType type, const Convolution& s, int64_t images)
      : type_(type),
        e_(type),
        s_(s),
        width_(images * s.out_size()),
        columns_(s.depth() * width_ * e_.bytes()),
        outputs_(s.group_out() * width_ * e_.bytes()) {}

  // The three passes for the images [first, last) of one group; gw is added to where `add`.
  void run(const Forward& pass, int64_t g, int64_t first, int64_t last) {
    const int64_t out = s_.out_size(), k = s_.group_out(), depth = s_.depth(), count = (last - first) * out;
    read(pass.x, g, first, last);
    if (pass.bias != nullptr) e_.fill_rows(outputs_.data(), k, width_, count, e_.at(pass.bias, g * k));
    gemm(type_, k, count, depth, 1, {e_.at(pass.w, g * k * depth), depth, 1}, {columns_.data(), width_, 1},
         pass.bias != nullptr ? 1 : 0, outputs_.data(), width_);
    each_row(g, first, last, [&](int64_t row, int64_t at) {
      std::memcpy(e_.at(pass.y, row * out), e_.at(outputs_.data(), at), static_cast<size_t>(out * e_.bytes()));
    });
  }
  void run(const Data& pass, int64_t g, int64_t first, int64_t last) {
    const int64_t k = s_.group_out(), depth = s_.depth(), c = s_.group_in(), in = s_.in_size();
    gather(pass.gy, g, first, last);
    gemm(type_, depth, (last - first) * s_.out_size(), k, 1, {e_.at(pass.w, g * k * depth), 1, depth},
         {outputs_.data(), width_, 1}, 0, columns_.data(), width_);
    for (int64_t i = first; i < last; ++i) {
      char* gx = e_.at(pass.gx, (i * s_.groups + g) * c * in);
      if (pass.bias != nullptr) {
        e_.fill_rows(gx, c, in, in, e_.at(pass.bias, g * c));
      } else {
        e_.zero(gx, c * in);
      }
      add_columns(type_, s_, c, 0, s_.out_size(), e_.at(columns_.data(), (i - first) * s_.out_size()), width_, gx);
    }
  }
  void run(const Weight& pass, int64_t g, int64_t first, int64_t last, bool add) {
    const int64_t k = s_.group_out(), depth = s_.depth();
    read(pass.x, g, first, last);
    gather(pass.gy, g, first, last);
    gemm(type_, k, depth, (last - first) * s_.out_size(), 1, {outputs_.data(), width_, 1}, {columns_.data(), 1, width_},
         add ? 1 : 0, e_.at(pass.gw, g * k * depth), depth);
  }

 private:
  void read(const void* x, int64_t g, int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      read_columns(e_.bytes(), s_, s_.group_in(), 0, s_.out_size(),
                   e_.at(x, (i * s_.groups + g) * s_.group_in() * s_.in_size()),
                   e_.at(columns_.data(), (i - first) * s_.out_size()), width_);
    }
  }
  void gather(const void* y, int64_t g, int64_t first, int64_t last) {
    each_row(g, first, last, [&](int64_t row, int64_t at) {
      std::memcpy(e_.at(outputs_.data(), at), e_.at(y, row * s_.out_size()),
                  static_cast<size_t>(s_.out_size() * e_.bytes()));
    });
  }
  // f(which row of y, where it lies among the outputs).
  template <class F>
  void each_row(int64_t g, int64_t first, int64_t last, const F& f) const {
    for (int64_t i = first; i < last; ++i) {
      for (int64_t r = 0; r < s_.group_out(); ++r) {
        f((i * s_.groups + g) * s_.group_out() + r, r * width_ + (i - first) * s_.out_size());
      }
    }
  }

  ScalarType type_;
  Elements e_;
  const Convolution& s_;
  int64_t width_;
  Buffer<char> columns_, outputs_;
};

// Runs a pass by several images at a time. Returns false, having done nothing, for images that are large enough.
template <class Pass>
bool run_together(ScalarType type, const Convolution& s, const Pass& pass) {
  const int64_t images = Together::images(s, static_cast<int64_t>(element_size(type)));
  if (images <= 1) return false;
  const int64_t parts = (s.batch + images - 1) / images;
  if constexpr (std::is_same_v<Pass, Weight>) {
    // Summed in their order: threads share the products.
    Together work(type, s, images);
    for (int64_t g = 0; g < s.groups; ++g) {
      for (int64_t i = 0; i < parts; ++i) {
        work.run(pass, g, i * images, std::min(s.batch, (i + 1) * images), i > 0);
      }
    }
  } else {
    const int64_t tasks = parts * s.groups;
    parallel_for(0, tasks, tasks < get_num_threads() ? tasks : 1, [&](int64_t begin, int64_t end) {
      Together work(type, s, images);
      for (int64_t i = begin; i < end; ++i) {
        const int64_t part = i / s.groups;
        work.run(pass, i % s.groups, part * images, std::min(s.batch, (part + 1) * images));
      }
    });
  }
  return true;
}

}  // namespace

void columns(ScalarType type, const Convolution& s, const Forward& pass) {
  if (run_together(type, s, pass)) return;
  const Elements e(type);
  const int64_t in = s.in_size(), out = s.out_size(), depth = s.depth(), k = s.group_out();
  const bool product = is_product(s);
  const int64_t block = product ? out : block_of(s, e.bytes());
  each_image(s, [&](int64_t begin, int64_t end) {
    const Buffer<char> buffer(product ? 0 : block * depth * e.bytes());
    for (int64_t part = begin * s.groups; part < end * s.groups; ++part) {
      const char* x = e.at(pass.x, part * s.group_in() * in);
      const char* w = e.at(pass.w, part % s.groups * k * depth);
      for (int64_t first = 0; first < out; first += block) {
        const int64_t last = std::min(out, first + block);
        char* y = e.at(pass.y, part * k * out + first);
        if (pass.bias != nullptr) e.fill_rows(y, k, out, last - first, e.at(pass.bias, part % s.groups * k));
        if (!product) read_columns(e.bytes(), s, s.group_in(), first, last, x, buffer.data(), block);
        const MatrixView columns = product ? MatrixView{x, out, 1} : MatrixView{buffer.data(), block, 1};
        gemm(type, k, last - first, depth, 1, {w, depth, 1}, columns, pass.bias != nullptr ? 1 : 0, y, out);
      }
    }
  });
}

void columns(ScalarType type, const Convolution& s, const Data& pass) {
  if (run_together(type, s, pass)) return;
  const Elements e(type);
  const int64_t in = s.in_size(), out = s.out_size(), depth = s.depth(), k = s.group_out();
  const bool product = is_product(s);
  const int64_t block = product ? out : block_of(s, e.bytes());
  each_image(s, [&](int64_t begin, int64_t end) {
    const Buffer<char> buffer(product ? 0 : block * depth * e.bytes());
    for (int64_t part = begin * s.groups; part < end * s.groups; ++part) {
      char* gx = e.at(pass.gx, part * s.group_in() * in);
      const char* w = e.at(pass.w, part % s.groups * k * depth);
      if (pass.bias != nullptr) {
        e.fill_rows(gx, s.group_in(), in, in, e.at(pass.bias, part % s.groups * s.group_in()));
      } else if (!product) {
        e.zero(gx, s.group_in() * in);
      }
      for (int64_t first = 0; first < out; first += block) {
        const int64_t last = std::min(out, first + block);
        const char* gy = e.at(pass.gy, part * k * out + first);
        if (product) {
          gemm(type, depth, out, k, 1, {w, 1, depth}, {gy, out, 1}, pass.bias != nullptr ? 1 : 0, gx, out);
        } else {
          gemm(type, depth, last - first, k, 1, {w, 1, depth}, {gy, out, 1}, 0, buffer.data(), block);
          add_columns(type, s, s.group_in(), first, last, buffer.data(), block, gx);
        }
      }
    }
  });
}

// All images are summed in their order, so threads share the products.
void columns(ScalarType type, const Convolution& s, const Weight& pass) {
  if (run_together(type, s, pass)) return;
  const Elements e(type);
  const int64_t in = s.in_size(), out = s.out_size(), depth = s.depth(), k = s.group_out();
  const bool product = is_product(s);
  const int64_t block = product ? out : block_of(s, e.bytes());
  if (s.batch == 0 || out == 0) return e.zero(pass.gw, s.out_channels * depth);
  const auto group = [&](int64_t g, char* buffer) {
    char* gw = e.at(pass.gw, g * k * depth);
    for (int64_t image = 0; image < s.batch; ++image) {
      const int64_t part = image * s.groups + g;
      const char* x = e.at(pass.x, part * s.group_in() * in);
      for (int64_t first = 0; first < out; first += block) {
        const int64_t last = std::min(out, first + block);
        const char* gy = e.at(pass.gy, part * k * out + first);
        if (!product) read_columns(e.bytes(), s, s.group_in(), first, last, x, buffer, block);
        const MatrixView columns = product ? MatrixView{x, 1, out} : MatrixView{buffer, 1, block};
        gemm(type, k, depth, last - first, 1, {gy, out, 1}, columns, image + first == 0 ? 0 : 1, gw, depth);
      }
    }
  };
  parallel_for(0, s.groups, s.groups < get_num_threads() ? s.groups : 1, [&](int64_t begin, int64_t end) {
    const Buffer<char> buffer(product ? 0 : block * depth * e.bytes());
    for (int64_t g = begin; g < end; ++g) group(g, buffer.data());
  });
}

namespace {

std::atomic<bool> winograd_allowed{true};

// Whether the flat form is quicker than columns: not for plain products of matrices, nor for gradients of few rows or
// pixels.
bool is_better_flat(const Convolution& s, const Forward&) { return s.groups > 1 || !is_product(s); }
bool is_better_flat(const Convolution& s, const Data&) {
  return s.groups > 1 || (s.in_channels > 2 && s.kernel_size() > 1);
}
bool is_better_flat(const Convolution& s, const Weight&) {
  return s.out_size() >= 192 && (s.groups > 1 || s.depth() >= 32);
}

template <class Pass>
void take(ScalarType type, const Convolution& shape, const Pass& pass) {
  if (winograd(type, shape, pass)) return;
  // Over few pixels the sums of a weight gradient are shorter than its blocks are high.
  constexpr int64_t kFewPixels = 64;
  const bool many = !std::is_same_v<Pass, Weight> || shape.out_size() > kFewPixels;
  if (many && direct(type, shape, pass)) return;
  if (is_better_flat(shape, pass) && flat(type, shape, pass)) return;
  columns(type, shape, pass);
}

}  // namespace
}  // namespace conv

void set_winograd(bool on) { conv::winograd_allowed.store(on, std::memory_order_relaxed); }
bool winograd() { return conv::winograd_allowed.load(std::memory_order_relaxed); }

void convolution(ScalarType type, const Convolution& shape, const void* x, const void* w, const void* bias, void* y) {
  conv::take(type, shape, conv::Forward{x, w, bias, y});
}

void convolution_data(ScalarType type, const Convolution& shape, const void* gy, const void* w, const void* bias,
                      void* gx) {
  conv::take(type, shape, conv::Data{gy, w, bias, gx});
}

void convolution_weight(ScalarType type, const Convolution& shape, const void* gy, const void* x, void* gw) {
  conv::take(type, shape, conv::Weight{gy, x, gw});
}

}  // namespace rondo::kernels
