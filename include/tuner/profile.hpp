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

bool holds(const Condition& condition, const HostSnapshot& host);

/// A condition as the profile writes it: "kernel >= 4.18".
std::string condition_text(const Condition& condition);

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
  std::string profile{};  ///< the profile that has the default
  bool given = false;     ///< by --input, not the profile's default
};

/// The value of an input from its text: "10Gbit", "80ms" (10 minutes at most), "5000", "25%". No
/// value for what is not of the input's kind, or not above zero.
std::optional<Input::Value> input_value(Quantified quantity, std::string_view text);

/// What an input looks like, for messages: "a time such as 80ms".
std::string_view input_form(Quantified quantity);

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
std::string_view name_of(Demand::Kind kind);

/// Reads the text of a profile. `path` is named in errors, and its stem has to be the name.
/// Errors: ErrorKind::configuration with line, column, key and way out.
Result<Profile> parse_profile(std::string_view text, const std::string& path);

/// Finds the profile of a name and reads it.
using ProfileLoader = std::function<Result<Profile>(const std::string& name)>;

/// The profile with those that it includes merged in: a profile's own demand or input replaces
/// those of everything that it includes, and otherwise a later include an earlier one. Errors: a
/// loop of includes, which it shows; a formula that needs an input which no profile declares.
Result<Profile> resolve_profile(Profile profile, const ProfileLoader& load);

/// Puts the inputs of a command line, each "NAME=VALUE", in the place of the profile's defaults.
/// Errors: usage, for what the profile does not declare and what is no value of its kind.
Result<void> give_inputs(std::span<const std::string> given, Profile& profile);

/// Who asks where no profile does.
inline constexpr std::string_view kSetOption = "--set";
inline constexpr std::string_view kFixOption = "--fix";

/// What an audit will find wrong with the values that were given by kSetOption.
std::vector<std::string> doubts_about(const Profile& profile, const HostSnapshot& host);

/// One sysctl with the value that somebody gave it, from "KEY=VALUE". Short names are completed:
/// somaxconn is net.core.somaxconn. Errors: usage, for what is of no such form.
Result<Setting> parse_setting(std::string_view text);

/// A setting, and who asks for it, for the comment above its line.
struct AskedSetting {
  Setting setting{};
  std::string why{};
};

/// Puts a demand for each setting in the place of the profile's own on that key. A bare number
/// counts what the key counts, as in a sysctl file. A range of local ports comes with the ports of
/// services reserved. `option` is who asks, "--set" or "--fix", for messages. Errors: usage, for
/// keys without a fact and values that the key does not take.
Result<void> give_settings(std::span<const AskedSetting> settings, std::string_view option,
                           Profile& profile);

/// The profile for one host: numbers in the place of formulas, inside what the kernel takes. What
/// the host does not tell leaves the formula, and says so in Demand::unfitted. A fitted profile
/// stays as it is.
Profile fit_profile(Profile profile, const HostSnapshot& host);

}  // namespace tuner
