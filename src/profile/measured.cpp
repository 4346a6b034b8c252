#include "profile/measured.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "knowledge/thresholds.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

using std::chrono::microseconds;

constexpr double kPercentile = 0.95;

bool is_elsewhere(const Flow& flow, const FlowSurvey& survey) {
  const Address& remote = flow.remote.address;
  if (remote.is_loopback() || remote == flow.local.address) return false;
  return std::none_of(survey.flows.begin(), survey.flows.end(),
                      [&remote](const Flow& other) { return other.local.address == remote; });
}

/// Up, so that a path is not taken for shorter than it is, but for a tenth of the last digit: the
/// same path measured twice comes to the same.
double in_two_digits(double number) {
  if (number <= 0) return 0;
  const double unit = std::pow(10, std::floor(std::log10(number)) - 1);
  return std::ceil(number / unit - 0.1) * unit;
}

std::string duration_text(microseconds time) {
  const auto count = time.count();
  return count >= 10'000 ? fmt::format("{}ms", (count + 999) / 1000) : fmt::format("{}us", count);
}

std::string rate_text(std::int64_t bits) {
  if (bits >= 1'000'000'000 && bits % 100'000'000 == 0) {
    return fmt::format("{:g}Gbit", static_cast<double>(bits) / 1e9);
  }
  if (bits >= 1'000'000) return fmt::format("{:g}Mbit", static_cast<double>(bits) / 1e6);
  return fmt::format("{}kbit", std::max<std::int64_t>(1, (bits + 999) / 1000));
}

Error too_little(Quantified quantity) {
  return {.kind = ErrorKind::failure,
          .subject = fmt::format("{}=measured", quantity_name(quantity)),
          .detail = "too little moved to other hosts to measure it",
          .hint = "Run it again while the host is busy, or give a value."};
}

/// The connections to other hosts, and the least round trip to each peer.
struct Elsewhere {
  std::vector<const Flow*> flows{};
  std::uint64_t bytes = 0;
  std::map<Address, microseconds> least{};
};

Elsewhere elsewhere(const FlowSurvey& survey) {
  Elsewhere result;
  for (const Flow& flow : survey.flows) {
    if (!is_elsewhere(flow, survey)) continue;
    result.flows.push_back(&flow);
    result.bytes += flow.sent() + flow.received();
    if (flow.last.min_rtt.count() == 0) continue;
    const auto [place, fresh] = result.least.emplace(flow.remote.address, flow.last.min_rtt);
    if (!fresh) place->second = std::min(place->second, flow.last.min_rtt);
  }
  return result;
}

std::string of_connections(const Elsewhere& seen) {
  return text::plural(static_cast<std::int64_t>(seen.flows.size()), "connection", "connections");
}

std::optional<Input> round_trip(const Elsewhere& seen) {
  std::vector<std::pair<microseconds, std::uint64_t>> weighed;
  std::uint64_t all = 0;
  for (const Flow* const flow : seen.flows) {
    const auto least = seen.least.find(flow->remote.address);
    if (least == seen.least.end()) continue;
    weighed.emplace_back(least->second, flow->sent() + flow->received());
    all += weighed.back().second;
  }
  if (weighed.empty()) return std::nullopt;
  std::sort(weighed.begin(), weighed.end());
  std::uint64_t below = 0;
  microseconds value = weighed.back().first;
  for (const auto& [time, bytes] : weighed) {
    below += bytes;
    if (static_cast<double>(below) < kPercentile * static_cast<double>(all)) continue;
    value = time;
    break;
  }
  value = microseconds(std::llround(in_two_digits(static_cast<double>(value.count()))));
  return Input{.value = value,
               .written = duration_text(value),
               .measured = fmt::format("95th percentile of the least round trips of {}, by bytes",
                                       of_connections(seen))};
}

/// The rate that one connection reached: over a round trip that the application did not limit, in
/// the bursts of a window, or on average.
std::uint64_t fastest(const Flow& flow, microseconds time) {
  constexpr double kMost = 1e15;  // more than any link has: a tree may hold any number
  const double moved = static_cast<double>(std::max(flow.sent(), flow.received()));
  const auto average =
      static_cast<std::uint64_t>(std::min(moved * 1e6 / static_cast<double>(time.count()), kMost));
  const std::uint64_t delivery = flow.last.application_limited ? 0 : flow.last.delivery_rate;
  return std::max(
      {average, delivery, flow.tally.acked_peaks.back(), flow.tally.received_peaks.back()});
}

std::optional<Input> link_rate(const Elsewhere& seen, const FlowSurvey& survey) {
  if (survey.link_bits_per_second > 0) {
    const auto bits = static_cast<std::int64_t>(survey.link_bits_per_second);
    return Input{.value = BitsPerSecond(bits),
                 .written = rate_text(bits),
                 .measured = fmt::format("speed of {}, which leads to the peer of the most data",
                                         survey.link)};
  }
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::uint64_t most = 0;
  for (const Flow* const flow : seen.flows) {
    sent += flow->sent();
    received += flow->received();
    most = std::max(most, fastest(*flow, survey.time));
  }
  const double together = static_cast<double>(std::max(sent, received)) * 1e6 /
                          static_cast<double>(survey.time.count());
  const double rate = in_two_digits(8 * std::max(static_cast<double>(most), together));
  if (rate < 1) return std::nullopt;
  const auto bits = static_cast<std::int64_t>(std::min(rate, 4e12));
  return Input{.value = BitsPerSecond(bits),
               .written = rate_text(bits),
               .measured = fmt::format("largest rate seen on {}; no network card tells its speed",
                                       of_connections(seen))};
}

std::optional<Input> most_connections(const FlowSurvey& survey) {
  if (survey.most_connections < 1) return std::nullopt;
  const auto count = static_cast<std::int64_t>(
      std::llround(in_two_digits(static_cast<double>(survey.most_connections))));
  return Input{.value = Connections(count),
               .written = std::to_string(count),
               .measured = "the most to one peer or one listening port"};
}

}  // namespace

Result<Input> measured_input(Quantified quantity, const HostSnapshot& host) {
  if (!host.flows) {
    Error error = too_little(quantity);
    error.detail = "connections were not watched: " + unread_text(host.flows.error());
    return fail(std::move(error));
  }
  const FlowSurvey& survey = *host.flows;
  const Elsewhere seen = elsewhere(survey);
  const bool counts = quantity == Quantified::connections;
  if (!counts && seen.bytes < judge::threshold::kLeastMoved) return fail(too_little(quantity));
  std::optional<Input> input;
  if (quantity == Quantified::rtt) input = round_trip(seen);
  if (quantity == Quantified::bandwidth) input = link_rate(seen, survey);
  if (counts) input = most_connections(survey);
  if (!input) return fail(too_little(quantity));
  input->measured_on = static_cast<std::int64_t>(
      counts ? survey.connections : static_cast<std::int64_t>(seen.flows.size()));
  return std::move(*input);
}

Result<void> measure_inputs(Profile& profile, const HostSnapshot& host,
                            std::chrono::sys_seconds now) {
  for (Input& input : profile.inputs) {
    if (!input.to_measure) continue;
    auto measured = measured_input(input.quantity, host);
    if (!measured) return tl::unexpected(measured.error());
    input.value = measured->value;
    input.written = std::move(measured->written);
    input.measured = std::move(measured->measured);
    input.measured_on = measured->measured_on;
    input.measured_at = now;
    input.to_measure = false;
  }
  return {};
}

bool waits_for_measurement(const Profile& profile) {
  return std::any_of(profile.inputs.begin(), profile.inputs.end(),
                     [](const Input& input) { return input.to_measure; });
}

}  // namespace tuner
