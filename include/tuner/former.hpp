#pragma once

#include <string>
#include <vector>

#include "tuner/finding.hpp"

/// What earlier runs found, as the JSON documents that they wrote have it.
namespace tuner {

/// A failure of an earlier audit.
struct FormerFinding {
  std::string id{};
  std::string subject{};
  Severity severity = Severity::info;
};

struct FormerAudit {
  std::string generated_at{};  ///< as written: RFC 3339, in UTC
  std::string hostname{};      ///< empty where it was not known
  std::string profile{};       ///< its name; empty where there was none
  std::vector<FormerFinding> failures{};
};

/// A failure of several hosts.
struct FormerFleetFinding {
  std::string id{};
  std::string about{};  ///< the key, else the subject; empty where each host had its own
  Severity severity = Severity::info;
  std::vector<std::string> hosts{};
};

struct FormerFleet {
  std::string generated_at{};
  std::string profile{};
  std::vector<std::string> hosts{};
  std::vector<FormerFleetFinding> findings{};
};

}  // namespace tuner
