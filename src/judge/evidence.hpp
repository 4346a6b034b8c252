#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/finding.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

/// What the rules on sockets, processes and routes share.
namespace tuner::judge {

/// The finding of something that was not seen: skipped where a captured tree does not record it,
/// unknown with the reason on a host.
Finding not_seen(std::string subject, const Unread& reason, const HostSnapshot& host);

/// "nginx (pid 812, nginx.service)"; "a process that this user cannot see" where nobody is known.
std::string owner_name(const std::optional<SocketOwner>& owner);

/// "systemctl restart nginx.service" or "a restart of nginx (pid 812)"; "systemctl reload
/// nginx.service" or "reload nginx (pid 812)".
std::string restart_of(const std::optional<SocketOwner>& owner);
std::string reload_of(const std::optional<SocketOwner>& owner);

/// "127.0.0.1 -> 10.0.0.2:80".
std::string path_of(const PeerGroup& peer);

/// Where no limit of an accept queue is told, since only /proc/net/tcp was to be had: the finding
/// that says so.
std::optional<Finding> limits_not_told(std::string subject, const HostSnapshot& host);

/// The listeners whose accept queue is full now.
std::vector<const TcpListener*> full_listeners(const HostSnapshot& host);

/// How the full accept queue of a listener gets longer: by net.core.somaxconn where that caps it,
/// else by the application's own backlog.
Fix lengthen(const TcpListener& listener, const HostSnapshot& host);

/// What was counted, as evidence.
Evidence socket_evidence(std::string name, std::int64_t value, std::string meaning);

}  // namespace tuner::judge
