#pragma once

#include <compare>
#include <string>

namespace tuner {

/// The first two numbers of a kernel's release. Distribution kernels carry backports, so this says
/// which defaults to expect, never which keys exist: presence is looked up in the tree.
struct KernelVersion {
  int major = 0;
  int minor = 0;

  friend constexpr auto operator<=>(KernelVersion, KernelVersion) = default;
};

struct KernelRelease {
  std::string text;  ///< as in /proc/sys/kernel/osrelease, e.g. "6.1.0-50-powerpc64le"
  KernelVersion version;
};

}  // namespace tuner
