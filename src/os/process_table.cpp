#include "os/process_table.hpp"

#include <algorithm>
#include <map>

#include "os/running_processes.hpp"
#include "read/process_record.hpp"

namespace tuner::os {

namespace {

/// Those that a snapshot recorded.
class RecordedProcesses : public ProcessTable {
 public:
  explicit RecordedProcesses(FileSource& files) {
    const auto text = files.read(kProcessRecords);
    if (!text) {
      recorded_ = tl::unexpected(text.error());
      return;
    }
    recorded_ = parse::process_records(*text);
    if (!recorded_) recorded_.error().source = kProcessRecords;
  }

  void for_each_holder(const std::vector<std::uint32_t>& inodes, const Take& take) override {
    if (!recorded_) return;
    for (const parse::ProcessRecord& record : recorded_->processes) {
      std::vector<std::uint32_t> held;
      std::set_intersection(record.inodes.begin(), record.inodes.end(), inodes.begin(),
                            inodes.end(), std::back_inserter(held));
      if (!held.empty() && !take(record.files.process.pid, held)) return;
    }
  }

  SocketOwner describe(int pid) override {
    const auto files = files_of(pid);
    return files ? files->process : SocketOwner{.pid = pid};
  }

  std::optional<ProcessFiles> files_of(int pid) override {
    if (!recorded_) return std::nullopt;
    for (const parse::ProcessRecord& record : recorded_->processes) {
      if (record.files.process.pid == pid) return record.files;
    }
    return std::nullopt;
  }

  Observed<OpenFileSurvey> near_limits(NetworkNamespace /*place*/) override {
    if (!recorded_) return tl::unexpected(recorded_.error());
    OpenFileSurvey survey{.looked_at = recorded_->looked_at, .unread = recorded_->unread};
    for (const parse::ProcessRecord& record : recorded_->processes) {
      if (record.files.is_near_limit()) survey.near.push_back(record.files);
    }
    return survey;
  }

 private:
  Observed<parse::ProcessRecords> recorded_ = absent();
};

}  // namespace

std::vector<std::optional<SocketOwner>> owners_of(ProcessTable& table,
                                                  const std::vector<std::uint32_t>& inodes) {
  std::vector<int> holders(inodes.size(), 0);
  std::size_t missing = inodes.size();
  table.for_each_holder(inodes, [&](int pid, const std::vector<std::uint32_t>& held) {
    for (const std::uint32_t inode : held) {
      const auto place = std::lower_bound(inodes.begin(), inodes.end(), inode) - inodes.begin();
      int& holder = holders[static_cast<std::size_t>(place)];
      if (holder != 0) continue;
      holder = pid;
      --missing;
    }
    return missing > 0;
  });
  std::map<int, SocketOwner> described;
  std::vector<std::optional<SocketOwner>> owners;
  for (const int pid : holders) {
    owners.emplace_back();
    if (pid == 0) continue;
    const auto [place, fresh] = described.try_emplace(pid);
    if (fresh) place->second = table.describe(pid);
    owners.back() = place->second;
  }
  return owners;
}

std::unique_ptr<ProcessTable> process_table(FileSource& files, Kernel kernel) {
  if (kernel == Kernel::running) return std::make_unique<RunningProcesses>(files);
  return std::make_unique<RecordedProcesses>(files);
}

}  // namespace tuner::os
