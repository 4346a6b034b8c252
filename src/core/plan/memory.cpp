#include "core/plan/memory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/parse/sysctl.hpp"
#include "core/text/human.hpp"

namespace tuner {

namespace {

/// The last element of a key when the plan has been carried out.
std::optional<std::int64_t> maximum_of(std::string_view key, const std::vector<Change>& changes,
                                       const HostSnapshot& host) {
  const auto change = std::find_if(changes.begin(), changes.end(),
                                   [key](const Change& other) { return other.key == key; });
  if (change != changes.end()) return parse::sysctl_value(change->wanted).numbers.back();
  const auto running = host.numbers(key);
  return running ? std::optional(running->back()) : std::nullopt;
}

std::optional<Bytes> tcp_limit(const std::vector<Change>& changes, const HostSnapshot& host) {
  const auto pages = maximum_of("net.ipv4.tcp_mem", changes, host);
  if (!pages || !host.page_size) return std::nullopt;
  return to_bytes(Pages(*pages), *host.page_size).value_or(Bytes(kLongMax));
}

}  // namespace

std::optional<MemoryNeed> memory_need(const Profile& profile, const std::vector<Change>& changes,
                                      const HostSnapshot& host) {
  const auto receive = maximum_of("net.ipv4.tcp_rmem", changes, host);
  const auto send = maximum_of("net.ipv4.tcp_wmem", changes, host);
  if (!receive || !send) return std::nullopt;
  MemoryNeed need;
  need.per_connection = checked_add(Bytes(*receive), Bytes(*send)).value_or(Bytes(kLongMax));
  if (const Input* const input = profile.input(Quantified::connections)) {
    need.connections = std::get<Connections>(input->value);
    need.worst_case =
        checked_multiply(need.per_connection, need.connections->count()).value_or(Bytes(kLongMax));
  }
  need.tcp_limit = tcp_limit(changes, host);
  if (host.memory) need.memory = *host.memory;
  return need;
}

std::vector<std::string> memory_warnings(const MemoryNeed& need) {
  std::vector<std::string> warnings;
  if (need.tcp_limit && need.memory && *need.tcp_limit > *need.memory) {
    warnings.push_back(fmt::format("The limit of tcp_mem, {}, is above the memory of the host, {}.",
                                   text::size(*need.tcp_limit), text::size(*need.memory)));
  }
  if (!need.worst_case) return warnings;
  const std::string worst =
      fmt::format("{} connections with full buffers hold {}",
                  text::grouped(need.connections->count()), text::size(*need.worst_case));
  const bool above_memory = need.memory && *need.worst_case > *need.memory;
  if (need.tcp_limit && *need.worst_case > *need.tcp_limit) {
    warnings.push_back(fmt::format(
        "{}, above the limit of tcp_mem{}: near that limit the kernel shrinks buffers, so "
        "connections slow down.",
        worst, above_memory ? " and the memory of the host" : ""));
  } else if (above_memory) {
    warnings.push_back(worst + ", above the memory of the host.");
  }
  return warnings;
}

}  // namespace tuner
