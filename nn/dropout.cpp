#include <rondo/nn/dropout.h>

#include <fmt/format.h>

#include <ostream>

namespace rondo::nn {
namespace {

void check(double p) {
  if (p >= 0 && p <= 1) return;
  fail("Dropout", fmt::format("dropout probability has to be between 0 and 1, but got {}", p));
}

}  // namespace

#define RONDO_DROPOUT(Name, call)                                                                                     \
  Name##Impl::Name##Impl(double p) : Name##Impl(DropoutOptions(p)) {}                                                 \
  Name##Impl::Name##Impl(const DropoutOptions& options_) : options(options_) { Name##Impl::reset(); }                 \
  void Name##Impl::reset() { check(options.p()); }                                                                    \
  void Name##Impl::pretty_print(std::ostream& stream) const {                                                         \
    stream << "torch::nn::" #Name "(p=" << options.p() << ", inplace=" << std::boolalpha << options.inplace() << ")"; \
  }                                                                                                                   \
  Tensor Name##Impl::forward(const Tensor& input) {                                                                   \
    const double p = options.p();                                                                                     \
    const bool training = is_training(), inplace = options.inplace();                                                 \
    return functional::detail::call;                                                                                  \
  }

RONDO_DROPOUT(Dropout, dropout(input, p, training, inplace))
RONDO_DROPOUT(Dropout2d, dropout_channels(input, p, training, inplace, 4))
RONDO_DROPOUT(Dropout3d, dropout_channels(input, p, training, inplace, 5))
RONDO_DROPOUT(AlphaDropout, alpha_dropout(input, p, training, inplace, false))
RONDO_DROPOUT(FeatureAlphaDropout, alpha_dropout(input, p, training, inplace, true))
#undef RONDO_DROPOUT

}  // namespace rondo::nn
