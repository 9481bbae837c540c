# Finds OpenBLAS with its C interface as the target RondoBLAS::RondoBLAS. The OpenMP build is preferred where several are
# installed side by side (Debian's openblas-openmp folders): it shares its threads with rondo's own loops.
# Hints: OpenBLAS_ROOT, CMAKE_PREFIX_PATH. Also installed, for rondoConfig.cmake.
find_library(RONDO_BLAS_LIBRARY NAMES openblas PATH_SUFFIXES openblas-openmp HINTS ENV OpenBLAS_ROOT)
find_path(RONDO_BLAS_INCLUDE_DIR NAMES cblas.h PATH_SUFFIXES openblas-openmp openblas HINTS ENV OpenBLAS_ROOT)
mark_as_advanced(RONDO_BLAS_LIBRARY RONDO_BLAS_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RondoBLAS REQUIRED_VARS RONDO_BLAS_LIBRARY RONDO_BLAS_INCLUDE_DIR)

if(RondoBLAS_FOUND AND NOT TARGET RondoBLAS::RondoBLAS)
  add_library(RondoBLAS::RondoBLAS UNKNOWN IMPORTED)
  set_target_properties(RondoBLAS::RondoBLAS PROPERTIES
    IMPORTED_LOCATION "${RONDO_BLAS_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${RONDO_BLAS_INCLUDE_DIR}")
endif()
