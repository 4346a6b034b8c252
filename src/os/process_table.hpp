#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "os/file_source.hpp"
#include "tuner/counters.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::os {

/// What the process table tells of sockets and open files: the running one, or what a snapshot
/// recorded of one.
class ProcessTable {
 public:
  virtual ~ProcessTable() = default;

  /// A process and those of the wanted sockets that it holds, until `take` returns false.
  using Take = std::function<bool(int pid, const std::vector<std::uint32_t>& held)>;
  /// `inodes` in rising order. Processes whose files this user may not see are passed over.
  virtual void for_each_holder(const std::vector<std::uint32_t>& inodes, const Take& take) = 0;

  /// Name and service of a process.
  virtual SocketOwner describe(int pid) = 0;

  /// Open files against the process's own limit. No value where it ended or may not be looked at.
  virtual std::optional<ProcessFiles> files_of(int pid) = 0;

  /// The processes near their limit. In a child namespace those alone that are known to be in it.
  virtual Observed<OpenFileSurvey> near_limits(NetworkNamespace place) = 0;
};

/// The first holder of each of `inodes`, which are in rising order. No value for those that nobody
/// holds, as far as this user can see.
std::vector<std::optional<SocketOwner>> owners_of(ProcessTable& table,
                                                  const std::vector<std::uint32_t>& inodes);

inline constexpr const char* kProcessRecords = "records/processes";

std::unique_ptr<ProcessTable> process_table(FileSource& files, Kernel kernel);

}  // namespace tuner::os
