#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

/// The numbers that a demand comes to on a host.
namespace tuner::judge {

/// A demand's number in the unit that the kernel counts; no value without a page size. Parts of a
/// page or KiB go to the side that keeps the demand, and something never becomes nothing.
std::optional<std::int64_t> in_key_unit(const Demand& demand, std::int64_t number,
                                        const HostSnapshot& host);

/// All elements of a key as the demand wants them, those that it leaves alone as they run. No value
/// without a page size where the key counts pages.
std::optional<std::vector<std::int64_t>> wanted_numbers(const Demand& demand,
                                                        const std::vector<std::int64_t>& running,
                                                        const HostSnapshot& host);

/// Why the kernel would refuse a value, or why it would make no sense; empty where it is sound.
/// Elements that did not rise before are let be: a 64 KiB page makes the minimum of tcp_wmem larger
/// than its default.
std::string objection(const Demand& demand, const std::vector<std::int64_t>& running,
                      const std::vector<std::int64_t>& wanted, const HostSnapshot& host);

}  // namespace tuner::judge
