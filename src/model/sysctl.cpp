#include "tuner/sysctl.hpp"

#include <algorithm>
#include <iterator>

namespace tuner {

namespace {

bool is_plain_part(std::string_view part) {
  if (part.empty() || part == "." || part == "..") return false;
  return std::none_of(part.begin(), part.end(), [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte <= ' ' || byte == 0x7f;
  });
}

}  // namespace

std::optional<SysctlKey> SysctlKey::parse(std::string_view text) {
  const bool dots = text.find_first_of("./") < text.find('/');
  return dots ? from_path(swap_separators(std::string(text))) : from_path(text);
}

std::optional<SysctlKey> SysctlKey::from_path(std::string_view path) {
  std::string text;
  std::string_view rest = path;
  while (true) {
    const auto length = rest.find('/');
    const std::string_view part = rest.substr(0, length);
    if (!is_plain_part(part)) return std::nullopt;
    if (!text.empty()) text += '.';
    std::transform(part.begin(), part.end(), std::back_inserter(text),
                   [](char character) { return character == '.' ? '/' : character; });
    if (length == std::string_view::npos) return SysctlKey(std::move(text));
    rest.remove_prefix(length + 1);
  }
}

bool is_top_directory(std::string_view name) {
  constexpr std::string_view kDirectories[] = {"abi",    "crypto",  "debug",  "dev",
                                               "fs",     "fscache", "kernel", "net",
                                               "sunrpc", "user",    "vm",     "xen"};
  return std::find(std::begin(kDirectories), std::end(kDirectories), name) !=
         std::end(kDirectories);
}

std::string SysctlKey::path() const { return swap_separators(text_); }

std::string swap_separators(std::string key) {
  for (char& character : key) {
    if (character == '.') {
      character = '/';
    } else if (character == '/') {
      character = '.';
    }
  }
  return key;
}

}  // namespace tuner
