#include <rondo/autograd/base/error.h>
#include <rondo/autograd/tensor/options.h>

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string_view>

namespace rondo {
namespace {

constexpr std::array<std::string_view, 19> kNames{"cpu",  "cuda", "mkldnn", "opengl", "opencl", "ideep", "hip",
                                                  "fpga", "ort",  "xla",    "vulkan", "metal",  "xpu",   "mps",
                                                  "meta", "hpu",  "ve",     "lazy",   "ipu"};

}  // namespace

Device::Device(const std::string& text) : type_(kCPU), index_(-1) {
  const auto colon = text.find(':');
  const std::string_view name = std::string_view(text).substr(0, colon);
  bool good = false;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) {
      type_ = static_cast<DeviceType>(i);
      good = true;
    }
  }
  if (good && colon != std::string::npos) {
    const char* first = text.data() + colon + 1;
    const char* last = text.data() + text.size();
    int index = -1;
    const auto [end, error] = std::from_chars(first, last, index);
    good = error == std::errc() && end == last && *first != '-' && index <= 127 && (*first != '0' || last - first == 1);
    index_ = static_cast<int8_t>(index);
  }
  if (!good)
    fail("Device", fmt::format("Invalid device string: '{}'; need a name such as \"cpu\" or \"cuda:1\"", text));
}

std::string Device::str() const {
  const auto name = kNames[static_cast<size_t>(type_)];
  return has_index() ? fmt::format("{}:{}", name, index()) : std::string(name);
}

}  // namespace rondo
