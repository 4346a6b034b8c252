#include "cli/change_session.hpp"

#include <unistd.h>

#include <algorithm>

namespace tuner::cli {

ChangeSession::ChangeSession(os::RunLock lock, os::LiveStore store, os::Surroundings here,
                             Actor actor)
    : lock_(std::move(lock)),
      store_(std::move(store)),
      here_(std::move(here)),
      actor_(std::move(actor)),
      clock_(os::systemd_has_our_namespaces(here_)),
      engine_(store_, journal_, clock_, here_.place, actor_) {}

Result<std::unique_ptr<ChangeSession>> ChangeSession::begin(std::chrono::milliseconds patience) {
  if (::geteuid() != 0) {
    return fail(
        {.kind = ErrorKind::permission,
         .subject = {},
         .detail = "changing the host needs root",
         .hint = "Run it with sudo. apply --dry-run shows what would change, without root."});
  }
  Actor actor = os::read_actor();
  auto lock = os::RunLock::take(actor.command, patience);
  if (!lock) return tl::unexpected(lock.error());
  auto store = os::LiveStore::open();
  if (!store) return tl::unexpected(store.error());
  auto here = os::read_surroundings();
  if (!here) return tl::unexpected(here.error());
  std::unique_ptr<ChangeSession> session(
      new ChangeSession(std::move(*lock), std::move(*store), std::move(*here), std::move(actor)));
  auto history = os::read_history(session->here_.place);
  if (!history) return tl::unexpected(history.error());
  session->history_ = std::move(*history);
  session->held_.emplace();
  return session;
}

Result<std::vector<RunReport>> ChangeSession::finish_earlier() {
  std::vector<RunReport> finished;
  if (const auto discarded = journal_.discard_leftovers(); !discarded) {
    return tl::unexpected(discarded.error());
  }
  // The newest first, as they lie one on the other.
  for (auto at = history_.transactions.rbegin(); at != history_.transactions.rend(); ++at) {
    if (!at->open()) continue;
    RunReport run = engine_.recover(*at);
    *at = run.transaction;
    if (!run.nothing_to_do) finished.push_back(std::move(run));
  }
  if (!history_.transactions.empty()) engine_.discard_leftovers(history_.transactions.back());
  journal_.prune(history_);
  return finished;
}

const Transaction* ChangeSession::waiting() const {
  const auto& all = history_.transactions;
  const auto found = std::find_if(all.rbegin(), all.rend(), [this](const Transaction& one) {
    return one.waiting() && belongs_here(one, here_);
  });
  return found == all.rend() ? nullptr : &*found;
}

const Transaction* ChangeSession::find(const std::string& id) const {
  const auto& all = history_.transactions;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&id](const Transaction& one) { return one.plan.id == id; });
  return found == all.end() ? nullptr : &*found;
}

bool belongs_here(const Transaction& transaction, const os::Surroundings& here) {
  return same_namespace(transaction.plan.place, here.place);
}

Result<void> check_reachable(const Transaction& transaction, const os::Surroundings& here) {
  if (belongs_here(transaction, here) || outlived(transaction.plan.place, here.place)) return {};
  return fail({.subject = transaction.plan.id,
               .detail = "applied in another network namespace",
               .hint = "Run the command in that namespace."});
}

Result<void> check_sound(const ChangeSession& session, const std::vector<std::string>& names) {
  for (const Error& damage : session.history().damaged) {
    const bool meant = names.empty() || damage.subject.find(names.front()) != std::string::npos;
    if (meant) return fail(damage);
  }
  return {};
}

ExitStatus worst_exit_status(const std::vector<RunReport>& finished) {
  const bool partly = std::any_of(finished.begin(), finished.end(), [](const RunReport& run) {
    return run_exit_status(run) == ExitStatus::partly;
  });
  return partly ? ExitStatus::partly : ExitStatus::as_wanted;
}

ExitStatus run_exit_status(const RunReport& run) {
  switch (run.transaction.state()) {
    case State::confirmed:
    case State::reverted:
    case State::applied:
      return run.trouble.empty() ? ExitStatus::as_wanted : ExitStatus::failed;
    default:
      break;
  }
  return ExitStatus::partly;
}

Outcome outcome_of(const render::ActionReport& report, ExitStatus status, const Manner& manner) {
  return {.status = status,
          .out = manner.json ? render::action_json(report, kVersion)
                             : render::action_text(report, manner.style),
          .done = true};
}

}  // namespace tuner::cli
