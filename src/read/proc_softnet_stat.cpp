#include "model/number.hpp"
#include "read/proc.hpp"

namespace tuner::parse {

Observed<SoftnetStatistics> softnet_stat(std::string_view text) {
  SoftnetStatistics result;
  std::int64_t processed = 0;
  std::int64_t dropped = 0;
  for (const std::string_view line : lines(text)) {
    const auto columns = words(line);
    if (columns.size() < 9) {
      return malformed("a line has " + std::to_string(columns.size()) + " columns, not 9 or more");
    }
    // The kernel's are of 32 bits: net/core/net-procfs.c softnet_seq_show().
    const auto first = integer<std::uint32_t>(columns[0], 16);
    const auto second = integer<std::uint32_t>(columns[1], 16);
    const auto third = integer<std::uint32_t>(columns[2], 16);
    if (!first || !second || !third) {
      return malformed("a column is not a 32-bit hexadecimal number");
    }
    processed += *first;
    dropped += *second;
    result.time_squeeze += *third;
    ++result.processors;
  }
  if (result.processors == 0) return malformed("the file is empty");
  result.processed = Packets(processed);
  result.dropped = Packets(dropped);
  return result;
}

}  // namespace tuner::parse
