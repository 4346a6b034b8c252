#include <algorithm>
#include <array>

#include "change/standing.hpp"
#include "cli/change_session.hpp"
#include "cli/command.hpp"
#include "cli/follow_up.hpp"
#include "cli/place_option.hpp"
#include "cli/read_next_boot.hpp"
#include "cli/read_tree.hpp"
#include "os/run_lock.hpp"
#include "render/transaction.hpp"

namespace tuner::commands::status {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"detailed-exitcode", "", "", "exit 2 if anything has drifted"},
    kNetnsOption,
    kPidOption,
    {"format", "", "text|json", "output format (default: text)"},
});

/// One that nobody confirmed in time, and nobody rolled back either.
std::optional<Transaction> expired(const Transaction& transaction) {
  const bool late = transaction.last(State::applied) != nullptr &&
                    transaction.last(State::confirmed) == nullptr &&
                    transaction.state() == State::reverted &&
                    !transaction.records.back().reason.starts_with("asked for");
  return late ? std::optional(transaction) : std::nullopt;
}

ExitStatus status_of(const render::StatusReport& report, bool detailed) {
  if (!report.damaged.empty()) return ExitStatus::incomplete;
  const auto& changes = report.next_boot.changes;
  const bool loses = std::any_of(changes.begin(), changes.end(), [](const BootChange& change) {
    return change.kind == BootChange::Kind::overruled;
  });
  const bool drifted = !report.drift.empty() || !report.conflicts.empty() || loses;
  return detailed && drifted ? ExitStatus::found : ExitStatus::as_wanted;
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  if (const auto gone = go_to_place(invocation); !gone) return tl::unexpected(gone.error());
  const auto surroundings = os::read_surroundings();
  if (!surroundings) return tl::unexpected(surroundings.error());
  const os::Surroundings& here = *surroundings;
  auto history = os::read_history(here.place);
  if (!history) return tl::unexpected(history.error());
  auto store = os::LiveStore::open();
  if (!store) return tl::unexpected(store.error());
  render::StatusReport report{.place = place_words(invocation, manner.style.charset),
                              .generated_at = now(),
                              .since_boot = os::BootClock(false).since_boot(),
                              .damaged = std::move(history->damaged),
                              .foreign = std::move(history->foreign)};
  for (const Transaction& transaction : history->transactions) {
    const bool here_and_now = belongs_here(transaction, here);
    if (transaction.state() == State::conflict) report.conflicts.push_back(transaction);
    if (here_and_now) report.expired = expired(transaction);
    if (transaction.open() && !here_and_now && !outlived(transaction.plan.place, here.place)) {
      report.elsewhere.push_back(transaction);
    }
    const bool same_boot = transaction.plan.place.boot == here.place.boot;
    if (transaction.waiting() && same_boot && here_and_now) {
      report.waiting = transaction;
    } else if (transaction.open() && here_and_now) {
      report.unfinished.push_back(transaction);
      report.at_work = os::RunLock::is_held();
    }
    if (!here_and_now || !is_in_force(transaction, here.place)) continue;
    report.standing = transaction;
    Standing standing = standing_of(transaction, history->transactions);
    if (standing.own > 0 || standing.keys == 0) {
      report.in_force.emplace_back(transaction, std::move(standing));
    }
  }
  auto boot = read_next_boot(history->transactions, here);
  if (!boot) report.damaged.push_back(boot.error());
  if (boot) report.next_boot = std::move(*boot);
  if (report.waiting) {
    report.values_back = engine::is_back(*store, *report.waiting);
    report.timer_runs = os::BootClock(false).is_armed(report.waiting->records.back().timer);
  }
  report.drift = drift_of(*store, history->transactions, here.place, report.damaged);
  return Outcome{.status = status_of(report, invocation.has("detailed-exitcode")),
                 .out = manner.json ? render::status_json(report, kVersion)
                                    : render::status_text(report, manner.style)};
}

}  // namespace

extern const Command command;

const Command command{
    .name = "status",
    .summary = "Show pending and applied changes, and drift",
    .examples =
        "  tuner status           what is pending, for how long, and what has drifted\n"
        "  tuner status --json    for scripts\n"
        "  tuner status --detailed-exitcode    exit 2 if anything has drifted\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
};

}  // namespace tuner::commands::status
