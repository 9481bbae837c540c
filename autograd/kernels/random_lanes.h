// The vector loops behind random.h: from the engine's outputs to uniform and normal numbers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rondo::kernels {

// y[i] = u[i] * width + from, u of the low 24 bits of one word.
void uniform_of_words(const uint32_t* words, size_t n, float width, float from, float* y);
// u of the low 53 bits of two words, the first of them the high one.
void uniform_of_words(const uint32_t* words, size_t n, double width, double from, double* y);

// Box-Muller in blocks of 16 uniform numbers u: y[j] and y[j + 8] from 1 - u[j] (radius) and u[j + 8] (angle), j < 8.
void normal_of_words(const uint32_t* words, size_t blocks, float mean, float std, float* y);
void normal_of_words(const uint32_t* words, size_t blocks, double mean, double std, double* y);

}  // namespace rondo::kernels
