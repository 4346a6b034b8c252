#include <algorithm>
#include <array>
#include <set>

#include "change/lasting_effects.hpp"
#include "cli/change_session.hpp"
#include "cli/follow_up.hpp"
#include "cli/place_option.hpp"
#include "cli/read_next_boot.hpp"
#include "cli/read_tree.hpp"
#include "os/files.hpp"

namespace tuner::commands::rollback {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"through", "", "ID", "roll back this change and all newer ones"},
    {"adopt", "", "", "roll back a change made under another machine-id"},
    {"force", "", "", "overwrite what others have changed since"},
    kNetnsOption,
    kPidOption,
    {"format", "", "text|json", "output format (default: text)"},
});

/// The ID that was given, by itself or for all down to it.
std::optional<std::string> named(const Invocation& invocation) {
  if (!invocation.words.empty()) return invocation.words.front();
  return invocation.value("through");
}

/// Changes that were made under another machine-id, as in the template that this host was cloned
/// from, as if they were this machine's; its own lie on them.
std::vector<Transaction> adopted(const os::History& history, const std::string& machine) {
  std::vector<Transaction> all = history.foreign;
  for (Transaction& change : all) change.plan.place.machine = machine;
  all.insert(all.end(), history.transactions.begin(), history.transactions.end());
  return all;
}

/// Whether a change was left for another time in part. What somebody else changed does not stand in
/// the way of those below; what the system refused does.
bool is_stuck(const RunReport& run) {
  return std::any_of(run.steps.begin(), run.steps.end(), [](const StepOutcome& step) {
    return step.result == StepOutcome::Result::failed;
  });
}

/// One after the other, the newest first. The worst exit status of them.
ExitStatus take_back(ChangeSession& session, const std::vector<Transaction>& changes, bool force,
                     render::ActionReport& report) {
  ExitStatus status = ExitStatus::as_wanted;
  std::set<std::string> held;
  std::size_t left = changes.size();
  for (const Transaction& change : changes) {
    if (report.run) report.finished.push_back(std::move(*report.run));
    report.run = session.engine().revert(
        change, force ? engine::Conflicts::overwrite : engine::Conflicts::leave,
        force ? "asked for, with --force" : "asked for", held);
    --left;
    if (status == ExitStatus::as_wanted) status = run_exit_status(*report.run);
    if (is_stuck(*report.run)) break;
    for (std::size_t index = 0; index < report.run->steps.size(); ++index) {
      if (report.run->steps[index].result == StepOutcome::Result::conflict) {
        held.insert(change.plan.steps[index].target);
      }
    }
  }
  if (left > 0) {
    report.warnings.emplace_back("Earlier changes stay as they are until then.");
  }
  return status;
}

Result<void> check_words(const Invocation& invocation) {
  if (invocation.has("through") && !invocation.words.empty()) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--through",
                 .detail = "conflicts with another ID",
                 .hint = "Give one of them."});
  }
  if (invocation.has("adopt") && !named(invocation)) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--adopt",
                 .detail = "requires the ID of a change",
                 .hint = "To list those of other machines: tuner status"});
  }
  return {};
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  if (const auto gone = go_to_place(invocation); !gone) return tl::unexpected(gone.error());
  if (const auto words = check_words(invocation); !words) return tl::unexpected(words.error());
  auto session = ChangeSession::begin(std::chrono::milliseconds(0));
  if (!session) return tl::unexpected(session.error());
  auto finished = (*session)->finish_earlier();
  if (!finished) return tl::unexpected(finished.error());
  const auto id = named(invocation);
  const auto sound =
      check_sound(**session, id ? std::vector<std::string>{*id} : std::vector<std::string>());
  if (!sound) return tl::unexpected(sound.error());
  // Under a change that waits nothing is rolled back: that would spoil its own way back.
  if (const Transaction* const waiting = (*session)->waiting();
      id && waiting != nullptr && waiting->plan.id != *id && (*session)->find(*id) != nullptr) {
    return fail({.kind = ErrorKind::busy,
                 .subject = waiting->plan.id,
                 .detail = "this change is waiting for confirmation",
                 .hint = "Confirm it or roll it back first: tuner confirm, tuner rollback."});
  }
  const bool adopt = invocation.has("adopt");
  const os::History& history = (*session)->history();
  const Place& here = (*session)->here().place;
  const auto changes = way_back(adopt ? adopted(history, here.machine) : history.transactions, here,
                                {.id = id.value_or(""), .through = invocation.has("through")});
  if (!changes) return tl::unexpected(changes.error());
  const Transaction* const transaction = changes->empty() ? nullptr : &changes->back();
  const bool just_reverted =
      std::any_of(finished->begin(), finished->end(), [&](const RunReport& earlier) {
        return earlier.transaction.state() == State::reverted &&
               belongs_here(earlier.transaction, (*session)->here());
      });
  render::ActionReport report{
      .action = "rollback", .generated_at = now(), .finished = std::move(*finished)};
  report.adopted = adopt;
  report.place = place_words(invocation, manner.style.charset);
  ExitStatus status = worst_exit_status(report.finished);
  if (just_reverted && !id) {
    report.nothing = "That was the newest change; for earlier ones see: tuner history";
  } else if (transaction == nullptr) {
    report.nothing = "Nothing to roll back.";
  } else if (transaction->state() == State::reverted) {
    report.nothing = transaction->plan.id + " is already rolled back.";
  } else if (const auto reachable = check_reachable(*transaction, (*session)->here());
             !reachable && !(*session)->engine().holds_files(*transaction)) {
    return tl::unexpected(reachable.error());
  } else {
    const ExitStatus taken = take_back(**session, *changes, invocation.has("force"), report);
    if (status == ExitStatus::as_wanted) status = taken;
    if (status == ExitStatus::as_wanted)
      report.notes = lasting_effects(*transaction, os::file_exists("/usr/bin/dracut"));
    // What stays in a file that was left alone comes back with the next boot.
    if (report.run->transaction.state() == State::conflict) {
      report.warnings =
          boot_warnings(*report.run, history.transactions, (*session)->here(), BootChanges::all);
    }
  }
  return outcome_of(report, status, manner);
}

}  // namespace

extern const Command command;

const Command command{
    .name = "rollback",
    .summary = "Roll back a change",
    .examples =
        "  tuner rollback                        roll back the newest change\n"
        "  tuner rollback 20260131-120000-1a2b   a change listed by tuner history\n"
        "  tuner rollback --force                overwrite what others have changed since\n"
        "  tuner rollback --through 20260131-120000-1a2b   this one and all newer ones\n"
        "  tuner rollback --adopt 20260131-120000-1a2b     of another machine-id\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 1,
    .run = run,
    .words = "ID",
};

}  // namespace tuner::commands::rollback
