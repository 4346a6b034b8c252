#include "os/running_processes.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "model/number.hpp"
#include "os/files.hpp"
#include "read/proc.hpp"
#include "read/process_record.hpp"

namespace tuner::os {

namespace {

DirectoryStream open_proc() { return open_directory_stream(AT_FDCWD, "/proc"); }

std::string path_of(int pid, std::string_view file) {
  return std::to_string(pid) + '/' + std::string(file);
}

/// Hands on the number of every process but this one, until `take` returns false.
void for_each_process(DIR* proc, auto take) {
  const pid_t self = ::getpid();
  while (const dirent* const entry = ::readdir(proc)) {
    const auto pid = parse::integer<int>(entry->d_name);
    if (pid && *pid != self && !take(*pid)) return;
  }
}

/// The inode in "socket:[812]"; 0 for another kind of file.
std::uint32_t socket_inode(int directory, const char* name) {
  constexpr std::string_view kSocket = "socket:[";
  std::array<char, 32> text;
  const ssize_t length = ::readlinkat(directory, name, text.data(), text.size());
  if (length < 0) return 0;
  std::string_view link(text.data(), static_cast<std::size_t>(length));
  if (!link.starts_with(kSocket) || !link.ends_with(']')) return 0;
  link = link.substr(kSocket.size(), link.size() - kSocket.size() - 1);
  return parse::integer<std::uint32_t>(link).value_or(0);
}

/// The size of a directory of files, which is their number since 6.2 (fs/proc/fd.c
/// proc_fd_getattr()), and 0 before. No value where no such process.
std::optional<std::int64_t> told_size(int proc, const std::string& path) {
  struct stat status = {};
  if (::fstatat(proc, path.c_str(), &status, 0) != 0) return std::nullopt;
  return status.st_size;
}

/// How many files a process has open. No value without the right to know.
std::optional<std::int64_t> count_files(int proc, int pid) {
  // This process has some open, so a kernel that tells says more than 0.
  static const bool kernel_tells = told_size(proc, "self/fd").value_or(0) > 0;
  const std::string path = path_of(pid, "fd");
  if (kernel_tells) return told_size(proc, path);
  const DirectoryStream directory = open_directory_stream(proc, path.c_str());
  if (!directory) return std::nullopt;
  std::int64_t count = -2;  // "." and ".."
  while (::readdir(directory.get()) != nullptr) ++count;
  return count;
}

/// The network namespace of a process, by inode; 0 where this user may not know it.
ino_t network_of(int proc, const std::string& process) {
  struct stat status = {};
  return ::fstatat(proc, (process + "/ns/net").c_str(), &status, 0) == 0 ? status.st_ino : 0;
}

}  // namespace

void RunningProcesses::for_each_holder(const std::vector<std::uint32_t>& inodes, const Take& take) {
  const DirectoryStream proc = open_proc();
  if (!proc || inodes.empty()) return;
  std::vector<std::uint32_t> held;
  for_each_process(proc.get(), [&](int pid) {
    const DirectoryStream directory =
        open_directory_stream(::dirfd(proc.get()), path_of(pid, "fd").c_str());
    if (!directory) return true;
    held.clear();
    while (const dirent* const entry = ::readdir(directory.get())) {
      const std::uint32_t inode = socket_inode(::dirfd(directory.get()), entry->d_name);
      if (inode != 0 && std::binary_search(inodes.begin(), inodes.end(), inode)) {
        held.push_back(inode);
      }
    }
    return held.empty() || take(pid, held);
  });
}

SocketOwner RunningProcesses::describe(int pid) {
  const std::string directory = "proc/" + std::to_string(pid);
  SocketOwner owner{.pid = pid};
  if (const auto comm = files_.read(directory + "/comm")) {
    owner.comm = std::string(parse::trim(*comm));
  }
  if (const auto cgroup = files_.read(directory + "/cgroup"))
    owner.unit = parse::service_of(*cgroup);
  return owner;
}

bool RunningProcesses::read_limits(int pid, ProcessFiles& files) {
  rlimit limit = {};
  // Quicker than the file by far, and only for processes of one's own without CAP_SYS_RESOURCE.
  if (::prlimit(pid, RLIMIT_NOFILE, nullptr, &limit) == 0) {
    files.soft = parse::limit_of(limit.rlim_cur);
    files.hard = parse::limit_of(limit.rlim_max);
    return true;
  }
  const auto text = files_.read("proc/" + path_of(pid, "limits"));
  const auto read = text ? parse::open_file_limit(*text) : absent();
  if (!read) return false;
  files.soft = read->soft;
  files.hard = read->hard;
  return true;
}

std::optional<ProcessFiles> RunningProcesses::files_of(int pid) {
  const DirectoryStream proc = open_proc();
  const auto open = proc ? count_files(::dirfd(proc.get()), pid) : std::nullopt;
  ProcessFiles files{.process = describe(pid), .open_files = open.value_or(0)};
  if (!open || !read_limits(pid, files)) return std::nullopt;
  return files;
}

Observed<OpenFileSurvey> RunningProcesses::near_limits(NetworkNamespace place) {
  const DirectoryStream proc = open_proc();
  if (!proc) return absent();
  const int directory = ::dirfd(proc.get());
  const ino_t here = network_of(directory, "self");
  OpenFileSurvey survey;
  for_each_process(proc.get(), [&](int pid) {
    if (place == NetworkNamespace::child) {
      const ino_t network = network_of(directory, std::to_string(pid));
      // Root may look at all but those with more rights than itself, which are the machine's own.
      if (network == 0 && ::geteuid() != 0) ++survey.unread;
      if (network != here) return true;
    }
    const auto open = count_files(directory, pid);
    ProcessFiles files{.process = {.pid = pid}, .open_files = open.value_or(0)};
    if (!open || !read_limits(pid, files)) {
      // One that has just ended is none that could not be read.
      if (::faccessat(directory, std::to_string(pid).c_str(), F_OK, 0) == 0) ++survey.unread;
      return true;
    }
    ++survey.looked_at;
    if (!files.is_near_limit()) return true;
    files.process = describe(pid);
    survey.near.push_back(std::move(files));
    return true;
  });
  return survey;
}

}  // namespace tuner::os
