#include <unistd.h>

#include <algorithm>
#include <array>

#include "cli/change_session.hpp"
#include "cli/read_tree.hpp"

namespace tuner::commands::rollback {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"through", "", "ID", "every change down to this one, the newest first"},
    {"force", "", "", "overwrite what somebody else changed meanwhile"},
    {"format", "", "text|json", "what to print (default: text)"},
});

/// The ID that was given, by itself or for all down to it.
std::optional<std::string> named(const Invocation& invocation) {
  if (!invocation.words.empty()) return invocation.words.front();
  return invocation.value("through");
}

/// The changes of this namespace above one that are not wholly taken back, the newest first.
std::vector<Transaction> above(const ChangeSession& session, const Transaction& transaction) {
  const auto& all = session.history().transactions;
  std::vector<Transaction> newer;
  for (auto at = all.rbegin(); at != all.rend() && at->plan.id != transaction.plan.id; ++at) {
    if (at->state() != State::reverted && belongs_here(*at, session.here())) newer.push_back(*at);
  }
  return newer;
}

/// Changes lie one on the other: the way back of an older one leads to what was below it, not to
/// what a newer one set.
Result<void> check_newest(const ChangeSession& session, const Transaction& transaction) {
  const auto newer = above(session, transaction);
  if (newer.empty() || transaction.state() == State::reverted) return {};
  const std::string& id = transaction.plan.id;
  return fail({.subject = id,
               .detail = newer.front().plan.id + " was applied after it, and is not taken back",
               .way_out = "To take back both, and all between: tuner rollback --through " + id});
}

/// The one that was named, or the newest of this namespace that is not wholly taken back.
const Transaction* chosen(const ChangeSession& session, const Invocation& invocation) {
  if (const auto id = named(invocation)) return session.find(*id);
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

/// One after the other, up to the first that is not wholly taken back: those below it stay.
void take_back(ChangeSession& session, const std::vector<Transaction>& changes, bool force,
               render::ActionReport& report) {
  std::size_t left = changes.size();
  for (const Transaction& change : changes) {
    if (report.run) report.finished.push_back(std::move(*report.run));
    report.run = session.engine().revert(
        change, force ? engine::Conflicts::overwrite : engine::Conflicts::leave,
        force ? "asked for, with --force" : "asked for");
    --left;
    if (report.run->transaction.state() != State::reverted) break;
  }
  if (left == 0) return;
  report.warnings.emplace_back("What was applied before it is left as it is until that is done.");
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  auto session = ChangeSession::begin(std::chrono::milliseconds(0));
  if (!session) return tl::unexpected(session.error());
  auto finished = (*session)->finish_earlier();
  if (!finished) return tl::unexpected(finished.error());
  if (invocation.has("through") && !invocation.words.empty()) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--through",
                 .detail = "it goes with no other ID",
                 .way_out = "Give one of them."});
  }
  const auto id = named(invocation);
  const Transaction* const transaction = chosen(**session, invocation);
  const auto sound =
      check_sound(**session, id ? std::vector<std::string>{*id} : std::vector<std::string>());
  if (!sound) return tl::unexpected(sound.error());
  if (id && transaction == nullptr) {
    return unknown_transaction(*id, (*session)->history().transactions);
  }
  // Under a change that waits nothing is taken back: that would spoil its own way back.
  if (const Transaction* const waiting = (*session)->waiting();
      transaction != nullptr && waiting != nullptr && waiting != transaction) {
    return fail({.kind = ErrorKind::busy,
                 .subject = waiting->plan.id,
                 .detail = "this change waits for a confirmation",
                 .way_out = "Confirm it or take it back first: tuner confirm, tuner rollback."});
  }
  const bool through = invocation.has("through");
  if (transaction != nullptr && !through) {
    const auto newest = check_newest(**session, *transaction);
    if (!newest) return tl::unexpected(newest.error());
  }
  const bool just_reverted = std::any_of(
      finished->begin(), finished->end(),
      [](const RunReport& earlier) { return earlier.transaction.state() == State::reverted; });
  render::ActionReport report{
      .action = "rollback", .generated_at = now(), .finished = std::move(*finished)};
  ExitStatus status = worst_of(report.finished);
  if (just_reverted && !id) {
    report.nothing = "That was the newest change; tuner history shows those before it.";
  } else if (transaction == nullptr) {
    report.nothing = "Nothing is to be taken back.";
  } else if (transaction->state() == State::reverted) {
    report.nothing = transaction->plan.id + " is taken back already.";
  } else if (const auto reachable = check_reachable(*transaction, (*session)->here()); !reachable) {
    return tl::unexpected(reachable.error());
  } else {
    auto changes = through ? above(**session, *transaction) : std::vector<Transaction>();
    changes.push_back(*transaction);
    take_back(**session, changes, invocation.has("force"), report);
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
    .usage = "[ID | --through ID] [--force] [--format text|json]",
    .examples =
        "  tuner rollback                        take the newest change back\n"
        "  tuner rollback 20260131-120000-1a2b   one that tuner history shows\n"
        "  tuner rollback --force                overwrite what others changed since\n"
        "  tuner rollback --through 20260131-120000-1a2b   it, and all that came after it\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 1,
    .run = run,
};

}  // namespace tuner::commands::rollback
