#include "change/plan_apply.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "boot/outcome.hpp"
#include "boot/view.hpp"
#include "change/kept.hpp"
#include "change/limits.hpp"
#include "change/next_boot.hpp"
#include "change/objection.hpp"
#include "change/routes.hpp"
#include "change/standing.hpp"
#include "change/steps.hpp"
#include "judge/congestion.hpp"
#include "judge/memory.hpp"
#include "judge/plan.hpp"
#include "read/same_value.hpp"
#include "read/sysctl.hpp"
#include "text/joined.hpp"
#include "text/suggest.hpp"
#include "tuner/apply.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

using Parts = ApplyOptions::Parts;

template <class T>
void append(std::vector<T>& all, std::vector<T> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

/// Each kept key once, beside what runs: those that the file has already are nothing new.
void add_kept(const KeptPlan& kept, const HostSnapshot& host, const ConfigFile* own,
              ApplyPlan& plan) {
  const auto present = own == nullptr ? std::vector<FragmentLine>() : fragment_lines(own->text);
  for (Change change : kept.changes) {
    const bool written =
        std::any_of(present.begin(), present.end(), [&change](const FragmentLine& line) {
          return line.key == change.key && same_sysctl(line.key, line.value, change.wanted);
        });
    auto found = std::find_if(plan.keys.begin(), plan.keys.end(), [&change](const PlannedKey& key) {
      return key.change.key == change.key;
    });
    if (found == plan.keys.end()) {
      if (written) continue;
      if (const auto& running = host.sysctl(change.key)) change.running = running->text;
      found = plan.keys.insert(plan.keys.end(), {.change = std::move(change)});
    }
    found->kept = !written;
    found->file = kept.fragment ? kept.fragment->path : std::string();
  }
}

/// What must not be done, whatever a profile asks.
void refuse_keys(const HostSnapshot& host, const ApplySurvey& survey, const ApplyOptions& options,
                 ApplyPlan& plan) {
  for (const PlannedKey& key : plan.keys) {
    const Change& change = key.change;
    const auto refuse = [&](std::string reason, std::string hint) {
      plan.refusals.push_back({change.key, std::move(reason), std::move(hint)});
    };
    if (change.fact != nullptr && change.fact->write != Write::allowed) {
      refuse("tuner never writes it", std::string(first_note(*change.fact)));
    }
    if (const auto objection = objection_to(change, host)) {
      refuse(*objection,
             fmt::format("Change it in {}, or add --except {}", change.file, change.key));
    }
    if (is_one_way(change.key) && key.live && !options.allow_one_way) {
      refuse(
          "it cannot be rolled back: interfaces lose their addresses, and the old value does not "
          "restore them",
          "Add --allow-one-way if you mean it.");
    }
    for (const KeyOwner& owner : survey.boot.owners) {
      if (!owner.sets(change.key) || owner.yields) continue;
      refuse(fmt::format("{} sets it too, and would set it again", owner.name),
             fmt::format("{} Or leave the key to it with --except {}.", owner.hint, change.key));
    }
  }
}

/// From a namespace of its own the machine's keys could be written, and nobody could roll them back
/// once it is gone.
void leave_the_machine(Plan& wanted, ApplyPlan& plan) {
  std::erase_if(wanted.changes, [&plan](const Change& change) {
    if (change.key.starts_with("net.")) return false;
    plan.skipped.push_back(
        {.key = change.key,
         .reason =
             "It belongs to the machine, and this is a network namespace: set it on the host."});
    return true;
  });
}

/// While a change waits, its file has to win over the one that is there now.
void refuse_hidden(const Profile& profile, const KeptPlan& kept, const HostSnapshot& host,
                   const ApplySurvey& survey, ApplyPlan& plan) {
  const auto pending = std::find_if(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
    return step.part == Step::Part::pending;
  });
  if (pending == plan.steps.end()) return;
  auto lost = judge_place(pending->target, kept.lines, *pending->wanted, survey.boot, host).lost;
  std::erase_if(lost,
                [&profile](const Refusal& one) { return profile.demand(one.subject) == nullptr; });
  append(plan.refusals, std::move(lost));
}

void warn_of_borrowed(const ApplySurvey& survey, ApplyPlan& plan) {
  if (survey.is_borrowed(kApplyDirectories[0])) {
    plan.warnings.emplace_back(
        "This is a separate network namespace with the host's /etc/sysctl.d: nothing is written "
        "there, so the values last as long as the namespace.");
  } else if (!survey.borrowed.empty()) {
    plan.warnings.push_back(
        "This is a separate network namespace, and these directories are the host's: " +
        text::joined(survey.borrowed, ", ") + ". Nothing is written there.");
  }
}

/// What the plan says of the keys that were asked for; of the others nothing.
ApplyPlan begin_plan(const Plan& wanted, const ApplyOptions& options) {
  ApplyPlan plan{.skipped = wanted.obstacles, .warnings = wanted.warnings};
  std::erase_if(plan.skipped,
                [&options](const Obstacle& skipped) { return !is_selected(options, skipped.key); });
  const bool buffers =
      std::any_of(wanted.changes.begin(), wanted.changes.end(), [&options](const Change& change) {
        return is_buffer(change) && is_selected(options, change.key);
      });
  if (buffers || !wanted.memory) return plan;
  for (const std::string& warning : memory_warnings(*wanted.memory)) {
    std::erase(plan.warnings, warning);
  }
  return plan;
}

/// Changes of other profiles that stand here and still have keys of their own.
std::vector<std::string> replaced_by(const Profile& profile, const ApplySurvey& survey) {
  std::vector<std::string> ids;
  for (const Transaction& one : survey.history) {
    const bool stands = one.state() == State::confirmed &&
                        same_namespace(one.plan.place, survey.place) &&
                        one.plan.profile != profile.name && !one.plan.profile.empty();
    if (stands && standing_of(one, survey.history).own > 0) ids.push_back(one.plan.id);
  }
  return ids;
}

/// The congestion controls that could be set in the place of the one that was asked for.
std::string other_controls(const Demand& demand, const HostSnapshot& host) {
  if (demand.key != judge::kCongestionControl) return {};
  auto names = judge::known_controls(host);
  std::erase_if(names, [&host](const std::string& name) {
    return !judge::is_obtainable(judge::congestion_offer(name, host));
  });
  const std::vector<std::string_view> choices(names.begin(), names.end());
  return choose_from(demand.written, choices);
}

/// What was asked for key by key and cannot be set: whoever asked must not go on as if it were.
void refuse_unset(const Profile& profile, const HostSnapshot& host, ApplyPlan& plan) {
  for (const Demand& demand : profile.demands) {
    if (demand.file != kSetOption) continue;
    const auto skipped =
        std::find_if(plan.skipped.begin(), plan.skipped.end(),
                     [&demand](const Obstacle& one) { return one.key == demand.key; });
    if (skipped == plan.skipped.end()) continue;
    std::string reason = skipped->reason;
    if (reason.ends_with('.')) reason.pop_back();
    plan.refusals.push_back(
        {.subject = demand.key, .reason = std::move(reason), .hint = other_controls(demand, host)});
    plan.skipped.erase(skipped);
  }
}

/// What boots once the file is there, in the place of the present one.
BootView view_with(const KeptPlan& kept, const BootMaterial& boot, const HostSnapshot& host) {
  BootMaterial after = boot;
  if (const ConfigFile* const own = own_fragment(boot.files)) {
    after.files = with_file(std::move(after.files), std::string(own->path), {});
  }
  after.files = with_file(std::move(after.files), kept.fragment->path, kept.fragment->text);
  return view_boot(after, host);
}

/// Lines of the administrator's own files that win now and lose to the new file: whoever reads them
/// later believes them.
void warn_of_overruled(const KeptPlan& kept, const BootView& now, const BootView& then,
                       ApplyPlan& plan) {
  std::map<std::string, std::vector<int>> lines;
  for (const FragmentLine& line : kept.lines) {
    const BootValue* const loser = now.at_boot(line.key);
    const BootValue* const winner = then.at_boot(line.key);
    const bool loses = loser != nullptr && winner != nullptr && loser->value &&
                       winner->file == kept.fragment->path && loser->file.starts_with("/etc/") &&
                       !is_fragment_path(loser->file) &&
                       !same_sysctl(line.key, *loser->value, line.value);
    if (loses) lines[loser->file].push_back(loser->line);
  }
  for (auto& [file, numbers] : lines) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    plan.warnings.push_back(
        fmt::format("{} sets other values ({} {}), which tuner's file now overrides: remove them.",
                    file, numbers.size() == 1 ? "line" : "lines", text::joined(numbers, ", ")));
  }
}

}  // namespace

ApplyPlan plan_apply(const Profile& profile, const HostSnapshot& host, const ApplySurvey& survey,
                     const ApplyOptions& options) {
  ApplyBase base{.origins = origins_of(survey.history, survey.place)};
  if (!options.only) base.single = single_keys(survey.history, survey.place);
  std::erase_if(base.origins,
                [&base](const auto& origin) { return base.single.contains(origin.first); });
  base.host = untuned(host, base.origins);
  // Whoever set a key by itself meant that value, though another one may run by now.
  for (const auto& [key, value] : base.single) {
    if (host.sysctl(key)) base.host.set_sysctl(key, parse::sysctl_value(value));
  }
  base.wanted = make_plan(profile, base.host);
  ApplyPlan plan = begin_plan(base.wanted, options);
  if (!options.only) plan.replaces = replaced_by(profile, survey);
  if (!survey.place.first_namespace) leave_the_machine(base.wanted, plan);
  refuse_unset(profile, host, plan);
  plan.keeps_files = options.parts != Parts::runtime && !survey.is_borrowed(kApplyDirectories[0]);
  if (options.parts != Parts::files) plan.keys = live_changes(profile, host, base, options);
  KeptPlan kept;
  if (plan.keeps_files) kept = plan_kept(profile, host, base, survey, options);
  plan.fragment = kept.fragment;
  append(plan.refusals, kept.refusals);
  append(plan.warnings, kept.warnings);
  add_kept(kept, host, own_fragment(survey.boot.files), plan);
  const BootView view = view_boot(survey.boot, host);
  if (plan.keeps_files) {
    for (const std::string& file : view.unreadable) {
      plan.warnings.push_back(file + ". What it sets after a boot is not known.");
    }
  }
  if (kept.fragment) {
    warn_of_overruled(kept, view, view_with(kept, survey.boot, host), plan);
  }
  HostSnapshot future = host;
  for (PlannedKey& key : plan.keys) {
    key.change.boot = value_at_boot(view, key.change.key, host);
    if (key.live) future.set_sysctl(key.change.key, parse::sysctl_value(key.change.wanted));
  }
  refuse_keys(host, survey, options, plan);
  if (!options.only) {
    plan_limits(profile, future, survey, options, plan);
    if (options.parts != Parts::files) plan_routes(profile, host, survey, plan);
  }
  if (options.parts != Parts::runtime) warn_of_borrowed(survey, plan);
  plan.steps = steps_of(plan, survey, options);
  if (!options.allow_shadowed) refuse_hidden(profile, kept, host, survey, plan);
  if (!plan.refusals.empty()) plan.steps.clear();
  return plan;
}

}  // namespace tuner
