#include <algorithm>
#include <map>

#include "core/parse/sysctl.hpp"
#include "core/text/joined.hpp"
#include "tuner/fact.hpp"
#include "tuner/report.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

namespace {

/// The larger of both element by element where more is room; else the first.
std::string both(std::string_view key, const std::string& first, const std::string& second) {
  const Fact* const fact = find_fact(key);
  auto numbers = parse::sysctl_value(first).numbers;
  const auto others = parse::sysctl_value(second).numbers;
  const bool room = fact != nullptr && fact->more == More::is_more_room;
  if (!room || numbers.empty() || numbers.size() != others.size()) return first;
  for (std::size_t index = 0; index < numbers.size(); ++index) {
    numbers[index] = std::max(numbers[index], others[index]);
  }
  return text::joined(numbers, " ");
}

}  // namespace

void settle_fixes(std::vector<Finding>& findings) {
  std::map<std::string, std::string> values;
  for (const Finding* const finding : worst_first(findings)) {
    if (finding->status != Status::fail) break;
    for (const Setting& setting : finding->fix.settings) {
      const auto [value, fresh] = values.emplace(setting.key, setting.value);
      if (!fresh) value->second = both(setting.key, value->second, setting.value);
    }
  }
  for (Finding& finding : findings) {
    if (finding.status != Status::fail) continue;
    for (Setting& setting : finding.fix.settings) {
      const std::string& value = values[setting.key];
      if (finding.key == setting.key && finding.wanted == setting.value) finding.wanted = value;
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
