#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "render/json_document.hpp"
#include "tuner/fact.hpp"
#include "tuner/finding.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/profile.hpp"
#include "tuner/report.hpp"
#include "tuner/result.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

/// The members that several documents have in common.
namespace tuner::render {

inline constexpr std::span<const Error> kNoErrors;

/// Null for an empty text.
Json text_or_null(const std::string& text);
Json error_object(const Error& error);
Json host_object(const HostSnapshot& host);
Json summary_object(const Summary& summary);
Json evidence_object(const Evidence& evidence);
/// The inputs by name, as they were written.
Json inputs_object(const Profile& profile);
/// The profile that a document was made with.
Json profile_used(const Profile& profile, std::string_view sha256);
Json tool_object(std::string_view version);
}  // namespace tuner::render
