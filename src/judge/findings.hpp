#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tuner/fact.hpp"
#include "tuner/finding.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

/// What the rules share: the four outcomes of a check, and the evidence of counters.
namespace tuner::judge {

Finding passed(std::string subject, std::string message);
Finding failed(Severity severity, std::string subject, std::string message);
Finding unknown(std::string subject, const Unread& reason);
Finding skipped(std::string subject, std::string reason);

/// The finding of a sysctl: subject and key are the key, with its running value and unit.
Finding about_key(Finding finding, std::string_view key, const HostSnapshot& host);

/// A check of one sysctl that could be read: passed or failed, with its running value.
Finding key_passed(std::string_view key, const HostSnapshot& host, std::string message);
Finding key_failed(Severity severity, std::string_view key, const HostSnapshot& host,
                   std::string message);

/// The fix that sets a key.
Fix set(std::string_view key, std::string value, std::string remark = {});

Evidence counter_evidence(std::string_view name, std::int64_t value, std::string meaning);

/// The sum of two counters; the largest number where it does not fit.
std::int64_t sum(std::int64_t left, std::int64_t right);

/// Whether a key belongs to the machine and this is a child namespace, which cannot set it.
bool machine_key_in_child(const Fact& fact, const HostSnapshot& host);

/// A number of the key's unit with its size where it counts pages or bytes: "1461 pages (91.3
/// MiB)".
std::string with_size(const Fact& fact, std::int64_t number, const HostSnapshot& host);

/// The meaning of a flag or choice: "2 (loopback only)"; the text alone where it has none.
std::string with_meaning(const Fact& fact, const SysctlValue& value);

}  // namespace tuner::judge
