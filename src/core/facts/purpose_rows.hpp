#pragma once

#include <span>
#include <string_view>

namespace tuner {

struct PurposeRow {
  std::string_view key;  ///< as its fact has it
  std::string_view what;
};

/// net.ipv4.tcp_*, and all others.
std::span<const PurposeRow> tcp_purposes();
std::span<const PurposeRow> other_purposes();

}  // namespace tuner
