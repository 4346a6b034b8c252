#include "judge/fleet.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "judge/group.hpp"
#include "judge/remedy.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// Whether the kernel of this host chose the value, as far as its rule is known.
bool is_default(const Fact& fact, const SysctlValue& value, const HostSnapshot& host) {
  const auto compared = judge::compare_with_default(fact, value.numbers, host);
  if (compared.judged) return !compared.below && !compared.above;
  return judge::exact_default(fact, host) == value.text;
}

void add(Summary& all, const Summary& one) {
  all.checks += one.checks;
  all.pass += one.pass;
  all.fail += one.fail;
  all.unknown += one.unknown;
  all.skipped += one.skipped;
  all.errors += one.errors;
  all.warnings += one.warnings;
  all.infos += one.infos;
  all.waived += one.waived;
}

}  // namespace

std::optional<Severity> worst_severity(const Summary& summary) {
  if (summary.errors > 0) return Severity::error;
  if (summary.warnings > 0) return Severity::warning;
  if (summary.infos > 0) return Severity::info;
  return std::nullopt;
}

std::int64_t FleetReport::count(Severity worst) const {
  return std::count_if(hosts.begin(), hosts.end(), [worst](const FleetHost& host) {
    return worst_severity(host.summary) == worst;
  });
}

std::int64_t FleetReport::incomplete() const {
  return std::count_if(hosts.begin(), hosts.end(), [](const FleetHost& host) {
    return !worst_severity(host.summary) && host.summary.unknown > 0;
  });
}

std::int64_t FleetReport::clean() const {
  return std::count_if(hosts.begin(), hosts.end(), [](const FleetHost& host) {
    return !worst_severity(host.summary) && host.summary.unknown == 0;
  });
}

Summary FleetReport::summary() const {
  Summary all;
  for (const FleetHost& host : hosts) add(all, host.summary);
  return all;
}

HostNumbers FleetReport::worst_first() const {
  const auto weight = [this](std::uint32_t number) {
    const Summary& summary = hosts[number].summary;
    return std::tie(summary.errors, summary.warnings, summary.infos, summary.unknown);
  };
  HostNumbers order(hosts.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&weight](std::uint32_t one, std::uint32_t other) {
    return weight(one) > weight(other);
  });
  return order;
}

FleetSurvey::FleetSurvey(std::vector<std::string> keys) {
  for (std::string& key : keys) {
    const Fact* const fact = find_fact(key);
    // A size that the kernel chose at boot follows the memory, and nobody can set it.
    const bool shown = fact != nullptr && fact->write == Write::read_only && fact->holds_numbers();
    if (shown) continue;
    columns_.push_back({.key = std::move(key), .fact = fact});
  }
}

void FleetSurvey::add_value(Column& column, const HostSnapshot& host) {
  const auto& value = host.sysctl(column.key);
  if (!value) {
    column.values.push_back(kNone);
    column.is_default.push_back(false);
    return;
  }
  const auto number = static_cast<std::uint32_t>(column.numbers.size());
  const auto added = column.numbers.emplace(value->text, number);
  column.values.push_back(added.first->second);
  column.is_default.push_back(column.fact != nullptr && is_default(*column.fact, *value, host));
}

void FleetSurvey::add(std::string name, const Report& report, std::string page) {
  const HostSnapshot& host = *report.host;
  const auto number = static_cast<std::uint32_t>(report_.hosts.size());
  report_.hosts.push_back({.name = std::move(name),
                           .hostname = host.hostname ? *host.hostname : std::string(),
                           .kernel = host.kernel ? host.kernel->text : std::string(),
                           .summary = report.summary(),
                           .shown = as_shown(report.summary(), group_failures(report.findings)),
                           .next_command = report.next_command,
                           .page = std::move(page)});
  for (const Finding& finding : report.findings) {
    if (finding.status == Status::fail) findings_.add(finding, number);
  }
  for (const Finding* const finding : remedy_of(report.findings, Severity::warning).beyond) {
    beyond_.add(*finding, number);
  }
  for (Column& column : columns_) add_value(column, host);
}

FleetSurvey::Majority FleetSurvey::most_frequent(const Column& column, bool defaults_alone) {
  std::vector<std::int64_t> counts(column.numbers.size(), 0);
  for (std::size_t host = 0; host < column.values.size(); ++host) {
    const bool counts_here = !defaults_alone || column.is_default[host];
    if (column.values[host] != kNone && counts_here) ++counts[column.values[host]];
  }
  const auto top = std::max_element(counts.begin(), counts.end());
  if (top == counts.end()) return {.value = kNone};
  return {.value = static_cast<std::uint32_t>(top - counts.begin()), .hosts = *top};
}

std::optional<FleetKey> FleetSurvey::compare(const Column& column) {
  FleetKey result{.key = column.key};
  std::int64_t defaults = 0;
  for (std::size_t host = 0; host < column.values.size(); ++host) {
    if (column.values[host] == kNone) continue;
    ++result.hosts;
    if (column.is_default[host]) ++defaults;
  }
  result.usual_is_default = 2 * defaults > result.hosts;
  const Majority most = most_frequent(column, result.usual_is_default);
  if (!result.usual_is_default && 2 * most.hosts <= result.hosts) return std::nullopt;
  std::vector<HostNumbers> others(column.numbers.size());
  for (std::size_t host = 0; host < column.values.size(); ++host) {
    const std::uint32_t value = column.values[host];
    if (value == kNone) continue;
    const bool usual = result.usual_is_default ? column.is_default[host] : value == most.value;
    if (usual) {
      ++result.usual_hosts;
      continue;
    }
    others[value].push_back(static_cast<std::uint32_t>(host));
    report_.hosts[host].differs.push_back(column.key);
  }
  for (const auto& [text, value] : column.numbers) {
    if (value == most.value) result.usual = text;
    if (!others[value].empty()) {
      result.others.push_back({.value = text, .hosts = std::move(others[value])});
    }
  }
  if (result.others.empty()) return std::nullopt;
  std::stable_sort(result.others.begin(), result.others.end(),
                   [](const FleetValue& left, const FleetValue& right) {
                     return left.hosts.size() > right.hosts.size();
                   });
  return result;
}

std::vector<FleetStep> FleetSurvey::steps() {
  std::map<std::string, HostNumbers> commands;
  for (std::uint32_t host = 0; host < report_.hosts.size(); ++host) {
    const std::string& command = report_.hosts[host].next_command;
    if (!command.empty()) commands[command].push_back(host);
  }
  std::vector<FleetStep> steps;
  steps.reserve(commands.size());
  for (auto& [command, hosts] : commands) {
    steps.push_back({.command = command, .hosts = std::move(hosts)});
  }
  std::stable_sort(steps.begin(), steps.end(), [](const FleetStep& left, const FleetStep& right) {
    return left.hosts.size() > right.hosts.size();
  });
  return steps;
}

FleetReport FleetSurvey::finish() {
  report_.findings = findings_.finish();
  report_.steps = steps();
  report_.by_hand = beyond_.finish();
  for (const Column& column : columns_) {
    auto compared = compare(column);
    if (compared) report_.keys.push_back(std::move(*compared));
  }
  return std::move(report_);
}

}  // namespace tuner
