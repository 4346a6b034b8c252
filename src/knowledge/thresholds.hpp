#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

/// Every number above which something that was counted becomes a finding, in one place.
/// tuner-findings(7) prints the table with the ground for each.
namespace tuner::judge::threshold {

/// Below it a share is a coincidence, whatever its interval says.
inline constexpr std::int64_t kLeastEvents = 10;
inline constexpr double kErrorShare = 1.0 / 100;
inline constexpr double kWarningShare = 1.0 / 10'000;

/// Of a table or a limit that fills.
inline constexpr double kNear = 0.80;
inline constexpr double kFull = 0.95;

/// Of all segments sent, those that were sent again.
inline constexpr std::int64_t kLeastRetransmissions = 100;
inline constexpr double kRetransmittedRemark = 0.01;
inline constexpr double kRetransmittedWarning = 0.05;

/// Of the processors' time, what softirq runs took that were cut off.
inline constexpr double kSqueezedRemark = 0.01;
inline constexpr double kSqueezedWarning = 0.1;

/// Of tcp_max_orphans, from which on idle orphans are killed.
inline constexpr std::int64_t kOrphanPenalty = 4;

/// SYNs to one peer that wait for an answer.
inline constexpr std::int64_t kSeveralSyns = 3;

/// CLOSE_WAIT sockets of one process, and for how long.
inline constexpr std::int64_t kManyCloseWait = 100;
inline constexpr std::chrono::minutes kLongCloseWait{1};

/// Of the data that connections to other hosts moved while they were watched, what one thing held
/// back; and how much that has to be, in bytes.
inline constexpr std::uint64_t kLeastMoved = 1 << 20;
inline constexpr double kLimitedRemark = 0.1;
inline constexpr double kLimitedWarning = 0.5;

/// Entries that a bucket of conntrack's table may have when it is full.
inline constexpr std::int64_t kConntrackChain = 4;

struct Row {
  std::string_view what;
  std::string_view number;
  std::string_view ground;
};

/// For people: what the constants above say.
std::span<const Row> table();

}  // namespace tuner::judge::threshold
