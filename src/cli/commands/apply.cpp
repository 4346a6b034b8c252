#include <unistd.h>

#include <algorithm>
#include <array>

#include "change/origins.hpp"
#include "change/plan_apply.hpp"
#include "change/steps.hpp"
#include "cli/apply_options.hpp"
#include "cli/apply_refusals.hpp"
#include "cli/asked_values.hpp"
#include "cli/change_session.hpp"
#include "cli/command.hpp"
#include "cli/follow_up.hpp"
#include "cli/place_option.hpp"
#include "cli/read_tree.hpp"
#include "judge/reading.hpp"
#include "judge/value_faults.hpp"
#include "os/apply_survey.hpp"
#include "os/recover_unit.hpp"
#include "os/write_output.hpp"
#include "profile/fit.hpp"
#include "render/apply.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::commands::apply {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"profile", "", "NAME", "profile to apply, by name or path"},
    kInputOption,
    {"set", "", "KEY=VALUE", "set this key, overriding the profile's value", true},
    {"fix", "", "FINDING", "apply the fix for this audit finding", true},
    {"fix-all", "", "", "fix all errors and warnings that audit reports"},
    {"dry-run", "n", "", "show what would change; write nothing"},
    {"confirm-within", "", "DURATION", "roll back after this time unless confirmed"},
    {"only", "", "KEY", "only these keys", true},
    {"except", "", "KEY", "not these keys", true},
    {"export", "", "FILE|-", "write the sysctl file there; change nothing"},
    {"runtime-only", "", "", "change running values only; lost at reboot", false, "parts"},
    {"persist-only", "", "", "change files only; takes effect at next boot", false, "parts"},
    {"service", "", "UNIT", "raise this service's open-file limit too", true},
    {"running-processes", "", "", "raise the limits of running processes too"},
    {"allow-shadowed", "", "", "proceed even if another file wins at boot"},
    {"allow-one-way", "", "", "proceed even if some of it cannot be rolled back"},
    {"detailed-exitcode", "", "", "exit 2 if anything changed"},
    kNetnsOption,
    kPidOption,
    {"format", "", "text|json", "output format (default: text)"},
});

Reading reading_with(const Profile& profile, const std::vector<Transaction>& history) {
  Reading reading = plan_reading_for(profile);
  for (std::string& key : keys_of_history(history)) reading.keys.push_back(std::move(key));
  reading.keys.emplace_back("fs.nr_open");
  std::sort(reading.keys.begin(), reading.keys.end());
  reading.keys.erase(std::unique(reading.keys.begin(), reading.keys.end()), reading.keys.end());
  return reading;
}

/// Reads the host and makes the plan; the report has no run yet.
Result<render::ApplyReport> plan_here(os::RootDirectory& root, AskedValues asked,
                                      const ApplyOptions& options, const os::Surroundings& here,
                                      std::vector<Transaction> history) {
  LoadedProfile& loaded = asked.loaded;
  auto host = read_tree(root, "/", reading_with(loaded.profile, history));
  if (!host) return tl::unexpected(host.error());
  host->network_name = asked.network;
  render::ApplyReport report{.host = std::make_shared<HostSnapshot>(std::move(*host)),
                             .profile_sha256 = std::move(loaded.sha256),
                             .generated_at = now()};
  auto fitted = fitted_to(std::move(loaded.profile), *report.host);
  if (!fitted) return tl::unexpected(fitted.error());
  report.profile = std::move(*fitted);
  auto survey = os::survey_host(root, report.profile, options, here, std::move(history));
  if (!survey) return tl::unexpected(survey.error());
  report.plan = plan_apply(report.profile, *report.host, *survey, options);
  auto& warnings = report.plan.warnings;
  std::move(asked.notes.begin(), asked.notes.end(), std::back_inserter(warnings));
  for (std::string& doubt : doubts_about(report.profile, *report.host)) {
    warnings.push_back(std::move(doubt));
  }
  report.then = std::move(asked.then);
  return report;
}

ExitStatus status_of(const render::ApplyReport& report, bool detailed) {
  if (report.error) return exit_status_of(report.error->kind);
  if (!report.plan.refusals.empty()) return ExitStatus::failed;
  if (report.run) {
    const State state = report.run->transaction.state();
    if (state == State::reverted) return ExitStatus::failed;
    if (state != State::confirmed && state != State::applied) return ExitStatus::partly;
  }
  if (worst_exit_status(report.finished) != ExitStatus::as_wanted) return ExitStatus::partly;
  if (detailed && report.changed()) return ExitStatus::found;
  const bool unread = std::any_of(report.plan.skipped.begin(), report.plan.skipped.end(),
                                  [](const Obstacle& skipped) { return skipped.unread; });
  return unread ? ExitStatus::incomplete : ExitStatus::as_wanted;
}

Outcome outcome_of(render::ApplyReport report, const Invocation& invocation, const Manner& manner) {
  report.place = place_words(invocation, manner.style.charset);
  Outcome outcome{.status = status_of(report, invocation.has("detailed-exitcode")),
                  .out = manner.json ? render::apply_json(report, kVersion)
                                     : render::apply_text(report, manner.style),
                  .done = report.run.has_value()};
  if (report.error) {
    outcome.messages = "tuner: " + report.error->message() + ".\n";
    if (!report.error->hint.empty()) outcome.messages += "       " + report.error->hint + "\n";
  }
  return outcome;
}

Result<Outcome> export_plan(const render::ApplyReport& report, const std::string& file,
                            const Invocation& invocation, const Manner& manner) {
  if (!report.plan.refusals.empty()) return outcome_of(report, invocation, manner);
  const std::string text = export_text(report.plan, *report.host);
  if (file == "-") return Outcome{.out = text};
  const auto written = os::write_output(file, text);
  if (!written) return tl::unexpected(written.error());
  return Outcome{.messages = file + " written; nothing else was changed.\n"};
}

/// A second change is refused meanwhile.
void warn_of_waiting(const std::vector<Transaction>& history, const Place& here, ApplyPlan& plan) {
  for (const Transaction& one : history) {
    if (one.state() != State::applied || !same_namespace(one.plan.place, here)) continue;
    plan.warnings.push_back(one.plan.id +
                            " is waiting for confirmation: confirm it or roll it back first.");
  }
}

/// Shows what would be done. A normal user sees it too, without what root has recorded.
Result<Outcome> look(AskedValues asked, const ApplyOptions& options, const Invocation& invocation,
                     const Manner& manner) {
  const auto here = os::read_surroundings();
  if (!here) return tl::unexpected(here.error());
  auto history = os::read_history(here->place);
  if (!history && ::geteuid() == 0) return tl::unexpected(history.error());
  if (history && !history->damaged.empty()) return fail(history->damaged.front());
  auto root = os::RootDirectory::open("/");
  if (!root) return tl::unexpected(root.error());
  auto report = plan_here(*root, std::move(asked), options, *here,
                          history ? history->transactions : std::vector<Transaction>());
  if (!report) return tl::unexpected(report.error());
  if (const auto file = invocation.value("export")) {
    return export_plan(*report, *file, invocation, manner);
  }
  refuse_place(options, report->plan);
  if (history) warn_of_waiting(history->transactions, here->place, report->plan);
  report->dry_run = true;
  auto store = os::LiveStore::open();
  if (::geteuid() == 0 && store) {
    const auto steps = os::complete_steps(*root, *store, report->plan);
    if (!steps) report->error = steps.error();
  }
  return outcome_of(*report, invocation, manner);
}

/// Before the first change that a boot may have to finish, and only where /etc is this host's own.
/// What it says of that; nothing where there was nothing to do.
std::string enable_recovery(const ApplyOptions& options) {
  if (os::is_borrowed("/etc/systemd/system/") || options.parts == ApplyOptions::Parts::runtime)
    return {};
  const auto enabled = os::enable_recovery();
  if (!enabled) {
    return "tuner: tuner-recover.service is not enabled, so a change interrupted by a crash is "
           "finished only by the next run: " +
           enabled.error().message() + ".\n";
  }
  if (*enabled == os::Enabling::not_needed) return {};
  return "tuner: tuner-recover.service is now enabled, to finish interrupted changes at boot; a "
         "rollback leaves it enabled\n";
}

Result<Outcome> change(AskedValues asked, const ApplyOptions& options, const Invocation& invocation,
                       const Manner& manner) {
  auto session = ChangeSession::begin(std::chrono::milliseconds(0));
  if (!session) return tl::unexpected(session.error());
  auto finished = (*session)->finish_earlier();
  if (!finished) return tl::unexpected(finished.error());
  if (const auto free = check_free(**session); !free) return tl::unexpected(free.error());
  auto root = os::RootDirectory::open("/");
  if (!root) return tl::unexpected(root.error());
  const std::string sha256 = asked.loaded.sha256;
  auto report = plan_here(*root, std::move(asked), options, (*session)->here(),
                          (*session)->history().transactions);
  if (!report) return tl::unexpected(report.error());
  report->finished = std::move(*finished);
  refuse_place(options, report->plan);
  if (!report->plan.refusals.empty() || !report->plan.changes_anything()) {
    return outcome_of(*report, invocation, manner);
  }
  auto steps = os::complete_steps(*root, (*session)->store(), report->plan);
  if (!steps) {
    report->error = steps.error();
    return outcome_of(*report, invocation, manner);
  }
  const auto time = (*session)->clock().now();
  const auto& earlier = (*session)->history().transactions;
  const std::string enabled = enable_recovery(options);
  std::string id = os::new_transaction_id(time);
  while ((*session)->find(id) != nullptr) id = os::new_transaction_id(time);
  report->run =
      (*session)->engine().apply({.id = std::move(id),
                                  .number = earlier.empty() ? 1 : earlier.back().plan.number + 1,
                                  .created = time,
                                  .actor = (*session)->actor(),
                                  .place = (*session)->here().place,
                                  .profile = report->profile.name,
                                  .profile_sha256 = sha256,
                                  .version = std::string(kVersion),
                                  .confirm_within = options.confirm_within,
                                  .newest_interface = os::newest_interface(),
                                  .steps = std::move(*steps)});
  Outcome outcome = outcome_of(*report, invocation, manner);
  outcome.messages += enabled;
  return outcome;
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  if (const auto gone = go_to_place(invocation); !gone) return tl::unexpected(gone.error());
  auto asked = asked_values_of(invocation);
  if (!asked) return tl::unexpected(asked.error());
  asked->network = asked_network(invocation);
  const auto options = apply_options_of(invocation, *asked);
  if (!options) return tl::unexpected(options.error());
  const bool looking = invocation.has("dry-run") || invocation.has("export");
  return looking ? look(std::move(*asked), *options, invocation, manner)
                 : change(std::move(*asked), *options, invocation, manner);
}

}  // namespace

extern const Command command;

const Command command{
    .name = "apply",
    .summary = "Apply a profile or a fix; can be rolled back",
    .examples =
        "  tuner apply --profile proxy --dry-run                what would be set\n"
        "  tuner apply --profile proxy --confirm-within 2min    undone unless confirmed\n"
        "  tuner apply --set net.core.somaxconn=8192            only one key\n"
        "  tuner apply --fix listen-backlog-capped              fix one finding\n"
        "  tuner apply --profile web --service nginx.service    raise its open-file limit\n"
        "  tuner apply --profile proxy --export 90-proxy.conf   for version control\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 1000,
    .run = run,
};

}  // namespace tuner::commands::apply
