#include "tuner/route.hpp"

#include "model/number.hpp"

namespace tuner {

std::string windows_text(RouteWindows windows) {
  return std::to_string(windows.initcwnd) + ' ' + std::to_string(windows.initrwnd);
}

std::optional<RouteWindows> windows_of(std::string_view text) {
  const auto words = parse::words(text);
  if (words.size() != 2) return std::nullopt;
  const auto initcwnd = parse::integer<std::uint32_t>(words[0]);
  const auto initrwnd = parse::integer<std::uint32_t>(words[1]);
  if (!initcwnd || !initrwnd) return std::nullopt;
  return RouteWindows{*initcwnd, *initrwnd};
}

}  // namespace tuner
