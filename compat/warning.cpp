#include <rondo/compat/warning.h>

#include <atomic>
#include <string_view>

namespace rondo {
namespace {

std::atomic<WarningHandler*> handler_object{nullptr};
std::atomic<WarningFunction> function_before{nullptr};  // in force again when no object is
std::atomic<bool> always_warns{false};

WarningHandler& default_handler() {
  static WarningHandler handler;
  return handler;
}

void hand_over(std::string_view text) {
  if (WarningHandler* handler = handler_object.load()) handler->process(Warning(std::string(text)));
}

}  // namespace

void WarningHandler::process(const Warning& warning) {
  process(warning.source_location(), warning.msg(), warning.verbatim());
}
void WarningHandler::process(const SourceLocation&, const std::string& message, bool) { write_warning(message); }

void Warning::set_warning_handler(WarningHandler* handler) noexcept {
  // What get_warning_handler gives where none was set.
  if (handler == &default_handler()) handler = nullptr;
  const WarningHandler* const before = handler_object.exchange(handler);
  if (handler && !before) function_before.store(rondo::set_warning_handler(&hand_over));
  if (!handler && before) rondo::set_warning_handler(function_before.exchange(nullptr));
}
WarningHandler* Warning::get_warning_handler() noexcept {
  WarningHandler* const handler = handler_object.load();
  return handler ? handler : &default_handler();
}
void Warning::set_warnAlways(bool always) noexcept { always_warns.store(always); }
bool Warning::get_warnAlways() noexcept { return always_warns.load(); }

}  // namespace rondo
