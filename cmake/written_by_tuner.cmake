# Pages of the manual and completions of shells: made of the tables of commands and options, below
# man/ and completions/ of the build.
add_executable(tuner_make_manual src/cli/make_manual.cpp)
target_link_libraries(tuner_make_manual PRIVATE tuner_cli tuner_warnings)

set(written "")
foreach(page tuner.8 tuner-findings.7 ko/tuner.8 ko/tuner-findings.7)
  set(output ${CMAKE_BINARY_DIR}/man/${page})
  get_filename_component(directory ${output} DIRECTORY)
  file(MAKE_DIRECTORY ${directory})
  add_custom_command(OUTPUT ${output}
    COMMAND tuner_make_manual ${PROJECT_SOURCE_DIR}/man/${page}.in ${output}
    DEPENDS tuner_make_manual man/${page}.in VERBATIM)
  list(APPEND written ${output})
endforeach()

# The names under which each shell looks for them.
set(completion_bash bash-completion/completions/tuner)
set(completion_zsh zsh/vendor-completions/_tuner)
set(completion_fish fish/vendor_completions.d/tuner.fish)
foreach(shell bash zsh fish)
  set(output ${CMAKE_BINARY_DIR}/completions/${completion_${shell}})
  get_filename_component(directory ${output} DIRECTORY)
  file(MAKE_DIRECTORY ${directory})
  add_custom_command(OUTPUT ${output} COMMAND tuner completion ${shell} > ${output}
    DEPENDS tuner VERBATIM)
  list(APPEND written ${output})
  get_filename_component(target ${CMAKE_INSTALL_DATADIR}/${completion_${shell}} DIRECTORY)
  install(FILES ${output} DESTINATION ${target})
endforeach()
add_custom_target(tuner_written ALL DEPENDS ${written})

foreach(language "" ko/)
  install(FILES ${CMAKE_BINARY_DIR}/man/${language}tuner.8
    DESTINATION ${CMAKE_INSTALL_MANDIR}/${language}man8)
  install(FILES ${CMAKE_BINARY_DIR}/man/${language}tuner-findings.7
    DESTINATION ${CMAKE_INSTALL_MANDIR}/${language}man7)
endforeach()
