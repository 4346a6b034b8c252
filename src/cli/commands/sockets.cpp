#include <algorithm>
#include <array>

#include "cli/command.hpp"
#include "cli/place_option.hpp"
#include "cli/progress.hpp"
#include "cli/read_tree.hpp"
#include "cli/sample_option.hpp"
#include "judge/difference.hpp"
#include "os/read_flows.hpp"
#include "os/read_host.hpp"
#include "os/read_sockets.hpp"
#include "render/sockets.hpp"
#include "sockets/limit.hpp"
#include "sockets/rows.hpp"
#include "text/suggest.hpp"
#include "tuner/report.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::commands::sockets {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"by", "", "state|peer|process|listener|limit", "group by (default: state)"},
    {"state", "", "STATE", "only sockets in this state, such as time-wait", true},
    {"sample", "", "DURATION", "sample for this long; show rates"},
    kNetnsOption,
    kPidOption,
    {"root", "", "DIR", "read a snapshot of a host, not this host", false, kPlace},
    {"format", "", "text|json", "output format (default: text)"},
});

constexpr std::string_view kWays[] = {"state", "peer", "process", "listener", "limit"};

Result<SocketsBy> way_of(const Invocation& invocation) {
  const std::string name = invocation.value("by").value_or("state");
  const auto* const found = std::find(std::begin(kWays), std::end(kWays), name);
  if (found != std::end(kWays)) return static_cast<SocketsBy>(found - std::begin(kWays));
  return fail({.kind = ErrorKind::usage,
               .subject = "--by",
               .detail = "\"" + name + "\" is not a way to group sockets",
               .hint = choose_from(name, kWays)});
}

/// TIME_WAIT and time_wait are time-wait.
std::string plain_name(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
    if (letter == '_') return '-';
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return name;
}

Error no_state(const std::string& name) {
  std::vector<std::string_view> names;
  for (auto number = static_cast<int>(TcpState::established);
       number <= static_cast<int>(TcpState::closing); ++number) {
    names.push_back(tuner::tcp_state_name(static_cast<TcpState>(number)));
  }
  return {.kind = ErrorKind::usage,
          .subject = "--state",
          .detail = "\"" + name + "\" is not a TCP state",
          .hint = choose_from(name, names)};
}

Result<TcpStates> states_of(const Invocation& invocation, SocketsBy by) {
  constexpr std::string_view kWhyNot[] = {"", "sockets in every state hold a port to their peer",
                                          "", "listeners are always in state listen",
                                          "only live connections move data"};
  const std::string_view why_not = kWhyNot[static_cast<std::size_t>(by)];
  if (invocation.has("state") && !why_not.empty()) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--state",
                 .detail = std::string(why_not),
                 .hint = "Leave out --state, or give --by state or --by process."});
  }
  TcpStates states = 0;
  for (const std::string& name : invocation.values("state")) {
    const auto state = tcp_state_of(plain_name(name));
    if (!state || *state > TcpState::closing) return fail(no_state(name));
    states |= mask_of(*state);
    if (*state == TcpState::syn_recv) states |= mask_of(TcpState::new_syn_recv);
  }
  return states == 0 ? kConnectionsAndListeners : states;
}

/// Only what the way asks for is read: for states alone one pass, and no sysctl.
Reading reading_of(SocketsBy by) {
  Reading reading;
  if (by == SocketsBy::listener) reading.keys = {"net.core.somaxconn"};
  if (by == SocketsBy::limit) {
    const auto keys = keys_of_limits();
    reading.keys.assign(keys.begin(), keys.end());
    std::sort(reading.keys.begin(), reading.keys.end());
  }
  if (by == SocketsBy::peer) {
    reading.keys = {"net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
                    "net.ipv4.tcp_timestamps", "net.ipv4.tcp_tw_reuse",
                    "net.ipv4.tcp_tw_reuse_delay"};
  }
  return reading;
}

os::SurveyQuery query_of(SocketsBy by, TcpStates states) {
  const bool peers = by == SocketsBy::peer;
  using Query = os::SurveyQuery;
  return {.states = by == SocketsBy::listener ? mask_of(TcpState::listen) : states,
          .peers = peers ? SurveyRequest::Peers::counted : SurveyRequest::Peers::left_out,
          .timestamps = peers ? Query::Timestamps::wanted : Query::Timestamps::left_out,
          .close_wait =
              by == SocketsBy::process ? Query::CloseWait::by_process : Query::CloseWait::counted};
}

/// Where the sockets are read.
struct Source {
  os::RootDirectory root;
  std::unique_ptr<os::SocketSource> sockets{};
  std::unique_ptr<os::ProcessTable> processes{};
};

Error unreadable(const Unread& reason) {
  return {
      .kind = reason.why == Unread::Why::not_permitted ? ErrorKind::permission : ErrorKind::failure,
      .subject = "TCP sockets",
      .detail = unread_text(reason),
      .hint = "Neither netlink (sock_diag) nor /proc/net/tcp can be read."};
}

Error unwatched(const Unread& reason) {
  if (reason.why == Unread::Why::absent) {
    return {.kind = ErrorKind::failure,
            .subject = os::kFlowRecords,
            .detail = "the tree has no record of connections",
            .hint = "Take a new snapshot of the host with this version of tuner."};
  }
  Error error = unreadable(reason);
  error.hint = "Only netlink (sock_diag) tells what limits a connection.";
  return error;
}

struct Wait {
  std::chrono::milliseconds time{};
  bool progress = false;
};

Result<void> sample(Source& source, SocketReport& report, Wait wait, const os::SurveyQuery& query,
                    TcpSurvey& earlier) {
  const auto time = Progress(wait.progress).sample(wait.time);
  auto again = os::read_survey(*source.sockets, *source.processes, query, *report.host);
  if (!again) return fail(unreadable(again.error()));
  earlier = std::exchange(report.survey, std::move(*again));
  report.host = std::make_shared<HostSnapshot>(
      difference(*report.host,
                 os::read_counters_again(source.root, source.root.kernel(), *report.host), time));
  report.sampled_for = time;
  return {};
}

Result<void> fill(Source& source, SocketReport& report, const TcpSurvey* earlier) {
  if (report.by == SocketsBy::peer) {
    auto rows = peer_rows(*report.host, report.survey, earlier,
                          report.sampled_for.value_or(std::chrono::milliseconds(0)));
    if (!rows) return fail(unreadable(rows.error()));
    report.peers = std::move(*rows);
  }
  if (report.by == SocketsBy::listener) {
    os::name_listeners(*source.processes, report.survey.listeners,
                       [](const TcpListener&) { return true; });
    report.listeners = listener_rows(*report.host, report.survey);
    const auto overflows = report.host->counter("TcpExt.ListenOverflows");
    if (overflows) report.overflows = *overflows;
  }
  if (report.by == SocketsBy::process) {
    auto holders = os::read_socket_holders(*source.sockets, *source.processes, report.states);
    if (!holders) return fail(unreadable(holders.error()));
    report.processes = process_rows(std::move(*holders), report.survey);
  }
  return {};
}

Outcome document_of(const SocketReport& report, const Manner& manner) {
  return {.out = manner.json ? render::sockets_json(report, kVersion)
                             : render::sockets_text(report, manner.style)};
}

/// The connections that moved data, and what keeps each from being faster.
Result<void> fill_limits(Source& source, SocketReport& report, const Invocation& invocation,
                         std::optional<std::chrono::milliseconds> time, bool progress) {
  os::FlowWatch watch{.extends = os::FlowWatch::Extends::for_long_round_trips};
  if (time) {
    watch.time = *time;
    watch.extends = os::FlowWatch::Extends::never;
  }
  Progress shown(progress);
  watch.progress = [&shown](auto passed, auto all) { shown.sampled(passed, all); };
  auto flows = invocation.has("root") ? os::recorded_flows(source.root)
                                      : os::watch_flows(*source.processes, watch);
  if (!flows) return fail(unwatched(flows.error()));
  report.sampled_for = std::chrono::duration_cast<std::chrono::milliseconds>(flows->time);
  report.flows = std::make_shared<FlowSurvey>(std::move(*flows));
  report.limits = flow_limits(*report.flows, *report.host);
  return {};
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto by = way_of(invocation);
  if (!by) return tl::unexpected(by.error());
  const auto states = states_of(invocation, *by);
  if (!states) return tl::unexpected(states.error());
  const auto time = sample_of(invocation);
  if (!time) return tl::unexpected(time.error());
  const auto gone = go_to_place(invocation);
  if (!gone) return tl::unexpected(gone.error());
  const std::string path = invocation.value("root").value_or("/");
  auto root = os::RootDirectory::open(path);
  if (!root) return tl::unexpected(root.error());
  Source source{.root = std::move(*root)};
  source.sockets = os::socket_source(source.root, source.root.kernel());
  source.processes = os::process_table(source.root, source.root.kernel());
  auto host = read_tree(source.root, path, reading_of(*by));
  if (!host) return tl::unexpected(host.error());
  host->network_name = asked_network(invocation);
  SocketReport report{.host = std::make_shared<HostSnapshot>(std::move(*host)),
                      .by = *by,
                      .states = *states,
                      .generated_at = now()};
  if (*by == SocketsBy::limit) {
    const auto filled = fill_limits(source, report, invocation, *time, is_for_people(manner));
    if (!filled) return tl::unexpected(filled.error());
    return document_of(report, manner);
  }
  const auto query = query_of(*by, *states);
  auto survey = os::read_survey(*source.sockets, *source.processes, query, *report.host);
  if (!survey) return fail(unreadable(survey.error()));
  report.survey = std::move(*survey);
  TcpSurvey earlier;
  if (*time) {
    const auto sampled = sample(source, report, {**time, is_for_people(manner)}, query, earlier);
    if (!sampled) return tl::unexpected(sampled.error());
  }
  const auto filled = fill(source, report, *time ? &earlier : nullptr);
  if (!filled) return tl::unexpected(filled.error());
  return document_of(report, manner);
}

}  // namespace

extern const Command command;

const Command command{
    .name = "sockets",
    .summary = "Count TCP sockets, or show what limits connections",
    .examples =
        "  tuner sockets                          how many in each state\n"
        "  tuner sockets --by peer                local ports used per peer\n"
        "  tuner sockets --by listener            accept queues, and what limits them\n"
        "  tuner sockets --by process             open files and CLOSE_WAIT, by process\n"
        "  tuner sockets --by limit               what limits each connection\n"
        "  tuner sockets --by peer --sample 10s   how soon local ports will run out\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
};

}  // namespace tuner::commands::sockets
