// Losses with a margin: of pairs, triplets and labels. All end in a reduction (loss.h); wrong shapes throw Error.
#pragma once

#include <rondo/autograd/ops/loss.h>

namespace rondo {

// max(0, margin - target (input1 - input2)): target 1 where input1 should be larger, -1 where input2 should.
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0,
                           int64_t reduction = Reduction::Mean);
// self where target is 1, max(0, margin - self) where it is -1.
Tensor hinge_embedding_loss(const Tensor& self, const Tensor& target, double margin = 1,
                            int64_t reduction = Reduction::Mean);
// 1 - cos where target is 1, max(0, cos - margin) where it is -1; rows (N, D) with targets (N,), or (D,) with ().
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin = 0,
                             int64_t reduction = Reduction::Mean);
// max(0, |anchor - positive| - |anchor - negative| + margin) by pairwise_distance; swap: |positive - negative| counts
// where it is the smaller one.
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin = 1,
                           double p = 2, double eps = 1e-6, bool swap = false, int64_t reduction = Reduction::Mean);
// log(1 + exp(-target self)), without overflow.
Tensor soft_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);
// sum over the classes c != t of weight[t] max(0, margin - self[t] + self[c])^p / C, p 1 or 2; scores (N, C) or (C,),
// classes of int64 (N,) or ().
Tensor multi_margin_loss(const Tensor& self, const Tensor& target, Scalar p = 1, Scalar margin = 1,
                         const Tensor& weight = {}, int64_t reduction = Reduction::Mean);
// sum over the labels t of a row and the classes c that are none of them of max(0, 1 - self[t] + self[c]) / C; target
// holds a row's labels in front, int64, of self's shape (N, C) or (C,), the first -1 ends them.
Tensor multilabel_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction = Reduction::Mean);

}  // namespace rondo
