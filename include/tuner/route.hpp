#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tuner {

/// What a route says of the first flight of a connection, in segments; 0: it says nothing, and the
/// kernel takes its own (10 to send since 2.6.39).
struct RouteWindows {
  std::uint32_t initcwnd = 0;
  std::uint32_t initrwnd = 0;

  friend bool operator==(const RouteWindows&, const RouteWindows&) = default;
};

/// A default route, as the kernel lists it.
struct DefaultRoute {
  std::string identity{};  ///< all but the windows: tells it from every other route
  std::string shown{};     ///< "default via 192.0.2.1 dev eth0"
  std::string device{};
  RouteWindows windows{};
  /// Why it is left alone; empty for a route that may be changed.
  std::string left{};
  std::string owner{};  ///< who sets it up again, so that it is to be told; may be empty
};

/// "10 0", and back. No value for anything else.
std::string windows_text(RouteWindows windows);
std::optional<RouteWindows> windows_of(std::string_view text);

}  // namespace tuner
