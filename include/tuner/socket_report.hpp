#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/flows.hpp"
#include "tuner/observed.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

class HostSnapshot;

/// How sockets are put together.
enum class SocketsBy { state, peer, process, listener, limit };

/// Ports towards one peer, with what they come to.
struct PeerRow {
  PeerGroup peer{};
  std::int64_t available = 0;
  double connects_per_second = 0;
  /// Until no port is left, at the rate of the sample. No value without one, and where the number
  /// does not grow.
  std::optional<std::int64_t> seconds_left{};
};

/// Who decides how long an accept queue may be.
enum class CappedBy { unknown, somaxconn, application };

struct ListenerRow {
  TcpListener listener{};
  CappedBy capped_by = CappedBy::unknown;
};

struct ProcessRow {
  ProcessFiles files{};
  std::int64_t close_wait = 0;
  std::optional<std::chrono::seconds> oldest_close_wait{};
};

/// The result of `tuner sockets`. Only what was asked for is in it.
struct SocketReport {
  std::shared_ptr<const HostSnapshot> host{};  ///< never null
  SocketsBy by = SocketsBy::state;
  TcpStates states = kConnectionsAndListeners;
  TcpSurvey survey{};
  std::optional<std::chrono::milliseconds> sampled_for{};
  std::vector<PeerRow> peers{};
  std::vector<ListenerRow> listeners{};
  std::vector<ProcessRow> processes{};
  std::shared_ptr<const FlowSurvey> flows{};  ///< what `limits` points into
  std::vector<FlowLimit> limits{};
  std::optional<std::int64_t> overflows{};  ///< TcpExt.ListenOverflows, or those of the sample
  std::chrono::sys_seconds generated_at{};
};

}  // namespace tuner
