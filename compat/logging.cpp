#include <rondo/compat/logging.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace rondo::compat {

LogMessage::LogMessage(Severity severity, const char* file, int line) : severity_(severity) {
  std::string_view name(file);
  if (const size_t slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  text_ << '[' << "IWEF"[static_cast<int>(severity)] << ' ' << name << ':' << line << "] ";
}

LogMessage::~LogMessage() {
  text_ << '\n';
  std::cerr << text_.str();
  if (severity_ == Severity::FATAL) std::abort();
}

}  // namespace rondo::compat
