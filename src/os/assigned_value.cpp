#include "os/assigned_value.hpp"

#include "model/number.hpp"
#include "os/file_source.hpp"

namespace tuner::os {

std::string assigned_value(FileSource& files, const std::string& path, std::string_view name) {
  const auto text = files.read(path);
  if (!text) return {};
  std::string value;
  for (const std::string_view line : parse::lines(*text)) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || parse::trim(line.substr(0, equals)) != name) continue;
    value = parse::trim(line.substr(equals + 1, line.find(" #", equals) - equals - 1));
    std::erase_if(value, [](char letter) { return letter == '"' || letter == '\''; });
  }
  return value;
}

}  // namespace tuner::os
