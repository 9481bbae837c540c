# Flags of everything in this project and of nobody who uses it: the target rondo_flags, for rondo itself, its tests,
# examples and benchmarks.
include(CheckCXXCompilerFlag)

add_library(rondo_flags INTERFACE)
target_compile_options(rondo_flags INTERFACE
  -Wall -Wextra -Wshadow
  # A target's property RONDO_OPTIMIZE is another level: these flags come behind the target's own.
  "$<$<CONFIG:Release,RelWithDebInfo>:-O$<IF:$<STREQUAL:$<TARGET_PROPERTY:RONDO_OPTIMIZE>,>,2,$<TARGET_PROPERTY:RONDO_OPTIMIZE>>>"
  # No fused multiply-add that the source does not name: a result has the same bits in every build and on every lane.
  -ffp-contract=off -fno-math-errno -fno-trapping-math
  # Thread-locals of a shared library without a call on each access.
  -ftls-model=initial-exec
  -ffunction-sections -fdata-sections)

# Three instruction sets on x86: the baseline, AVX2 and AVX-512. What else this version of Highway would compile is left out.
get_target_property(hwy_include_dir hwy::hwy INTERFACE_INCLUDE_DIRECTORIES)
find_file(RONDO_HWY_TARGETS hwy/detect_targets.h HINTS ${hwy_include_dir} REQUIRED)
mark_as_advanced(RONDO_HWY_TARGETS)
file(STRINGS "${RONDO_HWY_TARGETS}" unwanted REGEX "^#define HWY_(SSSE3|SSE4|AVX3_[A-Z0-9]+|AVX10_[0-9_]+) ")
list(TRANSFORM unwanted REPLACE "^#define ([A-Z0-9_]+) .*$" "\\1")
list(JOIN unwanted "|" unwanted)
target_compile_definitions(rondo_flags INTERFACE "HWY_DISABLED_TARGETS=(${unwanted})")

if(RONDO_SANITIZE)
  string(REPLACE "," ";" rondo_sanitizers "${RONDO_SANITIZE}")
  list(TRANSFORM rondo_sanitizers PREPEND "-fsanitize=")
  add_compile_options(${rondo_sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(${rondo_sanitizers})
  # Each test program is 120 MB of instrumented code: lld links it in a quarter of the time.
  find_program(RONDO_LLD ld.lld)
  mark_as_advanced(RONDO_LLD)
  if(RONDO_LLD)
    add_link_options(-fuse-ld=lld -Wl,-z,nostart-stop-gc)  # or the list of operations would be dropped
  endif()
  # Kernels for this machine alone, which are those that would run on it: half the time to build.
  check_cxx_compiler_flag(-march=native RONDO_MARCH_NATIVE)
  if(RONDO_MARCH_NATIVE)
    target_compile_options(rondo_flags INTERFACE -march=native)
    # Tuned for some processors g++ 12 copies 64 bytes by one aligned load, where its address sanitizer aligns to 32.
    check_cxx_compiler_flag("-mmove-max=256 -mstore-max=256" RONDO_MOVE_MAX)
    if(RONDO_MOVE_MAX)
      target_compile_options(rondo_flags INTERFACE -mmove-max=256 -mstore-max=256)
    endif()
    target_compile_definitions(rondo_flags INTERFACE HWY_COMPILE_ONLY_STATIC)
  endif()
endif()
