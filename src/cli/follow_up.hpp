#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "cli/options.hpp"
#include "render/style.hpp"

namespace tuner::cli {

/// A command to run next: "tuner apply --profile proxy --input rtt=80ms", with those of the options
/// that this run was given. It can be pasted into a shell, whatever is in the values.
std::string follow_up(std::string_view command, const Invocation& invocation,
                      std::initializer_list<std::string_view> options, render::Charset charset);

/// The options of this run that lead to another namespace: " --netns web"; empty without.
std::string place_words(const Invocation& invocation, render::Charset charset);

}  // namespace tuner::cli
