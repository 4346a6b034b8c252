#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "change/drift.hpp"
#include "change/next_boot.hpp"
#include "render/style.hpp"
#include "tuner/result.hpp"
#include "tuner/transaction.hpp"

/// What is told of transactions.
namespace tuner::render {

struct StatusReport {
  std::string place{};  ///< the options that lead to another namespace: " --netns web"
  std::chrono::sys_seconds generated_at{};
  std::chrono::milliseconds since_boot{};
  std::optional<Transaction> waiting{};
  bool timer_runs = true;                 ///< of the one that waits
  bool values_back = false;               ///< of the one that waits: it could not be recorded
  std::vector<Transaction> unfinished{};  ///< cut off; the next change finishes them
  bool at_work = false;                   ///< a run holds the lock: the newest of those may be its
  std::vector<Transaction> conflicts{};
  std::optional<Transaction> standing{};  ///< the newest that is in force
  std::vector<std::pair<Transaction, Standing>>
      in_force{};  ///< each that still has keys of its own
  NextBoot next_boot{};
  std::optional<Transaction> expired{};  ///< the newest, where nobody confirmed it in time
  std::vector<Transaction> elsewhere{};  ///< open, in other network namespaces
  std::vector<Drift> drift{};
  std::vector<Error> damaged{};        ///< what could not be read, or is not what was written
  std::vector<Transaction> foreign{};  ///< of another machine
};

struct HistoryReport {
  std::chrono::sys_seconds generated_at{};
  std::vector<Transaction> transactions{};  ///< newest first
  std::vector<Error> damaged{};
  std::vector<Transaction> foreign{};
  bool details = false;               ///< one transaction was asked for
  std::vector<Standing> standings{};  ///< of each, how much of it later ones left
};

/// What `confirm`, `rollback` or `recover` did.
struct ActionReport {
  std::string action{};
  std::chrono::sys_seconds generated_at{};
  std::vector<RunReport> finished{};  ///< what earlier runs had left
  std::optional<RunReport> run{};     ///< no value: there was nothing to do
  std::string nothing{};              ///< why, then
  bool adopted = false;               ///< it is of another machine-id
  std::string place{};                ///< the options that lead to another namespace
  std::vector<std::string> notes{};   ///< what cannot be rolled back, and the like
  std::vector<std::string> warnings{};
};

std::string status_text(const StatusReport& report, const Style& style);
std::string history_text(const HistoryReport& report, const Style& style);
std::string action_text(const ActionReport& report, const Style& style);

std::string status_json(const StatusReport& report, std::string_view version);
std::string history_json(const HistoryReport& report, std::string_view version);
std::string action_json(const ActionReport& report, std::string_view version);

/// One line on what an earlier run had left, and what became of it.
std::string finished_line(const RunReport& run);

/// What a person calls the states.
std::string_view words_for(State state);

/// "profile proxy", or "single keys".
std::string asked_for(const TransactionPlan& plan);

/// "1 key", those of its own.
std::string key_count(const TransactionPlan& plan);

/// "2026-01-31 12:00:00 UTC".
std::string moment(std::chrono::sys_seconds time);

}  // namespace tuner::render
