#include "os/live_store.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "os/descriptor.hpp"
#include "os/exchange_file.hpp"
#include "os/place.hpp"
#include "os/processes.hpp"
#include "os/replace_file.hpp"
#include "os/routes.hpp"
#include "os/system_error.hpp"
#include "read/same_value.hpp"

namespace tuner::os {

namespace {

constexpr const char* kSysctls = "/proc/sys/";
constexpr const char* kAnyKey =
    "/proc/sys/net/ipv4/tcp_rmem";  // each namespace of each kernel has it

/// The name of the interface in "net/ipv4/conf/NAME/KEY" and "net/ipv6/neigh/NAME/KEY".
std::string interface_name(const std::string& path) {
  for (const char* const directory : {"/conf/", "/neigh/"}) {
    const auto at = path.find(directory);
    if (at == std::string::npos) continue;
    const auto begin = path.find('/', at + 1) + 1;
    return path.substr(begin, path.rfind('/') - begin);
  }
  return {};
}

/// The path by which a step's key is found now: its interface may have another name by now. No
/// value where that interface is gone.
std::optional<std::string> present_path(const Step& step) {
  if (step.interface_index == 0) return step.target;
  std::array<char, IF_NAMESIZE> name{};
  const auto index = static_cast<unsigned>(step.interface_index);
  if (::if_indextoname(index, name.data()) == nullptr) return std::nullopt;
  const std::string old = interface_name(step.target);
  std::string path = step.target;
  return path.replace(path.rfind('/' + old + '/') + 1, old.size(), name.data());
}

tl::unexpected<Error> no_interface(const Step& step) {
  return fail({.subject = kSysctls + step.target,
               .detail = "its interface, " + interface_name(step.target) + ", is gone"});
}

/// One write at the start of the file: the kernel takes what a second one brings for something
/// else, or swallows it. A file that is open stays that of its interface: when that goes, or gets
/// another name, the write fails (fs/proc/proc_sysctl.c proc_sys_call_handler(), grab_header()).
Result<void> write_sysctl(const Step& step, const std::string& value) {
  const auto path = present_path(step);
  if (!path) return no_interface(step);
  const std::string name = kSysctls + *path;
  if (!SysctlKey::from_path(*path)) {
    return fail({.subject = *path, .detail = "not a valid sysctl name"});
  }
  const Descriptor file(::open(name.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.valid()) return system_error(name);
  if (present_path(step) != path) return no_interface(step);
  const std::string line = value + '\n';
  const ssize_t length = ::write(file.get(), line.data(), line.size());
  if (length < 0) return system_error(name);
  if (static_cast<std::size_t>(length) == line.size()) return {};
  return fail({.subject = name,
               .detail = "the kernel took " + std::to_string(length) + " of " +
                         std::to_string(line.size()) + " bytes"});
}

Result<std::string> read_route(const Step& step) {
  const auto routes = read_default_routes();
  if (!routes) return tl::unexpected(routes.error());
  const auto found =
      std::find_if(routes->begin(), routes->end(),
                   [&step](const DefaultRoute& route) { return route.identity == step.target; });
  if (found != routes->end()) return windows_text(found->windows);
  return fail({.subject = step.target, .detail = "the route no longer exists"});
}

}  // namespace

Result<LiveStore> LiveStore::open() {
  auto root = RootDirectory::open("/");
  if (!root) return tl::unexpected(root.error());
  return LiveStore(std::move(*root));
}

/// A vector is read until two readings agree: the kernel prints it element by element, beside those
/// who write it.
Result<std::optional<std::string>> LiveStore::read_sysctl(const Step& step) {
  constexpr int kTries = 10;
  const auto path = present_path(step);
  if (!path) return no_interface(step);
  const std::string name = "proc/sys/" + *path;
  auto text = root_.read(name);
  for (int count = 0; count < kTries && text && text->find('\t') != std::string::npos; ++count) {
    const auto again = root_.read(name);
    if (again == text) break;
    text = again;
  }
  if (text) {
    if (text->ends_with('\n')) text->pop_back();
    return *text;
  }
  return fail({.subject = kSysctls + *path, .detail = "it is " + unread_text(text.error())});
}

Result<std::optional<std::string>> LiveStore::read(const Step& step) {
  switch (step.kind) {
    case Step::Kind::sysctl:
      return read_sysctl(step);
    case Step::Kind::file: {
      auto content = read_whole(step.target);
      if (!content) return tl::unexpected(content.error());
      return *content ? std::optional(std::move((*content)->text)) : std::nullopt;
    }
    case Step::Kind::route:
      return read_route(step).map([](std::string text) { return std::optional(std::move(text)); });
    case Step::Kind::limit:
      break;
  }
  return read_open_files(step.target).map([](std::string text) {
    return std::optional(std::move(text));
  });
}

Result<void> LiveStore::write(const Step& step, const std::optional<std::string>& value,
                              const std::optional<std::string>& present) {
  if (step.kind == Step::Kind::file) {
    return exchange_file(step.target, present, value, step.mode);
  }
  if (!value) return fail({.subject = step.target, .detail = "only a file can be removed"});
  if (step.kind == Step::Kind::sysctl) return write_sysctl(step, *value);
  if (step.kind == Step::Kind::limit) return write_open_files(step.target, *value);
  const auto windows = windows_of(*value);
  if (!windows) return fail({.subject = step.target, .detail = "not route windows"});
  return write_route(step.target, *windows);
}

/// Nothing is gone where nothing can be seen: without /proc, out of descriptors.
std::optional<std::string> LiveStore::gone(const Step& step) {
  const auto is_absent = [](const std::string& path) {
    return ::access(path.c_str(), F_OK) != 0 && errno == ENOENT;
  };
  switch (step.kind) {
    case Step::Kind::sysctl: {
      errno = 0;
      const auto path = present_path(step);
      if (!path && (errno == ENXIO || errno == ENODEV)) {
        return interface_name(step.target) + " is gone, and its values with it";
      }
      if (path && is_absent(kSysctls + *path) && ::access(kAnyKey, F_OK) == 0) {
        return "the kernel no longer has this key";
      }
      return std::nullopt;
    }
    case Step::Kind::limit:
      // Each process has a number of its own, and its start tells it from a later one of that
      // number.
      if (!is_alive(step.target) && !start_of_process(::getpid()).empty()) {
        return "the process ended";
      }
      return std::nullopt;
    case Step::Kind::route:
      if (const auto routes = read_default_routes();
          routes && std::none_of(routes->begin(), routes->end(), [&step](const DefaultRoute& one) {
            return one.identity == step.target;
          })) {
        return "the route is gone";
      }
      return std::nullopt;
    case Step::Kind::file:
      break;
  }
  return std::nullopt;
}

std::vector<std::string> LiveStore::inheritors(const Step& step, std::int64_t newest) {
  constexpr std::string_view kDefault = "/default/";
  const auto at = step.target.find(kDefault);
  std::vector<std::string> keys;
  if (step.kind != Step::Kind::sysctl || at == std::string::npos || newest == 0) return keys;
  const std::string directory = step.target.substr(0, at + 1);
  const std::string key = step.target.substr(at + kDefault.size());
  for (const std::string& name :
       root_.list("proc/sys/" + directory).value_or(std::vector<std::string>())) {
    Step other = step;
    other.target = directory;
    other.target.append(name).append("/").append(key);
    other.interface_index = interface_of(other.target);
    if (other.interface_index <= newest) continue;
    const auto live = read_sysctl(other);
    if (live && same_value(other, *live, step.wanted)) keys.push_back(step_name(other));
  }
  return keys;
}

Result<void> LiveStore::discard_leftovers(const Step& step) {
  return settle_exchange(step.target, {step.original, step.wanted});
}

std::int64_t interface_of(const std::string& path) {
  const std::string name = interface_name(path);
  return name.empty() ? 0 : static_cast<std::int64_t>(::if_nametoindex(name.c_str()));
}

std::int64_t newest_interface() {
  std::int64_t newest = 0;
  struct if_nameindex* const all = ::if_nameindex();
  if (all == nullptr) return 0;
  for (const auto* one = all; one->if_index != 0; ++one) {
    newest = std::max<std::int64_t>(newest, one->if_index);
  }
  ::if_freenameindex(all);
  return newest;
}

std::optional<Error> sysctls_are_read_only() {
  struct statvfs mount = {};
  if (::statvfs(kAnyKey, &mount) != 0 || (mount.f_flag & ST_RDONLY) == 0) return std::nullopt;
  return Error{.subject = "/proc/sys",
               .detail = "mounted read-only here, as in containers",
               .hint =
                   "Run tuner on the host, or in a container that may set sysctls. --persist-only "
                   "and --export also work here."};
}

std::optional<Error> cannot_write_sysctl(const std::string& path) {
  const std::string name = kSysctls + path;
  if (::faccessat(AT_FDCWD, name.c_str(), W_OK, AT_EACCESS) == 0) return std::nullopt;
  return system_error(name, "Run as root, in the namespace that owns the key.").value();
}

}  // namespace tuner::os
