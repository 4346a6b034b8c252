#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "knowledge/counter_use.hpp"
#include "render/style.hpp"
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

/// A key as it is asked for, on a host.
struct KeyHere {
  std::string key{};
  const HostSnapshot& host;
  std::string advice{};  ///< whether to touch it
};

/// What a key is, its value and default here, and whether to touch it; with Detail::everything all
/// that is known of it.
std::string fact_text(const Fact& fact, const KeyHere& here, const Style& style);
std::string fact_json(const Fact& fact, const KeyHere& here);

/// A key that exists on a host and that no fact is known about.
std::string unknown_key_text(std::string_view key, const SysctlValue& value, const Style& style);

/// Which finding judges a counter, or why none does, and its number on this host.
std::string counter_text(const CounterUse& use, std::string_view counter,
                         const Observed<std::int64_t>& number, const Style& style);

/// What a finding means and what to do about it.
std::string rule_text(const Rule& rule, const Style& style);

}  // namespace tuner::render
