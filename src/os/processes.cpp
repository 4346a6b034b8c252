#include "os/processes.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "model/number.hpp"
#include "os/place.hpp"
#include "os/process_table.hpp"
#include "os/root_directory.hpp"
#include "os/socket_source.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

constexpr std::string_view kUnlimited = "unlimited";

std::string number_text(rlim_t number) {
  return number == RLIM_INFINITY ? std::string(kUnlimited) : std::to_string(number);
}

std::optional<rlim_t> number_of(std::string_view text) {
  if (text == kUnlimited) return RLIM_INFINITY;
  return parse::integer<rlim_t>(text);
}

pid_t process_of(const std::string& target) {
  return parse::integer<pid_t>(std::string_view(target).substr(0, target.find(' '))).value_or(0);
}

/// What is between the first blank and the second.
std::string start_of(const std::string& target) {
  const auto words = parse::words(target);
  return words.size() > 1 ? std::string(words[1]) : std::string();
}

/// The processes of this network namespace that hold a socket which listens on TCP.
std::set<int> listening_processes(RootDirectory& root) {
  std::vector<std::uint32_t> inodes;
  const auto source = socket_source(root, Kernel::running);
  (void)source->for_each(mask_of(TcpState::listen), SocketSource::Details::left_out,
                         [&inodes](const TcpSocket& socket) { inodes.push_back(socket.inode); });
  std::sort(inodes.begin(), inodes.end());
  std::set<int> processes;
  process_table(root, Kernel::running)
      ->for_each_holder(inodes, [&processes](int pid, const std::vector<std::uint32_t>&) {
        processes.insert(pid);
        return true;
      });
  return processes;
}

bool in_units(RootDirectory& root, const std::string& process,
              const std::vector<std::string>& units) {
  const auto groups = root.read("proc/" + process + "/cgroup");
  if (!groups) return false;
  return std::any_of(units.begin(), units.end(), [&](const std::string& unit) {
    const std::string part = '/' + unit;
    const auto at = groups->find(part);
    if (at == std::string::npos) return false;
    const char next = at + part.size() < groups->size() ? (*groups)[at + part.size()] : '\n';
    return next == '\n' || next == '/';
  });
}

bool same_network(const std::string& process) {
  struct stat own = {};
  struct stat other = {};
  return ::stat("/proc/self/ns/net", &own) == 0 &&
         ::stat(("/proc/" + process + "/ns/net").c_str(), &other) == 0 &&
         own.st_ino == other.st_ino && own.st_dev == other.st_dev;
}

}  // namespace

std::vector<RunningProcess> read_processes(const std::vector<std::string>& units) {
  std::vector<RunningProcess> found;
  auto root = RootDirectory::open("/");
  if (!root) return found;
  const auto listening = units.empty() ? listening_processes(*root) : std::set<int>();
  for (const std::string& name : root->list("proc").value_or(std::vector<std::string>())) {
    const auto number = parse::integer<pid_t>(name);
    if (!number || *number == ::getpid()) continue;
    const bool wanted = units.empty() ? listening.contains(*number) && same_network(name)
                                      : in_units(*root, name, units);
    if (!wanted) continue;
    const auto command = root->read("proc/" + name + "/comm");
    RunningProcess process{.target =
                               name + ' ' + start_of_process(*number) + ' ' +
                               (command ? std::string(parse::trim(*command)) : std::string())};
    const auto limit = read_open_files(process.target);
    if (!limit) continue;
    process.limit = *limit;
    found.push_back(std::move(process));
  }
  return found;
}

bool is_alive(const std::string& target) {
  const std::string start = start_of_process(process_of(target));
  return !start.empty() && start == start_of(target);
}

Result<std::string> read_open_files(const std::string& target) {
  rlimit limit = {};
  if (::prlimit(process_of(target), RLIMIT_NOFILE, nullptr, &limit) != 0) {
    return system_error("process " + target);
  }
  return number_text(limit.rlim_cur) + ' ' + number_text(limit.rlim_max);
}

Result<void> write_open_files(const std::string& target, const std::string& limit) {
  const auto words = parse::words(limit);
  const auto soft = words.empty() ? std::nullopt : number_of(words[0]);
  const auto hard = words.size() < 2 ? std::nullopt : number_of(words[1]);
  if (!soft || !hard) return fail({.subject = limit, .detail = "not a limit on open files"});
  const rlimit wanted = {.rlim_cur = *soft, .rlim_max = *hard};
  // 0 would be this process, and a number may have gone to another one.
  if (process_of(target) <= 0 || !is_alive(target)) {
    return fail({.subject = "process " + target, .detail = "it ended"});
  }
  if (::prlimit(process_of(target), RLIMIT_NOFILE, &wanted, nullptr) != 0) {
    return system_error("process " + target);
  }
  return {};
}

}  // namespace tuner::os
