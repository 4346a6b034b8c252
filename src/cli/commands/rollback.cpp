#include <unistd.h>

#include <algorithm>
#include <array>

#include "cli/change_session.hpp"
#include "cli/read_tree.hpp"

namespace tuner::commands::rollback {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"force", "", "", "overwrite what somebody else changed meanwhile"},
    {"format", "", "text|json", "what to print (default: text)"},
});

/// The one that was named, or the newest of this namespace that is not wholly taken back.
const Transaction* chosen(const ChangeSession& session, const Invocation& invocation) {
  if (!invocation.words.empty()) return session.find(invocation.words.front());
  const auto& all = session.history().transactions;
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const Transaction& one) {
    return one.state() != State::reverted && belongs_here(one, session.here());
  });
  return found == all.rend() ? nullptr : &*found;
}

/// What no rollback brings back.
std::vector<std::string> notes_on(const Transaction& transaction) {
  bool buffers = false;
  bool fragment = false;
  bool service = false;
  bool ipv6 = false;
  for (const Step& step : transaction.plan.steps) {
    const bool sysctl = step.kind == Step::Kind::sysctl;
    buffers = buffers || (sysctl && step.target.find("mem") != std::string::npos);
    ipv6 = ipv6 || (step.target.starts_with("net/ipv6/") && step.target.ends_with("/forwarding"));
    fragment = fragment || step.target.starts_with("/etc/sysctl.d/");
    service = service || step.target.starts_with("/etc/systemd/system/");
  }
  std::vector<std::string> notes;
  if (buffers) notes.emplace_back("Sockets that are open keep the buffers that they have.");
  if (service) {
    notes.emplace_back(
        "Services have their old limit after: systemctl daemon-reload, and a "
        "restart of each.");
  }
  if (ipv6) {
    notes.emplace_back("Default routes from router advertisements come back with the next one.");
  }
  if (fragment && ::access("/usr/bin/dracut", F_OK) == 0) {
    notes.emplace_back(
        "dracut copies /etc/sysctl.d into the initrd: run dracut -f if it did so "
        "meanwhile.");
  }
  return notes;
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  auto session = ChangeSession::begin(std::chrono::milliseconds(0));
  if (!session) return tl::unexpected(session.error());
  auto finished = (*session)->finish_earlier();
  if (!finished) return tl::unexpected(finished.error());
  const bool named = !invocation.words.empty();
  const Transaction* const transaction = chosen(**session, invocation);
  if (const auto sound = check_sound(**session, invocation.words); !sound) {
    return tl::unexpected(sound.error());
  }
  if (named && transaction == nullptr) {
    return unknown_transaction(invocation.words.front(), (*session)->history().transactions);
  }
  // Under a change that waits nothing is taken back: that would spoil its own way back.
  if (const Transaction* const waiting = (*session)->waiting();
      transaction != nullptr && waiting != nullptr && waiting != transaction) {
    return fail({.kind = ErrorKind::busy,
                 .subject = waiting->plan.id,
                 .detail = "this change waits for a confirmation",
                 .way_out = "Confirm it or take it back first: tuner confirm, tuner rollback."});
  }
  const bool just_reverted = std::any_of(
      finished->begin(), finished->end(),
      [](const RunReport& earlier) { return earlier.transaction.state() == State::reverted; });
  render::ActionReport report{
      .action = "rollback", .generated_at = now(), .finished = std::move(*finished)};
  ExitStatus status = worst_of(report.finished);
  if (just_reverted && !named) {
    report.nothing = "That was the newest change; tuner history shows those before it.";
  } else if (transaction == nullptr) {
    report.nothing = "Nothing is to be taken back.";
  } else if (transaction->state() == State::reverted) {
    report.nothing = transaction->plan.id + " is taken back already.";
  } else if (const auto reachable = check_reachable(*transaction, (*session)->here()); !reachable) {
    return tl::unexpected(reachable.error());
  } else {
    const bool force = invocation.has("force");
    report.run = (*session)->engine().revert(
        *transaction, force ? engine::Conflicts::overwrite : engine::Conflicts::leave,
        force ? "asked for, with --force" : "asked for");
    if (status == ExitStatus::as_wanted) status = exit_status_of(*report.run);
    if (status == ExitStatus::as_wanted) report.notes = notes_on(*transaction);
  }
  return outcome_of(report, status, manner);
}

}  // namespace

extern const Command command;

const Command command{
    .name = "rollback",
    .summary = "Take a change back",
    .usage = "[ID] [--force] [--format text|json]",
    .examples =
        "  tuner rollback                        take the newest change back\n"
        "  tuner rollback 20260131-120000-1a2b   one that tuner history shows\n"
        "  tuner rollback --force                overwrite what others changed since\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 1,
    .run = run,
};

}  // namespace tuner::commands::rollback
