#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tuner::render {

/// What a snapshot came to.
struct SnapshotReport {
  std::string directory{};
  bool anonymous = false;
  std::int64_t files = 0;
  std::int64_t sockets = 0;
  std::int64_t interfaces_left_out = 0;
  std::vector<std::string> unread{};
  std::chrono::sys_seconds generated_at{};
};

std::string snapshot_json(const SnapshotReport& report, std::string_view version);

}  // namespace tuner::render
