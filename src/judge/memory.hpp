#pragma once

#include "tuner/plan.hpp"

namespace tuner {

/// What TCP's buffers allow on a host; no value where they cannot be read.
std::optional<MemoryNeed> memory_need(const Profile& profile, const HostSnapshot& host);

/// Where one of the worst case, tcp_mem's limit and the memory exceeds another.
std::vector<std::string> memory_warnings(const MemoryNeed& need);

/// Whether a change moves what a connection's buffers may hold.
bool is_buffer(const Change& change);

}  // namespace tuner
