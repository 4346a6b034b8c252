#include "cli/read_tree.hpp"

#include "os/read_host.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::cli {

Result<HostSnapshot> read_tree(os::RootDirectory& root, const std::string& path,
                               const Reading& reading) {
  const auto live = root.is_live() ? std::optional(os::read_live_system()) : std::nullopt;
  auto host = os::read_host(root, path, live, reading);
  const bool empty = !host.kernel && !host.netstat && !host.has_sysctls();
  if (!empty) return host;
  if (host.kernel.error().why != Unread::Why::absent) {
    return fail({.subject = path, .detail = "cannot be read: " + unread_text(host.kernel.error())});
  }
  return fail({.kind = ErrorKind::failure,
               .subject = path,
               .detail = "contains neither proc/sys nor proc/net",
               .hint = "Give a directory that contains proc."});
}

Result<HostSnapshot> read_tree_at(const std::string& path, const Reading& reading) {
  auto root = os::RootDirectory::open(path);
  if (!root) return tl::unexpected(root.error());
  return read_tree(*root, path, reading);
}

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace tuner::cli
