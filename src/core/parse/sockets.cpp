#include "core/parse/sockets.hpp"

#include <bit>
#include <string>

#include "core/parse/number.hpp"

namespace tuner::parse {

namespace {

struct Endpoint {
  std::string_view address;
  std::int64_t port = 0;
};

/// "0100007F:1F90": the address in words of the host's byte order, the port as a number.
std::optional<Endpoint> endpoint(std::string_view text) {
  const auto colon = text.find(':');
  if (colon != 8 && colon != 32) return std::nullopt;
  const auto port = integer(text.substr(colon + 1), 16);
  if (!port || *port < 0 || *port > 65535) return std::nullopt;
  return Endpoint{text.substr(0, colon), *port};
}

/// 127.0.0.0/8, ::1, and the former inside the latter's family.
bool is_loopback(std::string_view address) {
  constexpr bool kLittle = std::endian::native == std::endian::little;
  constexpr std::string_view kMapped =
      kLittle ? "0000000000000000FFFF0000" : "00000000000000000000FFFF";
  constexpr std::string_view kOne =
      kLittle ? "00000000000000000000000001000000" : "00000000000000000000000000000001";
  if (address.size() == 32) {
    if (address == kOne) return true;
    if (!address.starts_with(kMapped)) return false;
    address.remove_prefix(kMapped.size());
  }
  return kLittle ? address.ends_with("7F") : address.starts_with("7F");
}

}  // namespace

Observed<SocketLine> socket_line(std::string_view line) {
  const auto parts = words(line);
  const auto local = parts.size() > 3 ? endpoint(parts[1]) : std::nullopt;
  const auto remote = parts.size() > 3 ? endpoint(parts[2]) : std::nullopt;
  const auto state = parts.size() > 3 ? integer<int>(parts[3], 16) : std::nullopt;
  if (!local || !remote || !state) return malformed("\"" + std::string(line) + "\"");
  return SocketLine{.local_port = local->port,
                    .remote_port = remote->port,
                    .local_is_loopback = is_loopback(local->address),
                    .state = *state};
}

}  // namespace tuner::parse
