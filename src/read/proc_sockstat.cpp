#include "model/number.hpp"
#include "read/proc.hpp"

namespace tuner::parse {

namespace {

/// The number after `name` in a line like "TCP: inuse 1 orphan 0 tw 0 alloc 1 mem 121".
std::optional<std::int64_t> number_after(std::string_view line, std::string_view name) {
  const auto parts = words(line);
  for (std::size_t index = 1; index + 1 < parts.size(); index += 2) {
    if (parts[index] == name) return count(parts[index + 1]);
  }
  return std::nullopt;
}

bool read_tcp(std::string_view line, SocketStatistics& result) {
  const auto in_use = number_after(line, "inuse");
  const auto orphans = number_after(line, "orphan");
  const auto time_wait = number_after(line, "tw");
  const auto memory = number_after(line, "mem");
  if (!in_use || !orphans || !time_wait || !memory) return false;
  result.tcp_in_use = *in_use;
  result.tcp_orphans = *orphans;
  result.tcp_time_wait = *time_wait;
  result.tcp_memory = Pages(*memory);
  return true;
}

}  // namespace

Observed<SocketStatistics> sockstat(std::string_view text) {
  SocketStatistics result;
  bool tcp = false;
  bool udp = false;
  for (const std::string_view line : lines(text)) {
    if (line.starts_with("TCP:")) tcp = read_tcp(line, result);
    if (line.starts_with("UDP:")) {
      const auto memory = number_after(line, "mem");
      udp = memory.has_value();
      result.udp_memory = Pages(memory.value_or(0));
    }
    if (line.starts_with("FRAG:")) {
      const auto memory = number_after(line, "memory");
      if (!memory) return malformed("no complete FRAG line");
      result.fragment_memory = Bytes(*memory);
    }
  }
  if (!tcp) return malformed("no complete TCP line");
  if (!udp) return malformed("no complete UDP line");
  return result;
}

}  // namespace tuner::parse
