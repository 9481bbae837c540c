// Choosing the processor's target once, for kernels so short that Highway's own look-up would show. Includes nothing:
// Highway's headers may not come before foreach_target.h.
#pragma once

// The best target's version of a function named in HWY_EXPORT. The table is asked after the target is known: its first
// entry would detect the processor again at every call.
#define RONDO_CHOSEN(function)                                \
  ([] {                                                       \
    static const auto chosen = [] {                           \
      hwy::GetChosenTarget().Update(hwy::SupportedTargets()); \
      return &HWY_DYNAMIC_DISPATCH(function);                 \
    }();                                                      \
    return chosen;                                            \
  }())
