#include <unistd.h>

#include <algorithm>
#include <array>

#include "cli/change_session.hpp"
#include "cli/read_tree.hpp"
#include "model/number.hpp"
#include "os/child.hpp"
#include "os/ready.hpp"
#include "os/waiting_process.hpp"

namespace tuner::commands::recover {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"expire", "", "ID", "undo this change unless confirmed; for the timer"},
    {"at", "", "MS", "wait until this time since boot", false, {}, "expire"},
    {"format", "", "text|json", "output format (default: text)"},
});

using std::chrono::milliseconds;

/// When a change is to be rolled back. No value: nothing of it waits here.
Result<std::optional<milliseconds>> due(const std::string& id) {
  const auto here = os::read_surroundings();
  if (!here) return tl::unexpected(here.error());
  const auto history = os::read_history(here->place);
  if (!history) return tl::unexpected(history.error());
  for (const Transaction& transaction : history->transactions) {
    const Record* const armed = transaction.last(State::armed);
    const bool waits = transaction.plan.id == id && transaction.open() && armed != nullptr &&
                       transaction.plan.place.boot == here->place.boot;
    if (waits) return armed->confirm_by;
  }
  return std::nullopt;
}

Outcome shown(render::ActionReport report, const ChangeSession& session, const Manner& manner) {
  ExitStatus status = worst_exit_status(report.finished);
  const auto sound = check_sound(session, {});
  const bool trouble = std::any_of(report.finished.begin(), report.finished.end(),
                                   [](const RunReport& run) { return !run.trouble.empty(); });
  if (trouble && status == ExitStatus::as_wanted) status = ExitStatus::failed;
  if (report.finished.empty()) {
    report.nothing =
        sound ? "No unfinished change." : "No unfinished change in what could be read.";
  }
  if (!sound) {
    report.warnings.push_back(sound.error().message() + ". " + sound.error().hint);
    if (status == ExitStatus::as_wanted) status = ExitStatus::failed;
  }
  return outcome_of(report, status, manner);
}

/// One attempt; `left` where something could not be read or written yet. Errors: what has to be
/// read could not be, so that nothing is known of the change.
Result<Outcome> expire(const std::string& id, const Manner& manner, bool& left) {
  // It waits for the lock however long that takes: nothing else would retry it.
  constexpr auto kAsLongAsItTakes = std::chrono::hours(24);
  auto session = ChangeSession::begin(milliseconds(kAsLongAsItTakes));
  if (!session) return tl::unexpected(session.error());
  const Transaction* const transaction = (*session)->find(id);
  if (transaction == nullptr) {
    if (const auto sound = check_sound(**session, {id}); !sound) {
      return tl::unexpected(sound.error());
    }
    return unknown_transaction(id, (*session)->history().transactions);
  }
  render::ActionReport report{.action = "recover", .generated_at = now()};
  RunReport run = (*session)->engine().expire(*transaction);
  left = !run.nothing_to_do && run.transaction.open();
  if (!run.nothing_to_do) report.finished.push_back(std::move(run));
  return shown(std::move(report), **session, manner);
}

/// The timer: what fails now may go later, when a disk or /proc is there again.
Result<Outcome> expire_in_time(const std::string& id, const std::string& at, const Manner& manner) {
  const auto time = parse::integer<std::int64_t>(at);
  if (!time || *time < 0) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--at " + at,
                 .detail = "must be milliseconds since boot"});
  }
  os::take_no_stray_signals();
  os::tell_ready();
  os::take_little_memory();
  os::BootClock::sleep_until(milliseconds(*time));
  constexpr auto kLongest = std::chrono::seconds(60);
  constexpr int kAttempts = 1000;
  auto pause = std::chrono::seconds(1);
  bool left = false;
  auto outcome = expire(id, manner, left);
  for (int attempt = 1; attempt < kAttempts && (left || !outcome); ++attempt) {
    const ErrorKind kind = outcome ? ErrorKind::failure : outcome.error().kind;
    // Its journal may be on a disk that is not there at this moment, or have been deleted.
    constexpr int kUntilDeleted = 20;
    if (kind == ErrorKind::permission || (kind == ErrorKind::usage && attempt > kUntilDeleted))
      break;
    os::BootClock::sleep_until(os::BootClock(false).since_boot() + pause);
    pause = std::min(kLongest, 2 * pause);
    left = false;
    outcome = expire(id, manner, left);
  }
  return outcome;
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto expired = invocation.value("expire");
  const auto at = invocation.value("at");
  if (at) return expire_in_time(*expired, *at, manner);
  if (expired) {
    if (::geteuid() == 0) {
      const auto when = due(*expired);
      if (!when) return tl::unexpected(when.error());
      if (*when) os::BootClock::sleep_until(**when);
    }
    bool left = false;
    return expire(*expired, manner, left);
  }
  auto session = ChangeSession::begin(milliseconds(0));
  if (!session) return tl::unexpected(session.error());
  auto finished = (*session)->finish_earlier();
  if (!finished) return tl::unexpected(finished.error());
  return shown({.action = "recover", .generated_at = now(), .finished = std::move(*finished)},
               **session, manner);
}

}  // namespace

extern const Command command;

const Command command{
    .name = "recover",
    .summary = "Finish or undo an interrupted change",
    .examples = "  tuner recover    finish or undo every interrupted change, as at boot\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
};

}  // namespace tuner::commands::recover
