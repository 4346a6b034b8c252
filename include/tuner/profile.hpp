#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/finding.hpp"
#include "tuner/formula.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/path.hpp"
#include "tuner/ports.hpp"
#include "tuner/result.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {

class HostSnapshot;

/// On which hosts a demand holds. Presence of a key comes before the release, since distribution
/// kernels carry backports.
struct Condition {
  enum class Kind { has_key, kernel_at_least, kernel_before };
  Kind kind = Kind::has_key;
  std::string key{};
  KernelVersion version{};
};

/// What an administrator tells of the workload; formulas build on it.
struct Input {
  struct Share {
    double part = 0;  ///< above 0, at most 1
  };
  using Value = std::variant<BitsPerSecond, std::chrono::microseconds, Connections, Share>;

  Quantified quantity = Quantified::bandwidth;  ///< bandwidth, rtt, connections or memory_share
  Value value = BitsPerSecond(0);
  std::string written{};  ///< "80ms"
  std::string why{};
  std::string profile{};         ///< the profile that has the default
  bool given = false;            ///< by --input, not the profile's default
  bool to_measure = false;       ///< given as "measured", and not measured yet
  std::string measured{};        ///< how it was; empty for one that was given
  std::int64_t measured_on = 0;  ///< connections
  std::chrono::sys_seconds measured_at{};
};

/// What a demand is about.
enum class Area { sysctl, limit, route };

/// One wish of a profile, with its reason.
struct Demand {
  enum class Kind { exactly, at_least, at_most, covers, one_of, untouched, never };

  Area area = Area::sysctl;
  std::string key{};           ///< the sysctl key, "nofile" or "initcwnd"
  const Fact* fact = nullptr;  ///< set for Area::sysctl
  Kind kind = Kind::exactly;
  /// Per element, in the key's unit; for keys that count pages or KiB, in bytes. An element without
  /// a value is left alone, or has a formula. For one_of: the choices.
  std::vector<std::optional<std::int64_t>> numbers{};
  /// Per element; empty where there is none, or where fit_profile() made numbers of them.
  std::vector<std::optional<Formula>> formulas{};
  std::optional<Unread> unfitted{};     ///< what the host does not tell, so that formulas stayed
  std::string derivation{};             ///< how the numbers came from the formulas, in one sentence
  std::vector<std::string> words{};     ///< for keys that hold names
  std::string written{};                ///< the value as the profile has it, for messages
  std::vector<std::string> elements{};  ///< its elements as the profile has them
  bool reserve_listening_ports = false;
  PortList reserve{};  ///< ports of services that may not listen now
  std::string why{};
  std::string source{};
  std::string cost{};
  std::optional<Condition> when{};
  std::string profile{};  ///< the profile that has it, which may be an included one
  std::string file{};
  Position position{};
  /// The profiles that lead to it by their includes, from the one that was asked for.
  std::vector<std::string> chain{};
  std::vector<std::string> replaces{};  ///< profiles whose demand on the same key gave way
  std::vector<Demand> otherwise{};      ///< what holds where `when` does not: one at most
};

/// One profile file.
struct Profile {
  std::string name{};
  std::string summary{};
  std::string path{};
  std::vector<std::string> includes{};
  Position include_position{};
  std::vector<Input> inputs{};
  std::vector<Demand> demands{};

  /// Null where the profile has no such input.
  [[nodiscard]] const Input* input(Quantified quantity) const;
  /// What it asks of a key; null where that is nothing.
  [[nodiscard]] const Demand* demand(std::string_view key) const;
  /// Bandwidth and round trip, where the profile has both.
  [[nodiscard]] std::optional<Path> path_to_peers() const;
};

/// The name of a demand as the profile writes it: "at_least".
std::string_view demand_kind_name(Demand::Kind kind);

/// Finds the profile of a name and reads it.
using ProfileLoader = std::function<Result<Profile>(const std::string& name)>;

/// Who asks where no profile does.
inline constexpr std::string_view kSetOption = "--set";
inline constexpr std::string_view kFixOption = "--fix";

/// A setting, and who asks for it, for the comment above its line.
struct AskedSetting {
  Setting setting{};
  std::string why{};
};

}  // namespace tuner
