#include <array>

#include "cli/all_networks.hpp"
#include "cli/audit_session.hpp"
#include "cli/command.hpp"
#include "cli/place_option.hpp"
#include "cli/read_tree.hpp"
#include "cli/sample_option.hpp"
#include "core/suggest.hpp"
#include "os/output.hpp"
#include "render/json.hpp"
#include "render/networks.hpp"
#include "render/text.hpp"

namespace tuner::commands {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"profile", "", "NAME", "hold the host against a profile, by name or path"},
    kInputOption,
    {"fail-on", "", "info|warning|error|never", "exit 2 from this severity on (default: warning)"},
    {"root", "", "DIR", "audit a captured tree instead of this host"},
    kNetnsOption,
    kPidOption,
    {"all-netns", "", "", "every namespace with processes: one table"},
    {"sample", "", "DURATION", "judge what is counted within this time"},
    {"since-last", "", "", "judge what came since the last such audit"},
    {"interfaces", "", "", "look at the drops of every interface too"},
    {"format", "", "text|json", "what to print (default: text)"},
    {"output", "o", "FILE", "write the report to FILE instead of stdout"},
});

/// The severity from which on the exit status is 2; no value for never.
using Threshold = std::optional<Severity>;

Result<Threshold> threshold_of(const Invocation& invocation) {
  const std::string name = invocation.value("fail-on").value_or("warning");
  for (const Severity severity : {Severity::info, Severity::warning, Severity::error}) {
    if (name == name_of(severity)) return severity;
  }
  if (name == "never") return Threshold();
  constexpr std::string_view kNames[] = {"info", "warning", "error", "never"};
  std::string way_out = did_you_mean(name, kNames);
  if (way_out.empty()) way_out = "Choose info, warning, error or never.";
  return fail({.kind = ErrorKind::usage,
               .subject = "--fail-on",
               .detail = "\"" + name + "\" is no severity",
               .way_out = std::move(way_out)});
}

Result<AuditRequest> request_of(const Invocation& invocation, const Manner& manner) {
  AuditRequest request{.recommends = !manner.json && !invocation.has("profile")};
  const auto sample = sample_of(invocation);
  if (!sample) return tl::unexpected(sample.error());
  request.sample = *sample;
  request.root = invocation.value("root").value_or("/");
  if (invocation.has("interfaces")) request.interfaces = AuditRequest::Interfaces::read;
  if (invocation.has("since-last")) request.since = AuditRequest::Since::last_audit;
  if (invocation.has("since-last") && (invocation.has("root") || request.sample)) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--since-last",
                 .detail = "it counts from the last audit of this host",
                 .way_out = "Leave out --sample and --root."});
  }
  auto profile = profile_of(invocation);
  if (!profile) return tl::unexpected(profile.error());
  request.profile = std::move(*profile);
  return request;
}

/// 2 goes before 3; what is below the threshold counts for neither.
ExitStatus status_of(const Summary& summary, Threshold threshold) {
  const int counts[] = {summary.infos, summary.warnings, summary.errors};
  int reached = 0;
  if (threshold) {
    for (auto level = static_cast<std::size_t>(*threshold); level < 3; ++level) {
      reached += counts[level];
    }
  }
  if (reached > 0) return ExitStatus::found;
  return summary.unknown > 0 ? ExitStatus::incomplete : ExitStatus::as_wanted;
}

/// Where --output asks for a file, the document goes there.
Result<Outcome> delivered(Outcome outcome, const Invocation& invocation) {
  const auto file = invocation.value("output");
  if (!file || *file == "-") return outcome;
  const auto written = os::write_file(*file, outcome.out);
  if (!written) return tl::unexpected(written.error());
  outcome.out.clear();
  return outcome;
}

Outcome outcome_of(const Report& report, Threshold threshold, const Manner& manner) {
  Outcome outcome{.status = status_of(report.summary(), threshold)};
  outcome.out =
      manner.json ? render::audit_json(report, kVersion) : render::audit_text(report, manner.style);
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

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto threshold = threshold_of(invocation);
  if (!threshold) return tl::unexpected(threshold.error());
  auto request = request_of(invocation, manner);
  if (!request) return tl::unexpected(request.error());
  const auto gone = go_to_place(invocation);
  if (!gone) return tl::unexpected(gone.error());
  request->process = *gone;
  if (invocation.has("all-netns")) {
    request->recommends = false;
    const auto report = audit_all_networks(*request);
    if (!report) return tl::unexpected(report.error());
    return delivered(outcome_of(*report, *threshold, manner), invocation);
  }
  const auto report = make_report(*request);
  if (!report) return tl::unexpected(report.error());
  return delivered(outcome_of(*report, *threshold, manner), invocation);
}

std::string failure(const Error& error) {
  Report report;
  report.errors.push_back(error);
  report.generated_at = now();
  return render::audit_json(report, kVersion);
}

}  // namespace

extern const Command audit;

const Command audit{
    .name = "audit",
    .summary = "Say what is wrong with the network settings of this host",
    .usage =
        "[--profile NAME] [--input K=V]... [--fail-on SEVERITY]\n"
        "                   [--root DIR | --netns NAME|PATH | --pid PID | --all-netns]\n"
        "                   [--sample DURATION | --since-last] [--interfaces]\n"
        "                   [--format text|json] [-o FILE]",
    .examples =
        "  tuner audit                            evidence and contradictions alone\n"
        "  tuner audit --profile proxy            and what a proxy needs\n"
        "  tuner audit --sample 10s               only what goes wrong now\n"
        "  tuner audit --since-last               what came since: for timers\n"
        "  tuner audit --pid 812                  the container of that process\n"
        "  tuner audit --json --fail-on error     for scripts\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
    .failure = failure,
};

}  // namespace tuner::commands
