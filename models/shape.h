// The shape of one sample, as options name it.
#pragma once

#include <rondo/autograd/base/dims.h>

namespace rondo::models {

// `{28, 28}`, `{}` for scalars written as Shape::scalar(), or not given at all. -1 stands for any length.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<int64_t> sizes) : sizes_(sizes), given_(true) {}
  Shape(IntArrayRef sizes) : sizes_(sizes), given_(true) {}
  Shape(const std::vector<int64_t>& sizes) : sizes_(IntArrayRef(sizes)), given_(true) {}
  static Shape scalar() { return Shape(IntArrayRef()); }

  bool given() const { return given_; }
  const Dims& sizes() const { return sizes_; }

 private:
  Dims sizes_;
  bool given_ = false;
};

// "(None, 8)": -1 printed as None.
std::string shape_text(IntArrayRef sizes);

}  // namespace rondo::models
