#include <rondo/autograd/base/error.h>

#include <atomic>
#include <iostream>

namespace rondo {
namespace {

std::string joined(std::string_view operation, std::string_view text) {
  std::string message;
  message.reserve(operation.size() + text.size() + 2);
  message.append(operation).append(": ").append(text);
  return message;
}

std::atomic<WarningFunction> handler_in_force{&write_warning};

}  // namespace

void fail(std::string_view operation, std::string_view text) { throw Error(joined(operation, text)); }
void fail_index(std::string_view operation, std::string_view text) { throw IndexError(joined(operation, text)); }
void fail_value(std::string_view operation, std::string_view text) { throw ValueError(joined(operation, text)); }
void fail_type(std::string_view operation, std::string_view text) { throw TypeError(joined(operation, text)); }
void fail_linalg(std::string_view operation, std::string_view text) { throw LinAlgError(joined(operation, text)); }

void write_warning(std::string_view text) {
  // One write, so that the lines of two threads do not mix.
  std::string line("rondo warning: ");
  line.append(text).push_back('\n');
  std::cerr << line;
}

void warn(std::string_view text) { handler_in_force.load()(text); }

WarningFunction set_warning_handler(WarningFunction handler) {
  return handler_in_force.exchange(handler ? handler : &write_warning);
}

}  // namespace rondo
