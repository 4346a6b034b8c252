#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

/// Which congestion controls a host can have.
namespace tuner::judge {

inline constexpr std::string_view kCongestionControl = "net.ipv4.tcp_congestion_control";
inline constexpr std::string_view kAvailableControls = "net.ipv4.tcp_available_congestion_control";
inline constexpr std::string_view kAllowedControls = "net.ipv4.tcp_allowed_congestion_control";

enum class Offer {
  available,    ///< loaded, and this namespace may set it
  loadable,     ///< a module of this kernel: root loads it by setting it
  not_allowed,  ///< the host has it, and this child namespace may not set it
  missing,      ///< neither loaded nor among the modules
  unknown,      ///< not loaded, and the modules could not be looked through
};

/// net/ipv4/tcp_cong.c tcp_set_default_congestion_control(): root's write in the initial namespace
/// loads a module; a child may only set what the host's tcp_allowed_congestion_control lists.
Offer congestion_offer(std::string_view name, const HostSnapshot& host);

/// Whether it is known that setting it works.
constexpr bool is_obtainable(Offer offer) {
  return offer == Offer::available || offer == Offer::loadable;
}

/// The first of `names`, which stand in the order of preference, that can be had; in the initial
/// namespace, else the first that may be there unseen. Null where there is neither.
const std::string* preferred_control(const std::vector<std::string>& names,
                                     const HostSnapshot& host);

/// Every congestion control that the host has, loaded or as a module, in the order of their names.
std::vector<std::string> known_controls(const HostSnapshot& host);

/// "loaded", "a module of this kernel" and so on.
std::string_view offer_text(Offer offer);

}  // namespace tuner::judge
