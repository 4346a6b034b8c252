#include <algorithm>

#include "lint/file.hpp"
#include "model/number.hpp"

namespace tuner::lint {

namespace {

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '.';
  });
}

/// "key:" or "key: value" without an equals sign, "- item", "---".
bool is_yaml(std::string_view line) {
  if (line.starts_with("---")) return true;
  if (line.find('=') != std::string_view::npos) return false;
  if (line.starts_with("- ")) return true;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const bool ends = colon + 1 == line.size() || line[colon + 1] == ' ';
  return ends && is_word(line.substr(0, colon));
}

bool is_shell(std::string_view line) {
  return line.starts_with("sysctl ") || line.starts_with("/sbin/sysctl ") ||
         line.starts_with("/usr/sbin/sysctl ") || line.starts_with("echo ") ||
         line.starts_with("set -");
}

std::string_view form_of(std::string_view line) {
  if (line.front() == '[' && line.back() == ']') return "an INI file, such as a TuneD profile";
  if (is_yaml(line)) return "YAML";
  if (is_shell(line)) return "a shell script";
  const bool nix = line.front() == '{' && line.find(':') != std::string_view::npos &&
                   !line.starts_with("{{") && !line.starts_with("{%");
  if (nix || line.starts_with("boot.kernel.sysctl")) return "a Nix file";
  return line == "{" ? "JSON" : std::string_view();
}

}  // namespace

OtherForm other_form(std::string_view text) {
  int number = 0;
  for (const std::string_view line : parse::lines(text)) {
    ++number;
    const std::string_view trimmed = parse::trim(line);
    if (number == 1 && trimmed.starts_with("#!") && trimmed.find("sh") != std::string_view::npos) {
      return {"a shell script", line, number};
    }
    if (trimmed.empty() || trimmed.front() == '#' || trimmed.front() == ';') continue;
    return {form_of(trimmed), line, number};
  }
  return {};
}

}  // namespace tuner::lint
