#pragma once

#include "cli/options.hpp"
#include "tuner/result.hpp"

namespace tuner::cli {

inline constexpr Option kNetnsOption{"netns", "",    "NAME|PATH", "act in this network namespace",
                                     false,   kPlace};
inline constexpr Option kPidOption{
    "pid", "", "PID", "act in the network namespace of this process", false, kPlace};

/// Goes to the namespace that --netns or --pid asks for, and returns the process of --pid; 0
/// without one. Errors: usage; no such namespace; permission.
Result<int> go_to_place(const Invocation& invocation);

/// "web", "of pid 812": the namespace that was asked for; empty where none was.
std::string asked_network(const Invocation& invocation);

}  // namespace tuner::cli
