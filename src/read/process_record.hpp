#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tuner/observed.hpp"
#include "tuner/sockets.hpp"

namespace tuner::parse {

/// A process as a snapshot keeps it.
struct ProcessRecord {
  ProcessFiles files{};
  std::vector<std::uint32_t> inodes{};  ///< of the TCP sockets that were asked for, rising
};

struct ProcessRecords {
  std::int64_t looked_at = 0;
  std::int64_t unread = 0;
  std::vector<ProcessRecord> processes{};
};

/// "processes looked_at=120 unread=0", then "812 open=95 soft=100 hard=100 unit=nginx.service
/// comm=nginx inodes=1,2"; a limit that is not there is none.
std::string process_records_text(const ProcessRecords& records);
Observed<ProcessRecords> process_records(std::string_view text);

/// The systemd service in the text of /proc/PID/cgroup; empty where there is none.
std::string service_of(std::string_view cgroup);

}  // namespace tuner::parse
