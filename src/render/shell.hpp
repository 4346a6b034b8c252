#pragma once

#include <string>
#include <string_view>

#include "render/style.hpp"

namespace tuner::render {

/// One word of a POSIX shell's command line: as it is where nothing in it means something to a
/// shell, else quoted. What a terminal could not show comes as escapes of printf(1).
std::string shell_word(std::string_view word, Charset charset);

}  // namespace tuner::render
