#include "core/apply/live.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/apply/same_value.hpp"
#include "core/judge/default.hpp"

namespace tuner {

namespace {

class LivePlanner {
 public:
  LivePlanner(const Profile& profile, const HostSnapshot& host, const ApplyBase& base,
              const ApplyOptions& options)
      : profile_(profile), host_(host), base_(base), options_(options) {}

  std::vector<PlannedKey> plan() && {
    for (const Change& change : base_.wanted.changes) {
      if (is_selected(options_, change.key)) add(change);
    }
    restore_demanded();
    restore_forgotten();
    return std::move(keys_);
  }

 private:
  /// A key may be met by its origin alone, and differ now by what another profile set.
  void restore_demanded() {
    for (const Demand& demand : profile_.demands) {
      const auto& running = host_.sysctl(demand.key);
      const auto& before = base_.host.sysctl(demand.key);
      if (!running || !before || same_sysctl(demand.key, running->text, before->text)) continue;
      if (is_wanted(demand.key) || !is_selected(options_, demand.key)) continue;
      add(returning(demand.key, before->text));
    }
  }

  /// Keys that only an earlier profile set.
  void restore_forgotten() {
    for (const auto& [key, origin] : base_.origins) {
      const bool asked =
          is_wanted(key) ||
          std::any_of(profile_.demands.begin(), profile_.demands.end(),
                      [&key = key](const Demand& demand) { return demand.key == key; });
      const auto& running = host_.sysctl(key);
      if (asked || !is_selected(options_, key) || !running) continue;
      if (same_sysctl(key, running->text, origin.applied)) add(returning(key, origin.original));
    }
  }

  [[nodiscard]] bool is_wanted(std::string_view key) const {
    return std::any_of(base_.wanted.changes.begin(), base_.wanted.changes.end(),
                       [key](const Change& change) { return change.key == key; });
  }

  void add(Change change) {
    const auto& running = host_.sysctl(change.key);
    if (!running || same_sysctl(change.key, running->text, change.wanted)) return;
    change.running = running->text;
    keys_.push_back({.change = std::move(change), .live = true});
  }

  [[nodiscard]] Change returning(const std::string& key, std::string value) const {
    Change change{.key = key, .fact = find_fact(key)};
    if (change.fact != nullptr) change.default_text = judge::default_text(*change.fact, host_);
    change.wanted = std::move(value);
    change.why = fmt::format(
        "The profile {} does not ask for it; it goes back to what it was before tuner set it",
        profile_.name);
    change.source = "tuner history";
    change.profile = profile_.name;
    change.file = profile_.path;
    return change;
  }

  const Profile& profile_;
  const HostSnapshot& host_;
  const ApplyBase& base_;
  const ApplyOptions& options_;
  std::vector<PlannedKey> keys_{};
};

}  // namespace

bool is_selected(const ApplyOptions& options, std::string_view key) {
  const auto has = [key](const std::vector<std::string>& keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  return (options.only.empty() || has(options.only)) && !has(options.except);
}

std::vector<PlannedKey> live_changes(const Profile& profile, const HostSnapshot& host,
                                     const ApplyBase& base, const ApplyOptions& options) {
  return LivePlanner(profile, host, base, options).plan();
}

}  // namespace tuner
