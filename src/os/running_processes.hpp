#pragma once

#include "os/process_table.hpp"

namespace tuner::os {

/// The processes of the running kernel, as far as this user may see them.
class RunningProcesses : public ProcessTable {
 public:
  explicit RunningProcesses(FileSource& files) : files_(files) {}

  void for_each_holder(const std::vector<std::uint32_t>& inodes, const Take& take) override;
  SocketOwner describe(int pid) override;
  std::optional<ProcessFiles> files_of(int pid) override;
  Observed<OpenFileSurvey> near_limits(NetworkNamespace place) override;

 private:
  [[nodiscard]] bool read_limits(int pid, ProcessFiles& files);

  FileSource& files_;
};

}  // namespace tuner::os
