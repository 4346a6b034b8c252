#include "change/live.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "knowledge/side_effect.hpp"
#include "read/same_value.hpp"
#include "tuner/snapshot.hpp"

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
    put_parents_first();
    keep_moved();
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
    std::vector<std::pair<std::size_t, std::string>> back;
    for (const auto& [key, origin] : base_.origins) {
      const bool asked = is_wanted(key) || profile_.demand(key) != nullptr;
      const auto& running = host_.sysctl(key);
      if (asked || !is_selected(options_, key) || !running) continue;
      if (origin.is_ours(key, running->text)) back.push_back({origin.last, key});
    }
    // The last that was set goes back first: so the kernel takes each as it took it then.
    std::sort(back.rbegin(), back.rend());
    for (const auto& [time, key] : back) {
      add(returning(key, base_.origins.find(key)->second.original));
    }
  }

  /// A key that moves another one comes before it, or the other would not stay.
  void put_parents_first() {
    for (std::size_t index = 1; index < keys_.size(); ++index) {
      const Change& parent = keys_[index].change;
      for (std::size_t before = 0; before < index; ++before) {
        if (!side_effect(parent.key, parent.wanted, keys_[before].change.key)) continue;
        const auto at = [this](std::size_t place) {
          return keys_.begin() + static_cast<std::ptrdiff_t>(place);
        };
        std::rotate(at(before), at(index), at(index + 1));
        break;
      }
    }
  }

  /// A key that has its value already is written again where one that is written before it moves
  /// it. All others that have their value are left out.
  void keep_moved() {
    std::vector<PlannedKey> kept;
    for (PlannedKey& key : keys_) {
      const Change& change = key.change;
      key.moved = std::any_of(kept.begin(), kept.end(), [&change](const PlannedKey& before) {
        const auto moved = side_effect(before.change.key, before.change.wanted, change.key);
        return moved && !same_sysctl(change.key, *moved, change.wanted);
      });
      if (!key.moved && same_sysctl(change.key, change.running, change.wanted)) continue;
      kept.push_back(std::move(key));
    }
    keys_ = std::move(kept);
  }

  [[nodiscard]] bool is_wanted(std::string_view key) const {
    return std::any_of(base_.wanted.changes.begin(), base_.wanted.changes.end(),
                       [key](const Change& change) { return change.key == key; });
  }

  void add(Change change) {
    const auto& running = host_.sysctl(change.key);
    if (!running) return;
    change.running = running->text;
    keys_.push_back({.change = std::move(change), .live = true});
  }

  [[nodiscard]] Change returning(const std::string& key, std::string value) const {
    Change change{.key = key, .fact = find_fact(key)};
    if (change.fact != nullptr) change.default_text = judge::default_text(*change.fact, host_);
    change.wanted = std::move(value);
    if (base_.single.contains(key)) {
      change.why = "It was set to that with --set, and the profile leaves it alone";
      change.source = "the command line";
    } else {
      change.why = fmt::format(
          "The profile {} does not set it, so it returns to its value before tuner", profile_.name);
      change.source = kTunerHistory;
    }
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
  return (!options.only || has(*options.only)) && !has(options.except);
}

std::vector<PlannedKey> live_changes(const Profile& profile, const HostSnapshot& host,
                                     const ApplyBase& base, const ApplyOptions& options) {
  return LivePlanner(profile, host, base, options).plan();
}

}  // namespace tuner
