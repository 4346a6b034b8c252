#include "read/flow_record.hpp"

#include <fmt/core.h>

#include "model/number.hpp"
#include "read/record.hpp"
#include "tuner/path.hpp"

namespace tuner::parse {

namespace {

using std::chrono::microseconds;

/// A field of a look, or of a tally, by the name that a record gives it.
template <class Of, class Type>
struct Named {
  std::string_view name;
  Type Of::*field;
};

constexpr Named<FlowLook, std::uint64_t> kBytes[] = {{"acked", &FlowLook::acked},
                                                     {"received", &FlowLook::received},
                                                     {"delivery", &FlowLook::delivery_rate},
                                                     {"pacing_limit", &FlowLook::pacing_limit}};
constexpr Named<FlowLook, microseconds> kTimes[] = {
    {"busy", &FlowLook::busy},       {"window_limited", &FlowLook::window_limited},
    {"rtt", &FlowLook::rtt},         {"buffer_limited", &FlowLook::buffer_limited},
    {"min_rtt", &FlowLook::min_rtt}, {"receive_rtt", &FlowLook::receive_rtt}};
constexpr Named<FlowLook, std::uint32_t> kNumbers[] = {
    {"segment", &FlowLook::segment},
    {"cwnd", &FlowLook::congestion_window},
    {"send_queue", &FlowLook::send_queue},
    {"unsent", &FlowLook::unsent},
    {"own_scale", &FlowLook::own_scale},
    {"receive_queue", &FlowLook::receive_queue},
    {"retransmitted", &FlowLook::retransmitted},
    {"out_of_order", &FlowLook::out_of_order},
    {"send_buffer", &FlowLook::send_buffer},
    {"send_memory", &FlowLook::send_memory},
    {"receive_buffer", &FlowLook::receive_buffer},
    {"receive_memory", &FlowLook::receive_memory}};
constexpr Named<FlowLook, std::optional<std::uint32_t>> kWindows[] = {
    {"peer_window", &FlowLook::peer_window}, {"own_window", &FlowLook::own_window}};
constexpr Named<FlowLook, bool> kFlags[] = {{"application_limited", &FlowLook::application_limited},
                                            {"scales", &FlowLook::scales}};
constexpr Named<FlowTally, std::int64_t> kLooks[] = {
    {"looks", &FlowTally::looks},          {"nothing_to_send", &FlowTally::nothing_to_send},
    {"path", &FlowTally::behind_path},     {"window", &FlowTally::behind_window},
    {"buffer", &FlowTally::behind_buffer}, {"unread", &FlowTally::unread}};
constexpr Named<FlowTally, microseconds> kSums[] = {
    {"rtt_sum", &FlowTally::rtt_sum}, {"receive_rtt_sum", &FlowTally::receive_rtt_sum}};

/// What differs from nothing; `first` and `last` stand in front of the names of the two looks.
void add(std::string& line, std::string_view prefix, std::string_view name, auto number) {
  if (number != 0) line += fmt::format(" {}{}={}", prefix, name, number);
}

void add_look(std::string& line, std::string_view prefix, const FlowLook& look) {
  for (const auto& row : kBytes) add(line, prefix, row.name, look.*row.field);
  for (const auto& row : kTimes) add(line, prefix, row.name, (look.*row.field).count());
  for (const auto& row : kNumbers) add(line, prefix, row.name, look.*row.field);
  for (const auto& row : kFlags) add(line, prefix, row.name, (look.*row.field) ? 1 : 0);
  for (const auto& row : kWindows) {
    // A window of none is not one that is not told.
    if (look.*row.field) line += fmt::format(" {}{}={}", prefix, row.name, *(look.*row.field));
  }
}

std::string record_of(const Flow& flow) {
  std::string line = fmt::format("flow {} {}", endpoint_text(flow.local.address, flow.local.port),
                                 endpoint_text(flow.remote.address, flow.remote.port));
  add(line, "", "accepted", flow.accepted ? 1 : 0);
  if (flow.owner) {
    line += fmt::format(" pid={} comm={}", flow.owner->pid, one_word(flow.owner->comm));
    if (!flow.owner->unit.empty()) line += " unit=" + one_word(flow.owner->unit);
  }
  add_look(line, "first.", flow.first);
  add_look(line, "last.", flow.last);
  for (const auto& row : kLooks) add(line, "", row.name, flow.tally.*row.field);
  for (const auto& row : kSums) add(line, "", row.name, (flow.tally.*row.field).count());
  add(line, "", "own_window_sum", flow.tally.own_window_sum);
  for (std::size_t place = 0; place < flow.tally.acked_peaks.size(); ++place) {
    const std::string number = std::to_string(place);
    add(line, "acked_peak", number, flow.tally.acked_peaks[place]);
    add(line, "received_peak", number, flow.tally.received_peaks[place]);
  }
  return line + '\n';
}

/// Reads the fields of one line, and remembers whether one of them was not what it should be.
class Fields {
 public:
  explicit Fields(const RecordLine& record) : record_(record) {}

  template <class Integer>
  Integer number(const std::string& name) {
    const auto found = record_.number<Integer>(name);
    good_ = good_ && found && *found >= Integer{0};
    return found.value_or(Integer{0});
  }
  [[nodiscard]] bool has(const std::string& name) const { return record_.text(name).has_value(); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  const RecordLine& record_;
  bool good_ = true;
};

std::string named(std::string_view prefix, std::string_view name) {
  return std::string(prefix).append(name);
}

FlowLook look_of(Fields& fields, std::string_view prefix) {
  FlowLook look;
  for (const auto& row : kBytes) {
    look.*row.field = fields.number<std::uint64_t>(named(prefix, row.name));
  }
  for (const auto& row : kTimes) {
    look.*row.field = microseconds(fields.number<std::int64_t>(named(prefix, row.name)));
  }
  for (const auto& row : kNumbers) {
    look.*row.field = fields.number<std::uint32_t>(named(prefix, row.name));
  }
  for (const auto& row : kFlags) {
    look.*row.field = fields.number<std::uint32_t>(named(prefix, row.name)) != 0;
  }
  for (const auto& row : kWindows) {
    const std::string name = named(prefix, row.name);
    if (fields.has(name)) look.*row.field = fields.number<std::uint32_t>(name);
  }
  return look;
}

FlowTally tally_of(Fields& fields) {
  FlowTally tally;
  for (const auto& row : kLooks) {
    tally.*row.field = fields.number<std::int64_t>(std::string(row.name));
  }
  for (const auto& row : kSums) {
    tally.*row.field = microseconds(fields.number<std::int64_t>(std::string(row.name)));
  }
  tally.own_window_sum = fields.number<std::uint64_t>("own_window_sum");
  for (std::size_t place = 0; place < tally.acked_peaks.size(); ++place) {
    const std::string number = std::to_string(place);
    tally.acked_peaks[place] = fields.number<std::uint64_t>("acked_peak" + number);
    tally.received_peaks[place] = fields.number<std::uint64_t>("received_peak" + number);
  }
  return tally;
}

std::optional<Flow> flow_of(std::string_view line) {
  const RecordLine record(line);
  const auto local = endpoint_of(record.word(1));
  const auto remote = endpoint_of(record.word(2));
  if (record.word(0) != "flow" || !local || !remote) return std::nullopt;
  Fields fields(record);
  Flow flow{.local = *local, .remote = *remote, .accepted = fields.number<int>("accepted") != 0};
  if (const int pid = fields.number<int>("pid"); pid != 0) {
    flow.owner = SocketOwner{.pid = pid,
                             .comm = many_words(record.text("comm").value_or("")),
                             .unit = many_words(record.text("unit").value_or(""))};
  }
  flow.first = look_of(fields, "first.");
  flow.last = look_of(fields, "last.");
  flow.tally = tally_of(fields);
  const bool forward =
      flow.last.acked >= flow.first.acked && flow.last.received >= flow.first.received;
  // A tree may hold anything: a scale beyond RFC 7323's, a segment longer than a packet, no looks.
  constexpr std::uint32_t kMostSegment = 65535;
  const bool possible = flow.last.own_scale <= std::uint32_t{kMaxWindowScale} &&
                        flow.last.segment <= kMostSegment && flow.tally.looks > 0;
  return fields.good() && forward && possible ? std::optional(std::move(flow)) : std::nullopt;
}

}  // namespace

std::string flow_records_text(const FlowSurvey& survey) {
  std::string text =
      fmt::format("flows time_us={} connections={} moving={} bytes={} most={} link_speed={}",
                  survey.time.count(), survey.connections, survey.moving, survey.bytes,
                  survey.most_connections, survey.link_bits_per_second);
  if (!survey.link.empty()) text += " link=" + one_word(survey.link);
  text += '\n';
  for (const Flow& flow : survey.flows) text += record_of(flow);
  return text;
}

Observed<FlowSurvey> flow_records(std::string_view text) {
  const auto rows = lines(text);
  const RecordLine head(rows.empty() ? std::string_view() : rows.front());
  Fields fields(head);
  FlowSurvey survey{.time = microseconds(fields.number<std::int64_t>("time_us")),
                    .connections = fields.number<std::int64_t>("connections"),
                    .moving = fields.number<std::int64_t>("moving"),
                    .bytes = fields.number<std::uint64_t>("bytes"),
                    .most_connections = fields.number<std::int64_t>("most"),
                    .link = many_words(head.text("link").value_or("")),
                    .link_bits_per_second = fields.number<std::uint64_t>("link_speed")};
  if (head.word(0) != "flows" || !fields.good()) return malformed("no head line");
  for (std::size_t row = 1; row < rows.size(); ++row) {
    auto flow = flow_of(rows[row]);
    if (!flow) return malformed("\"" + std::string(rows[row]) + "\"");
    survey.flows.push_back(std::move(*flow));
  }
  if (survey.time.count() == 0 && !survey.flows.empty()) return malformed("no time");
  return survey;
}

}  // namespace tuner::parse
