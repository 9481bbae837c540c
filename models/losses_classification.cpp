// Cross entropies, of probabilities and of logits.
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/models/losses.h>
#include <rondo/models/session.h>

namespace rondo::losses {
namespace {

using models::kEpsilon;

Tensor limited(const Tensor& p) { return clamp(p, Scalar(kEpsilon), Scalar(1 - kEpsilon)); }

// What stands for "no class is ignored": no label is as small as this.
constexpr int64_t kNone = -(int64_t{1} << 62);

}  // namespace

Tensor categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits, double label_smoothing) {
  const double classes = static_cast<double>(y_pred.size(-1));
  const Tensor t = label_smoothing == 0 ? y_true : y_true * (1 - label_smoothing) + label_smoothing / classes;
  if (from_logits) return -sum(t * log_softmax(y_pred, -1), -1);
  return -sum(t * log(limited(y_pred / sum(y_pred, -1, true))), -1);
}

Tensor sparse_categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits,
                                       std::optional<int64_t> ignore_class) {
  // Keras 2 feeds the logarithms of limited probabilities to the softmax again.
  const Tensor logits = from_logits ? y_pred : log(limited(y_pred));
  const int64_t ignored = ignore_class.value_or(kNone);
  if (logits.dim() == 2) return cross_entropy_loss(logits, y_true, {}, Reduction::None, ignored);
  const Tensor rows = logits.reshape({-1, logits.size(-1)});
  return cross_entropy_loss(rows, y_true.reshape({-1}), {}, Reduction::None, ignored).reshape(y_true.sizes());
}

Tensor binary_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits, double label_smoothing) {
  const Tensor t = label_smoothing == 0 ? y_true : y_true * (1 - label_smoothing) + label_smoothing / 2;
  if (from_logits) return mean(binary_cross_entropy_with_logits(y_pred, t, {}, {}, Reduction::None), -1);
  const Tensor p = limited(y_pred);
  return -mean(t * log(p + kEpsilon) + (1 - t) * log(1 - p + kEpsilon), -1);
}

}  // namespace rondo::losses
