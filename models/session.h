// What all models of a process share: the floating type of new layers, epsilon, and the counters that names come from.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <string>
#include <string_view>

namespace rondo::models {

// The floating type that layers are made in and that data is cast to: "float32" (at first) or "float64". A model takes
// the type that was in force when its first layer was made. set_floatx throws ValueError for any other name.
void set_floatx(std::string_view name);
std::string floatx();
ScalarType floatx_type();

// The fuzz factor of losses, 1e-7.
inline constexpr double kEpsilon = 1e-7;

// Starts the counters of names again: the next Dense layer is called "dense".
void clear_session();

// "MaxPooling2D" -> "max_pooling2d".
std::string to_snake_case(std::string_view class_name);

// "dense", "dense_1", ...: one counter for each class and process.
std::string unique_name(std::string_view class_name);

}  // namespace rondo::models
