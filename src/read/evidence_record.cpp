#include "read/evidence_record.hpp"

#include <fmt/core.h>

#include "model/number.hpp"
#include "read/record.hpp"

namespace tuner::parse {

namespace {

std::string text_in(const RecordLine& record, std::string_view name) {
  return many_words(record.text(name).value_or(""));
}

struct Count {
  std::string_view name;
  std::int64_t InterfaceDrops::*field;
};

constexpr Count kCounts[] = {
    {"qdisc", &InterfaceDrops::qdisc},
    {"received", &InterfaceDrops::received},
    {"missed", &InterfaceDrops::missed},
    {"sent", &InterfaceDrops::sent},
    {"packets_received", &InterfaceDrops::packets_received},
    {"packets_sent", &InterfaceDrops::packets_sent},
};

}  // namespace

std::string route_records(const std::vector<DefaultRoute>& routes) {
  std::string text;
  for (const DefaultRoute& route : routes) {
    text += fmt::format("route shown={} device={} initcwnd={} initrwnd={}\n", one_word(route.shown),
                        one_word(route.device), route.windows.initcwnd, route.windows.initrwnd);
  }
  return text;
}

Observed<std::vector<DefaultRoute>> default_routes(std::string_view text) {
  std::vector<DefaultRoute> routes;
  for (const std::string_view line : lines(text)) {
    if (trim(line).empty()) continue;
    const RecordLine record(line);
    const auto initcwnd = record.number<std::uint32_t>("initcwnd");
    const auto initrwnd = record.number<std::uint32_t>("initrwnd");
    if (record.word(0) != "route" || !initcwnd || !initrwnd) {
      return malformed("\"" + std::string(line) + "\"");
    }
    routes.push_back({.shown = text_in(record, "shown"),
                      .device = text_in(record, "device"),
                      .windows = {*initcwnd, *initrwnd}});
  }
  return routes;
}

std::string interface_records(const std::vector<InterfaceDrops>& interfaces) {
  std::string text;
  for (const InterfaceDrops& drops : interfaces) {
    text += "interface name=" + one_word(drops.name);
    for (const Count& count : kCounts)
      text += fmt::format(" {}={}", count.name, drops.*count.field);
    text += '\n';
  }
  return text;
}

Observed<std::vector<InterfaceDrops>> interface_drops(std::string_view text) {
  std::vector<InterfaceDrops> interfaces;
  for (const std::string_view line : lines(text)) {
    if (trim(line).empty()) continue;
    const RecordLine record(line);
    InterfaceDrops drops{.name = text_in(record, "name")};
    bool read = record.word(0) == "interface";
    for (const Count& count : kCounts) {
      const auto number = parse::count(record.text(count.name).value_or("0"));
      read = read && number.has_value();
      drops.*count.field = number.value_or(0);
    }
    if (!read) return malformed("\"" + std::string(line) + "\"");
    interfaces.push_back(std::move(drops));
  }
  return interfaces;
}

}  // namespace tuner::parse
