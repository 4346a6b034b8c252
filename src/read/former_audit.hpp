#pragma once

#include <string>
#include <string_view>

#include "tuner/former.hpp"
#include "tuner/result.hpp"

namespace tuner::parse {

/// What an earlier audit found, of the document that `tuner audit --json` wrote; of many hosts, of
/// that of `tuner fleet --json`. `subject` names the file. Errors: not JSON, not that document, a
/// member that is missing or of another type.
Result<FormerAudit> former_audit(std::string_view text, const std::string& subject);
Result<FormerFleet> former_fleet(std::string_view text, const std::string& subject);

}  // namespace tuner::parse
