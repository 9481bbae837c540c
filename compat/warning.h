// libtorch's warning handlers, which are objects. c10::Warning is a message and, as in libtorch 1, the place of the
// functions that libtorch 2 keeps in c10::WarningUtils.
#pragma once

#include <rondo/autograd/base/error.h>

#include <string>
#include <utility>

namespace rondo {

class Warning;

// Sees the warnings once it is set; a program overrides one of the two functions.
class WarningHandler {
 public:
  virtual ~WarningHandler() = default;
  virtual void process(const Warning& warning);
  virtual void process(const SourceLocation& place, const std::string& message, bool verbatim);
};

class Warning {
 public:
  explicit Warning(std::string message, SourceLocation place = {"", "", 0}, bool verbatim = false)
      : message_(std::move(message)), place_(place), verbatim_(verbatim) {}
  const std::string& msg() const { return message_; }
  const SourceLocation& source_location() const { return place_; }
  bool verbatim() const { return verbatim_; }

  // The handler must live until another one is set; nullptr stands for the default (std::cerr).
  static void set_warning_handler(WarningHandler* handler) noexcept;
  static WarningHandler* get_warning_handler() noexcept;
  // Whether TORCH_WARN_ONCE warns each time.
  static void set_warnAlways(bool always) noexcept;
  static bool get_warnAlways() noexcept;

  class WarningHandlerGuard {
   public:
    explicit WarningHandlerGuard(WarningHandler* handler) : before_(get_warning_handler()) {
      set_warning_handler(handler);
    }
    ~WarningHandlerGuard() { set_warning_handler(before_); }
    WarningHandlerGuard(const WarningHandlerGuard&) = delete;
    WarningHandlerGuard& operator=(const WarningHandlerGuard&) = delete;

   private:
    WarningHandler* before_;
  };
  struct WarnAlways {
    explicit WarnAlways(bool always = true) : before_(get_warnAlways()) { set_warnAlways(always); }
    ~WarnAlways() { set_warnAlways(before_); }
    WarnAlways(const WarnAlways&) = delete;
    WarnAlways& operator=(const WarnAlways&) = delete;

   private:
    bool before_;
  };

 private:
  std::string message_;
  SourceLocation place_;
  bool verbatim_;
};

namespace WarningUtils {
inline void set_warning_handler(WarningHandler* handler) noexcept { Warning::set_warning_handler(handler); }
inline WarningHandler* get_warning_handler() noexcept { return Warning::get_warning_handler(); }
inline void set_warnAlways(bool always) noexcept { Warning::set_warnAlways(always); }
inline bool get_warnAlways() noexcept { return Warning::get_warnAlways(); }
using WarnAlways = Warning::WarnAlways;
using WarningHandlerGuard = Warning::WarningHandlerGuard;
}  // namespace WarningUtils

}  // namespace rondo
