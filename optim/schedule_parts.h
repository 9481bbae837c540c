// What the files of schedules share.
#pragma once

#include <rondo/optim/schedulers.h>

#include <string>

namespace rondo::optim {

inline double real(int64_t x) { return static_cast<double>(x); }

// What was given for a parameter group. Throws Error for a group that was added after the schedule had been made.
template <class T>
const T& of_group(const char* schedule, const std::vector<T>& given, size_t group) {
  if (group < given.size()) return given[group];
  fail(schedule, "was made for " + std::to_string(given.size()) +
                     " parameter groups, and the optimizer has more now; make another schedule");
}

}  // namespace rondo::optim
