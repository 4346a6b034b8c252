#include <algorithm>
#include <array>

#include "judge/fleet.hpp"
#include "model/number.hpp"
#include "tuner/sockets.hpp"

namespace tuner {

namespace {

/// More rows of one finding than anybody reads. Names come from the hosts, and nothing else keeps
/// them from being a different one on each.
constexpr std::size_t kMostKeys = 256;
constexpr std::size_t kMostSubjects = 16;

/// The key of an interface is that of its family: names of interfaces are each host's own.
std::string family_of(const std::string& key) {
  constexpr std::array<std::string_view, 5> kFamilies{
      "net.ipv4.conf.", "net.ipv4.neigh.", "net.ipv6.conf.", "net.ipv6.neigh.", "net.mpls.conf."};
  const auto last = key.rfind('.');
  for (const std::string_view family : kFamilies) {
    if (!key.starts_with(family) || last < family.size()) continue;
    const std::string_view name = std::string_view(key).substr(family.size(), last - family.size());
    if (name == "all" || name == "default") return key;
    return std::string(family) + '*' + key.substr(last);
  }
  return key;
}

/// Whether a word is an address that says something of one host alone. That of a listener on all
/// addresses, and those of the loopback, are the same everywhere.
bool is_own_address(std::string_view word) {
  const auto endpoint = endpoint_of(word);
  const auto address =
      endpoint ? std::optional(endpoint->address) : address_of(word.substr(0, word.find('/')));
  return address && !address->is_wildcard() && !address->is_loopback();
}

std::string shared_subject(const std::string& subject) {
  const auto words = parse::words(subject);
  return std::any_of(words.begin(), words.end(), is_own_address) ? std::string() : subject;
}

bool by_weight(const FleetFinding& left, const FleetFinding& right) {
  if (left.severity != right.severity) return left.severity > right.severity;
  if (left.hosts.size() != right.hosts.size()) return left.hosts.size() > right.hosts.size();
  return std::tie(left.id, left.key, left.subject) < std::tie(right.id, right.key, right.subject);
}

}  // namespace

void FindingCensus::put(Row& row, const std::string& fix, std::uint32_t host) {
  if (row.hosts.empty()) row.fix = fix;
  row.one_fix = row.one_fix && row.fix == fix;
  if (row.hosts.empty() || row.hosts.back() != host) row.hosts.push_back(host);
}

void FindingCensus::fold(Rows& rows, Row& into) {
  for (const auto& [name, row] : rows) {
    HostNumbers both;
    std::set_union(into.hosts.begin(), into.hosts.end(), row.hosts.begin(), row.hosts.end(),
                   std::back_inserter(both));
    into.hosts = std::move(both);
  }
  into.one_fix = false;
  rows.clear();
}

void FindingCensus::add(const Finding& finding, std::uint32_t host) {
  Counted& counted = counted_[{finding.id, finding.severity}];
  Rows& rows = finding.key ? counted.keys : counted.subjects;
  bool& many = finding.key ? counted.many_keys : counted.many_subjects;
  std::string name = finding.key ? family_of(*finding.key) : shared_subject(finding.subject);
  const std::string fix = fix_text(finding.fix);
  if (name.empty() || many) return put(counted.alone, fix, host);
  put(rows[std::move(name)], fix, host);
  many = rows.size() > (finding.key ? kMostKeys : kMostSubjects);
  if (many) fold(rows, counted.alone);
}

std::vector<FleetFinding> FindingCensus::finish() {
  std::vector<FleetFinding> findings;
  for (auto& entry : counted_) {
    const auto take = [&findings, &entry](std::string key, std::string subject, Row& row) {
      if (row.hosts.empty()) return;
      findings.push_back({.id = entry.first.first,
                          .severity = entry.first.second,
                          .key = std::move(key),
                          .subject = std::move(subject),
                          .hosts = std::move(row.hosts),
                          .fix = row.one_fix ? std::move(row.fix) : std::string()});
    };
    for (auto& row : entry.second.keys) take(row.first, {}, row.second);
    for (auto& row : entry.second.subjects) take({}, row.first, row.second);
    take({}, {}, entry.second.alone);
  }
  std::sort(findings.begin(), findings.end(), by_weight);
  return findings;
}

}  // namespace tuner
