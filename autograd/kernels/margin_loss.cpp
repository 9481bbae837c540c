#include <rondo/autograd/kernels/margin_loss.h>

#include <rondo/autograd/base/parallel.h>

#include <algorithm>
#include <vector>

namespace rondo::kernels {
namespace {

template <class T>
void multilabel_rows(int64_t first, int64_t last, int64_t classes, const T* x, const int64_t* target, T* losses,
                     T* slopes) {
  std::vector<uint8_t> is_label(static_cast<size_t>(classes));
  const T unit = T(1) / static_cast<T>(classes);
  for (int64_t row = first; row < last; ++row) {
    const T* scores = x + row * classes;
    const int64_t* labels = target + row * classes;
    T* slope = slopes ? slopes + row * classes : nullptr;
    std::fill(is_label.begin(), is_label.end(), uint8_t(0));
    int64_t count = 0;
    for (; count < classes && labels[count] >= 0; ++count) is_label[static_cast<size_t>(labels[count])] = 1;
    if (slope) std::fill_n(slope, classes, T(0));
    double sum = 0;
    for (int64_t i = 0; i < count; ++i) {
      const T own = 1 - scores[labels[i]];
      int64_t beyond = 0;
      for (int64_t c = 0; c < classes; ++c) {
        const T z = own + scores[c];
        if (is_label[static_cast<size_t>(c)] || !(z > 0)) continue;
        sum += static_cast<double>(z);
        ++beyond;
        if (slope) slope[c] += unit;
      }
      if (slope) slope[labels[i]] -= static_cast<T>(beyond) * unit;
    }
    losses[row] = static_cast<T>(sum / static_cast<double>(classes));
  }
}

template <class T>
void multilabel_typed(int64_t rows, int64_t classes, const void* x, const int64_t* target, void* losses, void* slopes) {
  const int64_t grain = std::max<int64_t>(1, 8192 / std::max<int64_t>(1, classes * classes / 4));
  parallel_for(0, rows, grain, [&](int64_t first, int64_t last) {
    multilabel_rows(first, last, classes, static_cast<const T*>(x), target, static_cast<T*>(losses),
                    static_cast<T*>(slopes));
  });
}

}  // namespace

int64_t multilabel_margin(ScalarType type, int64_t rows, int64_t classes, const void* x, const int64_t* target,
                          void* losses, void* slopes) {
  for (int64_t i = 0; i < rows * classes; ++i) {
    if (target[i] >= classes || target[i] < -1) return i / classes;
  }
  type == kDouble ? multilabel_typed<double>(rows, classes, x, target, losses, slopes)
                  : multilabel_typed<float>(rows, classes, x, target, losses, slopes);
  return -1;
}

}  // namespace rondo::kernels
