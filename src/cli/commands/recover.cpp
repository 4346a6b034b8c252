#include <unistd.h>

#include <array>

#include "cli/change_session.hpp"
#include "cli/read_tree.hpp"

namespace tuner::commands::recover {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"expire", "", "ID", "take it back unless confirmed; for the timer"},
    {"format", "", "text|json", "what to print (default: text)"},
});

/// Until it is time to take the change back: whoever starts this may have counted otherwise.
Result<void> wait_until_due(const std::string& id) {
  const auto here = os::read_surroundings();
  if (!here) return tl::unexpected(here.error());
  const auto history = os::read_history(here->place.machine);
  if (!history) return tl::unexpected(history.error());
  for (const Transaction& transaction : history->transactions) {
    const Record* const armed = transaction.last(State::armed);
    const bool waits = transaction.plan.id == id && transaction.open() && armed != nullptr &&
                       transaction.plan.place.boot == here->place.boot;
    if (waits && armed->confirm_by) os::BootClock::sleep_until(*armed->confirm_by);
  }
  return {};
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto expired = invocation.value("expire");
  if (expired && ::geteuid() == 0) {
    if (const auto due = wait_until_due(*expired); !due) return tl::unexpected(due.error());
  }
  // The timer waits for whoever is at work: nobody else comes after it.
  constexpr auto kAsLongAsItTakes = std::chrono::hours(24);
  auto session = ChangeSession::begin(expired ? std::chrono::milliseconds(kAsLongAsItTakes)
                                              : std::chrono::milliseconds(0));
  if (!session) return tl::unexpected(session.error());
  render::ActionReport report{.action = "recover", .generated_at = now()};
  if (expired) {
    const Transaction* const transaction = (*session)->find(*expired);
    if (transaction == nullptr) {
      return unknown_transaction(*expired, (*session)->history().transactions);
    }
    RunReport run = (*session)->engine().expire(*transaction);
    if (!run.nothing_to_do) report.finished.push_back(std::move(run));
  } else {
    auto finished = (*session)->finish_earlier();
    if (!finished) return tl::unexpected(finished.error());
    report.finished = std::move(*finished);
  }
  ExitStatus status = worst_of(report.finished);
  const auto sound = check_sound(**session, {});
  if (report.finished.empty()) {
    report.nothing =
        sound ? "Nothing is left to finish." : "Of what could be read, nothing is left to finish.";
  }
  if (!sound) {
    report.warnings.push_back(sound.error().message() + ". " + sound.error().way_out);
    if (status == ExitStatus::as_wanted) status = ExitStatus::failed;
  }
  return outcome_of(report, status, manner);
}

}  // namespace

extern const Command command;

const Command command{
    .name = "recover",
    .summary = "Finish what a run left that was cut off",
    .usage = "[--expire ID] [--format text|json]",
    .examples =
        "  tuner recover    bring every unfinished change to its end, as a boot unit does\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
};

}  // namespace tuner::commands::recover
