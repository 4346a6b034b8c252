#include <fmt/format.h>

#include <array>
#include <thread>

#include "cli/command.hpp"
#include "cli/load_profile.hpp"
#include "cli/read_tree.hpp"
#include "core/parse/measure.hpp"
#include "core/suggest.hpp"
#include "os/output.hpp"
#include "os/read_boot.hpp"
#include "os/read_host.hpp"
#include "os/root_directory.hpp"
#include "render/json.hpp"
#include "render/text.hpp"
#include "tuner/reading.hpp"
#include "tuner/recommendation.hpp"
#include "tuner/report.hpp"

namespace tuner::commands {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"profile", "", "NAME", "hold the host against a profile, by name or path"},
    kInputOption,
    {"fail-on", "", "info|warning|error|never", "exit 2 from this severity on (default: warning)"},
    {"root", "", "DIR", "audit a captured tree instead of this host"},
    {"sample", "", "DURATION", "judge what is counted within this time"},
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

/// No value where no sample is asked for.
Result<std::optional<std::chrono::milliseconds>> sample_of(const Invocation& invocation) {
  const auto text = invocation.value("sample");
  if (!text) return std::nullopt;
  Error error{.kind = ErrorKind::usage,
              .subject = "--sample",
              .way_out = "Give a time from 1ms to 1h: --sample 10s."};
  const auto duration = parse::duration(*text);
  if (!duration || *duration < std::chrono::milliseconds(1) || *duration > std::chrono::hours(1)) {
    error.detail = "\"" + *text + "\" is no time that can be waited for";
    return fail(std::move(error));
  }
  if (invocation.has("root")) {
    error.detail = "a captured tree does not change";
    error.way_out = "Leave out --sample or --root.";
    return fail(std::move(error));
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
}

Result<std::vector<Waiver>> read_waivers(os::FileSource& files, const std::string& root) {
  const std::string path = "etc/tuner/waivers.toml";
  const std::string shown = root + (root.ends_with('/') ? "" : "/") + path;
  const auto text = files.read(path);
  if (text) return parse_waivers(*text, shown);
  if (text.error().why == Unread::Why::absent) return std::vector<Waiver>();
  return fail({.kind = ErrorKind::configuration,
               .subject = shown,
               .detail = describe(text.error()),
               .way_out = "Make it readable, or run as a user who may read it."});
}

/// Everything that the command line asks for, checked before anything is read.
struct Request {
  Threshold threshold{};
  std::optional<std::chrono::milliseconds> sample{};
  std::optional<LoadedProfile> profile{};
  std::string root = "/";
  bool recommends = false;  ///< says which profile fits, for people who gave none
};

Result<Request> request_of(const Invocation& invocation, const Manner& manner) {
  Request request{.recommends = !manner.json && !invocation.has("profile")};
  const auto threshold = threshold_of(invocation);
  if (!threshold) return tl::unexpected(threshold.error());
  request.threshold = *threshold;
  const auto sample = sample_of(invocation);
  if (!sample) return tl::unexpected(sample.error());
  request.sample = *sample;
  request.root = invocation.value("root").value_or("/");
  auto profile = profile_of(invocation);
  if (!profile) return tl::unexpected(profile.error());
  request.profile = std::move(*profile);
  return request;
}

Result<HostSnapshot> read_snapshot(os::RootDirectory& root, const Request& request) {
  auto reading = reading_for(request.profile ? &request.profile->profile : nullptr);
  if (request.recommends) reading.sockets = Reading::Sockets::listening;
  auto host = read_tree(root, request.root, reading);
  if (!host || !request.sample) return host;
  std::this_thread::sleep_for(*request.sample);
  return difference(*host, os::read_counters_again(root, *host), *request.sample);
}

Result<Report> make_report(const Request& request) {
  auto root = os::RootDirectory::open(request.root);
  if (!root) return tl::unexpected(root.error());
  const auto waivers = read_waivers(*root, request.root);
  if (!waivers) return tl::unexpected(waivers.error());
  Report report;
  auto host = read_snapshot(*root, request);
  if (!host) return tl::unexpected(host.error());
  report.host = std::move(*host);
  if (request.recommends) report.recommendation = recommend(*report.host).line();
  if (request.profile) {
    report.profile = fit_profile(request.profile->profile, *report.host);
    report.profile_sha256 = request.profile->sha256;
  }
  report.generated_at = now();
  os::BootFiles files(*root, root->kernel(), {});
  const BootView boot = files.view(*report.host);
  const AuditInput input{
      .host = *report.host, .profile = report.profile ? &*report.profile : nullptr, .boot = &boot};
  report.findings = check(input);
  const auto today = std::chrono::floor<std::chrono::days>(report.generated_at);
  report.warnings = apply_waivers(report.findings, *waivers, today);
  return report;
}

/// 2 goes before 3; what is below the threshold counts for neither.
ExitStatus status_of(const Report& report, Threshold threshold) {
  const Summary summary = report.summary();
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

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto request = request_of(invocation, manner);
  if (!request) return tl::unexpected(request.error());
  const auto report = make_report(*request);
  if (!report) return tl::unexpected(report.error());
  Outcome outcome{.status = status_of(*report, request->threshold)};
  outcome.out = manner.json ? render::audit_json(*report, kVersion)
                            : render::audit_text(*report, manner.style);
  if (!manner.json) {
    for (const std::string& warning : report->warnings) {
      outcome.messages += "tuner: " + warning + "\n";
    }
  }
  const auto file = invocation.value("output");
  if (!file || *file == "-") return outcome;
  const auto written = os::write_file(*file, outcome.out);
  if (!written) return tl::unexpected(written.error());
  outcome.out.clear();
  return outcome;
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
        "                   [--root DIR] [--sample DURATION]\n"
        "                   [--format text|json] [-o FILE]",
    .examples =
        "  tuner audit                            evidence and contradictions alone\n"
        "  tuner audit --profile proxy            and what a proxy needs\n"
        "  tuner audit --sample 10s               only what goes wrong now\n"
        "  tuner audit --json --fail-on error     for scripts\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
    .failure = failure,
};

}  // namespace tuner::commands
