#pragma once

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace tuner::parse {

/// All of `text` as an integer. No value for blanks, signs other than a leading '-', or overflow.
template <class Integer = std::int64_t>
std::optional<Integer> integer(std::string_view text, int base = 10) {
  Integer value{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc() || rest != end || text.empty()) return std::nullopt;
  return value;
}

/// Above what a host counts of anything but bytes: ten million a second come to it in 28 years.
/// Small enough to be added up, and multiplied by a processor's or a page's share.
inline constexpr std::int64_t kMostCounted = std::int64_t{1} << 53;

/// A number of things: from 0 to kMostCounted. No value for anything else.
std::optional<std::int64_t> count(std::string_view text, int base = 10);

/// As integer(), but a number beyond int64 becomes the nearest int64.
std::optional<std::int64_t> saturated(std::string_view text);

/// The parts of `text` between runs of blanks, tabs and newlines.
std::vector<std::string_view> words(std::string_view text);

/// The lines of `text` without their newlines; no empty last line for a final newline.
std::vector<std::string_view> lines(std::string_view text);

std::string_view trim(std::string_view text);

}  // namespace tuner::parse
