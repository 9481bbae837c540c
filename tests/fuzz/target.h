// A fuzz target: a function that must survive any bytes. run.sh builds each file as a program of libFuzzer's; the test
// program test_fuzz links all of them and feeds them fixtures, whole and damaged.
#pragma once

#include <rondo/autograd/base/error.h>
#include <rondo/autograd/serialize/file.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fuzz {

using Target = void (*)(const rondo::serialize::Source& source);

struct Entry {
  Entry(const char* name, Target target);
};

inline std::vector<uint8_t> bytes_of(const rondo::serialize::Source& source) {
  std::vector<uint8_t> bytes(source.size());
  source.read(0, bytes.data(), bytes.size());
  return bytes;
}

// Calls the target; an Error is the right answer to bytes that are not sound.
inline void run(Target target, const uint8_t* data, size_t size) {
  try {
    target(rondo::serialize::MemorySource(data, size));
  } catch (const rondo::Error&) {}
}

}  // namespace fuzz

// FUZZ(name) { ... } defines a target over `source`; its seeds are the fixtures that end in .<name>.
#ifdef RONDO_FUZZER
#define FUZZ(name)                                                          \
  static void target_##name(const rondo::serialize::Source& source);        \
  extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) { \
    fuzz::run(&target_##name, data, size);                                  \
    return 0;                                                               \
  }                                                                         \
  static void target_##name(const rondo::serialize::Source& source)
#else
#define FUZZ(name)                                                   \
  static void target_##name(const rondo::serialize::Source& source); \
  static const fuzz::Entry entry_##name(#name, &target_##name);      \
  static void target_##name(const rondo::serialize::Source& source)
#endif
