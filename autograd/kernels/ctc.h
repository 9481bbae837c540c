// Connectionist temporal classification: sums over all alignments, in logarithms of float64. float32 and float64.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// The states of a sample are its labels with blanks between and around them: 2 length + 1.
struct CtcShape {
  int64_t steps, batch, classes, blank;
  int64_t most_states;  // of any sample
  // For each sample: its labels (checked), how many, and how many steps count.
  const int64_t* labels;
  const int64_t* first_label;
  const int64_t* label_counts;
  const int64_t* step_counts;
};

// log_probs [steps, batch, classes], contiguous. losses [batch]: -log of the labels' probability. log_alpha [batch,
// steps, most_states]: of the beginnings that end in each state.
void ctc_loss(ScalarType type, const CtcShape& shape, const void* log_probs, double* losses, double* log_alpha);
// gx [steps, batch, classes] = scale[sample] times the gradient of its loss: less the probability that a step has a
// class. NaN for infinite losses with a scale other than 0, zeros behind a sample's steps.
void ctc_loss_backward(ScalarType type, const CtcShape& shape, const void* log_probs, const double* losses,
                       const double* log_alpha, const double* scale, void* gx);

}  // namespace rondo::kernels
