#include "judge/recommend.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "judge/counted.hpp"
#include "judge/findings.hpp"
#include "text/human.hpp"
#include "tuner/recommendation.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

// Shares of a hundred: between them a host both accepts and opens connections.
constexpr std::int64_t kFewOutgoing = 20;
constexpr std::int64_t kMostOutgoing = 80;
constexpr std::int64_t kNearBorder = 10;
/// Segments of a connection from which on it is a transfer rather than a request: about 30 MB.
constexpr std::int64_t kTransfer = 20000;
// Connections from which on the shares mean something.
constexpr std::int64_t kFew = 100;
constexpr std::int64_t kSome = 5000;
constexpr std::int64_t kMany = 100000;

/// What the counters say.
struct Activity {
  std::int64_t opened = 0;  ///< with success
  std::int64_t accepted = 0;
  std::int64_t failed = 0;  ///< attempts that came to nothing
  std::optional<std::int64_t> segments{};

  [[nodiscard]] std::int64_t connections() const { return judge::sum(opened, accepted); }
  [[nodiscard]] std::int64_t outgoing() const {
    const double share = static_cast<double>(opened) / static_cast<double>(connections());
    return static_cast<std::int64_t>(share * 100);
  }
};

Observed<Activity> activity_of(const HostSnapshot& host) {
  const auto opened = host.counter("Tcp.ActiveOpens");
  if (!opened) return tl::unexpected(opened.error());
  const auto accepted = host.counter("Tcp.PassiveOpens");
  if (!accepted) return tl::unexpected(accepted.error());
  const std::int64_t failed = host.counter("Tcp.AttemptFails").value_or(0);
  // ActiveOpens counts attempts: a dead backend's health checks are no connections.
  Activity activity{
      .opened = std::max<std::int64_t>(0, *opened - std::max<std::int64_t>(0, failed)),
      .accepted = *accepted,
      .failed = failed};
  const auto received = host.counter("Tcp.InSegs");
  const auto sent = host.counter("Tcp.OutSegs");
  if (received && sent) activity.segments = judge::sum(*received, *sent);
  return activity;
}

/// Ports that something listens on for others than this host itself; no value where unread.
std::optional<std::int64_t> services(const HostSnapshot& host) {
  if (!host.listening) return std::nullopt;
  return std::count_if(host.listening->begin(), host.listening->end(),
                       [](const ListeningPort& port) {
                         return port.transport == Transport::tcp && !port.loopback_only;
                       });
}

Confidence by_number(std::int64_t connections) {
  if (connections >= kMany) return Confidence::high;
  return connections >= kSome ? Confidence::medium : Confidence::low;
}

Confidence lower(Confidence confidence) {
  return confidence == Confidence::high ? Confidence::medium : Confidence::low;
}

bool is_near(std::int64_t share, std::int64_t border) {
  return share > border - kNearBorder && share < border + kNearBorder;
}

/// The profile by who opens the connections.
void decide(const Activity& activity, const HostSnapshot& host, Recommendation& result) {
  const std::int64_t outgoing = activity.outgoing();
  result.confidence = by_number(activity.connections());
  if (is_near(outgoing, kFewOutgoing) || is_near(outgoing, kMostOutgoing)) {
    result.confidence = lower(result.confidence);
  }
  if (outgoing < kFewOutgoing) {
    result.profile = "web";
    result.reason = fmt::format("it accepted {} connections and opened {}",
                                text::grouped(activity.accepted), text::grouped(activity.opened));
    if (services(host) == 0) {
      result.confidence = Confidence::low;
      result.reason += ", and nothing listens now except for the host itself";
    }
  } else if (outgoing <= kMostOutgoing) {
    result.profile = "proxy";
    result.reason =
        fmt::format("{} % of its connections are outgoing, the others it accepts", outgoing);
  } else {
    result.profile = "proxy";
    result.confidence = lower(result.confidence);
    result.reason = fmt::format(
        "{} % of its connections are outgoing: it is a client, which needs local ports as a "
        "proxy does",
        outgoing);
  }
}

std::int64_t on_average(std::int64_t segments, std::int64_t connections) {
  return connections > 0 ? segments / connections : 0;
}

/// What was asked for and could not be read, so that its absence is not taken for nothing.
template <class T>
void add_unread(std::string_view name, const Observed<T>& value, std::vector<Evidence>& evidence) {
  if (value || value.error() == Unread{}) return;
  evidence.push_back({.source = value.error().source,
                      .name = std::string(name),
                      .value = "unknown",
                      .meaning = unread_text(value.error())});
}

void add_census(const ConnectionCensus& census, std::vector<Evidence>& evidence) {
  const auto add = [&evidence](std::string_view name, std::int64_t count, std::string_view what) {
    evidence.push_back({.source = "sock_diag",
                        .name = std::string(name),
                        .value = std::to_string(count),
                        .meaning = std::string(what)});
  };
  add("established-in", census.established_in, "connections on listening ports");
  add("established-out", census.established_out, "connections on ephemeral ports");
  add("time-wait-in", census.time_wait_in, "in TIME_WAIT on service ports: harmless");
  add("time-wait-out", census.time_wait_out,
      "in TIME_WAIT on ephemeral ports, each in use for another minute");
  add("loopback", census.loopback, "connections within this host");
}

std::vector<Evidence> evidence_of(const Activity& activity, const HostSnapshot& host) {
  std::vector<Evidence> evidence{
      judge::counter_evidence("Tcp.ActiveOpens", activity.opened,
                              fmt::format("connections it opened, excluding {} failed attempts",
                                          text::grouped(activity.failed))),
      judge::counter_evidence("Tcp.PassiveOpens", activity.accepted, "connections it accepted")};
  if (activity.segments) {
    evidence.push_back(judge::counter_evidence(
        "Tcp.InSegs+OutSegs", *activity.segments,
        fmt::format("segments, {} a connection",
                    text::grouped(on_average(*activity.segments, activity.connections())))));
  }
  if (const auto count = services(host)) {
    evidence.push_back({.source = "sock_diag",
                        .name = "listening",
                        .value = std::to_string(*count),
                        .meaning = "ports that other hosts can connect to"});
  }
  if (host.sockets) {
    evidence.push_back({.source = "/proc/net/sockstat",
                        .name = "TCP.tw",
                        .value = std::to_string(host.sockets->tcp_time_wait),
                        .meaning = "connections in TIME_WAIT"});
  }
  if (host.tcp) add_census(host.tcp->census, evidence);
  add_unread("listening", host.listening, evidence);
  add_unread("connections", host.tcp, evidence);
  return evidence;
}

/// What the host does beside its own TCP connections, where that is most of its work; empty else.
/// The shares are our choice.
std::string other_work(const HostSnapshot& host) {
  constexpr std::int64_t kForwarded = 20;  // of a hundred packets
  constexpr std::int64_t kDatagrams = 2;   // for each segment of TCP
  const auto number = [&host](judge::CounterNames names) {
    return judge::sum_of(host, names).value_or(0);
  };
  const std::int64_t received = number({"Ip.InReceives", "Ip6.InReceives"});
  const std::int64_t forwarded = number({"Ip.ForwDatagrams", "Ip6.OutForwDatagrams"});
  if (received > kMany && forwarded > received / 100 * kForwarded) {
    return fmt::format(
        "it forwards {} packets for others: it is a router, a NAT gateway or a container host",
        text::share(forwarded, received));
  }
  const std::int64_t datagrams = number({"Udp.InDatagrams", "Udp6.InDatagrams"});
  if (datagrams <= kMany || datagrams / kDatagrams < number({"Tcp.InSegs"})) return {};
  const bool names = host.listening && std::any_of(host.listening->begin(), host.listening->end(),
                                                   [](const ListeningPort& port) {
                                                     return port.port == 53 && !port.loopback_only;
                                                   });
  return fmt::format("it received {} datagrams and {} TCP segments: {}", text::grouped(datagrams),
                     text::grouped(number({"Tcp.InSegs"})),
                     names ? "it is a name server" : "its work is UDP");
}

}  // namespace

Recommendation recommend(const HostSnapshot& host) {
  Recommendation result;
  const auto activity = activity_of(host);
  if (!activity) {
    result.reason =
        fmt::format("its connections are not counted, {}", unread_text(activity.error()));
    return result;
  }
  result.evidence = evidence_of(*activity, host);
  if (std::string other = other_work(host); !other.empty()) {
    result.none_fits = true;
    result.reason = std::move(other);
    return result;
  }
  const std::int64_t connections = activity->connections();
  if (connections < kFew) {
    result.reason = fmt::format("it counts {} TCP connections {}", text::grouped(connections),
                                text::counted_since(host));
    return result;
  }
  if (activity->segments && on_average(*activity->segments, connections) >= kTransfer) {
    result.profile = "bulk";
    result.confidence = lower(by_number(connections));
    result.reason = fmt::format("a connection moves {} segments on average",
                                text::grouped(on_average(*activity->segments, connections)));
    return result;
  }
  decide(*activity, host, result);
  return result;
}

}  // namespace tuner
