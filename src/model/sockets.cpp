#include "tuner/sockets.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "model/number.hpp"

namespace tuner {

namespace {

constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

constexpr std::string_view kStates[kTcpStates] = {
    "none",  "established", "syn-sent", "syn-recv", "fin-wait-1", "fin-wait-2",   "time-wait",
    "close", "close-wait",  "last-ack", "listen",   "closing",    "new-syn-recv", "bound-inactive"};

}  // namespace

bool Address::is_ipv4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

bool Address::is_loopback() const {
  constexpr std::uint8_t kLoopbackNet = 127;
  if (is_ipv4()) return bytes[kMapped.size()] == kLoopbackNet;
  return bytes.back() == 1 &&
         std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t byte) { return byte == 0; });
}

bool Address::is_wildcard() const {
  const auto* const first = bytes.begin() + (is_ipv4() ? kMapped.size() : 0);
  return std::all_of(first, bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::string address_text(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = address.is_ipv4() ? AF_INET : AF_INET6;
  const std::uint8_t* const first = address.bytes.data() + (address.is_ipv4() ? kMapped.size() : 0);
  const char* const found = ::inet_ntop(family, first, text.data(), text.size());
  return found == nullptr ? std::string() : std::string(found);
}

std::optional<Address> address_of(std::string_view text) {
  const std::string terminated(text);
  Address address;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes.begin());
  std::uint8_t* const last = address.bytes.data() + kMapped.size();
  if (::inet_pton(AF_INET, terminated.c_str(), last) == 1) return address;
  return std::nullopt;
}

std::string endpoint_text(const Address& address, std::uint16_t port) {
  const std::string text = address_text(address);
  return (address.is_ipv4() ? text : "[" + text + "]") + ":" + std::to_string(port);
}

std::optional<Endpoint> endpoint_of(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = address_of(host);
  const auto port = parse::integer<std::uint16_t>(text.substr(colon + 1));
  if (!address || !port) return std::nullopt;
  return Endpoint{*address, *port};
}

std::string_view tcp_state_name(TcpState state) { return kStates[static_cast<std::size_t>(state)]; }

bool reaches(const Endpoint& peer, const Endpoint& listener) {
  if (peer.port != listener.port) return false;
  return peer.address == listener.address ||
         (listener.address.is_wildcard() && peer.address.is_loopback());
}

std::optional<TcpState> tcp_state_of(std::string_view name) {
  const auto* const found = std::find(std::begin(kStates) + 1, std::end(kStates), name);
  if (found == std::end(kStates)) return std::nullopt;
  return static_cast<TcpState>(found - std::begin(kStates));
}

}  // namespace tuner
