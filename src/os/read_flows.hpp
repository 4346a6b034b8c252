#pragma once

#include <chrono>
#include <functional>

#include "os/file_source.hpp"
#include "os/process_table.hpp"
#include "tuner/flows.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/reading.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::os {

/// How connections are watched.
struct FlowWatch {
  /// Between the first look and the last; ^C ends it earlier.
  std::chrono::milliseconds time{1000};
  Reading::Watch waits = Reading::Watch::always;
  /// Long round trips get more time, up to kLongest: a rate is worth little over less than a few.
  enum class Extends { never, for_long_round_trips };
  Extends extends = Extends::never;
  static constexpr std::chrono::milliseconds kLongest{2000};
  /// Called now and then with the time that has passed and all of it.
  std::function<void(std::chrono::milliseconds, std::chrono::milliseconds)> progress{};
};

/// Watches the connections of this network namespace. The survey is empty, with no time, where
/// nothing was waited for. Unread: netlink is refused.
Observed<FlowSurvey> watch_flows(ProcessTable& table, const FlowWatch& watch);

/// What a tree recorded, into `host`; of the running kernel, what is watched, where `reading` asks.
void read_flows(FileSource& files, Kernel kernel, const Reading& reading, HostSnapshot& host);

/// What a snapshot recorded. Absent where it has none.
Observed<FlowSurvey> recorded_flows(FileSource& files);

inline constexpr const char* kFlowRecords = "records/flows";

}  // namespace tuner::os
