#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tuner/report.hpp"

namespace tuner {

/// A failure of a namespace, in short.
struct NetworkFailure {
  Severity severity = Severity::info;
  std::string finding{};
  std::string subject{};
};

/// An audit of one network namespace, in short.
struct NetworkRow {
  std::uint64_t inode = 0;
  std::string name{};  ///< of `ip netns`; else the first process
  int pid = 0;         ///< the first process in it; 0 where it has none
  std::int64_t processes = 0;
  bool own = false;                  ///< the caller's
  std::optional<Summary> summary{};  ///< none where it could not be audited, see `problem`
  std::optional<Summary> shown{};    ///< the same in blocks, as the audit of it shows them
  std::string problem{};
  std::vector<NetworkFailure> failures{};  ///< the worst first
  std::vector<std::string> warnings{};
};

/// The result of `tuner audit --all-netns`.
struct NetworkReport {
  std::vector<NetworkRow> networks{};
  std::int64_t unseen = 0;      ///< processes whose namespace this user may not know
  std::vector<Error> errors{};  ///< what may hide further ones
  std::string audit_command{};  ///< what shows one of them in full, but for --pid
  std::chrono::sys_seconds generated_at{};
};

}  // namespace tuner
