#include <algorithm>
#include <map>

#include "model/number.hpp"
#include "read/proc.hpp"

namespace tuner::parse {

namespace {

struct Column {
  std::int64_t last = 0;  ///< of a number that stands on every processor's line
  std::int64_t sum = 0;   ///< of one that each processor counts for itself
};
using Columns = std::map<std::string_view, Column>;

bool add_line(const std::vector<std::string_view>& names,
              const std::vector<std::string_view>& numbers, Columns& columns) {
  if (numbers.size() != names.size()) return false;
  for (std::size_t index = 0; index < names.size(); ++index) {
    const auto number = count(numbers[index], 16);
    if (!number) return false;
    Column& column = columns[names[index]];
    column.last = *number;
    column.sum = std::min(column.sum + *number, kMostCounted);
  }
  return true;
}

/// A file of /proc/net/stat: a line of names, then hexadecimal numbers, a line for each processor.
Observed<Columns> columns_of(std::string_view text,
                             std::initializer_list<std::string_view> needed) {
  const auto all = lines(text);
  if (all.size() < 2) return malformed("no line of numbers");
  const auto names = words(all[0]);
  for (const std::string_view name : needed) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      return malformed("no column " + std::string(name));
    }
  }
  Columns columns;
  for (std::size_t index = 1; index < all.size(); ++index) {
    if (!add_line(names, words(all[index]), columns)) {
      return malformed("line " + std::to_string(index + 1) + " does not fit the names");
    }
  }
  return columns;
}

}  // namespace

Observed<ConntrackStatistics> nf_conntrack(std::string_view text) {
  auto columns = columns_of(text, {"drop", "early_drop", "insert_failed"});
  if (!columns) return tl::unexpected(columns.error());
  return ConntrackStatistics{.found = (*columns)["found"].sum,
                             .drop = (*columns)["drop"].sum,
                             .early_drop = (*columns)["early_drop"].sum,
                             .insert_failed = (*columns)["insert_failed"].sum};
}

Observed<std::vector<ListeningPort>> virtual_services(std::string_view text) {
  constexpr int kHexadecimal = 16;
  std::vector<ListeningPort> services;
  for (const std::string_view line : lines(text)) {
    const auto parts = words(line);
    if (parts.size() < 2 || (parts[0] != "TCP" && parts[0] != "UDP")) continue;
    const auto port = integer<std::int64_t>(parts[1].substr(parts[1].rfind(':') + 1), kHexadecimal);
    if (!port || *port < 0 || *port > 65535) {
      return malformed("\"" + std::string(parts[1]) + "\" has no port");
    }
    if (*port == 0) continue;  // a persistent service takes all ports
    services.push_back(
        {.port = *port, .transport = parts[0] == "TCP" ? Transport::tcp : Transport::udp});
  }
  return services;
}

Observed<NeighbourTable> neighbour_table(std::string_view text) {
  auto columns = columns_of(text, {"entries"});
  if (!columns) return tl::unexpected(columns.error());
  return NeighbourTable{.entries = (*columns)["entries"].last,
                        .table_fulls = (*columns)["table_fulls"].sum};
}

}  // namespace tuner::parse
