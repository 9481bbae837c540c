# What the library links. Each of these stays out of the public headers; who links the static library gets them through
# rondoConfig.cmake.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(fmt CONFIG)
find_package(hwy CONFIG)
find_package(RondoBLAS)
find_package(ZLIB)

if(NOT fmt_FOUND OR NOT hwy_FOUND OR NOT RondoBLAS_FOUND OR NOT ZLIB_FOUND)
  message(FATAL_ERROR "rondo needs OpenBLAS (OpenMP build), Highway, fmt and zlib; on Debian and Ubuntu:\n"
                      "  apt-get install libopenblas-openmp-dev libhwy-dev libfmt-dev zlib1g-dev")
endif()

# Highway's headers alone: what they need of its library is in autograd/kernels/targets.cpp.
add_library(rondo_highway INTERFACE)
target_include_directories(rondo_highway SYSTEM INTERFACE "$<TARGET_PROPERTY:hwy::hwy,INTERFACE_INCLUDE_DIRECTORIES>")
