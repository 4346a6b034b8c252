#include <array>

#include "cli/all_networks.hpp"
#include "cli/audit_session.hpp"
#include "cli/command.hpp"
#include "cli/follow_up.hpp"
#include "cli/next_command.hpp"
#include "cli/output_option.hpp"
#include "cli/place_option.hpp"
#include "cli/progress.hpp"
#include "cli/read_tree.hpp"
#include "cli/sample_option.hpp"
#include "cli/since_option.hpp"
#include "cli/threshold_option.hpp"
#include "render/audit.hpp"
#include "render/json.hpp"
#include "render/networks.hpp"
#include "render/text.hpp"

namespace tuner::commands::audit {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"profile", "", "NAME", "check the host against a profile, by name or path"},
    kInputOption,
    kFailOnOption,
    {"root", "", "DIR", "audit a snapshot of a host, not this host", false, kPlace},
    kNetnsOption,
    kPidOption,
    {"all-netns", "", "", "every network namespace, as one table", false, kPlace},
    {"sample", "", "DURATION", "judge only what happens in this time", false, "interval"},
    {"since-last", "", "", "only what is new since the last --since-last run", false, "interval"},
    kSinceOption,
    {"interfaces", "", "", "check the drops of each interface too"},
    {"format", "", "text|json|csv|junit|prometheus|nagios|html", "output format (default: text)"},
    kOutputOption,
});

/// What --since names. Errors: as its option's, and a format that has no place for it.
Result<std::optional<FormerAudit>> former_for(const Invocation& invocation, const Manner& manner) {
  const bool shows = manner.json || manner.format == "text" || manner.format == "html";
  if (invocation.has("since") && (!shows || invocation.has("all-netns"))) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--since",
                 .detail = "requires --format text, json or html, of one namespace",
                 .hint = "Leave out --since, or --format and --all-netns."});
  }
  return former_audit_of(invocation);
}

Result<AuditRequest> request_of(const Invocation& invocation, const Manner& manner) {
  AuditRequest request{.recommends = manner.format == "text" && !invocation.has("profile"),
                       .progress = is_for_people(manner)};
  const auto sample = sample_of(invocation);
  if (!sample) return tl::unexpected(sample.error());
  request.sample = *sample;
  request.root = invocation.value("root").value_or("/");
  request.format = manner.format;
  if (invocation.has("interfaces")) request.interfaces = AuditRequest::Interfaces::read;
  if (invocation.has("since-last")) request.since = AuditRequest::Since::last_audit;
  if (invocation.has("since-last") && invocation.has("root")) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--since-last",
                 .detail = "counts since the last audit of this host",
                 .hint = "Leave out --root."});
  }
  auto former = former_for(invocation, manner);
  if (!former) return tl::unexpected(former.error());
  request.former = std::move(*former);
  auto profile = profile_of(invocation);
  if (!profile) return tl::unexpected(profile.error());
  request.profile = std::move(*profile);
  return request;
}

/// What a monitoring plugin returns stands in the place of the exit status: 0 to 3 for OK, WARNING,
/// CRITICAL and UNKNOWN.
Outcome plugin_outcome(render::PluginOutput output) {
  return {.status = static_cast<ExitStatus>(output.state), .out = std::move(output.text)};
}

Outcome document_of(const Report& report, Threshold threshold, const Manner& manner) {
  if (manner.format == "nagios") {
    return plugin_outcome(render::audit_nagios(report, threshold, manner.style.charset));
  }
  Outcome outcome{.status = status_of(report.summary(), threshold)};
  if (manner.json) outcome.out = render::audit_json(report, kVersion);
  if (manner.format == "text") outcome.out = render::audit_text(report, manner.style);
  if (manner.format == "csv") outcome.out = render::audit_csv(report);
  if (manner.format == "junit") outcome.out = render::audit_junit(report, threshold);
  if (manner.format == "prometheus") outcome.out = render::audit_prometheus(report, kVersion);
  if (manner.format == "html") outcome.out = render::audit_html(report, kVersion);
  return outcome;
}

Outcome outcome_of(const Report& report, Threshold threshold, const Manner& manner) {
  Outcome outcome = document_of(report, threshold, manner);
  if (manner.json) return outcome;
  for (const std::string& warning : report.warnings) {
    outcome.messages += "tuner: " + warning + "\n";
  }
  return outcome;
}

/// The worst of all namespaces; one that could not be audited is incomplete.
Outcome outcome_of(const NetworkReport& report, Threshold threshold, const Manner& manner) {
  Summary all;
  for (const NetworkRow& row : report.networks) {
    const Summary summary = row.summary.value_or(Summary{.unknown = 1});
    all.unknown += summary.unknown;
    all.errors += summary.errors;
    all.warnings += summary.warnings;
    all.infos += summary.infos;
  }
  std::string messages;
  for (const Error& error : report.errors) messages += "tuner: " + error.message() + ".\n";
  all.unknown += static_cast<int>(report.errors.size());
  for (const NetworkRow& row : report.networks) {
    for (const std::string& warning : row.warnings) {
      messages += "tuner: " + row.name + ": " + warning + "\n";
    }
  }
  return {.status = status_of(all, threshold),
          .out = manner.json ? render::networks_json(report, kVersion)
                             : render::networks_text(report, manner.style),
          .messages = std::move(messages)};
}

Result<Outcome> audit_as_asked(const Invocation& invocation, const Manner& manner) {
  const auto threshold = threshold_of(invocation);
  if (!threshold) return tl::unexpected(threshold.error());
  auto request = request_of(invocation, manner);
  if (!request) return tl::unexpected(request.error());
  if (invocation.has("all-netns") && !manner.json && manner.format != "text") {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--all-netns",
                 .detail = "requires --format text or json",
                 .hint = "Audit one namespace for " + manner.format + ": --netns, --pid."});
  }
  const auto gone = go_to_place(invocation);
  if (!gone) return tl::unexpected(gone.error());
  request->process = *gone;
  request->network = asked_network(invocation);
  if (invocation.has("all-netns")) {
    request->recommends = false;
    auto report = audit_all_networks(*request);
    if (!report) return tl::unexpected(report.error());
    report->audit_command = follow_up(
        "audit", invocation, {"profile", "input", "sample", "interfaces"}, manner.style.charset);
    return delivered(outcome_of(*report, *threshold, manner), invocation);
  }
  auto report = make_report(*request);
  if (!report) return tl::unexpected(report.error());
  report->next_command = next_command(*report, invocation, manner.style.charset);
  return delivered(outcome_of(*report, *threshold, manner), invocation);
}

std::optional<Outcome> failure(const Error& error, std::string_view format) {
  if (format == "nagios") return plugin_outcome(render::failure_nagios(error));
  const ExitStatus status = exit_status_of(error.kind);
  if (format == "junit") return Outcome{.status = status, .out = render::failure_junit(error)};
  if (format != "json") return std::nullopt;
  Report report;
  report.errors.push_back(error);
  report.generated_at = now();
  return Outcome{.status = status, .out = render::audit_json(report, kVersion)};
}

/// A build server that reads a file must not find yesterday's.
Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  auto outcome = audit_as_asked(invocation, manner);
  if (outcome || manner.format != "junit" || !invocation.has("output")) return outcome;
  auto told = delivered(failure(outcome.error(), manner.format).value_or(Outcome{}), invocation);
  if (!told) return outcome;
  told->messages = "tuner: " + outcome.error().message() + ".\n";
  return told;
}

}  // namespace

extern const Command command;

const Command command{
    .name = "audit",
    .summary = "Audit the network settings of this host",
    .examples =
        "  tuner audit                            counters and conflicts, no profile\n"
        "  tuner audit --profile proxy            plus what a proxy needs\n"
        "  tuner audit --sample 10s               only what goes wrong now\n"
        "  tuner audit --since-last               what is new since the last such run\n"
        "  tuner audit --since yesterday.json     what is new and what is gone\n"
        "  tuner audit --pid 812                  the container of that process\n"
        "  tuner audit --json --fail-on error     for scripts\n"
        "  tuner audit --format html -o a.html    for a ticket\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
    .failure = failure,
};

}  // namespace tuner::commands::audit
