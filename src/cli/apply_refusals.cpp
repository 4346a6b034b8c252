#include "cli/apply_refusals.hpp"

#include "os/lasting.hpp"
#include "os/live_store.hpp"

namespace tuner::cli {

void refuse_place(const ApplyOptions& options, ApplyPlan& plan) {
  const auto refuse = [&plan](const std::string& subject, const Error& error) {
    plan.refusals = {{.subject = subject, .reason = error.detail, .hint = error.hint}};
    plan.steps.clear();
  };
  const bool live = options.parts != ApplyOptions::Parts::files;
  const auto closed = live ? os::sysctls_are_read_only() : std::nullopt;
  if (closed) return refuse(closed->subject, *closed);
  const auto ends = options.confirm_within ? os::cannot_outlive() : std::nullopt;
  if (ends) refuse("--confirm-within", *ends);
}

Result<void> check_free(const ChangeSession& session) {
  if (auto sound = check_sound(session, {}); !sound) return sound;
  for (const Transaction& transaction : session.history().transactions) {
    if (!transaction.open() || !belongs_here(transaction, session.here())) continue;
    if (transaction.waiting()) {
      return fail({.kind = ErrorKind::busy,
                   .subject = transaction.plan.id,
                   .detail = "this change of " + transaction.plan.actor.user +
                             " is waiting for confirmation",
                   .hint = "To keep it: tuner confirm. To undo it: tuner rollback."});
    }
    return fail({.subject = transaction.plan.id,
                 .detail = "an earlier change is unfinished: " +
                           (transaction.records.empty() ? std::string()
                                                        : transaction.records.back().reason),
                 .hint = "See tuner history " + transaction.plan.id +
                         ", fix what it names, then run: tuner recover"});
  }
  return {};
}

}  // namespace tuner::cli
