#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/finding.hpp"
#include "tuner/observed.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

class HostSnapshot;

enum class Confidence { none, low, medium, high };

std::string_view confidence_name(Confidence confidence);

/// The shipped profile that fits what a host does.
struct Recommendation {
  std::optional<std::string> profile{};  ///< none where it cannot be told, or none fits
  bool none_fits = false;                ///< what the host does is known, and no profile is for it
  Confidence confidence = Confidence::none;
  std::string reason{};  ///< one sentence, without its full stop
  std::vector<Evidence> evidence{};

  /// "Profile proxy fits this host (confidence medium): REASON.", that none fits, or why it cannot
  /// be told.
  [[nodiscard]] std::string line() const;
};

/// What `tuner recommend` shows.
struct RecommendationReport {
  std::shared_ptr<const HostSnapshot> host{};  ///< never null
  std::chrono::sys_seconds generated_at{};
  Recommendation recommendation{};
  std::string diff_command{};  ///< what shows the changes; for a recommended profile
};

}  // namespace tuner
