option(TUNER_UNITY "Compile the sources of a directory in batches" ON)

# The header of our own that costs most and is included most.
set(TUNER_WIDE_HEADER tuner/snapshot.hpp)

# tuner_includes(RESULT FILE HEADER): sets RESULT to 1 or 0, whether FILE includes HEADER, by way of our
# own headers too.
function(tuner_includes result file header)
  get_property(known GLOBAL PROPERTY "tuner_includes ${file}")
  if("${known}" STREQUAL "")
    set(known 0)
    file(STRINGS ${file} includes REGEX "^#include \"")
    foreach(line IN LISTS includes)
      string(REGEX REPLACE "^#include \"(.*)\"" "\\1" name "${line}")
      if("${name}" STREQUAL "${header}")
        set(known 1)
      endif()
      foreach(top include src)
        if("${known}" EQUAL 0 AND EXISTS ${PROJECT_SOURCE_DIR}/${top}/${name})
          tuner_includes(known ${PROJECT_SOURCE_DIR}/${top}/${name} ${header})
        endif()
      endforeach()
    endforeach()
    set_property(GLOBAL PROPERTY "tuner_includes ${file}" ${known})
  endif()
  set(${result} ${known} PARENT_SCOPE)
endfunction()

# tuner_unity(TARGET BYTES)
#
# Compiles the sources of each directory in batches of about BYTES. Most of what a unit costs is the
# headers and the templates that it instantiates from them, and a batch pays once for both: a clean build
# costs a third. BYTES is what compiles in four to five seconds: touching one source takes that long, and
# tests/bench/build.sh holds each unit to six. Sources that include TUNER_WIDE_HEADER share batches, so
# that touching it leaves the others alone. Sources with SKIP_UNITY_BUILD_INCLUSION, for what they cost by
# themselves, and generated ones stand alone.
function(tuner_unity target most_bytes)
  if(NOT TUNER_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP
    UNITY_BUILD_CODE_BEFORE_INCLUDE "// NOLINTNEXTLINE(bugprone-suspicious-include)")
  get_target_property(sources ${target} SOURCES)
  set(directories "")
  foreach(source IN LISTS sources)
    cmake_path(IS_PREFIX CMAKE_BINARY_DIR "${source}" generated)
    get_source_file_property(alone ${source} SKIP_UNITY_BUILD_INCLUSION)
    if(NOT generated AND NOT alone)
      cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE directory)
      cmake_path(REMOVE_FILENAME directory)
      tuner_includes(wide ${source} "${TUNER_WIDE_HEADER}")
      string(APPEND directory ${wide})
      string(MAKE_C_IDENTIFIER "${directory}" name)
      file(SIZE ${source} bytes)
      list(APPEND directories ${name})
      list(APPEND of_${name} ${source})
      list(APPEND bytes_${name} ${bytes})
      math(EXPR total_${name} "0${total_${name}} + ${bytes}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES directories)
  foreach(name IN LISTS directories)
    math(EXPR batches "(${total_${name}} + ${most_bytes} - 1) / ${most_bytes}")
    set(before 0)
    foreach(source bytes IN ZIP_LISTS of_${name} bytes_${name})
      math(EXPR batch "(${before} * ${batches} + ${bytes} * ${batches} / 2) / ${total_${name}}")
      math(EXPR before "${before} + ${bytes}")
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${name}_${batch})
    endforeach()
  endforeach()
endfunction()
