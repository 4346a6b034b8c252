#include "judge/evidence.hpp"

#include <fmt/core.h>

#include "judge/findings.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

Finding not_seen(std::string subject, const Unread& reason, const HostSnapshot& host) {
  if (reason.why == Unread::Why::absent && host.root != "/") {
    return skipped(std::move(subject), "This tree does not contain it.");
  }
  return unknown(std::move(subject), reason);
}

std::string owner_name(const std::optional<SocketOwner>& owner) {
  if (!owner) return "a process that this user cannot see";
  const std::string unit = owner->unit.empty() ? "" : ", " + owner->unit;
  return fmt::format("{} (pid {}{})", owner->comm, owner->pid, unit);
}

std::string restart_of(const std::optional<SocketOwner>& owner) {
  if (owner && !owner->unit.empty()) return "systemctl restart " + owner->unit;
  return "a restart of " + owner_name(owner);
}

std::string reload_of(const std::optional<SocketOwner>& owner) {
  if (owner && !owner->unit.empty()) return "systemctl reload " + owner->unit;
  return "reload " + owner_name(owner);
}

std::string path_of(const PeerGroup& peer) {
  const std::string link = peer.interface == 0 ? "" : "%" + std::to_string(peer.interface);
  const std::string local = address_text(peer.local) + link;
  return (peer.local.is_ipv4() ? local : "[" + local + "]") + " -> " +
         endpoint_text(peer.remote, peer.remote_port);
}

std::optional<Finding> limits_not_told(std::string subject, const HostSnapshot& host) {
  const auto& listeners = host.tcp->listeners;
  const bool told = listeners.empty() || listeners.front().limit.has_value();
  if (told) return std::nullopt;
  constexpr const char* kWhy = "/proc/net/tcp does not show the limits of accept queues";
  if (host.root != "/") return skipped(std::move(subject), std::string("Here ") + kWhy + ".");
  return unknown(std::move(subject), {.why = Unread::Why::not_permitted,
                                      .source = std::string("sock_diag (") + kWhy + ")"});
}

std::vector<const TcpListener*> full_listeners(const HostSnapshot& host) {
  std::vector<const TcpListener*> full;
  if (!host.tcp) return full;
  for (const TcpListener& listener : host.tcp->listeners) {
    if (listener.is_full()) full.push_back(&listener);
  }
  return full;
}

Fix lengthen(const TcpListener& listener, const HostSnapshot& host) {
  constexpr const char* kKey = "net.core.somaxconn";
  constexpr std::int64_t kKernelDefault = 4096;  // since 5.4
  const std::int64_t limit = listener.limit.value_or(0);
  const auto somaxconn = host.number(kKey);
  if (somaxconn && limit >= *somaxconn) {
    Fix fix = set(kKey, std::to_string(std::max(kKernelDefault, *somaxconn * 2)));
    fix.text = fmt::format("Then {}, so that it calls listen() again.", reload_of(listener.owner));
    return fix;
  }
  return {.kind = Fix::Kind::application,
          .text = fmt::format(
              "First {}, since somaxconn may have been raised after it began to listen; if its "
              "queue limit stays {}, raise its own backlog: the sysctl will not help.",
              reload_of(listener.owner), limit)};
}

Evidence socket_evidence(std::string name, std::int64_t value, std::string meaning) {
  return {.source = "sock_diag",
          .name = std::move(name),
          .value = std::to_string(value),
          .meaning = std::move(meaning)};
}

}  // namespace tuner::judge
