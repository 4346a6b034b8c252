#include <fmt/core.h>

#include <array>

#include "cli/command.hpp"
#include "cli/follow_up.hpp"
#include "cli/load_profile.hpp"
#include "cli/read_tree.hpp"
#include "judge/recommend.hpp"
#include "profile/inputs.hpp"
#include "profile/measured.hpp"
#include "render/json.hpp"
#include "render/recommendation.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::commands::recommend {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"root", "", "DIR", "read a snapshot of a host, not this host"},
    {"format", "", "text|json", "output format (default: text)"},
});

/// " --input rtt=measured" for each input of the profile that the connections of this moment tell.
std::string measurable_inputs(const std::string& name, const HostSnapshot& host) {
  const auto loaded = load_profile(name);
  if (!loaded) return {};
  std::string options;
  for (const Quantified quantity : {Quantified::rtt, Quantified::bandwidth}) {
    if (loaded->profile.input(quantity) == nullptr || !measured_input(quantity, host)) continue;
    options += fmt::format(" --input {}={}", quantity_name(quantity), kMeasured);
  }
  return options;
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  auto host = read_tree_at(invocation.value("root").value_or("/"),
                           {.sockets = Reading::Sockets::survey, .flows = kWatchToMeasure});
  if (!host) return tl::unexpected(host.error());
  RecommendationReport report{.host = std::make_shared<HostSnapshot>(std::move(*host)),
                              .generated_at = now()};
  report.recommendation = tuner::recommend(*report.host);
  if (report.recommendation.profile) {
    report.diff_command = follow_up("diff", invocation, {"root"}, manner.style.charset) +
                          " --profile " + *report.recommendation.profile +
                          measurable_inputs(*report.recommendation.profile, *report.host);
  }
  const bool read = report.host->snmp && report.host->listening && report.host->tcp;
  return Outcome{.status = read ? ExitStatus::as_wanted : ExitStatus::incomplete,
                 .out = manner.json ? render::recommendation_json(report, kVersion)
                                    : render::recommendation_text(report, manner.style)};
}

}  // namespace

extern const Command command;

const Command command{
    .name = "recommend",
    .summary = "Recommend a profile for this host, with evidence",
    .examples =
        "  tuner recommend           which profile fits, and why\n"
        "  tuner recommend --json    for scripts\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
};

}  // namespace tuner::commands::recommend
