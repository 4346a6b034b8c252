#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/load_profile.hpp"
#include "os/kept_counters.hpp"
#include "tuner/report.hpp"

namespace tuner::cli {

/// What an audit is asked for, checked before anything is read.
struct AuditRequest {
  std::optional<std::chrono::milliseconds> sample{};
  /// A sample that was taken before: what it began and ended with.
  std::optional<os::CounterFiles> earlier{};
  std::optional<os::CounterFiles> later{};
  /// Counters are judged from the beginning, or from the last audit that kept them.
  enum class Since { beginning, last_audit };
  Since since = Since::beginning;
  std::string format = "text";  ///< each format has a last audit of its own
  enum class Interfaces { left_out, read };
  Interfaces interfaces = Interfaces::left_out;
  std::optional<LoadedProfile> profile{};
  std::optional<FormerAudit> former{};  ///< what the report is compared with
  std::string root = "/";
  std::string network{};    ///< the namespace that was asked for, see asked_network()
  int process = 0;          ///< whose limits are looked at; 0: this one's
  bool watches = true;      ///< connections too
  bool recommends = false;  ///< says which profile fits, for people who gave none
  bool progress = false;    ///< people wait: what takes long says how far it is
};

/// Reads the host, or the tree, in the namespace that this process is in, and judges it.
Result<Report> make_report(const AuditRequest& request);

}  // namespace tuner::cli
