# tuner_catalogue(TARGET NAME TYPE OBJECT HEADER FILE-PATTERN)
#
# Makes the sorted catalogue of a directory: each FILE has a namespace of its own, tuner::NAME::STEM
# after its stem, and defines one OBJECT of TYPE in it; the generated source lists the addresses of all
# of them as tuner::NAME::kAll. So adding a file is all it takes to add an entry, no list is kept by
# hand, and nothing runs before main().
function(tuner_catalogue target name type object header pattern)
  file(GLOB files CONFIGURE_DEPENDS ${pattern})
  list(SORT files)
  string(REGEX REPLACE "^(include|src)/" "" header "${header}")
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    string(APPEND declarations "namespace ${stem} {\nextern ${type} ${object};\n}\n")
    string(APPEND entries "    &${stem}::${object},\n")
  endforeach()
  set(CATALOGUE_CONTENT
    "#include \"${header}\"\n\nnamespace tuner::${name} {\n${declarations}\n${type}* const kEntries[] = {\n${entries}};\nextern const std::span<${type}* const> kAll;\nconst std::span<${type}* const> kAll = kEntries;\n}  // namespace tuner::${name}\n")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/catalogue_${name}.cpp)
  file(CONFIGURE OUTPUT ${output} CONTENT "@CATALOGUE_CONTENT@" @ONLY)
  target_sources(${target} PRIVATE ${output})
endfunction()
