#include "cli/next_command.hpp"

#include <unistd.h>

#include <algorithm>

#include "cli/follow_up.hpp"
#include "judge/plan.hpp"
#include "judge/remedy.hpp"
#include "os/lasting.hpp"
#include "os/live_store.hpp"
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

/// Counters go on from the boot: whether it still happens, a sample tells.
std::string look_again(const Report& report, const Remedy& remedy, const Invocation& invocation,
                       render::Charset charset) {
  const bool counted =
      !remedy.beyond.empty() && report.host->root == "/" && !report.host->sampled_for &&
      std::any_of(remedy.beyond.front()->evidence.begin(), remedy.beyond.front()->evidence.end(),
                  [](const Evidence& one) { return one.source.starts_with("/proc/net/"); });
  if (!counted) return {};
  return follow_up("audit", invocation, {"netns", "pid", "profile", "input", "interfaces"},
                   charset) +
         " --sample 10s  # does it still happen?";
}

}  // namespace

std::string next_command(const Report& report, const Invocation& invocation,
                         render::Charset charset) {
  constexpr std::size_t kFew = 3;
  if (!report.host) return {};
  const Remedy remedy = remedy_of(report.findings, Severity::warning);
  if (remedy.settings.empty()) return look_again(report, remedy, invocation, charset);
  std::string command =
      follow_up("apply", invocation, {"netns", "pid", "profile", "input"}, charset);
  if (!asked_by_profile(report, remedy.settings)) {
    if (remedy.findings.size() > kFew) command += " --fix-all";
    if (remedy.findings.size() <= kFew) {
      for (const std::string& name : remedy.findings) command += " --fix " + name;
    }
  }
  constexpr const char* kWait = " --confirm-within 2min";
  if (report.host->root != "/") return command + kWait + "  # on the host itself";
  if (os::sysctls_are_read_only())
    return command + kWait + "  # on the host: /proc/sys is read-only here";
  if (!os::cannot_outlive()) command += kWait;
  return ::geteuid() == 0 ? command : "sudo " + command;
}

}  // namespace tuner::cli
