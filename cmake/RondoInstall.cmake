# Headers, library, the package files for find_package(rondo), and rondo.pc.
include(CMakePackageConfigHelpers)

install(TARGETS rondo EXPORT rondoTargets)
foreach(folder IN LISTS rondo_folders)
  if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}")
    install(DIRECTORY "${folder}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/rondo"
            FILES_MATCHING PATTERN "*.h" PATTERN "*.inc" PATTERN "*-inl.h" EXCLUDE)
  endif()
endforeach()
install(DIRECTORY include/rondo/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/rondo" FILES_MATCHING PATTERN "*.h")

set(rondo_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/rondo")
set(RONDO_IS_SHARED ${BUILD_SHARED_LIBS})
configure_package_config_file(cmake/rondoConfig.cmake.in "${PROJECT_BINARY_DIR}/rondoConfig.cmake"
                              INSTALL_DESTINATION "${rondo_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/rondoConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/rondoConfig.cmake" "${PROJECT_BINARY_DIR}/rondoConfigVersion.cmake"
              cmake/FindRondoBLAS.cmake
        DESTINATION "${rondo_package_dir}")
install(EXPORT rondoTargets NAMESPACE rondo:: DESTINATION "${rondo_package_dir}")

# pkg-config: a prefix relative to the file, so that an installed tree can be moved.
file(RELATIVE_PATH rondo_pc_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" rondo_pc_prefix "${rondo_pc_prefix}")
if(BUILD_SHARED_LIBS)
  set(rondo_pc_libs "")
  set(rondo_pc_requires_private "")
  set(rondo_pc_libs_private "")
else()
  set(rondo_pc_libs " -Wl,--gc-sections,--as-needed")
  set(rondo_pc_requires_private "fmt, zlib")
  # OpenBLAS by hand: its own .pc file lists libraries that only a static OpenBLAS needs (and a Fortran compiler brings).
  cmake_path(GET RONDO_BLAS_LIBRARY PARENT_PATH rondo_blas_dir)
  set(rondo_pc_libs_private "-L${rondo_blas_dir} -lopenblas ${OpenMP_CXX_FLAGS} -pthread")
endif()
configure_file(cmake/rondo.pc.in "${PROJECT_BINARY_DIR}/rondo.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/rondo.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
