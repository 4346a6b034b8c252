#include "cli/next_command.hpp"

#include <algorithm>

#include "cli/follow_up.hpp"
#include "tuner/plan.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::cli {

namespace {

bool asked_by_profile(const Report& report, const std::vector<Setting>& settings) {
  if (!report.profile) return false;
  const Plan plan = make_plan(*report.profile, *report.host);
  return std::all_of(settings.begin(), settings.end(), [&plan](const Setting& setting) {
    return std::any_of(plan.changes.begin(), plan.changes.end(), [&setting](const Change& change) {
      return change.key == setting.key && change.wanted == setting.value;
    });
  });
}

}  // namespace

std::string next_command(const Report& report, const Invocation& invocation,
                         render::Charset charset) {
  constexpr std::size_t kFew = 3;
  if (!report.host) return {};
  const Remedy remedy = remedy_of(report.findings, Severity::warning);
  if (remedy.settings.empty()) return {};
  std::string command =
      follow_up("apply", invocation, {"netns", "pid", "profile", "input"}, charset);
  if (!asked_by_profile(report, remedy.settings)) {
    if (remedy.findings.size() > kFew) command += " --fix-all";
    if (remedy.findings.size() <= kFew) {
      for (const std::string& name : remedy.findings) command += " --fix " + name;
    }
  }
  command += " --confirm-within 2min";
  return report.host->root == "/" ? command : command + "  # on the host itself";
}

}  // namespace tuner::cli
