#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "change/engine.hpp"
#include "change/order.hpp"
#include "cli/command.hpp"
#include "os/boot_clock.hpp"
#include "os/disk_journal.hpp"
#include "os/held_signals.hpp"
#include "os/live_store.hpp"
#include "os/run_lock.hpp"
#include "render/transaction.hpp"

namespace tuner::cli {

/// What a command needs that changes the host: the lock, and the engine on this host.
class ChangeSession {
 public:
  /// Waits that long at most for the lock, which ^C ends. Errors: permission (not root), busy
  /// (naming the holder), failure.
  static Result<std::unique_ptr<ChangeSession>> begin(std::chrono::milliseconds patience);

  /// Finishes what earlier runs left, and reads the history anew.
  Result<std::vector<RunReport>> finish_earlier();

  [[nodiscard]] engine::Engine& engine() { return engine_; }
  [[nodiscard]] engine::Clock& clock() { return clock_; }
  [[nodiscard]] os::LiveStore& store() { return store_; }
  [[nodiscard]] const os::Surroundings& here() const { return here_; }
  [[nodiscard]] const os::History& history() const { return history_; }
  [[nodiscard]] const Actor& actor() const { return actor_; }

  /// The transaction of this namespace that is waiting for confirmation; null where none does.
  [[nodiscard]] const Transaction* waiting() const;

  /// The transaction of an ID; null where there is none.
  [[nodiscard]] const Transaction* find(const std::string& id) const;

 private:
  ChangeSession(os::RunLock lock, os::LiveStore store, os::Surroundings here, Actor actor);

  os::RunLock lock_;
  os::LiveStore store_;
  os::DiskJournal journal_{};
  os::Surroundings here_;
  Actor actor_;
  os::BootClock clock_;
  engine::Engine engine_;
  os::History history_{};
  std::optional<os::HeldSignals> held_{};  ///< from the lock to the end: there it writes
};

/// Whether the values of a transaction are to be found in this namespace.
bool belongs_here(const Transaction& transaction, const os::Surroundings& here);

/// The error of a transaction that another namespace, which may be there still, has to deal with.
Result<void> check_reachable(const Transaction& transaction, const os::Surroundings& here);

/// Errors: a journal that was tampered with, where no other transaction is named.
Result<void> check_sound(const ChangeSession& session, const std::vector<std::string>& names);

/// 4 where one of them could not be rolled back wholly.
ExitStatus worst_exit_status(const std::vector<RunReport>& finished);

/// 0; 1 where it failed and nothing is left of it; 4 where something was left.
ExitStatus run_exit_status(const RunReport& run);

/// What `confirm`, `rollback` or `recover` says.
Outcome outcome_of(const render::ActionReport& report, ExitStatus status, const Manner& manner);

}  // namespace tuner::cli
