#include "render/sockets.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "judge/evidence.hpp"
#include "render/columns.hpp"
#include "render/host_line.hpp"
#include "render/limits.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// More rows than anybody reads; -v and JSON have them all.
constexpr std::size_t kRows = 20;

std::size_t shown_rows(std::size_t all, const Style& style) {
  return style.detail == Detail::everything ? all : std::min(all, kRows);
}

std::string and_more(std::size_t all, const Style& style) {
  const std::size_t shown = shown_rows(all, style);
  if (shown == all) return {};
  return fmt::format("{} more: -v shows all.\n", all - shown);
}

std::string by_state(const SocketReport& report, const Style& style) {
  std::vector<TcpState> states;
  for (std::size_t number = 1; number < kTcpStates; ++number) {
    const auto state = static_cast<TcpState>(number);
    const bool asked = (mask_of(state) & report.states) != 0;
    if (asked && report.survey.count(state) > 0) states.push_back(state);
  }
  std::stable_sort(states.begin(), states.end(), [&report](TcpState left, TcpState right) {
    return report.survey.count(left) > report.survey.count(right);
  });
  if (states.empty()) return "There is none.\n";
  Rows rows;
  for (const TcpState state : states) {
    rows.push_back({std::string(tcp_state_name(state)), text::grouped(report.survey.count(state))});
  }
  std::string text = columns({"STATE", ">SOCKETS"}, std::move(rows));
  const TcpSurvey& survey = report.survey;
  if (survey.count(TcpState::time_wait) > 0) {
    text +=
        '\n' +
        wrapped(
            fmt::format(
                "Of those in TIME_WAIT, {} are on service ports, which is harmless for a server, "
                "and {} on ephemeral ports: there this host is the client and closed first.",
                text::grouped(survey.time_wait_on_service_ports),
                text::grouped(survey.time_wait_on_chosen_ports)),
            0, style);
  }
  return text;
}

std::string_view name_of(PeerTimestamps timestamps) {
  constexpr std::string_view kNames[] = {"?", "yes", "no"};
  return kNames[static_cast<std::size_t>(timestamps)];
}

std::string by_peer(const SocketReport& report, const Style& style) {
  if (report.peers.empty()) {
    return wrapped("This host has opened no connections.", 0, style);
  }
  Rows rows;
  for (std::size_t row = 0; row < shown_rows(report.peers.size(), style); ++row) {
    const PeerRow& peer = report.peers[row];
    rows.push_back({judge::path_of(peer.peer), text::grouped(peer.peer.in_use),
                    text::grouped(peer.peer.time_wait), text::grouped(peer.available),
                    text::grouped(static_cast<std::int64_t>(peer.connects_per_second)),
                    std::string(name_of(peer.peer.timestamps)),
                    peer.available <= 0 ? "now"
                    : peer.seconds_left ? text::span(std::chrono::seconds(*peer.seconds_left))
                                        : "-"});
  }
  return columns({"CONNECTIONS", ">IN USE", ">TIME_WAIT", ">LEFT", ">PER SECOND", "TIMESTAMPS",
                  "TIME TO FULL"},
                 std::move(rows)) +
         and_more(report.peers.size(), style) + '\n' +
         wrapped(
             "LEFT: ephemeral ports that a new connection can still use, including those in "
             "TIME_WAIT that tcp_tw_reuse may reuse. PER SECOND: new connections a second that the "
             "ports allow, if this host closes each at once. TIMESTAMPS: whether the peer uses TCP "
             "timestamps, which tcp_tw_reuse needs.",
             0, style);
}

std::string_view name_of(CappedBy capped_by) {
  constexpr std::string_view kNames[] = {"?", "somaxconn", "application"};
  return kNames[static_cast<std::size_t>(capped_by)];
}

/// What to do about listeners that somaxconn does not limit.
std::string advice_on(const std::vector<ListenerRow>& rows, const Style& style) {
  std::string text;
  const bool own = std::any_of(rows.begin(), rows.end(), [](const ListenerRow& row) {
    return row.capped_by == CappedBy::application;
  });
  if (own) {
    text += '\n' + wrapped(
                       "Application: its own backlog, or a somaxconn raised since it began to "
                       "listen. A reload shows which.",
                       0, style);
  }
  for (const ListenerRow& row : rows) {
    const TcpListener& listener = row.listener;
    if (row.capped_by != CappedBy::application || !listener.is_full()) continue;
    text +=
        '\n' + wrapped(fmt::format("{} listens with {}: {} first; if it stays {}, raise the "
                                   "program's own backlog: the sysctl will not help.",
                                   endpoint_text(listener.address, listener.port), *listener.limit,
                                   judge::reload_of(listener.owner), *listener.limit),
                       0, style);
  }
  return text;
}

std::string by_listener(const SocketReport& report, const Style& style) {
  if (report.listeners.empty()) return "No TCP listeners.\n";
  Rows rows;
  for (std::size_t row = 0; row < shown_rows(report.listeners.size(), style); ++row) {
    const TcpListener& listener = report.listeners[row].listener;
    rows.push_back({endpoint_text(listener.address, listener.port), text::grouped(listener.queued),
                    listener.limit ? text::grouped(*listener.limit) : "?",
                    std::string(name_of(report.listeners[row].capped_by)),
                    listener.owner ? judge::owner_name(listener.owner) : "?"});
  }
  std::string text =
      columns({"LISTENER", ">QUEUED", ">LIMIT", "LIMIT FROM", "PROCESS"}, std::move(rows)) +
      and_more(report.listeners.size(), style) + advice_on(report.listeners, style);
  if (report.overflows) {
    text += '\n' + wrapped(fmt::format("Full queues dropped {} new connections {}.",
                                       text::grouped(*report.overflows),
                                       text::counted_since(*report.host)),
                           0, style);
  }
  return text;
}

std::string by_process(const SocketReport& report, const Style& style) {
  if (report.processes.empty()) {
    return wrapped("No process visible to this user holds such a socket.", 0, style);
  }
  const auto limit = [](std::optional<std::int64_t> number) {
    return number ? text::grouped(*number) : std::string("none");
  };
  Rows rows;
  for (std::size_t row = 0; row < shown_rows(report.processes.size(), style); ++row) {
    const ProcessRow& process = report.processes[row];
    const ProcessFiles& files = process.files;
    rows.push_back({judge::owner_name(files.process), text::grouped(files.sockets),
                    text::grouped(files.open_files), limit(files.soft), limit(files.hard),
                    text::grouped(process.close_wait),
                    process.oldest_close_wait ? text::span(*process.oldest_close_wait) : "-"});
  }
  std::string text =
      columns({"PROCESS", ">TCP", ">FILES", ">SOFT LIMIT", ">HARD LIMIT", ">CLOSE_WAIT", "OLDEST"},
              std::move(rows)) +
      and_more(report.processes.size(), style);
  if (report.survey.count(TcpState::close_wait) > 0) {
    text += '\n' + wrapped(
                       "CLOSE_WAIT never times out: the peer has closed, and the program has not "
                       "called close(). Only the program, or its exit, releases such a socket.",
                       0, style);
  }
  return text;
}

}  // namespace

std::string sockets_text(const SocketReport& report, const Style& style) {
  std::string text =
      style.detail == Detail::verdict_only ? "" : host_line(*report.host, nullptr, style) + "\n";
  switch (report.by) {
    case SocketsBy::state:
      text += by_state(report, style);
      break;
    case SocketsBy::peer:
      text += by_peer(report, style);
      break;
    case SocketsBy::process:
      text += by_process(report, style);
      break;
    case SocketsBy::limit:
      text += limits_text(report, style);
      break;
    case SocketsBy::listener:
      text += by_listener(report, style);
      break;
  }
  return clean(text, style.charset);
}

}  // namespace tuner::render
