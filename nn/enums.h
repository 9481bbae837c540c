// Choices that options take: kMean, kReLU, ... Each is an object of a type of its own, rondo::enumtype::kMean, so that
// an option lists in its type what it accepts.
#pragma once

#include <rondo/autograd/ops/loss.h>

#include <string>
#include <type_traits>

// clang-format off
#define RONDO_ENUMS(F)                                                                                          \
  F(Linear) F(Conv1D) F(Conv2D) F(Conv3D) F(ConvTranspose1D) F(ConvTranspose2D) F(ConvTranspose3D) F(Sigmoid)   \
  F(Tanh) F(ReLU) F(GELU) F(SiLU) F(Mish) F(LeakyReLU) F(FanIn) F(FanOut) F(Constant) F(Reflect) F(Replicate)   \
  F(Circular) F(Nearest) F(Bilinear) F(Bicubic) F(Trilinear) F(Area) F(NearestExact) F(Sum) F(Mean) F(Max)      \
  F(None) F(BatchMean) F(Zeros) F(Border) F(Reflection) F(RNN_TANH) F(RNN_RELU) F(LSTM) F(GRU) F(Valid) F(Same)
// clang-format on

namespace rondo {
namespace enumtype {

#define RONDO_DECLARE(name) name,
enum class Kind : uint8_t { RONDO_ENUMS(RONDO_DECLARE) };
#undef RONDO_DECLARE
#define RONDO_DECLARE(name)                  \
  struct k##name {                           \
    static constexpr Kind kind = Kind::name; \
    constexpr k##name() {}                   \
  };
RONDO_ENUMS(RONDO_DECLARE)
#undef RONDO_DECLARE

// "kMean".
const char* name_of(Kind kind);

// One of the listed choices: a variant of types that hold nothing.
template <class... Choices>
class OneOf {
 public:
  template <class Choice>
  requires((std::is_same_v<Choice, Choices> || ...)) constexpr OneOf(Choice) : kind_(Choice::kind) {}
  constexpr Kind kind() const { return kind_; }
  template <class Choice>
  constexpr bool is() const {
    static_assert((std::is_same_v<Choice, Choices> || ...), "not one of the choices");
    return kind_ == Choice::kind;
  }
  // The place of the choice in the list.
  constexpr size_t index() const {
    size_t place = 0;
    static_cast<void>(((kind_ == Choices::kind || (++place, false)) || ...));
    return place;
  }
  friend constexpr bool operator==(OneOf a, OneOf b) { return a.kind_ == b.kind_; }

 private:
  Kind kind_;
};

template <class... Choices>
std::string get_enum_name(const OneOf<Choices...>& choice) {
  return name_of(choice.kind());
}
template <class Choice, class... Choices>
constexpr bool holds_alternative(const OneOf<Choices...>& choice) {
  return choice.template is<Choice>();
}

// The number that the loss operations take, for kNone, kMean and kSum.
template <class... Choices>
constexpr Reduction::Reduction reduction_get_enum(const OneOf<Choices...>& choice) {
  if (choice.kind() == Kind::None) return Reduction::None;
  return choice.kind() == Kind::Sum ? Reduction::Sum : Reduction::Mean;
}

}  // namespace enumtype

#define RONDO_DECLARE(name) inline constexpr enumtype::k##name k##name;
RONDO_ENUMS(RONDO_DECLARE)
#undef RONDO_DECLARE

}  // namespace rondo
