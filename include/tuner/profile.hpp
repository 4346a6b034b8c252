#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/result.hpp"

namespace tuner {

/// On which hosts a demand holds. Presence of a key comes before the release, since distribution
/// kernels carry backports.
struct Condition {
  enum class Kind { has_key, kernel_at_least, kernel_before };
  Kind kind = Kind::has_key;
  std::string key{};
  KernelVersion version{};
};

/// A condition as the profile writes it: "kernel >= 4.18".
std::string condition_text(const Condition& condition);

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
  /// a value is left alone. For one_of: the choices.
  std::vector<std::optional<std::int64_t>> numbers{};
  std::vector<std::string> words{};     ///< for keys that hold names
  std::string written{};                ///< the value as the profile has it, for messages
  std::vector<std::string> elements{};  ///< its elements as the profile has them
  bool reserve_listening_ports = false;
  std::string why{};
  std::string source{};
  std::string cost{};
  std::optional<Condition> when{};
  std::string profile{};  ///< the profile that has it, which may be an included one
  std::string file{};
  Position position{};
};

/// One profile file.
struct Profile {
  std::string name{};
  std::string summary{};
  std::string path{};
  std::vector<std::string> includes{};
  Position include_position{};
  std::vector<Demand> demands{};
};

/// The name of a demand as the profile writes it: "at_least".
std::string_view name_of(Demand::Kind kind);

/// Reads the text of a profile. `path` is named in errors, and its stem has to be the name.
/// Errors: ErrorKind::configuration with line, column, key and way out.
Result<Profile> parse_profile(std::string_view text, const std::string& path);

/// Finds the profile of a name and reads it.
using ProfileLoader = std::function<Result<Profile>(const std::string& name)>;

/// The profile with those that it includes merged in: a profile's own demand replaces an included
/// one on the same key. A loop of includes is an error that shows the loop.
Result<Profile> resolve_profile(Profile profile, const ProfileLoader& load);

}  // namespace tuner
