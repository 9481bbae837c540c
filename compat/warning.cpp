#include <rondo/compat/warning.h>

#include <atomic>
#include <cstdio>
#include <string_view>

namespace rondo {
namespace {

std::atomic<WarningHandler*> handler_object{nullptr};
std::atomic<bool> always_warns{false};

void hand_over(std::string_view text) {
  if (WarningHandler* handler = handler_object.load()) handler->process(Warning(std::string(text)));
}

}  // namespace

void WarningHandler::process(const Warning& warning) {
  process(warning.source_location(), warning.msg(), warning.verbatim());
}
void WarningHandler::process(const SourceLocation&, const std::string& message, bool) {
  std::fprintf(stderr, "rondo warning: %s\n", message.c_str());
}

void Warning::set_warning_handler(WarningHandler* handler) noexcept {
  handler_object.store(handler);
  rondo::set_warning_handler(handler ? &hand_over : nullptr);
}
WarningHandler* Warning::get_warning_handler() noexcept {
  static WarningHandler to_stderr;
  WarningHandler* const handler = handler_object.load();
  return handler ? handler : &to_stderr;
}
void Warning::set_warnAlways(bool always) noexcept { always_warns.store(always); }
bool Warning::get_warnAlways() noexcept { return always_warns.load(); }

}  // namespace rondo
