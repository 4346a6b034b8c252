#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "render/style.hpp"
#include "tuner/apply.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::render {

/// What `tuner apply` shows.
struct ApplyReport {
  std::shared_ptr<const HostSnapshot> host{};  ///< never null
  Profile profile{};
  std::string profile_sha256{};
  std::chrono::sys_seconds generated_at{};
  ApplyPlan plan{};
  std::vector<std::string> then{};  ///< what else has to be done, by people
  std::string place{};              ///< the options that lead to another namespace: " --netns web"
  bool dry_run = false;
  std::vector<RunReport> finished{};  ///< what earlier runs had left
  std::optional<RunReport> run{};     ///< no value: nothing was done
  std::optional<Error> error{};       ///< why nothing could be done, where it is no refusal

  /// Whether the host is another one now, or would be.
  [[nodiscard]] bool changed() const;
};

std::string apply_text(const ApplyReport& report, const Style& style);
std::string apply_json(const ApplyReport& report, std::string_view version);

}  // namespace tuner::render
