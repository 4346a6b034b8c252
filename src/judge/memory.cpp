#include "judge/memory.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

/// The most that a socket's buffer can become; the kernel doubles what an application asks for
/// (net/core/sock.c sk_setsockopt()).
std::optional<Bytes> largest(const char* own, const char* asked, const HostSnapshot& host) {
  const auto numbers = host.numbers(own);
  if (!numbers) return std::nullopt;
  const auto cap = checked_multiply(Bytes(host.number(asked).value_or(0)), 2);
  return std::max(Bytes(numbers->back()), cap.value_or(Bytes(kLongMax)));
}

std::optional<Bytes> tcp_limit(const HostSnapshot& host) {
  const auto pages = host.numbers("net.ipv4.tcp_mem");
  if (!pages || !host.page_size) return std::nullopt;
  return to_bytes(Pages(pages->back()), *host.page_size).value_or(Bytes(kLongMax));
}

}  // namespace

std::optional<MemoryNeed> memory_need(const Profile& profile, const HostSnapshot& host) {
  const auto receive = largest("net.ipv4.tcp_rmem", "net.core.rmem_max", host);
  const auto send = largest("net.ipv4.tcp_wmem", "net.core.wmem_max", host);
  if (!receive || !send) return std::nullopt;
  MemoryNeed need;
  need.per_connection = checked_add(*receive, *send).value_or(Bytes(kLongMax));
  if (const Input* const input = profile.input(Quantified::connections)) {
    need.connections = std::get<Connections>(input->value);
    need.worst_case =
        checked_multiply(need.per_connection, need.connections->count()).value_or(Bytes(kLongMax));
  }
  need.tcp_limit = tcp_limit(host);
  if (host.memory) need.memory = *host.memory;
  return need;
}

bool is_buffer(const Change& change) {
  return change.key == "net.ipv4.tcp_rmem" || change.key == "net.ipv4.tcp_wmem" ||
         change.key == "net.core.rmem_max" || change.key == "net.core.wmem_max";
}

std::vector<std::string> memory_warnings(const MemoryNeed& need) {
  std::vector<std::string> warnings;
  if (need.tcp_limit && need.memory && *need.tcp_limit > *need.memory) {
    warnings.push_back(fmt::format("The limit of tcp_mem, {}, is above the memory of the host, {}.",
                                   text::size(*need.tcp_limit), text::size(*need.memory)));
  }
  if (!need.worst_case) return warnings;
  const std::string worst =
      fmt::format("In the worst case {} connections with full buffers hold {}",
                  text::grouped(need.connections->count()), text::size(*need.worst_case));
  const bool above_memory = need.memory && *need.worst_case > *need.memory;
  if (need.tcp_limit && *need.worst_case > *need.tcp_limit) {
    warnings.push_back(
        fmt::format("{}, above the limit of tcp_mem{}. Above its pressure threshold buffers stop "
                    "growing; at its limit the kernel drops data.",
                    worst, above_memory ? " and the memory of the host" : ""));
  } else if (above_memory) {
    warnings.push_back(worst + ", above the memory of the host.");
  }
  return warnings;
}

}  // namespace tuner
