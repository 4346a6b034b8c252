#include <algorithm>
#include <array>

#include "boot/outcome.hpp"
#include "cli/command.hpp"
#include "cli/follow_up.hpp"
#include "cli/load_profile.hpp"
#include "cli/read_tree.hpp"
#include "judge/plan.hpp"
#include "judge/reading.hpp"
#include "os/read_boot.hpp"
#include "profile/fit.hpp"
#include "render/json.hpp"
#include "render/json_plan.hpp"
#include "render/plan.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::commands::diff {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"profile", "", "NAME", "profile to compare with, by name or path", false, {}, {}, true},
    kInputOption,
    {"root", "", "DIR", "read a snapshot of a host, not this host"},
    {"format", "", "text|json", "output format (default: text)"},
});

ExitStatus status_of(const Plan& plan) {
  const auto any = [&plan](bool Obstacle::*flag) {
    return std::any_of(plan.obstacles.begin(), plan.obstacles.end(),
                       [flag](const Obstacle& obstacle) { return obstacle.*flag; });
  };
  if (!plan.changes.empty() || any(&Obstacle::differs)) return ExitStatus::found;
  return any(&Obstacle::unread) ? ExitStatus::incomplete : ExitStatus::as_wanted;
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  auto loaded = profile_of(invocation);
  if (!loaded) return tl::unexpected(loaded.error());
  Profile& profile = (*loaded)->profile;
  const std::string path = invocation.value("root").value_or("/");
  auto root = os::RootDirectory::open(path);
  if (!root) return tl::unexpected(root.error());
  auto host = read_tree(*root, path, plan_reading_for(profile));
  if (!host) return tl::unexpected(host.error());
  PlanReport report{.host = std::make_shared<HostSnapshot>(std::move(*host)),
                    .profile_sha256 = (*loaded)->sha256,
                    .generated_at = now()};
  report.apply_command = follow_up("apply", invocation, {"profile", "input"}, manner.style.charset);
  report.captured = !root->is_live();
  auto fitted = fitted_to(std::move(profile), *report.host);
  if (!fitted) return tl::unexpected(fitted.error());
  report.profile = std::move(*fitted);
  report.plan = make_plan(report.profile, *report.host);
  os::BootFiles files(*root, root->kernel(), {});
  report.boot = files.view(*report.host);
  for (Change& change : report.plan.changes) {
    change.boot = value_at_boot(report.boot, change.key, *report.host);
  }
  return Outcome{.status = status_of(report.plan),
                 .out = manner.json ? render::plan_json(report, kVersion)
                                    : render::plan_text(report, manner.style)};
}

}  // namespace

extern const Command command;

const Command command{
    .name = "diff",
    .summary = "Show how this host differs from a profile",
    .examples =
        "  tuner diff --profile proxy                       what to change for a proxy\n"
        "  tuner diff --profile bulk --input rtt=120ms -v   with reasons and sources\n"
        "  tuner diff --profile web --json                  for scripts\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
};

}  // namespace tuner::commands::diff
