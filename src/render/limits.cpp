#include "render/limits.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "judge/evidence.hpp"
#include "sockets/limit.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

constexpr std::string_view kLimitLabels[kLimits] = {
    "send buffer", "receive buffer", "peer's window", "path",
    "application", "own setting",    "idle",          "unknown"};

/// Whom it concerns, where no sysctl does.
constexpr std::string_view kOtherwise[kLimits] = {
    "",
    "",
    "No sysctl of this host helps: look at the other end.",
    "No sysctl helps: the path is as fast as it is.",
    "No sysctl helps: this is the application's own pace.",
    "No sysctl helps: remove the setting from the application, and the kernel sizes the buffer.",
    "",
    ""};

std::string heading(const FlowLimit& limit) {
  const Flow& flow = *limit.flow;
  const bool sending = limit.direction == FlowDirection::sending;
  std::string text =
      fmt::format("{:>13}  {:<15} {} {}",
                  text::rate(BitsPerSecond(static_cast<std::int64_t>(limit.bits_per_second))),
                  kLimitLabels[static_cast<std::size_t>(limit.limited_by)], sending ? "to" : "from",
                  endpoint_text(flow.remote.address, flow.remote.port));
  if (flow.accepted) text += fmt::format(", accepted on port {}", flow.local.port);
  if (flow.owner) text += ", " + judge::owner_name(flow.owner);
  return text;
}

std::string block(const FlowLimit& limit, const SocketReport& report, const Style& style) {
  std::string text = heading(limit) + '\n' + wrapped(limit.because, kFindingIndent, style);
  if (style.detail == Detail::everything) {
    for (const Evidence& evidence : limit.evidence) {
      text += wrapped(fmt::format("{} {}, {}", evidence.name, evidence.value, evidence.meaning),
                      kFindingIndent, style);
    }
  }
  if (const auto setting = setting_that_frees(limit, *report.host)) {
    return text + wrapped(fmt::format("Fix: {} = {}", setting->key, setting->value), kFindingIndent,
                          style);
  }
  return text +
         wrapped(kOtherwise[static_cast<std::size_t>(limit.limited_by)], kFindingIndent, style);
}

}  // namespace

std::string limits_text(const SocketReport& report, const Style& style) {
  constexpr std::size_t kMostShown = 20;
  std::vector<const FlowLimit*> shown;
  for (const FlowLimit& limit : report.limits) {
    const bool idle = limit.limited_by == LimitedBy::idle;
    if (!idle || style.detail == Detail::everything) shown.push_back(&limit);
  }
  const std::string time =
      fmt::format("{:.2g} s", static_cast<double>(report.flows->time.count()) / 1e6);
  std::string text = wrapped(
      fmt::format("{} of {} moved data in {}.", text::grouped(report.flows->moving),
                  text::plural(report.flows->connections, "connection", "connections"), time),
      0, style);
  const std::size_t most =
      style.detail == Detail::everything ? shown.size() : std::min(shown.size(), kMostShown);
  for (std::size_t place = 0; place < most; ++place) {
    text += '\n' + block(*shown[place], report, style);
  }
  if (most == shown.size()) return text;
  return text + fmt::format("\n{} more: -v shows all.\n", shown.size() - most);
}

}  // namespace tuner::render
