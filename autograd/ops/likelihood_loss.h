// Losses that are negative log-likelihoods. All end in a reduction (loss.h); wrong shapes throw Error.
#pragma once

#include <rondo/autograd/ops/loss.h>

namespace rondo {

// target (log target - self), self being log-probabilities, as is target with log_target; 0 where the target is 0.
Tensor kl_div(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean, bool log_target = false);
// exp(input) - target input, or input - target log(input + eps) where input is the rate itself; full adds Stirling's
// approximation of log(target!) where target > 1.
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full, double eps,
                        int64_t reduction);
// Connectionist temporal classification (Graves et al. 2006): -log of the probability that the labels come out of
// log_probs (T, N, C) or (T, C) once repeated labels are joined and blanks are dropped. targets: integers (N, S), or
// those of all samples in a row; lengths: how many steps and labels count for each sample. Mean: of each loss by its
// number of labels. zero_infinity: 0 instead of infinity where the labels do not fit into the steps.
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths, IntArrayRef target_lengths,
                int64_t blank = 0, int64_t reduction = Reduction::Mean, bool zero_infinity = false);
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, int64_t blank = 0, int64_t reduction = Reduction::Mean,
                bool zero_infinity = false);
// Other names of nll_loss.
Tensor nll_loss2d(const Tensor& self, const Tensor& target, const Tensor& weight = {},
                  int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
Tensor nll_loss_nd(const Tensor& self, const Tensor& target, const Tensor& weight = {},
                   int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);

}  // namespace rondo
