#include "judge/remedy.hpp"

#include <algorithm>
#include <map>

#include "knowledge/constraints.hpp"
#include "knowledge/facts.hpp"
#include "read/sysctl.hpp"
#include "text/joined.hpp"
#include "tuner/fact.hpp"
#include "tuner/report.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

namespace {

/// Where more is room, the larger of both element by element, or what is wanted lower than it runs;
/// else the first.
std::string both(std::string_view key, const std::string& first, const std::string& second,
                 const std::string& running) {
  const Fact* const fact = find_fact(key);
  auto numbers = parse::sysctl_value(first).numbers;
  const auto others = parse::sysctl_value(second).numbers;
  const bool room = fact != nullptr && fact->more == More::is_more_room;
  if (!room || numbers.empty() || numbers.size() != others.size()) return first;
  const auto now = parse::sysctl_value(running).numbers;
  for (std::size_t index = 0; index < numbers.size(); ++index) {
    const std::int64_t least = std::min(numbers[index], others[index]);
    const bool lowered = now.size() == numbers.size() && least < now[index];
    numbers[index] = lowered ? least : std::max(numbers[index], others[index]);
  }
  // A minimum of one and a default of the other need not rise together.
  return first_fall(numbers) ? first : text::joined(numbers, " ");
}

}  // namespace

void settle_fixes(std::vector<Finding>& findings) {
  std::map<std::string, std::string> values;
  for (const Finding* const finding : worst_first(findings)) {
    if (finding->status != Status::fail) break;
    for (const Setting& setting : finding->fix.settings) {
      const auto [value, fresh] = values.emplace(setting.key, setting.value);
      if (!fresh)
        value->second = both(setting.key, value->second, setting.value,
                             finding->key == setting.key ? finding->running.value_or("") : "");
    }
  }
  for (Finding& finding : findings) {
    if (finding.status != Status::fail) continue;
    for (Setting& setting : finding.fix.settings) {
      const std::string& value = values[setting.key];
      if (finding.key == setting.key && finding.wanted == setting.value) finding.wanted = value;
      if (setting.value != value) finding.fix.remark.clear();
      setting.value = value;
    }
  }
}

Remedy remedy_of(const std::vector<Finding>& findings, Severity least) {
  Remedy remedy;
  for (const Finding* const finding : worst_first(findings)) {
    if (finding->status != Status::fail || finding->severity < least) break;
    if (finding->fix.settings.empty()) {
      remedy.beyond.push_back(finding);
      continue;
    }
    bool adds = false;
    for (const Setting& setting : finding->fix.settings) {
      auto& settings = remedy.settings;
      if (std::find(settings.begin(), settings.end(), setting) != settings.end()) continue;
      settings.push_back(setting);
      adds = true;
    }
    auto& names = remedy.findings;
    if (adds && std::find(names.begin(), names.end(), finding->id) == names.end()) {
      names.push_back(finding->id);
    }
  }
  return remedy;
}

}  // namespace tuner
