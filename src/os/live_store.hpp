#pragma once

#include "change/store.hpp"
#include "os/root_directory.hpp"

namespace tuner::os {

/// This host.
class LiveStore : public engine::Store {
 public:
  /// Errors: no root directory to be opened.
  static Result<LiveStore> open();

  Result<std::optional<std::string>> read(const Step& step) override;
  Result<void> write(const Step& step, const std::optional<std::string>& value,
                     const std::optional<std::string>& present) override;
  std::optional<std::string> gone(const Step& step) override;
  std::vector<std::string> inheritors(const Step& step, std::int64_t newest) override;
  Result<void> discard_leftovers(const Step& step) override;

 private:
  explicit LiveStore(RootDirectory root) : root_(std::move(root)) {}
  Result<std::optional<std::string>> read_sysctl(const Step& step);

  RootDirectory root_;
};

/// The index of the interface that a key below conf/ or neigh/ belongs to; 0 for other keys, and
/// where there is no such interface (`all`, `default`).
std::int64_t interface_of(const std::string& path);

/// The highest index of an interface; 0 where they cannot be listed.
std::int64_t newest_interface();

/// Why a sysctl cannot be written here; no value where it can. Nothing is opened for writing.
std::optional<Error> cannot_write_sysctl(const std::string& path);

/// That /proc/sys is mounted read-only; no value where it is not.
std::optional<Error> sysctls_are_read_only();

}  // namespace tuner::os
