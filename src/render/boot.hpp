#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "render/style.hpp"
#include "tuner/boot.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::render {

/// What `tuner boot` shows.
struct BootReport {
  std::shared_ptr<const HostSnapshot> host{};  ///< never null
  BootView view{};
  std::vector<std::string> only{};  ///< the keys that were asked for; empty: all
  std::chrono::sys_seconds generated_at{};
};

/// Which file wins each key, who loses, and where readers or the running kernel differ.
std::string boot_text(const BootReport& report, const Style& style);

/// A document of schema tuner/boot/1.
std::string boot_json(const BootReport& report, std::string_view version);

/// The keys of a report in its order; a key that no file sets is made up where it was asked for.
std::vector<BootKey> keys_of(const BootReport& report);

}  // namespace tuner::render
