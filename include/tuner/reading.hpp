#pragma once

#include <string>
#include <vector>

#include "tuner/profile.hpp"

namespace tuner {

/// What is read of a host. Everything has its price, so nothing is read that nobody looks at.
struct Reading {
  enum class Sockets {
    none,
    listening,    ///< the ports that something listens on: as many lines as there are listeners
    connections,  ///< every connection too: as many lines as there are
  };
  std::vector<std::string> keys{};  ///< sysctls, sorted
  Sockets sockets = Sockets::none;
  bool congestion_modules = false;  ///< the list of modules of the running kernel
};

/// What an audit or a plan looks at: what the rules read, the facts that are judged against the
/// kernel's default or its readers, and what the profile asks about. Few of the thousand files
/// below /proc/sys.
Reading reading_for(const Profile* profile);

}  // namespace tuner
