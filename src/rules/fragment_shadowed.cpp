#include <fmt/core.h>

#include <algorithm>

#include "boot/outcome.hpp"
#include "boot/tuner_file.hpp"
#include "judge/findings.hpp"
#include "text/joined.hpp"
#include "tuner/boot.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules::fragment_shadowed {

namespace {

/// A packaged file is not to be edited: it comes back with the next update.
Fix fix_for(const BootKey& key, const Shadowed& loser, const BootValue& winner) {
  // tuner's file is not to be edited; setting the value again gives the file a name that wins.
  if (is_fragment_path(loser.file) && key.fact != nullptr && key.fact->write == Write::allowed) {
    return judge::set(
        key.key, on_one_line(loser.value),
        fmt::format("as {} has it; to keep {}:{} instead: tuner apply --set '{}={}'", loser.file,
                    winner.file, winner.line, key.key, on_one_line(*winner.value)));
  }
  if (winner.file.starts_with("/usr/lib/") || winner.file.starts_with("/lib/")) {
    const auto slash = winner.file.rfind('/');
    return {.kind = Fix::Kind::sysctl,
            .text = fmt::format(
                "Remove {}:{}, or move it to a file in /etc/sysctl.d whose name sorts after {}.",
                loser.file, loser.line, winner.file.substr(slash + 1))};
  }
  if (!winner.through.empty()) {
    return {.kind = Fix::Kind::sysctl,
            .text = fmt::format("Set {} after {}:{}.", key.key, winner.file, winner.line)};
  }
  std::vector<std::string> lines;
  for (const Shadowed& line : key.shadowed) {
    const bool counts = line.by.empty() && !line.pattern && line.file.starts_with("/etc/");
    if (counts) lines.push_back(fmt::format("{}:{}", line.file, line.line));
  }
  lines.push_back(fmt::format("{}:{}", winner.file, winner.line));
  return {.kind = Fix::Kind::sysctl,
          .text = fmt::format("Keep one of the lines for {} and remove the others: {}.", key.key,
                              text::joined(lines, ", "))};
}

Finding overruled(const BootKey& key, const Shadowed& loser, const BootValue& winner) {
  const auto shown = [](const std::string& value) {
    return value.empty() ? "nothing" : on_one_line(value);
  };
  const std::string by = winner.through.empty() ? fmt::format("sets {}", shown(*winner.value))
                                                : fmt::format("sets {}, which makes it {}",
                                                              winner.through, shown(*winner.value));
  // What tuner wrote was meant to win: the other line is idle, and nobody is misled about the host.
  const bool by_tuner = is_fragment_path(winner.file);
  Finding finding = judge::failed(
      by_tuner ? Severity::info : Severity::warning, key.key,
      fmt::format("{}:{} sets it to {} without effect: {}:{} comes later and {}.", loser.file,
                  loser.line, shown(loser.value), winner.file, winner.line, by));
  finding.location = Location{.file = loser.file, .line = loser.line};
  finding.fix = by_tuner ? Fix{.kind = Fix::Kind::sysctl,
                               .text = fmt::format("Remove {}:{}: tuner's file overrides it.",
                                                   loser.file, loser.line)}
                         : fix_for(key, loser, winner);
  return finding;
}

std::vector<Finding> about(const BootView& view, const BootKey& key) {
  std::vector<Finding> findings;
  for (const Shadowed* const loser : misleading(view, key)) {
    findings.push_back(overruled(key, *loser, *key.by(view.readers.at_boot)));
  }
  if (findings.empty())
    findings.push_back(judge::passed(key.key, "No file's setting is overridden."));
  for (Finding& finding : findings) {
    finding.key = key.key;
    if (key.running) finding.running = *key.running;
  }
  return findings;
}

std::vector<Finding> check(const AuditInput& input) {
  if (input.boot == nullptr) return {};
  std::vector<Finding> findings;
  for (const BootKey& key : input.boot->keys) {
    if (key.fact == nullptr && !key.key.starts_with("net.")) continue;
    for (Finding& finding : about(*input.boot, key)) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "fragment-shadowed",
    .what = "A sysctl file sets a network key, and another file overrides it.",
    .why = "Anyone who reads or edits the losing file relies on a value that is never applied.",
    .fix = "Keep only one line for the key: tuner boot KEY shows all of them.",
    .source = "sysctl.d(5); measured with systemd 252, 257, 262",
    .check = check,
};

}  // namespace tuner::rules::fragment_shadowed
