#pragma once

#include <string>
#include <vector>

#include "tuner/profile.hpp"
#include "tuner/result.hpp"

namespace tuner::os {

/// The text of a profile and where it stands.
struct ProfileFile {
  std::string path{};
  std::string text{};
};

/// The directories that hold profiles, the first one that has a name wins: TUNER_PROFILE_PATH
/// (directories separated by colons, ignored under secure execution), /etc/tuner/profiles, and
/// those that were installed or built with this program.
class ProfileStore {
 public:
  ProfileStore();
  explicit ProfileStore(std::vector<std::string> directories)
      : directories_(std::move(directories)) {}

  /// The file of a profile by its name, or by its path where `name` holds a slash.
  /// Errors: configuration (no such profile, unsafe owner or mode), permission, failure.
  [[nodiscard]] Result<ProfileFile> find(const std::string& name) const;

  /// Reads and parses the profile of `name`, without its includes.
  [[nodiscard]] Result<Profile> load(const std::string& name) const;

  /// The names in all directories, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

  [[nodiscard]] const std::vector<std::string>& directories() const { return directories_; }

 private:
  std::vector<std::string> directories_;
};

/// Reads a profile file from anywhere, with the checks on its owner.
Result<ProfileFile> read_profile_file(const std::string& path);

}  // namespace tuner::os
