#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tuner {

/// The candidate nearest to `word`, or empty when none is near enough to be a mistake.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// The nearest candidate that at most `most` letters differ in; empty where there is none.
std::string_view nearest_within(std::size_t most, std::string_view word,
                                std::span<const std::string_view> candidates);

/// "Did you mean X?" or empty.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

/// The same for a choice of few, which are named too: "Did you mean X? Choose X, Y or Z."
std::string choose_from(std::string_view word, std::span<const std::string_view> choices);

}  // namespace tuner
