# Warnings concern only who builds Qualgraph itself, so they are attached to
# each target privately and never reach a consumer.
function(qualgraph_warnings target)
  if(CMAKE_CXX_COMPILER_FRONTEND_VARIANT STREQUAL "MSVC" OR MSVC)
    target_compile_options(${target} PRIVATE /W4 /permissive- $<$<BOOL:${QUALGRAPH_WERROR}>:/WX>)
  else()
    target_compile_options(
      ${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow $<$<BOOL:${QUALGRAPH_WERROR}>:-Werror>)
    # GCC 12 mistakes "text" + std::string for overlapping copies once it inlines
    # (GCC bug 105651, mended in 13).
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      target_compile_options(${target} PRIVATE -Wno-restrict)
    endif()
  endif()
endfunction()
