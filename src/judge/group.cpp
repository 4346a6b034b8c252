#include "judge/group.hpp"

#include <algorithm>

#include "tuner/report.hpp"
#include "tuner/sockets.hpp"

namespace tuner {

namespace {

/// Whether a peer "127.0.0.1:8080" is what listens on "0.0.0.0:8080".
bool is_own_listener(std::string_view peer, std::string_view listener) {
  if (peer == listener) return true;
  const auto remote = endpoint_of(peer);
  const auto local = endpoint_of(listener);
  return remote && local && reaches(*remote, *local);
}

/// A finding that is there because another one about the same listener is.
struct Consequence {
  std::string_view id;
  std::string_view cause;
};

constexpr Consequence kConsequences[] = {
    {"connects-unanswered", "listen-queue-overflow"},
    {"listen-backlog-capped", "listen-queue-overflow"},
    {"listen-backlog-small-in-application", "listen-queue-overflow"},
};

/// Of a line that another one overrules, the other one's value is what the boot sets.
bool is_same_line(const Finding& finding, const Finding& cause) {
  return finding.id == "fragment-shadowed" && cause.id == "boot-differs-from-running" &&
         finding.key == cause.key;
}

bool is_consequence(const Finding& finding, const Finding& cause) {
  if (finding.follows == cause.id || is_same_line(finding, cause)) return true;
  return std::any_of(std::begin(kConsequences), std::end(kConsequences),
                     [&](const Consequence& known) {
                       return known.id == finding.id && known.cause == cause.id &&
                              is_own_listener(finding.subject, cause.subject);
                     });
}

bool is_subset(const std::vector<Setting>& some, const std::vector<Setting>& all) {
  return std::all_of(some.begin(), some.end(), [&all](const Setting& setting) {
    return std::find(all.begin(), all.end(), setting) != all.end();
  });
}

/// Whether the fix of `cause` is that of `finding` too. `before`: the cause is shown first.
bool has_same_remedy(const Finding& finding, const Finding& cause, bool before) {
  const auto& own = finding.fix.settings;
  const auto& other = cause.fix.settings;
  if (own.empty()) {
    return before && finding.key && finding.key == cause.key && other.empty() &&
           finding.fix.text == cause.fix.text;
  }
  return is_subset(own, other) && (before || other.size() > own.size());
}

/// The place of each finding's cause; its own where it has none. A finding goes under one that is
/// at least as bad, so that no block is worse than its heading.
std::vector<std::size_t> causes_of(const std::vector<const Finding*>& failures) {
  std::vector<std::size_t> causes(failures.size());
  for (std::size_t place = 0; place < failures.size(); ++place) {
    const Finding& finding = *failures[place];
    causes[place] = place;
    std::size_t shared = place;
    for (std::size_t other = 0; other < failures.size(); ++other) {
      const Finding& cause = *failures[other];
      if (other == place || cause.severity < finding.severity) continue;
      if (is_consequence(finding, cause)) {
        causes[place] = other;
        break;
      }
      const bool found = shared == place && !is_consequence(cause, finding) &&
                         has_same_remedy(finding, cause, other < place);
      if (found) shared = other;
    }
    if (causes[place] == place) causes[place] = shared;
  }
  return causes;
}

/// The cause of the cause, and so on. Bounded, should two ever name each other.
std::size_t first_cause(const std::vector<std::size_t>& causes, std::size_t place) {
  for (std::size_t step = 0; step < causes.size() && causes[place] != place; ++step) {
    place = causes[place];
  }
  return place;
}

/// Lone findings of one name and severity go together where there are many.
std::vector<FindingGroup> gather_runs(std::vector<FindingGroup> groups) {
  constexpr std::size_t kMany = 3;
  const auto alike = [](const FindingGroup& one, const FindingGroup& other) {
    return one.findings.size() == 1 && other.findings.size() == 1 &&
           one.findings.front()->id == other.findings.front()->id &&
           one.findings.front()->fix.kind == other.findings.front()->fix.kind &&
           one.findings.front()->severity == other.findings.front()->severity;
  };
  for (std::size_t place = 0; place < groups.size(); ++place) {
    const FindingGroup first = groups[place];
    const auto matches = [&](const FindingGroup& other) { return alike(first, other); };
    const auto begin = groups.begin() + static_cast<std::ptrdiff_t>(place);
    if (std::count_if(begin, groups.end(), matches) < static_cast<std::ptrdiff_t>(kMany)) continue;
    FindingGroup run{.is_run = true};
    for (auto group = begin; group != groups.end(); ++group) {
      if (matches(*group)) run.findings.push_back(group->findings.front());
    }
    groups.erase(std::remove_if(begin + 1, groups.end(), matches), groups.end());
    groups[place] = std::move(run);
  }
  return groups;
}

}  // namespace

std::vector<FindingGroup> group_failures(const std::vector<Finding>& findings) {
  std::vector<const Finding*> failures = worst_first(findings);
  std::erase_if(failures, [](const Finding* one) { return one->status != Status::fail; });
  const auto causes = causes_of(failures);
  std::vector<FindingGroup> groups(failures.size());
  for (std::size_t place = 0; place < failures.size(); ++place) {
    const std::size_t cause = first_cause(causes, place);
    auto& group = groups[cause].findings;
    group.insert(cause == place ? group.begin() : group.end(), failures[place]);
  }
  std::erase_if(groups, [](const FindingGroup& group) { return group.findings.empty(); });
  return gather_runs(std::move(groups));
}

Summary as_shown(Summary summary, const std::vector<FindingGroup>& groups) {
  summary.errors = summary.warnings = summary.infos = 0;
  for (const FindingGroup& group : groups) {
    const Severity severity = group.findings.front()->severity;
    int& count = severity == Severity::error     ? summary.errors
                 : severity == Severity::warning ? summary.warnings
                                                 : summary.infos;
    count += group.is_run ? static_cast<int>(group.findings.size()) : 1;
  }
  summary.below = summary.fail - summary.errors - summary.warnings - summary.infos;
  return summary;
}

}  // namespace tuner
