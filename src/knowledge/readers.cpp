#include "knowledge/readers.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "model/number.hpp"
#include "tuner/sysctl_reader.hpp"

namespace tuner {

namespace {

using enum ReaderFamily;

/// Measured with the packages of Debian 12, 13 and sid on Linux 6.18; tests/readers runs them.
constexpr auto kReaders = std::to_array<Reader>({
    {.name = "systemd-252",
     .family = systemd,
     .version = {252, 0, 0},
     .split_lib = true,
     .semicolon_comments = true,
     .braces_in_globs = true,
     .searches_relative = true,
     .dash_covers_refusal = true},
    {.name = "systemd-257",
     .family = systemd,
     .version = {257, 0, 0},
     .semicolon_comments = true,
     .braces_in_globs = true,
     .drops_leading_parent = true,
     .searches_relative = true,
     .dash_covers_refusal = true},
    {.name = "systemd-262",
     .family = systemd,
     .version = {262, 0, 0},
     .braces_in_globs = true,
     .drops_leading_parent = true,
     .skips_unreachable = true,
     .dash_covers_refusal = true,
     .dash_is_stdin = true},
    {.name = "procps-4.0.2",
     .family = procps,
     .version = {4, 0, 2},
     .split_lib = true,
     .hidden_files = true,
     .sysctl_conf = true,
     .semicolon_comments = true,
     .dash_is_stdin = true},
    {.name = "procps-4.0.4",
     .family = procps,
     .version = {4, 0, 4},
     .split_lib = true,
     .hidden_files = true,
     .sysctl_conf = true,
     .semicolon_comments = true,
     .dash_is_stdin = true},
    {.name = "procps-4.0.7",
     .family = procps,
     .version = {4, 0, 7},
     .split_lib = true,
     .hidden_files = true,
     .sysctl_conf = true,
     .semicolon_comments = true,
     .exclusion_patterns = true,
     .fails_on_not_writable = true,
     .dash_covers_refusal = true,
     .dash_is_stdin = true},
});

/// The first three numbers of a package's version, without its epoch.
std::array<int, 3> numbers_of(std::string_view version) {
  if (const auto epoch = version.find(':'); epoch != std::string_view::npos) {
    version.remove_prefix(epoch + 1);
  }
  std::array<int, 3> numbers{};
  for (int& number : numbers) {
    const auto end = std::min(version.find_first_not_of("0123456789"), version.size());
    number = parse::integer<int>(version.substr(0, end)).value_or(0);
    if (end == version.size() || version[end] != '.') break;
    version.remove_prefix(end + 1);
  }
  return numbers;
}

}  // namespace

std::span<const Reader> all_readers() { return kReaders; }

const Reader* find_reader(std::string_view name) {
  const auto* const found = std::find_if(kReaders.begin(), kReaders.end(),
                                         [name](const Reader& one) { return one.name == name; });
  return found == kReaders.end() ? nullptr : found;
}

const Reader* nearest_reader(ReaderFamily family, std::string_view version) {
  const auto numbers = numbers_of(version);
  if (numbers[0] == 0) return nullptr;
  const Reader* nearest = nullptr;
  for (const Reader& reader : kReaders) {
    if (reader.family != family) continue;
    const bool newer = std::lexicographical_compare(
        numbers.begin(), numbers.end(), std::begin(reader.version), std::end(reader.version));
    if (nearest == nullptr || !newer) nearest = &reader;
  }
  return nearest;
}

const Reader* newest_reader(ReaderFamily family) {
  const auto found = std::find_if(kReaders.rbegin(), kReaders.rend(),
                                  [family](const Reader& one) { return one.family == family; });
  return &*found;
}

std::string_view family_name(ReaderFamily family) {
  return family == systemd ? "systemd" : "procps";
}

}  // namespace tuner
