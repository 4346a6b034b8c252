#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/boot.hpp"
#include "tuner/plan.hpp"
#include "tuner/result.hpp"
#include "tuner/route.hpp"
#include "tuner/transaction.hpp"

namespace tuner {

/// What `tuner apply` is asked for.
struct ApplyOptions {
  enum class Parts {
    everything,
    runtime,  ///< change running values only; lost at reboot
    files,    ///< what the next boot reads
  };
  Parts parts = Parts::everything;
  std::optional<std::vector<std::string>> only{};  ///< keys; no value: all
  std::vector<std::string> except{};               ///< keys
  std::vector<std::string> services{};
  bool running_processes = false;
  bool allow_shadowed = false;
  bool allow_one_way = false;
  std::optional<std::chrono::milliseconds> confirm_within{};
};

/// The source of a change back to what was there before tuner.
inline constexpr std::string_view kTunerHistory = "tuner history";

/// A file with its text.
struct TextFile {
  std::string path{};
  std::string text{};
  unsigned mode = 0644;
};

/// A unit of systemd with all files that say something of it, in the order in which they count.
struct ServiceFiles {
  std::string unit{};
  std::vector<TextFile> files{};
};

/// A process that runs, and its limit of open files.
struct RunningProcess {
  std::string target{};  ///< "PID START COMMAND"
  std::string limit{};   ///< "SOFT HARD"
};

/// The directories that a change writes files in.
inline constexpr std::array<std::string_view, 4> kApplyDirectories = {
    "/etc/sysctl.d/", "/run/sysctl.d/", "/etc/security/limits.d/", "/etc/systemd/system/"};

/// All that a plan has to know beside the profile and the host.
struct ApplySurvey {
  BootMaterial boot{};
  std::vector<Transaction> history{};  ///< of this machine, oldest first
  Place place{};
  /// In a child network namespace: directories that are the host's all the same, of
  /// kApplyDirectories.
  std::vector<std::string> borrowed{};
  std::vector<TextFile> limit_files{};    ///< limits.conf and limits.d, in their order
  std::vector<TextFile> manager_files{};  ///< system.conf of systemd and its drop-ins
  std::vector<ServiceFiles> services{};
  std::vector<DefaultRoute> routes{};
  std::vector<RunningProcess> processes{};

  /// Whether a file would be written among those of the host.
  [[nodiscard]] bool is_borrowed(std::string_view path) const {
    return std::any_of(borrowed.begin(), borrowed.end(), [path](const std::string& directory) {
      return path.starts_with(directory);
    });
  }
};

/// Why nothing is done.
struct Refusal {
  std::string subject{};  ///< a key or a file
  std::string reason{};   ///< one sentence without the subject
  std::string hint{};
};

/// One setting of the plan.
struct PlannedKey {
  Change change{};  ///< `running` and `wanted` are what is there and what will be
  bool live = false;
  bool moved = false;  ///< an earlier key of the plan moves it
  bool kept = false;   ///< a line of the sysctl.d file, new or changed
  std::string file{};  ///< the file that keeps it; empty where none does
};

/// A limit or a route.
struct PlannedOther {
  std::string subject{};
  std::string running{};
  std::string wanted{};
  std::string why{};
  std::string note{};  ///< what else has to happen, by whom
  Step step{};
};

struct ApplyPlan {
  std::vector<PlannedKey> keys{};  ///< in the order of writing
  std::vector<PlannedOther> others{};
  std::vector<Obstacle> skipped{};
  std::vector<Refusal> refusals{};
  std::vector<std::string> warnings{};
  std::vector<std::string> replaces{};  ///< ids of changes whose keys go back or are set anew
  bool keeps_files = true;              ///< whether /etc is part of it
  std::optional<TextFile> fragment{};  ///< what the sysctl.d file will be; no value: none is needed
  std::vector<Step> steps{};           ///< originals of live steps are still to be read

  [[nodiscard]] bool changes_anything() const { return !steps.empty(); }
};

}  // namespace tuner
