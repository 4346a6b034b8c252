#include "render/page_names.hpp"

#include <string_view>

namespace tuner::render {

namespace {

constexpr std::size_t kLongestName = 100;

char lower(char character) {
  const bool upper = character >= 'A' && character <= 'Z';
  return upper ? static_cast<char>(character - 'A' + 'a') : character;
}

std::string lower_case(std::string text) {
  for (char& character : text) character = lower(character);
  return text;
}

std::string safe_name(const std::string& host) {
  std::string name = host.substr(0, kLongestName);
  for (char& character : name) {
    const char small = lower(character);
    const bool plain = (small >= 'a' && small <= 'z') || (character >= '0' && character <= '9');
    if (!plain && character != '.' && character != '_') character = '-';
  }
  // A leading dot would hide the file, and a dash be taken for an option.
  const auto start = name.find_first_not_of(".-_");
  return start == std::string::npos ? "host" : name.substr(start);
}

}  // namespace

std::string PageNames::next(const std::string& host) {
  const std::string safe = safe_name(host);
  std::string name = safe;
  int& tries = tries_[lower_case(safe)];
  while (!taken_.insert(lower_case(name)).second) name = safe + '-' + std::to_string(++tries + 1);
  return std::string(kHostPages) + '/' + name + ".html";
}

}  // namespace tuner::render
