#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/observed.hpp"

namespace tuner {

/// A name among the sysctl files, as a reader finds it that opens it.
struct ConfigFile {
  enum class Kind {
    regular,
    directory,
    dangling,     ///< a link to nothing, or no file at all
    unreachable,  ///< a link that goes in circles, or through something that is not a directory
    unreadable,   ///< it is there and cannot be read; `problem` says why
  };
  std::string path{};  ///< as the host knows it: "/etc/sysctl.d/99-x.conf"
  Kind kind = Kind::regular;
  std::string text{};
  std::string problem{};
};

/// The directories that the readers of sysctl.d look into, the strongest first (sysctl.d(5)).
inline constexpr std::string_view kSplitLib = "/lib/sysctl.d";  // not all readers; see Reader
inline constexpr std::array<std::string_view, 5> kSysctlDirectories = {
    "/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", kSplitLib};

inline constexpr std::string_view kSysctlConf = "/etc/sysctl.conf";

/// Files that are given to the readers by name: each finds a name in its own way.
struct GivenFiles {
  std::vector<ConfigFile> to_systemd{};
  std::vector<ConfigFile> to_procps{};
  std::vector<std::string> missing{};  ///< names that neither reader finds
};

/// The sysctl files of a host: all names that end in ".conf", hidden ones too.
struct ConfigTree {
  /// One list for each of kSysctlDirectories; empty where there is no such directory.
  std::array<std::vector<ConfigFile>, kSysctlDirectories.size()> directories{};
  std::optional<ConfigFile> sysctl_conf{};  ///< /etc/sysctl.conf
  std::vector<std::string> unread{};        ///< directories that could not be read, with the reason
  /// Files of those directories whose names end otherwise, so that no reader takes them; without
  /// those that packages and editors leave behind.
  std::vector<ConfigFile> ignored{};
  /// What a change that is waiting for confirmation has below /run, which a boot takes away.
  std::optional<ConfigFile> pending{};
  /// Files given by name, which the readers then take instead of all others.
  std::optional<GivenFiles> given{};

  /// Where files could not be read, so that nothing certain can be said of a boot.
  [[nodiscard]] std::vector<std::string> unreadable() const;
};

/// One file or directory below /proc/sys.
struct KernelNode {
  enum class Kind { file, directory };
  Kind kind = Kind::file;
  bool readable = true;  ///< the owner's bits: root is held to them too
  bool writable = true;
  Observed<std::string> text = absent();  ///< of a file, as the kernel prints it
};

/// What is below /proc/sys, as far as somebody asked.
struct KernelTree {
  enum class Extent {
    nothing,  ///< there is no /proc/sys to look at (a repository): what may be there is not absent
    network,  ///< a captured tree: what is not below net/ may have been left out
    all,
  };
  Extent extent = Extent::nothing;
  bool writable = true;  ///< false where /proc/sys is mounted read-only, as in containers
  std::map<std::string, KernelNode, std::less<>> nodes{};  ///< by path: "net/core/somaxconn"

  [[nodiscard]] const KernelNode* find(std::string_view path) const;
  /// Whether a path that is not among the nodes is not in the kernel either.
  [[nodiscard]] bool knows(std::string_view path) const;
};

}  // namespace tuner
