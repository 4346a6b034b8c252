#pragma once

#include <string>
#include <vector>

#include "tuner/profile.hpp"

namespace tuner {

/// What is read of a host. Everything has its price, so nothing is read that nobody looks at.
struct Reading {
  enum class Sockets {
    none,
    listening,   ///< the ports that something listens on: as many lines as there are listeners
    survey,      ///< every TCP socket, counted in one pass, and what hangs on them
    everything,  ///< the same with what the live connections alone tell of each peer
  };
  std::vector<std::string> keys{};  ///< sysctls, sorted
  Sockets sockets = Sockets::none;
  bool congestion_modules = false;  ///< the list of modules of the running kernel
  bool evidence = false;            ///< routes, neighbours and the processes' open files
  int limits_of = 0;                ///< the process whose limits are the host's own; 0: this one
  bool interfaces = false;          ///< the drops of every interface: costs more than all the rest
};

}  // namespace tuner
