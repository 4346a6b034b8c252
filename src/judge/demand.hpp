#pragma once

#include <string>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/finding.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/route.hpp"
#include "tuner/rule.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

/// A demand of a profile held against a host. The rules for unmet demands share it.
namespace tuner::judge {

enum class Verdict {
  met,
  unmet,
  unsound,                ///< unmet, and what would meet it makes no sense, see `objection`
  unreadable,             ///< see `reason`
  condition_not_met,      ///< its `when` does not hold here
  removed_from_kernel,    ///< no file, and the facts say that a kernel removed it
  not_in_this_namespace,  ///< machine-wide, and this is a child
  not_in_this_kernel,     ///< no file: an older kernel, or a module that is not loaded
  default_unknown,        ///< untouched, and nothing tells what the kernel chose
  without_effect,         ///< another setting makes the kernel look away from it
  unobtainable,           ///< a congestion control that this host or namespace cannot have
  never_written,          ///< tuner never writes it, see the fact's notes
};

struct Judgement {
  const Demand* demand = nullptr;
  Verdict verdict = Verdict::met;
  Unread reason{};          ///< for unreadable
  std::string objection{};  ///< for unsound: why the kernel would refuse the value
  std::string wanted{};     ///< in the key's own unit, as it would be written to /proc
};

/// Judges a sysctl demand.
Judgement judge(const Demand& demand, const HostSnapshot& host);

/// The finding of a judgement: status, running and wanted values, message, why, source and fix.
/// `severity` is that of an unmet demand.
Finding finding_of(const Judgement& judgement, const HostSnapshot& host, Severity severity);

/// The findings of the profile's sysctl demands of certain kinds, where nothing more special than
/// met, unmet, unreadable or not of this kernel is to be said.
std::vector<Finding> findings_of_kinds(const AuditInput& input,
                                       std::initializer_list<Demand::Kind> kinds);

/// The judgements with one verdict.
std::vector<Judgement> judgements_with(const AuditInput& input, Verdict verdict);

/// Whether a demand, or any of a profile, has the ports of services reserved.
bool reserves_ports(const Demand& demand);
bool profile_reserves_ports(const Profile& profile);

/// The profile's demand on a key; null where there is none.
const Demand* demand_on(const AuditInput& input, std::string_view key);

}  // namespace tuner::judge
