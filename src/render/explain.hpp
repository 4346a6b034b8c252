#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "render/style.hpp"
#include "tuner/counter_use.hpp"
#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/rule.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::render {

/// All that is known of a key, and its value on this host.
std::string fact_text(const Fact& fact, std::string_view key, const HostSnapshot& host,
                      const Style& style);

/// A key that exists on a host and that no fact is known about.
std::string unknown_key_text(std::string_view key, const SysctlValue& value, const Style& style);

/// Which finding judges a counter, or why none does, and its number on this host.
std::string counter_text(const CounterUse& use, std::string_view counter,
                         const Observed<std::int64_t>& number, const Style& style);

/// What a finding means and what to do about it.
std::string rule_text(const Rule& rule, const Style& style);

}  // namespace tuner::render
