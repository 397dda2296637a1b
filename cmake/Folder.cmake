# mailrota_folder(NAME LINKS target…)
#
# Makes the library mailrota_NAME (alias mailrota::NAME) from every .cpp of the calling folder, and from its
# *_test.cpp the test program NAME_test. `main.cpp` is left to mailrota_program. Tests stand beside the code.
function(mailrota_folder name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  add_library(mailrota_${name} STATIC ${sources})
  add_library(mailrota::${name} ALIAS mailrota_${name})
  target_link_libraries(mailrota_${name} PUBLIC mailrota_flags ${arg_LINKS})
  if(MAILROTA_TESTS AND tests)
    mailrota_test(${name}_test SOURCES ${tests} LINKS mailrota::${name})
  endif()
endfunction()

# mailrota_test(NAME SOURCES file… LINKS target… [SECONDS n]): a GoogleTest program that ctest runs as one test, in a random
# order of its cases. What each case said is left in test-results/NAME.xml below the build folder.
function(mailrota_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SECONDS" "SOURCES;LINKS")
  if(NOT arg_SECONDS)
    set(arg_SECONDS 300)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINKS} GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} --gtest_shuffle --gtest_output=xml:${CMAKE_BINARY_DIR}/test-results/${name}.xml)
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_SECONDS})
endfunction()

# mailrota_program(NAME LINKS target…): the program NAME from the calling folder's main.cpp.
function(mailrota_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS")
  add_executable(${name} ${CMAKE_CURRENT_SOURCE_DIR}/main.cpp)
  target_link_libraries(${name} PRIVATE ${arg_LINKS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()
