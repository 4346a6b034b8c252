#include "os/processes.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "core/parse/number.hpp"
#include "os/place.hpp"
#include "os/root_directory.hpp"
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

/// The sockets that listen on TCP here: their inodes, from both tables.
std::set<std::string> listening_inodes(RootDirectory& root) {
  std::set<std::string> inodes;
  for (const char* const table : {"proc/self/net/tcp", "proc/self/net/tcp6"}) {
    (void)root.read_lines(table, [&inodes](std::string_view line) {
      const auto fields = parse::words(line);
      constexpr std::size_t kState = 3;
      constexpr std::size_t kInode = 9;
      if (fields.size() <= kInode || fields[kState] == "st") return true;
      if (fields[kState] != "0A") return false;  // those that listen come first
      inodes.emplace(fields[kInode]);
      return true;
    });
  }
  return inodes;
}

bool holds_one(RootDirectory& root, const std::string& process,
               const std::set<std::string>& inodes) {
  const std::string folder = "proc/" + process + "/fd";
  const auto names = root.list(folder);
  if (!names) return false;
  return std::any_of(names->begin(), names->end(), [&](const std::string& name) {
    const auto link = root.link(folder + '/' + name);
    constexpr std::string_view kSocket = "socket:[";
    if (!link || !link->starts_with(kSocket)) return false;
    return inodes.contains(link->substr(kSocket.size(), link->size() - kSocket.size() - 1));
  });
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
  const auto inodes = units.empty() ? listening_inodes(*root) : std::set<std::string>();
  for (const std::string& name : root->list("proc").value_or(std::vector<std::string>())) {
    const auto number = parse::integer<pid_t>(name);
    if (!number || *number == ::getpid()) continue;
    const bool wanted = units.empty() ? same_network(name) && holds_one(*root, name, inodes)
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
  if (!soft || !hard) return fail({.subject = limit, .detail = "it is no limit of open files"});
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
