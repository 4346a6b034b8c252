#include "core/judge/evidence.hpp"

#include <fmt/format.h>

#include "core/judge/findings.hpp"

namespace tuner::judge {

Finding not_seen(std::string subject, const Unread& reason, const HostSnapshot& host) {
  if (reason.why == Unread::Why::absent && host.root != "/") {
    return skipped(std::move(subject), "This tree does not record it.");
  }
  return unknown(std::move(subject), reason);
}

std::string name_of(const std::optional<SocketOwner>& owner) {
  if (!owner) return "a process that this user may not see";
  return fmt::format("{} (pid {})", owner->comm, owner->pid);
}

std::string restart_of(const std::optional<SocketOwner>& owner) {
  if (owner && !owner->unit.empty()) return "systemctl restart " + owner->unit;
  return "a restart of " + name_of(owner);
}

std::string reload_of(const std::optional<SocketOwner>& owner) {
  if (owner && !owner->unit.empty()) return "systemctl reload " + owner->unit;
  return "reload " + name_of(owner);
}

std::string path_of(const PeerGroup& peer) {
  const std::string local = text_of(peer.local);
  return (peer.local.is_ipv4() ? local : "[" + local + "]") + " -> " +
         text_of(peer.remote, peer.remote_port);
}

std::vector<const TcpListener*> full_listeners(const HostSnapshot& host) {
  std::vector<const TcpListener*> full;
  if (!host.tcp) return full;
  for (const TcpListener& listener : host.tcp->listeners) {
    if (listener.is_full()) full.push_back(&listener);
  }
  return full;
}

Evidence socket_evidence(std::string name, std::int64_t value, std::string meaning) {
  return {.source = "sock_diag",
          .name = std::move(name),
          .value = std::to_string(value),
          .meaning = std::move(meaning)};
}

}  // namespace tuner::judge
