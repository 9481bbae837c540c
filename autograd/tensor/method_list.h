// clang-format off
// Written by tools/methods.py from the declarations marked RONDO_METHOD.
// pointwise.h
Tensor lerp(const Tensor& end, Scalar weight) const;
Tensor clamp_min(Scalar min) const;
Tensor clamp_max(Scalar max) const;
// clang-format on
