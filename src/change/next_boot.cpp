#include "change/next_boot.hpp"

#include <algorithm>
#include <map>

#include "boot/outcome.hpp"
#include "boot/view.hpp"
#include "change/fragment.hpp"
#include "read/same_value.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

/// What the changes that stand here set, by key, and that still runs for them.
std::map<std::string, std::string> set_live(const std::vector<Transaction>& history,
                                            const Place& here) {
  std::map<std::string, std::string> values;
  for (const Transaction& transaction : history) {
    const bool waits = transaction.waiting();
    const bool stands = transaction.state() == State::confirmed || waits;
    const bool same_boot = transaction.plan.place.boot == here.boot;
    if (!stands || !same_boot || !same_namespace(transaction.plan.place, here)) continue;
    if (!waits) {
      for (const std::string& key : dropped_keys(transaction.plan.steps)) values.erase(key);
    }
    for (const Step& step : transaction.plan.steps) {
      const bool live = step.kind == Step::Kind::sysctl && step.part == Step::Part::live;
      if (!live || step.follows || !step.wanted) continue;
      // What waits has no line yet, and goes back by itself.
      if (waits) values.erase(step_name(step));
      if (!waits) values[step_name(step)] = *step.wanted;
    }
  }
  return values;
}

/// Whether a change of this namespace wrote the file. Without a history nothing tells, and it is
/// taken for one's own.
bool is_written_from(const std::string& file, const std::vector<Transaction>& history,
                     const Place& here) {
  bool elsewhere = false;
  for (const Transaction& transaction : history) {
    for (const Step& step : transaction.plan.steps) {
      if (step.kind != Step::Kind::file || step.target != file) continue;
      if (same_namespace(transaction.plan.place, here)) return true;
      elsewhere = true;
    }
  }
  return !elsewhere;
}

std::optional<BootChange> change_of_line(const FragmentLine& line, const std::string& file,
                                         const BootView& view, bool is_live,
                                         const HostSnapshot& host) {
  const BootValue* const value = view.at_boot(line.key);
  if (value == nullptr || !value->value) return std::nullopt;
  BootChange change{.key = line.key,
                    .applied = line.value,
                    .boot = *value->value,
                    .file = value->file,
                    .line = value->line};
  if (!same_sysctl(line.key, *value->value, line.value)) return change;
  const auto& running = host.sysctl(line.key);
  const bool differs = running && !same_sysctl(line.key, running->text, line.value);
  if (value->file != file || is_live || !differs) return std::nullopt;
  change.kind = BootChange::Kind::returns;
  return change;
}

}  // namespace

std::vector<std::string> applied_keys(const BootMaterial& material,
                                      const std::vector<Transaction>& history, const Place& here) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : set_live(history, here)) keys.push_back(key);
  const ConfigFile* const own = own_fragment(material.files);
  if (own == nullptr) return keys;
  for (const FragmentLine& line : fragment_lines(own->text)) keys.push_back(line.key);
  return keys;
}

NextBoot next_boot(const BootMaterial& material, const std::vector<Transaction>& history,
                   const Place& here, const HostSnapshot& host) {
  const BootView view = view_boot(material, host);
  const auto live = set_live(history, here);
  const ConfigFile* const found = own_fragment(material.files);
  const ConfigFile* const own =
      found != nullptr && is_written_from(found->path, history, here) ? found : nullptr;
  const auto lines = own == nullptr ? std::vector<FragmentLine>() : fragment_lines(own->text);
  NextBoot next{.file = own == nullptr ? "" : own->path, .lines = lines.size()};
  for (const FragmentLine& line : lines) {
    if (auto change = change_of_line(line, next.file, view, live.contains(line.key), host)) {
      next.changes.push_back(std::move(*change));
    }
  }
  for (const auto& [key, applied] : live) {
    const bool kept =
        std::any_of(lines.begin(), lines.end(),
                    [&wanted = key](const FragmentLine& line) { return line.key == wanted; });
    const auto boot = value_at_boot(view, key, host);
    if (kept || !boot || same_sysctl(key, *boot, applied)) continue;
    BootChange change{
        .kind = BootChange::Kind::ends, .key = key, .applied = applied, .boot = *boot};
    if (const BootValue* const value = view.at_boot(key)) {
      change.file = value->file;
      change.line = value->line;
    }
    next.changes.push_back(std::move(change));
  }
  return next;
}

}  // namespace tuner
