// Archives as safetensors files: tensors under their paths, all else as texts of the file's metadata.
#include <rondo/autograd/serialize/archive_format.h>

#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/json.h>
#include <rondo/autograd/serialize/pt.h>
#include <rondo/autograd/serialize/safetensors.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace rondo::serialize {
namespace {

constexpr int64_t kVersion = 1;
constexpr std::string_view kVersionKey = "rondo", kLeavesKey = "requires_grad", kValuePrefix = "value/";

// ---- values as texts ----

std::string text_of(double value) {
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr);
}

template <class T>
bool parse(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

template <class T>
std::string list_text(const char* kind, const std::vector<T>& list) {
  std::string text = kind;
  for (size_t i = 0; i < list.size(); ++i) {
    if (i > 0) text.push_back(' ');
    if constexpr (std::is_same_v<T, double>) {
      text += text_of(list[i]);
    } else {
      text += fmt::to_string(list[i]);
    }
  }
  return text;
}

template <class T>
bool parse_list(std::string_view text, std::vector<T>& list) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    T value{};
    if (!parse(text.substr(0, end), value)) return false;
    list.push_back(value);
    if (end + 1 == text.size()) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

bool parse_hexadecimal(std::string_view text, std::string& bytes) {
  if (text.size() % 2 != 0) return false;
  for (size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    if (error != std::errc() || end != text.data() + i + 2) return false;
    bytes.push_back(static_cast<char>(value));
  }
  return true;
}

std::string text_of(const IValue& value) {
  if (value.isInt()) return fmt::format("int:{}", value.toInt());
  if (value.isDouble()) return "float:" + text_of(value.toDouble());
  if (value.isBool()) return value.toBool() ? "bool:true" : "bool:false";
  if (value.isIntList()) return list_text("ints:", value.toIntVector());
  if (value.isDoubleList()) return list_text("floats:", value.toDoubleVector());
  if (value.isTensorList()) return fmt::format("tensors:{}", value.toTensorVector().size());
  if (value.isTensor()) return "undefined:";
  if (value.isNone()) return "none:";
  const std::string& text = value.toStringRef();
  return is_utf8(text) ? "string:" + text : "bytes:" + hexadecimal(text);
}

// False for texts that text_of does not write. Lists of tensors come out empty; their length goes to `tensors`.
bool parse_value(std::string_view text, IValue& value, size_t& tensors) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view kind = text.substr(0, colon), rest = text.substr(colon + 1);
  if (kind == "int") {
    int64_t number = 0;
    if (!parse(rest, number)) return false;
    value = IValue(number);
  } else if (kind == "float") {
    double number = 0;
    if (!parse(rest, number)) return false;
    value = IValue(number);
  } else if (kind == "bool") {
    if (rest != "true" && rest != "false") return false;
    value = IValue(rest == "true");
  } else if (kind == "ints") {
    std::vector<int64_t> list;
    if (!parse_list(rest, list)) return false;
    value = IValue(std::move(list));
  } else if (kind == "floats") {
    std::vector<double> list;
    if (!parse_list(rest, list)) return false;
    value = IValue(std::move(list));
  } else if (kind == "tensors") {
    if (!parse(rest, tensors)) return false;
    value = IValue(std::vector<Tensor>());
  } else if (kind == "undefined" && rest.empty()) {
    value = IValue(Tensor());
  } else if (kind == "none" && rest.empty()) {
    value = IValue();
  } else if (kind == "string") {
    value = IValue(std::string(rest));
  } else if (kind == "bytes") {
    std::string bytes;
    if (!parse_hexadecimal(rest, bytes)) return false;
    value = IValue(std::move(bytes));
  } else {
    return false;
  }
  return true;
}

// ---- which tensors require grad: the names in the file's order, as ranges of their places ("0-5 7") ----

std::string ranges_of(const std::vector<bool>& marks) {
  std::string text;
  for (size_t i = 0; i < marks.size(); ++i) {
    if (!marks[i]) continue;
    const size_t first = i;
    while (i + 1 < marks.size() && marks[i + 1]) ++i;
    if (!text.empty()) text.push_back(' ');
    text += first == i ? fmt::to_string(first) : fmt::format("{}-{}", first, i);
  }
  return text;
}

// Marks the tensors of the ranges. False for ranges that are not in order or beyond the tensors.
bool mark_leaves(std::string_view text, const Safetensors& file) {
  size_t next = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view range = text.substr(0, end);
    const size_t dash = std::min(range.find('-'), range.size());
    size_t first = 0, last = 0;
    if (!parse(range.substr(0, dash), first)) return false;
    last = first;
    if (dash < range.size() && !parse(range.substr(dash + 1), last)) return false;
    if (first < next || last < first || last >= file.tensors.size()) return false;
    for (size_t i = first; i <= last; ++i) {
      if (!file.tensors[i].second.is_floating_point()) return false;
      file.tensors[i].second.requires_grad_();
    }
    next = last + 1;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

std::string element_path(const std::string& list, size_t place) { return fmt::format("{}.{}", list, place); }

Entries from_safetensors(const Source& source, Safetensors file) {
  const auto version = std::find_if(file.metadata.begin(), file.metadata.end(),
                                    [](const auto& text) { return text.first == kVersionKey; });
  const bool own = version != file.metadata.end();
  if (own) {
    int64_t number = 0;
    if (!parse(std::string_view(version->second), number) || number < 1) {
      source.fail(fmt::format("'{}' is no version of the format", version->second));
    }
    if (number > kVersion) {
      source.fail(fmt::format("it has version {} of the format; this rondo reads up to version {}", number, kVersion));
    }
  }
  Entries entries;
  struct List {
    std::string path;
    size_t size;
  };
  std::vector<List> lists;
  for (const auto& [key, text] : file.metadata) {
    if (!own) continue;
    if (key == kLeavesKey && !mark_leaves(text, file)) source.fail(fmt::format("'{}' names no tensors", text));
    if (!std::string_view(key).starts_with(kValuePrefix)) continue;
    Entry entry{key.substr(kValuePrefix.size()), IValue()};
    size_t tensors = 0;
    if (!parse_value(text, entry.value, tensors)) {
      source.fail(fmt::format("'{}' is no value (of '{}')", text, entry.path));
    }
    if (entry.value.isTensorList()) {
      lists.push_back({std::move(entry.path), tensors});
    } else {
      entries.list.push_back(std::move(entry));
    }
  }
  for (auto& [name, tensor] : file.tensors) {
    std::string path;
    // Other programs' names may have a percent sign.
    for (const char c : name) {
      if (c == '%' && !own) {
        path += "%25";
      } else {
        path.push_back(c);
      }
    }
    entries.list.push_back({std::move(path), IValue(std::move(tensor))});
  }
  const auto check = [&](int64_t twice) {
    if (twice >= 0) source.fail(fmt::format("'{}' comes twice", entries.list[static_cast<size_t>(twice)].path));
  };
  check(entries.sort());
  for (const List& list : lists) {
    std::vector<Tensor> tensors;
    for (size_t i = 0; i < list.size; ++i) {
      const IValue* element = entries.find(element_path(list.path, i));
      if (!element || !element->isTensor()) {
        source.fail(fmt::format("'{}' is a list of {} tensors, but number {} is missing", list.path, list.size, i));
      }
      tensors.push_back(element->toTensor());
    }
    entries.list.push_back({list.path, IValue(std::move(tensors))});
    // The order may be sorted late: the elements that are looked up are there already.
  }
  check(entries.sort());
  return entries;
}

}  // namespace

std::string escaped(std::string_view key) {
  std::string part;
  for (const char c : key) {
    if (c == '.') {
      part += "%2E";
    } else if (c == '%') {
      part += "%25";
    } else {
      part.push_back(c);
    }
  }
  return part;
}

std::string unescaped(std::string_view part) {
  std::string key;
  for (size_t i = 0; i < part.size(); ++i) {
    const std::string_view code = part.substr(i, 3);
    if (code == "%2E" || code == "%25") {
      key.push_back(code == "%2E" ? '.' : '%');
      i += 2;
    } else {
      key.push_back(part[i]);
    }
  }
  return key;
}

void write_archive(Sink& sink, const Entries& entries) {
  Safetensors file;
  file.metadata.emplace_back(kVersionKey, fmt::to_string(kVersion));
  for (const Entry& entry : entries.list) {
    const IValue& value = entry.value;
    if (value.isTensor() && value.toTensor().defined()) {
      file.tensors.emplace_back(entry.path, value.toTensor());
      continue;
    }
    file.metadata.emplace_back(std::string(kValuePrefix) + entry.path, text_of(value));
    if (!value.isTensorList()) continue;
    const std::vector<Tensor>& tensors = value.toTensorVector();
    for (size_t i = 0; i < tensors.size(); ++i) file.tensors.emplace_back(element_path(entry.path, i), tensors[i]);
  }
  // write_safetensors sorts in the same way; the marks are places in the file.
  std::stable_sort(file.tensors.begin(), file.tensors.end(), before_in_file);
  std::vector<bool> leaves;
  for (const auto& [path, tensor] : file.tensors) leaves.push_back(tensor.defined() && tensor.requires_grad());
  if (std::string ranges = ranges_of(leaves); !ranges.empty()) {
    file.metadata.emplace_back(kLeavesKey, std::move(ranges));
  }
  write_safetensors(sink, std::move(file));
}

Entries read_archive(const Source& source) {
  return is_pt(source) ? read_pt(source) : from_safetensors(source, read_safetensors(source));
}

}  // namespace rondo::serialize
