#pragma once

#include <optional>
#include <string>

#include "os/file_source.hpp"
#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/reading.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::os {

/// What only the running kernel tells, through system calls.
struct LiveSystem {
  std::int64_t page_size = 0;  ///< bytes
  std::string architecture;
};

LiveSystem read_live_system();

/// One sysctl, settled where it has several elements.
Observed<SysctlValue> read_one(FileSource& files, const std::string& key);

/// Reads a host once. `live` is absent for a captured tree, which says its page size, architecture
/// and namespace in capture.toml. What `reading` does not name is not read, beside what every audit
/// needs.
HostSnapshot read_host(FileSource& files, const std::string& root,
                       const std::optional<LiveSystem>& live, const Reading& reading);

/// The counters again, for a sample: everything else is taken from `before`.
HostSnapshot read_counters_again(FileSource& files, Kernel kernel, const HostSnapshot& before);

}  // namespace tuner::os
