#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "os/file_source.hpp"
#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/result.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::os {

/// The files below /proc that count, as they were at one moment of one boot.
struct CounterFiles {
  std::map<std::string, std::string> texts{};  ///< by path; a file that is not there is none
  std::string boot{};                          ///< kernel.random.boot_id
  std::uint64_t network = 0;  ///< the namespace's cookie, unlike its inode never used again
  std::chrono::milliseconds taken{0};  ///< since that boot
};

/// With the drops of interfaces, where `host` has them.
CounterFiles read_counter_files(FileSource& files, const HostSnapshot& host);

/// The same as text, and back; no value for other text.
std::string counter_files_text(const CounterFiles& counters);
std::optional<CounterFiles> counters_in(std::string_view text);

/// `host` with the counters of that moment.
HostSnapshot with_counters(const HostSnapshot& host, const CounterFiles& counters);

/// What the last audit of this network namespace kept below /var/lib/tuner for the same reader, so
/// that metrics, monitoring and people do not take what came since from each other. No value where
/// none did, or in another boot. Errors: permission; a directory that is not tuner's own.
Result<std::optional<CounterFiles>> load_counters(const std::string& reader);

/// Keeps them for that reader's next audit, for 400 days; of 64 readers in all, those that came
/// last. Errors: permission; a full disk.
Result<void> keep_counters(const CounterFiles& counters, const std::string& reader);

}  // namespace tuner::os
