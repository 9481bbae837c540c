# libtorch, for programs that are built against both libraries: sets RONDO_TORCH_FOUND and rondo_link_torch(TARGET).
find_path(RONDO_TORCH_INCLUDE_DIR torch/torch.h PATH_SUFFIXES torch/csrc/api/include)
find_library(RONDO_TORCH_LIBRARY torch)
find_library(RONDO_TORCH_CPU_LIBRARY torch_cpu)
find_library(RONDO_C10_LIBRARY c10)
mark_as_advanced(RONDO_TORCH_INCLUDE_DIR RONDO_TORCH_LIBRARY RONDO_TORCH_CPU_LIBRARY RONDO_C10_LIBRARY)
set(RONDO_TORCH_FOUND OFF)
if(RONDO_TORCH_INCLUDE_DIR AND RONDO_TORCH_LIBRARY AND RONDO_TORCH_CPU_LIBRARY AND RONDO_C10_LIBRARY)
  set(RONDO_TORCH_FOUND ON)
endif()

function(rondo_link_torch target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_include_directories(${target} SYSTEM PRIVATE "${RONDO_TORCH_INCLUDE_DIR}")
  target_link_libraries(${target} PRIVATE "${RONDO_TORCH_LIBRARY}" "${RONDO_TORCH_CPU_LIBRARY}" "${RONDO_C10_LIBRARY}"
                                          Threads::Threads)
endfunction()
