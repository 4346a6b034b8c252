#include <algorithm>
#include <array>

#include "cli/change_session.hpp"
#include "cli/place_option.hpp"
#include "cli/read_next_boot.hpp"
#include "cli/read_tree.hpp"

namespace tuner::commands::confirm {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    kNetnsOption,
    kPidOption,
    {"format", "", "text|json", "output format (default: text)"},
});

/// The one that was named, or the one that waits in this namespace, or else the newest here if it
/// had waited: who comes too late is told so.
const Transaction* chosen(const ChangeSession& session, const Invocation& invocation) {
  if (!invocation.words.empty()) return session.find(invocation.words.front());
  if (const Transaction* const waiting = session.waiting()) return waiting;
  const auto& all = session.history().transactions;
  const auto newest = std::find_if(all.rbegin(), all.rend(), [&session](const Transaction& one) {
    return belongs_here(one, session.here());
  });
  const bool waited = newest != all.rend() && newest->plan.confirm_within;
  return waited ? &*newest : nullptr;
}

/// One that waits in another network namespace: whoever confirms may mean that.
const Transaction* waiting_elsewhere(const ChangeSession& session) {
  const auto& all = session.history().transactions;
  const auto found = std::find_if(all.rbegin(), all.rend(), [&session](const Transaction& one) {
    return one.waiting() && !outlived(one.plan.place, session.here().place);
  });
  return found == all.rend() ? nullptr : &*found;
}

std::string why_nothing(const Transaction* transaction) {
  if (transaction == nullptr) return "No change is waiting for confirmation.";
  const std::string& id = transaction->plan.id;
  switch (transaction->state()) {
    case State::confirmed:
      return id + " is already confirmed.";
    case State::reverted:
      return id + " was rolled back: " + transaction->records.back().reason + ".";
    default:
      break;
  }
  return id + " is not waiting for confirmation: it is " +
         std::string(state_name(transaction->state())) + ".";
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  if (const auto gone = go_to_place(invocation); !gone) return tl::unexpected(gone.error());
  // The timer may be rolling back the same change: whoever took the lock first decides.
  constexpr auto kPatience = std::chrono::seconds(10);
  auto session = ChangeSession::begin(kPatience);
  if (!session) return tl::unexpected(session.error());
  auto finished = (*session)->finish_earlier();
  if (!finished) return tl::unexpected(finished.error());
  const Transaction* const transaction = chosen(**session, invocation);
  if (const auto sound = check_sound(**session, invocation.words); !sound) {
    return tl::unexpected(sound.error());
  }
  if (transaction == nullptr && !invocation.words.empty()) {
    return unknown_transaction(invocation.words.front(), (*session)->history().transactions);
  }
  render::ActionReport report{
      .action = "confirm", .generated_at = now(), .finished = std::move(*finished)};
  ExitStatus status = worst_exit_status(report.finished);
  if (transaction == nullptr || !transaction->waiting()) {
    report.nothing = why_nothing(transaction);
    const Transaction* const other =
        transaction == nullptr ? waiting_elsewhere(**session) : nullptr;
    if (other != nullptr) {
      report.nothing = "No change is waiting here; " + other->plan.id +
                       " is waiting in another network namespace: add --netns or --pid.";
      if (status == ExitStatus::as_wanted) status = ExitStatus::failed;
    }
    // Whoever goes on after a confirmation must not go on without the change.
    const bool lost = transaction != nullptr && transaction->state() != State::confirmed;
    if (lost && status == ExitStatus::as_wanted) status = ExitStatus::failed;
  } else if (const auto reachable = check_reachable(*transaction, (*session)->here()); !reachable) {
    return tl::unexpected(reachable.error());
  } else {
    report.run = (*session)->engine().confirm(*transaction);
    if (status == ExitStatus::as_wanted) status = run_exit_status(*report.run);
    // Another file may have come while the change waited.
    report.warnings = boot_warnings(*report.run, (*session)->history().transactions,
                                    (*session)->here(), BootChanges::overruled);
  }
  return outcome_of(report, status, manner);
}

}  // namespace

extern const Command command;

const Command command{
    .name = "confirm",
    .summary = "Confirm a pending change",
    .examples =
        "  tuner confirm                        keep what apply --confirm-within set\n"
        "  tuner confirm 20260131-120000-1a2b   the same, by its name\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 1,
    .run = run,
    .words = "ID",
};

}  // namespace tuner::commands::confirm
