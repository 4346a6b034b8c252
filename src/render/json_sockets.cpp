#include <fmt/core.h>

#include "render/json_parts.hpp"
#include "render/sockets.hpp"
#include "sockets/limit.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

/// Every state, a zero where there is no such socket; those that were not asked for are left out.
Json states_object(const SocketReport& report) {
  Object object;
  for (std::size_t number = 1; number < kTcpStates; ++number) {
    const auto state = static_cast<TcpState>(number);
    const bool asked = (mask_of(state) & report.states) != 0;
    const bool shown = state != TcpState::new_syn_recv && state != TcpState::bound_inactive;
    if (asked && shown) object.with(tcp_state_name(state), report.survey.count(state));
  }
  return object.json();
}

std::string_view json_name_of(PeerTimestamps timestamps) {
  constexpr std::string_view kNames[] = {"unknown", "on", "off"};
  return kNames[static_cast<std::size_t>(timestamps)];
}

Json peer_object(const PeerRow& row) {
  return Object()
      .with("local", address_text(row.peer.local))
      .with("remote", endpoint_text(row.peer.remote, row.peer.remote_port))
      .with("in_use", row.peer.in_use)
      .with("time_wait", row.peer.time_wait)
      .with("available", row.available)
      .with("connects_per_second", Json{fmt::format("{:.3f}", row.connects_per_second)})
      .with("seconds_left", row.seconds_left)
      .with("timestamps", json_name_of(row.peer.timestamps))
      .json();
}

std::string_view direction_name(FlowDirection direction) {
  return direction == FlowDirection::sending ? "sending" : "receiving";
}

std::optional<std::string_view> json_name_of(CappedBy capped_by) {
  constexpr std::string_view kNames[] = {"", "somaxconn", "application"};
  if (capped_by == CappedBy::unknown) return std::nullopt;
  return kNames[static_cast<std::size_t>(capped_by)];
}

Json listener_object(const ListenerRow& row) {
  const TcpListener& listener = row.listener;
  const auto& owner = listener.owner;
  return Object()
      .with("address", endpoint_text(listener.address, listener.port))
      .with("queued", listener.queued)
      .with("limit", listener.limit)
      .with("capped_by", json_name_of(row.capped_by))
      .with("pid", owner ? std::optional(owner->pid) : std::nullopt)
      .with("comm", owner ? std::optional(owner->comm) : std::nullopt)
      .with("unit", text_or_null(owner ? owner->unit : std::string()))
      .json();
}

Json limit_object(const FlowLimit& limit) {
  const Flow& flow = *limit.flow;
  const auto& owner = flow.owner;
  return Object()
      .with("local", endpoint_text(flow.local.address, flow.local.port))
      .with("remote", endpoint_text(flow.remote.address, flow.remote.port))
      .with("pid", owner ? std::optional(owner->pid) : std::nullopt)
      .with("comm", owner ? std::optional(owner->comm) : std::nullopt)
      .with("unit", text_or_null(owner ? owner->unit : std::string()))
      .with("accepted", flow.accepted)
      .with("direction", direction_name(limit.direction))
      .with("bytes", limit.bytes)
      .with("bits_per_second", limit.bits_per_second)
      .with("rtt_us", limit.rtt.count())
      .with("min_rtt_us", limit.min_rtt.count())
      .with("limited_by", limit_name(limit.limited_by))
      .with("certainty", Json{fmt::format("{:.2f}", limit.certainty)})
      .with("key", text_or_null(limit.key))
      .with("needs_bytes", limit.needs_bytes > 0 ? std::optional(limit.needs_bytes) : std::nullopt)
      .with("message", limit.because)
      .with("evidence", list_of(limit.evidence, evidence_object))
      .json();
}

Json process_object(const ProcessRow& row) {
  const ProcessFiles& files = row.files;
  return Object()
      .with("pid", files.process.pid)
      .with("comm", files.process.comm)
      .with("unit", text_or_null(files.process.unit))
      .with("sockets", files.sockets)
      .with("open_files", files.open_files)
      .with("soft_limit", files.soft)
      .with("hard_limit", files.hard)
      .with("close_wait", row.close_wait)
      .with("oldest_close_wait_seconds",
            row.oldest_close_wait ? std::optional(row.oldest_close_wait->count()) : std::nullopt)
      .json();
}

}  // namespace

std::string sockets_json(const SocketReport& report, std::string_view version) {
  Document document;
  document.with("schema", "tuner/sockets/1")
      .with("tool", tool_object(version))
      .with("generated_at", text::timestamp(report.generated_at))
      .with("host", host_object(*report.host))
      .with(
          "sample_seconds",
          report.sampled_for
              ? Json{fmt::format("{:.3f}", static_cast<double>(report.sampled_for->count()) / 1000)}
              : Json{"null"});
  switch (report.by) {
    case SocketsBy::state:
      document.with("states", states_object(report))
          .with("time_wait_on_service_ports", report.survey.time_wait_on_service_ports)
          .with("time_wait_on_chosen_ports", report.survey.time_wait_on_chosen_ports);
      break;
    case SocketsBy::peer:
      document.with_list("peers", report.peers, peer_object);
      break;
    case SocketsBy::process:
      document.with_list("processes", report.processes, process_object);
      break;
    case SocketsBy::limit:
      document.with("connections", report.flows->connections)
          .with("moving", report.flows->moving)
          .with_list("limits", report.limits, limit_object);
      break;
    case SocketsBy::listener:
      document.with_list("listeners", report.listeners, listener_object)
          .with("listen_overflows", report.overflows);
      break;
  }
  return document.with_list("errors", kNoErrors, error_object).text();
}

}  // namespace tuner::render
