#include <rondo/autograd/base/demangle.h>
#include <rondo/autograd/graph/anomaly.h>
#include <rondo/autograd/graph/hooks.h>
#include <rondo/autograd/graph/mode.h>

#include <dlfcn.h>
#include <execinfo.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace rondo::graph {
namespace {

constexpr int kMostCalls = 64;

// What binutils' addr2line says of an address of a program or library, if it is installed: "function at file:line".
std::string ask_addr2line(const char* file, uintptr_t offset) {
  std::string quoted;
  for (const char* c = file; *c; ++c) quoted += *c == '\'' ? std::string("'\\''") : std::string(1, *c);
  FILE* pipe = popen(fmt::format("addr2line -Cfpe '{}' {:#x} 2>/dev/null", quoted, offset).c_str(), "r");
  if (!pipe) return {};
  char line[1024];
  std::string text;
  while (std::fgets(line, sizeof line, pipe)) text += line;
  pclose(pipe);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.find("??:") == std::string::npos ? text : std::string();
}

// One call; empty for calls within the library, which say nothing to its user.
std::string describe_call(void* address) {
  Dl_info info{};
  // A return address is that of the next instruction, which may belong to the next line.
  const char* at = static_cast<const char*>(address) - 1;
  if (!dladdr(at, &info) || !info.dli_fname) return {};
  std::string text =
      ask_addr2line(info.dli_fname, static_cast<uintptr_t>(at - static_cast<const char*>(info.dli_fbase)));
  if (text.empty()) text = ask_addr2line(info.dli_fname, reinterpret_cast<uintptr_t>(at));  // not relocated
  if (text.empty()) {
    text = info.dli_sname ? base::demangle(info.dli_sname)
                          : fmt::format("{} in {}", static_cast<const void*>(at), info.dli_fname);
  }
  const std::string function = text.substr(0, text.find(" at "));
  for (const char* own : {"rondo::graph::", "rondo::ops::", "rondo::base::", "rondo::Tensor::"}) {
    if (function.starts_with(own)) return {};
  }
  return text;
}

std::string describe_calls(const std::vector<void*>& addresses) {
  std::string text;
  for (void* address : addresses) {
    const std::string call = describe_call(address);
    if (call.empty()) continue;
    text += "\n  " + call;
    if (call.starts_with("main ") || call == "main") break;
  }
  return text;
}

}  // namespace

void remember_origin(Node& node) {
  NodeHooks& hooks = node.make_hooks();
  void* calls[kMostCalls];
  const int count = backtrace(calls, kMostCalls);
  hooks.recorded_at.assign(calls + 1, calls + (count > 1 ? count : 1));
  hooks.recorded_by = base::Ref<Node>(modes.running);
}

void warn_of_origin(const Node& node) {
  const NodeHooks* hooks = node.hooks();
  if (!hooks || hooks->recorded_at.empty()) {
    warn(
        fmt::format("Error detected in {}. No forward pass information available. Enable detect anomaly during "
                    "forward pass for more information.",
                    node.name()));
    return;
  }
  warn(fmt::format("Error detected in {}. Traceback of forward call that caused the error:{}", node.name(),
                   describe_calls(hooks->recorded_at)));
  for (const Node* by = hooks->recorded_by.get(); by;) {
    const NodeHooks* theirs = by->hooks();
    warn(
        fmt::format("Previous calculation was induced by {}. Traceback of forward call that induced the previous "
                    "calculation:{}",
                    by->name(), theirs ? describe_calls(theirs->recorded_at) : std::string()));
    by = theirs ? theirs->recorded_by.get() : nullptr;
  }
}

}  // namespace rondo::graph
