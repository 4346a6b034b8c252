#include <vector>

#include "knowledge/facts.hpp"
#include "lint/file.hpp"
#include "text/suggest.hpp"

namespace tuner::lint {

std::string likely_meant(std::string_view key) {
  constexpr std::size_t kShortest = 8;  // shorter names are too near to each other
  constexpr std::size_t kLetters = 2;
  const auto end = key.rfind('.') + 1;
  const std::string_view directory = key.substr(0, end);
  // Interfaces and protocols have keys of nearly the same name.
  if (directory != "net.core." && directory != "net.ipv4.") return {};
  const std::string_view name = key.substr(end);
  std::vector<std::string_view> beside;
  std::string_view elsewhere;
  std::string_view longer;
  for (const Fact* const fact : all_facts()) {
    if (fact->key.find('*') != std::string_view::npos || !fact->removed.empty()) continue;
    const auto begin = fact->key.rfind('.') + 1;
    const std::string_view other = fact->key.substr(begin);
    if (fact->key.substr(0, begin) == directory) {
      beside.push_back(other);
      // "fin_timeout", as people say it, is tcp_fin_timeout.
      if (other.ends_with(name) && other.substr(0, other.size() - name.size()).ends_with('_')) {
        longer = fact->key;
      }
    }
    if (other == name && fact->key.starts_with("net.")) elsewhere = fact->key;
  }
  if (name.size() >= kShortest) {
    const std::string_view near = nearest_within(kLetters, name, beside);
    if (!near.empty()) return std::string(directory).append(near);
    if (!longer.empty()) return std::string(longer);
  }
  return std::string(elsewhere);
}

}  // namespace tuner::lint
