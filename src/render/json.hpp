#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/counter_use.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/report.hpp"
#include "tuner/rule.hpp"
#include "tuner/sysctl.hpp"

/// One JSON document for each command that prints data. Fields are only ever added; the schemas in
/// schemas/ describe them.
namespace tuner::render {

std::string audit_json(const Report& report, std::string_view version);

/// A key that exists on a host and that no fact is known about.
std::string unknown_key_json(std::string_view key, const SysctlValue& value);
std::string counter_json(const CounterUse& use, std::string_view counter,
                         const Observed<std::int64_t>& number);
std::string rule_json(const Rule& rule);

std::string profile_list_json(std::span<const Profile> profiles);
std::string profile_json(const Profile& profile);

/// A command that failed before it had anything to say: its schema, its version and the errors.
std::string failure_json(std::string_view command, std::span<const Error> errors);

}  // namespace tuner::render
