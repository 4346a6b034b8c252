#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::judge {

/// A running value beside the default that this kernel would have chosen.
struct DefaultComparison {
  bool judged = false;  ///< false where the default is not known
  bool below = false;   ///< an element is below
  bool above = false;   ///< an element is above
  ExpectedDefault expected{};
};

/// The same for a default that was worked out before. Not judged where the elements do not fit.
DefaultComparison compare(const Fact& fact, const std::vector<std::int64_t>& running,
                          std::optional<ExpectedDefault> expected, const HostSnapshot& host);

/// Whether a number means that there is no limit.
bool is_unlimited(const Fact& fact, std::int64_t number, const HostSnapshot& host);

DefaultComparison compare_with_default(const Fact& fact, const std::vector<std::int64_t>& running,
                                       const HostSnapshot& host);

/// What the kernel of this host takes in a write, per element.
Range range_of(const Fact& fact, const HostSnapshot& host);

/// What the kernel of this host does with a number outside that range.
Outside outside_of(const Fact& fact, const HostSnapshot& host);

/// What some kernel of this host's release takes: times in seconds reach further where it ticks
/// less often. Outside of it a write is refused for certain.
Range widest_range(const Fact& fact, const HostSnapshot& host);

/// The default in the form of /proc, "4096 131072 6291456", with "LOW..HIGH" for what is not exact;
/// an empty list is empty. No value where it is not known.
std::optional<std::string> default_text(const Fact& fact, const HostSnapshot& host);

/// The same where all of it is exact.
std::optional<std::string> exact_default(const Fact& fact, const HostSnapshot& host);

/// What the host does not tell, so that a default could not be worked out.
Unread missing_for_default(const HostSnapshot& host);

/// Whether the limit of tcp_mem or udp_mem is above 90% of the memory: bytes written where the
/// kernel counts pages. False where the host does not tell.
bool exceeds_memory(std::string_view key, const HostSnapshot& host);
bool pages_exceed_memory(const std::vector<std::int64_t>& pages, const HostSnapshot& host);

/// The rule of tcp_mem and udp_mem: min and max are 3/4 and 3/2 of pressure, within rounding.
bool has_boot_shape(const std::vector<std::int64_t>& pages);

}  // namespace tuner::judge
