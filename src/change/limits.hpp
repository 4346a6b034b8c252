#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/apply.hpp"

namespace tuner {

inline constexpr std::string_view kLimitsFile = "/etc/security/limits.d/90-tuner.conf";

/// A limit of open files; the largest number stands for no limit.
struct FileLimit {
  std::optional<std::int64_t> soft{};
  std::optional<std::int64_t> hard{};
};

/// Whether lines of tuner's own file count.
enum class Own { left_out, counts };

/// What pam_limits gives a session of `domain` ("*" or "root"): the last line that says something.
FileLimit pam_limit(const std::vector<TextFile>& files, std::string_view domain,
                    Own own = Own::left_out);

/// What systemd gives a service: the last LimitNOFILE= of its files but tuner's own, or the
/// manager's default.
FileLimit service_limit(const ServiceFiles& service, const std::vector<TextFile>& manager);

/// Where tuner's drop-in of a service stands.
std::string drop_in_path(std::string_view unit);

/// Plans what a profile asks of open files: sessions, services, and processes that run. Nothing is
/// ever lowered, and nothing goes above fs.nr_open, where logins would fail.
void plan_limits(const Profile& profile, const HostSnapshot& future, const ApplySurvey& survey,
                 const ApplyOptions& options, ApplyPlan& plan);

}  // namespace tuner
