#include "change/kept.hpp"

#include <algorithm>

#include "boot/outcome.hpp"
#include "boot/view.hpp"
#include "judge/plan.hpp"
#include "read/same_value.hpp"
#include "read/sysctl.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

class KeptPlanner {
 public:
  KeptPlanner(const Profile& profile, const HostSnapshot& host, const ApplyBase& base,
              const ApplySurvey& survey, const ApplyOptions& options)
      : profile_(profile), host_(host), base_(base), survey_(survey), options_(options) {}

  KeptPlan plan() && {
    const ConfigFile* const own = own_fragment(survey_.boot.files);
    const HostSnapshot& base = base_.host;
    // What is below /run is gone at the next boot.
    BootMaterial boot = survey_.boot;
    boot.files = without_run(std::move(boot.files));
    BootMaterial without = boot;
    if (own != nullptr) without.files = with_file(boot.files, own->path, {});
    const BootView view = view_boot(without, base);
    const auto present = own == nullptr ? std::vector<FragmentLine>() : fragment_lines(own->text);
    for (const Change& change : make_plan(profile_, booted(view, base, present)).changes) {
      const bool here = survey_.place.first_namespace || change.key.starts_with("net.");
      if (!here || !is_selected(options_, change.key)) continue;
      plan_.lines.push_back({.key = change.key, .value = change.wanted, .why = change.why});
      plan_.changes.push_back(change);
    }
    keep_lines(present, view, base);
    if (is_reordered(present)) plan_.lines = present;
    if (own != nullptr) refuse_edited(*own);
    if (plan_.lines.empty()) return std::move(plan_);
    // Keys that are set by themselves join what a profile has set.
    const std::string_view former = own == nullptr ? "" : fragment_profile(own->text);
    const std::string text =
        fragment_text(profile_.name.empty() ? former : profile_.name, plan_.lines);
    FragmentPlace place = place_fragment(plan_.lines, text, boot, host_);
    const bool none = place.path.empty();
    // A line of an earlier run that loses must not stop this one.
    for (Refusal& lost : place.lost) {
      if (none || (!options_.allow_shadowed && profile_.demand(lost.subject) != nullptr)) {
        plan_.refusals.push_back(std::move(lost));
      } else {
        place.warnings.push_back(lost.subject + ": " + lost.reason + '.');
      }
    }
    std::move(place.warnings.begin(), place.warnings.end(), std::back_inserter(plan_.warnings));
    if (!none) plan_.fragment = TextFile{.path = place.path, .text = text};
    return std::move(plan_);
  }

 private:
  /// The host as it boots without tuner's file: what other files set, else the kernel's default,
  /// else what runs without tuner. Keys that were set by themselves have what the present file
  /// gives them: it is not this profile's to drop.
  [[nodiscard]] HostSnapshot booted(const BootView& view, const HostSnapshot& base,
                                    const std::vector<FragmentLine>& present) const {
    HostSnapshot boot = base;
    for (const Demand& demand : profile_.demands) {
      if (demand.area != Area::sysctl || !base.sysctl(demand.key)) continue;
      if (const auto value = value_at_boot(view, demand.key, base)) {
        boot.set_sysctl(demand.key, parse::sysctl_value(*value));
      }
    }
    for (const FragmentLine& line : present) {
      if (!base_.single.contains(line.key) || !base.sysctl(line.key)) continue;
      boot.set_sysctl(line.key, parse::sysctl_value(line.value));
    }
    return boot;
  }

  /// Lines of the present file that stay: keys that were not selected now, and those of which
  /// nothing tells what they would be without the file, as when the history was deleted.
  void keep_lines(const std::vector<FragmentLine>& present, const BootView& view,
                  const HostSnapshot& base) {
    for (const FragmentLine& line : present) {
      const bool there =
          std::any_of(plan_.lines.begin(), plan_.lines.end(),
                      [&line](const FragmentLine& other) { return other.key == line.key; });
      if (there) continue;
      const bool asked = profile_.demand(line.key) != nullptr;
      const auto& running = base.sysctl(line.key);
      const bool unknown = asked && !value_at_boot(view, line.key, base) && running &&
                           same_sysctl(line.key, running->text, line.value);
      const bool single = base_.single.contains(line.key);
      if (!is_selected(options_, line.key) || unknown || single) plan_.lines.push_back(line);
    }
  }

  /// The same lines in another order: the file stays as it is.
  [[nodiscard]] bool is_reordered(const std::vector<FragmentLine>& present) const {
    return std::is_permutation(plan_.lines.begin(), plan_.lines.end(), present.begin(),
                               present.end(),
                               [](const FragmentLine& one, const FragmentLine& other) {
                                 return one.key == other.key && one.value == other.value;
                               });
  }

  void refuse_edited(const ConfigFile& own) {
    if (!is_edited(survey_.history, own.path, own.text)) return;
    plan_.refusals.push_back(
        {.subject = own.path,
         .reason = "it was edited since tuner wrote it, and the edits would be lost",
         .hint = "Undo the edits, or move them to another file, and try again. To discard them "
                 "together with the change that wrote the file: tuner rollback --force"});
  }

  const Profile& profile_;
  const HostSnapshot& host_;
  const ApplyBase& base_;
  const ApplySurvey& survey_;
  const ApplyOptions& options_;
  KeptPlan plan_{};
};

}  // namespace

KeptPlan plan_kept(const Profile& profile, const HostSnapshot& host, const ApplyBase& base,
                   const ApplySurvey& survey, const ApplyOptions& options) {
  return KeptPlanner(profile, host, base, survey, options).plan();
}

}  // namespace tuner
