// How convolutions lie in flat arrays. With zeros around an image, and its rows and columns sorted by their remainders
// by the stride, each tap of the window reads the same flat range, moved by a fixed distance; what falls between the
// lines of the result is computed and dropped.
#pragma once

#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/convolution.h>
#include <rondo/autograd/kernels/scratch.h>

#include <algorithm>
#include <array>
#include <vector>

namespace rondo::kernels::flat {
using Extents = std::array<int64_t, 3>;

inline int64_t volume(const Extents& e) { return e[0] * e[1] * e[2]; }
inline int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }
inline int64_t ceil_div(int64_t a, int64_t b) { return -floor_div(-a, b); }

// Cuts `size` into `parts` pieces that differ by at most one.
struct Split {
  int64_t size, parts;
  int64_t begin(int64_t i) const { return i * size / parts; }
};
inline Split split_by(int64_t size, int64_t limit) { return {size, (size + limit - 1) / limit}; }

// How one axis of an image lies in planes: plane f, one for each remainder in `phases`, has at j what the image has at
// j * stride + f + start, zeros outside.
struct Axis {
  int64_t stride, start, image, plane;
  std::vector<int64_t> phases;
};
struct Layout {
  std::array<Axis, 3> axes;

  Extents plane() const { return {axes[0].plane, axes[1].plane, axes[2].plane}; }
  int64_t planes() const {
    return static_cast<int64_t>(axes[0].phases.size() * axes[1].phases.size() * axes[2].phases.size());
  }
  // Whether the planes are the images themselves.
  bool is_image() const {
    return std::all_of(axes.begin(), axes.end(),
                       [](const Axis& a) { return a.stride == 1 && a.start == 0 && a.plane == a.image; });
  }
};

// One channel into its planes, which lie `distance` apart.
template <class T>
void fill_planes(const Layout& layout, const T* image, int64_t distance, T* to) {
  const auto& [z, y, x] = layout.axes;
  for (const int64_t fz : z.phases) {
    for (const int64_t fy : y.phases) {
      for (const int64_t fx : x.phases) {
        const int64_t left = fx + x.start;
        const int64_t first = std::clamp<int64_t>(ceil_div(-left, x.stride), 0, x.plane);
        const int64_t last = std::clamp<int64_t>(ceil_div(x.image - left, x.stride), first, x.plane);
        T* line = to;
        for (int64_t j = 0; j < z.plane; ++j) {
          const int64_t depth = j * z.stride + fz + z.start;
          for (int64_t i = 0; i < y.plane; ++i, line += x.plane) {
            const int64_t row = i * y.stride + fy + y.start;
            if (depth < 0 || depth >= z.image || row < 0 || row >= y.image) {
              std::fill(line, line + x.plane, T(0));
              continue;
            }
            const T* from = image + (depth * y.image + row) * x.image + left;
            std::fill(line, line + first, T(0));
            if (x.stride == 1) {
              std::copy(from + first, from + last, line + first);
            } else if (x.stride == 2) {
              for (int64_t k = first; k < last; ++k) line[k] = from[2 * k];
            } else {
              for (int64_t k = first; k < last; ++k) line[k] = from[k * x.stride];
            }
            std::fill(line + last, line + x.plane, T(0));
          }
        }
        to += distance;
      }
    }
  }
}

// A register's worth or more of the flat range: where it begins there, where its first number goes in the result, and
// which of its lanes belong to the result, in whose order they follow each other.
struct Strip {
  int64_t place, result;
  uint64_t lanes;
};

// Strips of `width` lanes that cover the result of extents `out` in a flat array of lines and layers of `plane`. Where
// nothing may be read behind the last number, the last strip begins earlier.
inline std::vector<Strip> strips_of(const Extents& out, const Extents& plane, int64_t width, bool exact) {
  std::vector<Strip> strips;
  const int64_t size = ((out[0] - 1) * plane[1] + out[1] - 1) * plane[2] + out[2];
  int64_t count = 0, end = 0;
  for (int64_t z = 0; z < out[0]; ++z) {
    for (int64_t y = 0; y < out[1]; ++y) {
      const int64_t line = (z * plane[1] + y) * plane[2];
      for (int64_t x = 0; x < out[2];) {
        if (line + x >= end) {
          const int64_t place = exact ? std::min(line + x, size - width) : line + x;
          strips.push_back({place, count, 0});
          end = place + width;
        }
        const int64_t taken = std::min(out[2] - x, end - line - x), lane = line + x - strips.back().place;
        strips.back().lanes |= (taken == 64 ? ~uint64_t(0) : ((uint64_t(1) << taken) - 1)) << lane;
        count += taken;
        x += taken;
      }
    }
  }
  return strips;
}

// The taps of one axis.
struct Taps {
  std::vector<int64_t> tap, plane, shift;  // which taps; the index of the plane and the distance at which each reads
};

// All combinations of three axes' taps: f(tap, index of the plane, offset).
template <class F>
void each_tap(const std::array<Taps, 3>& taps, const Extents& kernel, const Layout& layout, const F& f) {
  const auto phases = [&](int axis) {
    return static_cast<int64_t>(layout.axes[static_cast<size_t>(axis)].phases.size());
  };
  const Extents plane = layout.plane();
  for (size_t i = 0; i < taps[0].tap.size(); ++i) {
    for (size_t j = 0; j < taps[1].tap.size(); ++j) {
      for (size_t k = 0; k < taps[2].tap.size(); ++k) {
        f((taps[0].tap[i] * kernel[1] + taps[1].tap[j]) * kernel[2] + taps[2].tap[k],
          (taps[0].plane[i] * phases(1) + taps[1].plane[j]) * phases(2) + taps[2].plane[k],
          (taps[0].shift[i] * plane[1] + taps[1].shift[j]) * plane[2] + taps[2].shift[k]);
      }
    }
  }
}

// What the forward step and the weight's gradient read: the planes of x.
struct Forward {
  Layout layout;
  std::array<Taps, 3> taps;
  Extents out;

  explicit Forward(const Convolution& s) {
    for (size_t a = 0; a < 3; ++a) {
      Axis& axis = layout.axes[a];
      axis = {s.stride[a], -s.padding[a], s.in[a], s.out[a] + (s.kernel[a] - 1) * s.dilation[a] / s.stride[a], {}};
      for (int64_t r = 0; r < s.kernel[a]; ++r) {
        const int64_t phase = r * s.dilation[a] % s.stride[a];
        auto found = std::find(axis.phases.begin(), axis.phases.end(), phase);
        if (found == axis.phases.end()) found = axis.phases.insert(found, phase);
        taps[a].tap.push_back(r);
        taps[a].plane.push_back(found - axis.phases.begin());
        taps[a].shift.push_back(r * s.dilation[a] / s.stride[a]);
      }
      out[a] = s.out[a];
    }
  }
  // Of all channels and taps, in the order of the weight: where each reads in an image's planes.
  std::vector<int64_t> offsets(const Convolution& s) const {
    std::vector<int64_t> all;
    const int64_t plane = volume(layout.plane());
    for (int64_t c = 0; c < s.group_in(); ++c) {
      each_tap(taps, {s.kernel[0], s.kernel[1], s.kernel[2]}, layout,
               [&](int64_t, int64_t p, int64_t offset) { all.push_back((c * layout.planes() + p) * plane + offset); });
    }
    return all;
  }
};

constexpr int64_t kSlack = 64;  // zeros behind the planes, for the last strip

// The planes of some images at a time, or the images where they are planes already.
template <class T>
class Planes {
 public:
  Planes(const Layout& layout, int64_t channels, int64_t images, int64_t bytes, bool copies)
      : layout_(layout),
        channels_(channels),
        distance_(volume(layout.plane())),
        size_(channels * distance_ * layout.planes()),
        copies_(copies),
        count_(copies ? std::clamp<int64_t>(bytes / static_cast<int64_t>(sizeof(T)) / std::max<int64_t>(1, size_), 1,
                                            std::max<int64_t>(1, images))
                      : images),
        memory_(copies ? count_ * size_ + kSlack : 0) {
    if (copies) std::fill_n(memory_.data() + count_ * size_, kSlack, T(0));
  }
  bool copies() const { return copies_; }
  int64_t count() const { return count_; }
  int64_t image_size() const { return size_; }
  // The planes of images that begin `stride` apart.
  const T* fill(const T* images, int64_t stride, int64_t count) const {
    if (!copies_) return images;
    const auto& axes = layout_.axes;
    const int64_t channel = axes[0].image * axes[1].image * axes[2].image, planes = distance_ * layout_.planes();
    const int64_t grain = std::max<int64_t>(1, 16384 / std::max<int64_t>(1, planes));
    parallel_for(0, count * channels_, grain, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        fill_planes(layout_, images + i / channels_ * stride + i % channels_ * channel, distance_,
                    memory_.data() + i * planes);
      }
    });
    return memory_.data();
  }

 private:
  const Layout& layout_;
  int64_t channels_, distance_, size_;
  bool copies_;
  int64_t count_;
  Buffer<T> memory_;
};

}  // namespace rondo::kernels::flat
