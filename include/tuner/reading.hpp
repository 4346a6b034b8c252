#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tuner/profile.hpp"

namespace tuner {

/// How long connections are watched where an input is to be measured.
inline constexpr std::chrono::milliseconds kWatchToMeasure{1000};

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
  /// How long connections are watched; 0: they are not. What a tree recorded is read at any rate.
  std::chrono::milliseconds flows{0};
  /// Where no connection has moved much and moves now, nothing is waited for: one to another host,
  /// one to any, or whatever there is.
  enum class Watch { where_much_moves_out, where_much_moves, always };
  Watch watch = Watch::where_much_moves_out;
  bool interfaces = false;  ///< the drops of every interface: costs more than all the rest
};

}  // namespace tuner
