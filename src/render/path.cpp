#include "render/path.hpp"

#include <fmt/core.h>

#include "render/json_parts.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

std::string time_of(std::chrono::microseconds time) {
  const auto count = time.count();
  if (count % 1000000 == 0) return fmt::format("{} s", count / 1000000);
  return count % 1000 == 0 ? fmt::format("{} ms", count / 1000) : fmt::format("{} us", count);
}

std::string window_line(const PathNeeds& needs) {
  if (needs.beyond_windows) {
    return fmt::format(
        "Window: the largest possible, {} bytes, limits one connection to {}: use more "
        "connections.",
        text::grouped(kLargestWindow.count()), text::rate(rate_of(kLargestWindow, needs.path.rtt)));
  }
  if (needs.window_scale == 0) return "Window: 65,535 bytes are enough, so no scale is needed.";
  return fmt::format("Window: a scale of {}, which allows up to {} bytes.", needs.window_scale,
                     text::grouped(announced_window(65535, needs.window_scale).count()));
}

std::string buffer_lines(std::string_view name, const BufferNeed& need, const Style& style) {
  std::string text = wrapped(fmt::format("{}: {} needs a maximum of {} ({}).", name, need.key,
                                         need.wanted.count(), text::size(need.wanted)),
                             0, style);
  text +=
      wrapped(need.running ? fmt::format("Now {} ({}): enough for about {}, {}.",
                                         need.running->count(), text::size(*need.running),
                                         text::decimal_size(need.carries), text::rate(need.limit))
                           : fmt::format("Now {}.", unread_text(need.running.error())),
              2, style);
  if (!need.held_by.empty()) {
    text +=
        wrapped(fmt::format("{} is 0, a tighter limit than the buffer.", need.held_by), 2, style);
  }
  if (style.detail != Detail::everything) return text;
  return text + wrapped(fmt::format("Why: {}.", need.share.because), 2, style) +
         wrapped(fmt::format("Source: {}", need.share.source), 2, style);
}

/// Which side holds the path back, if any does.
std::string verdict(const PathNeeds& needs) {
  if (!needs.receive.running || !needs.send.running) return {};
  const bool receiving = needs.receive.limit < needs.path.bandwidth;
  const bool sending = needs.send.limit < needs.path.bandwidth;
  if (!receiving && !sending) return "The current settings fill the path.";
  const auto part = [](std::string_view verb, const BufferNeed& need) {
    return fmt::format("{} {}", verb, text::rate(need.limit));
  };
  std::string parts = receiving ? part("receiving", needs.receive) : "";
  if (receiving && sending) parts += " and ";
  if (sending) parts += part("sending", needs.send);
  return fmt::format("The current settings limit this path to about {}.", parts);
}

Json buffer_object(const BufferNeed& need) {
  return Object()
      .with("key", need.key)
      .with("element", "max")
      .with("wanted_bytes", need.wanted.count())
      .with("running_bytes", need.running ? json_of(need.running->count()) : json_of(nullptr))
      .with("held_by", need.held_by.empty() ? json_of(nullptr) : json_of(need.held_by))
      .with("carries_bytes", need.running ? json_of(need.carries.count()) : json_of(nullptr))
      .with("limit_bits_per_second", need.running ? json_of(need.limit.count()) : json_of(nullptr))
      .with("why", need.share.because)
      .with("source", need.share.source)
      .json();
}

}  // namespace

std::string path_text(const PathNeeds& needs, const HostSnapshot& host, const Style& style) {
  std::string text =
      wrapped(fmt::format("{} are in flight when {} for {} is full.", text::decimal_size(needs.bdp),
                          text::rate(needs.path.bandwidth), time_of(needs.path.rtt)),
              0, style);
  if (style.detail != Detail::verdict_only) {
    text += wrapped(window_line(needs), 0, style);
    if (host.kernel) text += fmt::format("\nBuffers on Linux {}:\n", host.kernel->text);
    text += buffer_lines("Receiving", needs.receive, style);
    text += buffer_lines("Sending", needs.send, style);
    text += '\n';
  }
  return clean(text + wrapped(verdict(needs), 0, style), style.charset);
}

std::string path_json(const PathNeeds& needs, const HostSnapshot& host, std::string_view version) {
  return Document()
      .with("schema", "tuner/bdp/1")
      .with("tool", tool_object(version))
      .with("host", host_object(host))
      .with("bandwidth_bits_per_second", needs.path.bandwidth.count())
      .with("rtt_us", needs.path.rtt.count())
      .with("bdp_bytes", needs.bdp.count())
      .with("window_scale", needs.window_scale)
      .with("beyond_windows", needs.beyond_windows)
      .with("receive", buffer_object(needs.receive))
      .with("send", buffer_object(needs.send))
      .with_list("errors", kNoErrors, error_object)
      .text();
}

}  // namespace tuner::render
