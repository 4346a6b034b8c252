#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tuner/boot.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

class HostSnapshot;

/// One sysctl that is to get another value, with its reason.
struct Change {
  std::string key{};
  const Fact* fact = nullptr;
  std::optional<std::string> default_text{};  ///< of the kernel; see judge::default_text()
  std::optional<std::string> boot{};          ///< after the next boot; see value_at_boot()
  std::string running{};
  std::string wanted{};
  std::string why{};
  std::string source{};
  std::string cost{};
  std::string derivation{};  ///< how the number came from the profile's formula; may be empty
  std::string profile{};     ///< the profile that asks for it
  std::string file{};
  int line = 0;
};

/// A demand that is not met and that a write cannot meet here.
struct Obstacle {
  std::string key{};
  std::string reason{};  ///< one sentence
  bool differs = false;  ///< this host could have another value, by other means than a write
  bool unread = false;   ///< it could not be judged at all
};

/// What the buffers of TCP allow in the worst case, beside what there is.
struct MemoryNeed {
  /// The maxima of both buffers together, each the larger of what the kernel gives by itself
  /// (tcp_rmem, tcp_wmem) and of what an application may ask for: twice rmem_max and wmem_max.
  Bytes per_connection{0};
  std::optional<Connections> connections;  ///< of the profile's input
  std::optional<Bytes> worst_case;         ///< all of them full; the largest number if too large
  std::optional<Bytes> tcp_limit;          ///< the max of tcp_mem, as bytes
  std::optional<Bytes> memory;             ///< MemTotal
};

/// What a profile comes to on a host. Changes stand in the order in which they have to be written:
/// ports are reserved before the range is widened over them, and each value is one that the kernel
/// takes after those before it.
struct Plan {
  std::vector<Change> changes{};
  std::vector<Obstacle> obstacles{};
  std::optional<MemoryNeed> memory{};  ///< absent where the buffers cannot be read
  std::vector<std::string> warnings{};
};

/// What `tuner diff` shows.
struct PlanReport {
  std::shared_ptr<const HostSnapshot> host{};  ///< never null
  Profile profile{};                           ///< fitted
  std::string profile_sha256{};
  std::chrono::sys_seconds generated_at{};
  Plan plan{};
  BootView boot{};
  std::string apply_command{};  ///< what makes these changes
  bool captured = false;        ///< a tree: the command is for the host that it is of
};

/// The ports that have to be kept from outgoing connections before a range is set.
struct Reservation {
  PortList ports{};     ///< what is to be reserved in all, with what is there
  PortList services{};  ///< the part that joins
  PortList doubtful{};  ///< of those, UDP ports that the kernel itself may have chosen
};

}  // namespace tuner
