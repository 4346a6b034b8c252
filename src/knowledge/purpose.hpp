#pragma once

#include <span>
#include <string_view>

#include "tuner/fact.hpp"

namespace tuner {

/// What a key is, in one or two sentences for an engineer who has not met it. Every fact has one; a
/// test holds that. Source: Documentation/networking/ip-sysctl.rst, mptcp-sysctl.rst,
/// nf_conntrack-sysctl.rst and Documentation/admin-guide/sysctl/ of Linux 6.12, and the sources
/// that stand with the fact.
std::string_view purpose_of(const Fact& fact);

struct PurposeRow {
  std::string_view key;  ///< as its fact has it
  std::string_view what;
};

/// The rows behind it: those of net.ipv4.tcp_*, and all others.
std::span<const PurposeRow> tcp_purposes();
std::span<const PurposeRow> other_purposes();

}  // namespace tuner
