#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "change/clock.hpp"
#include "change/journal.hpp"
#include "change/store.hpp"
#include "tuner/transaction.hpp"

/// Carries a plan out so that it can always be rolled back. Whoever calls holds the lock.
namespace tuner::engine {

/// What to do where somebody else changed a value meanwhile.
enum class Conflicts { leave, overwrite };

class Engine {
 public:
  Engine(Store& store, Journal& journal, Clock& clock, Place here, Actor actor)
      : store_(store),
        journal_(journal),
        clock_(clock),
        here_(std::move(here)),
        actor_(std::move(actor)) {}

  /// Carries out a new transaction: writes it down, arms the timer where a confirmation is wanted,
  /// writes and reads back, and keeps it or leaves it waiting. Whatever fails, all is rolled back.
  RunReport apply(TransactionPlan plan);

  /// Keeps what is waiting for confirmation.
  RunReport confirm(Transaction transaction);

  /// Takes a transaction back, and says why in its journal. `held` are targets that a newer one
  /// could not give back: those below are left, so that the order of the way back stays.
  RunReport revert(Transaction transaction, Conflicts conflicts, const std::string& reason,
                   const std::set<std::string>& held = {});

  /// Brings a transaction that an earlier run left behind to an end; one that waits for a
  /// confirmation in time is left waiting.
  RunReport recover(Transaction transaction);

  /// The timer's side of the race with confirm(). What the system refuses leaves the transaction
  /// reverting, for another attempt.
  RunReport expire(Transaction transaction);

  /// Takes away what the writes of a transaction left that is over.
  void discard_leftovers(const Transaction& transaction);

  /// Whether a container that starts again has its files, though not its values any more.
  bool holds_files(const Transaction& transaction);

 private:
  /// Which values are rolled back.
  enum class Reach {
    everything,
    files,  ///< the live values went with another boot or namespace
  };
  struct Verdict;

  Result<void> note(Transaction& transaction, Record record);
  bool begin(RunReport& report);
  bool write_live(RunReport& report);
  bool verify_live(RunReport& report);
  std::map<std::string, std::string> followed(const Transaction& transaction);
  StepOutcome put(const Step& step);
  void keep(RunReport& report, Record record);
  void wait_again(RunReport& report);
  void undo(RunReport& report, Conflicts conflicts, Reach reach, const std::string& reason,
            const std::set<std::string>& held = {});
  Verdict verdict_on(const Transaction& transaction, const Step& step, Conflicts conflicts,
                     Reach reach, bool resumed);
  std::vector<Verdict> verdicts_on(const Transaction& transaction, Conflicts conflicts, Reach reach,
                                   bool resumed, const std::set<std::string>& held);
  void settle(const std::vector<Step>& steps, std::vector<Verdict>& verdicts);
  Record ending(const RunReport& report, const std::string& reason, bool resumed);
  StepOutcome restore(const Step& step, const std::optional<std::string>& value);
  bool is_in_force(const Transaction& transaction);
  bool is_kept(const Transaction& transaction);
  [[nodiscard]] Reach reach_of(const Transaction& transaction) const;
  void go_forward(RunReport& report, const std::string& reason);
  void recover_confirming(RunReport& report);
  void recover_reverting(RunReport& report);
  void stop_timer(const Transaction& transaction);
  /// The record that names its timer: the last, since one that died is armed again.
  static const Record* armed_by(const Transaction& transaction);
  void keep_timer(RunReport& report);
  /// Whether it belongs to another machine, or to another namespace that may still be there.
  [[nodiscard]] bool elsewhere(const Place& place) const;
  [[nodiscard]] std::string why_lost(const Place& place) const;

  Store& store_;
  Journal& journal_;
  Clock& clock_;
  Place here_;
  Actor actor_;
  bool patient_ = false;  ///< what the system refuses is tried again, as often as it takes
};

/// Whether all values of a transaction are what they were before it, as after a rollback that could
/// not be recorded.
bool is_back(Store& store, const Transaction& transaction);

}  // namespace tuner::engine
