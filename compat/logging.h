// The logging macros that programs have from libtorch's headers (glog's): LOG(INFO) << ..., CHECK(x) << ...,
// CHECK_EQ(a, b).
#pragma once

#include <sstream>

namespace rondo::compat {

enum class Severity { INFO, WARNING, ERROR, FATAL };

// Collects a message and writes it to std::cerr as "[W file.cpp:12] text" when it goes; FATAL ends the process then.
class LogMessage {
 public:
  LogMessage(Severity severity, const char* file, int line);
  ~LogMessage();
  LogMessage(const LogMessage&) = delete;
  LogMessage& operator=(const LogMessage&) = delete;
  std::ostream& stream() { return text_; }

 private:
  Severity severity_;
  std::ostringstream text_;
};

// Makes both branches of a conditional void.
struct Silent {
  void operator&(std::ostream&) const {}
};

}  // namespace rondo::compat

#define RONDO_LOG(severity) \
  ::rondo::compat::LogMessage(::rondo::compat::Severity::severity, __FILE__, __LINE__).stream()
#define RONDO_LOG_UNLESS(severity, condition) \
  (condition) ? static_cast<void>(0) : ::rondo::compat::Silent() & RONDO_LOG(severity)

// A program may have macros of its own that are so called.
#ifndef LOG
#define LOG(severity) RONDO_LOG(severity)
#define LOG_IF(severity, condition) RONDO_LOG_UNLESS(severity, !(condition))
#endif
#ifndef VLOG
#define VLOG(level) RONDO_LOG_UNLESS(INFO, true)
#endif
#ifndef CHECK
#define CHECK(condition) RONDO_LOG_UNLESS(FATAL, condition) << "Check failed: " #condition " "
#define CHECK_EQ(a, b) CHECK((a) == (b))
#define CHECK_NE(a, b) CHECK((a) != (b))
#define CHECK_LT(a, b) CHECK((a) < (b))
#define CHECK_LE(a, b) CHECK((a) <= (b))
#define CHECK_GT(a, b) CHECK((a) > (b))
#define CHECK_GE(a, b) CHECK((a) >= (b))
#endif
#ifndef DCHECK
#ifdef NDEBUG
#define RONDO_DCHECK(condition) CHECK(true || (condition))
#else
#define RONDO_DCHECK(condition) CHECK(condition)
#endif
#define DCHECK(condition) RONDO_DCHECK(condition)
#define DCHECK_EQ(a, b) RONDO_DCHECK((a) == (b))
#define DCHECK_NE(a, b) RONDO_DCHECK((a) != (b))
#define DCHECK_LT(a, b) RONDO_DCHECK((a) < (b))
#define DCHECK_LE(a, b) RONDO_DCHECK((a) <= (b))
#define DCHECK_GT(a, b) RONDO_DCHECK((a) > (b))
#define DCHECK_GE(a, b) RONDO_DCHECK((a) >= (b))
#endif
