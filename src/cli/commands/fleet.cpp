#include <fmt/core.h>

#include <array>

#include "cli/audit_session.hpp"
#include "cli/command.hpp"
#include "cli/follow_up.hpp"
#include "cli/next_command.hpp"
#include "cli/output_option.hpp"
#include "cli/progress.hpp"
#include "cli/read_tree.hpp"
#include "cli/since_option.hpp"
#include "cli/threshold_option.hpp"
#include "judge/fleet.hpp"
#include "judge/reading.hpp"
#include "os/files.hpp"
#include "os/page_directory.hpp"
#include "render/audit.hpp"
#include "render/fleet.hpp"
#include "render/html_page.hpp"
#include "render/page_names.hpp"
#include "tuner/reading.hpp"

namespace tuner::commands::fleet {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"profile", "", "NAME", "check the hosts against a profile, by name or path"},
    kInputOption,
    kFailOnOption,
    kSinceOption,
    {"format", "", "text|json|html", "output format (default: text)"},
    {"output", "o", "FILE", "write to FILE; to DIR/, a page for each host"},
});

/// The directories of the hosts. Errors: there are none.
Result<std::vector<std::string>> hosts_in(const std::string& directory) {
  auto names = os::list_directory(directory);
  if (!names) {
    names.error().hint = "Give a directory with a snapshot of each host.";
    return names;
  }
  std::erase_if(*names, [&directory](const std::string& name) {
    return name.starts_with('.') || !os::is_directory(directory + '/' + name);
  });
  for (const std::string& name : *names) {
    if (name != "proc") continue;
    return fail({.kind = ErrorKind::usage,
                 .subject = directory,
                 .detail = "this is the snapshot of a single host",
                 .hint = "Give its parent directory, or run: tuner audit --root " + directory});
  }
  if (!names->empty()) return names;
  return fail({.kind = ErrorKind::failure,
               .subject = directory,
               .detail = "contains no directories",
               .hint = "Write a snapshot of each host into it: tuner snapshot -o " + directory +
                       "/$(hostname)"});
}

/// The directory that was asked for, and the names of the pages in it.
struct Pages {
  os::PageDirectory directory;
  render::PageNames names{};
};

/// With a directory behind -o, every host gets a page of its own. No value: one document is
/// written.
Result<std::optional<Pages>> pages_for(const Invocation& invocation, const Manner& manner) {
  const auto output = invocation.value("output");
  const bool many =
      output && manner.format == "html" && (output->ends_with('/') || os::is_directory(*output));
  if (!many) return std::optional<Pages>();
  auto directory = os::PageDirectory::open(*output, render::kDirectoryPage, render::kHostPages);
  if (!directory) return tl::unexpected(directory.error());
  return std::optional<Pages>(Pages{.directory = std::move(*directory)});
}

/// The page of one host. None is kept: there may be thousands.
Result<std::string> write_page(const std::string& host, const Report& report, Pages& pages) {
  std::string page = pages.names.next(host);
  const auto written =
      pages.directory.write(page, render::audit_html(report, kVersion, "../index.html"));
  if (!written) return tl::unexpected(written.error());
  return page;
}

Result<void> write_index(const FleetReport& report, Pages& pages) {
  auto written = pages.directory.write("index.html", render::fleet_html(report, kVersion));
  return written ? pages.directory.finish() : written;
}

/// How each host is judged, and where its page goes.
struct Survey {
  const Invocation& invocation;
  const Manner& manner;
  AuditRequest request{};
  std::optional<Pages> pages{};
};

Result<FleetReport> survey(const std::string& directory, const std::vector<std::string>& names,
                           Survey& how) {
  AuditRequest& request = how.request;
  const Profile* const profile = request.profile ? &request.profile->profile : nullptr;
  FleetSurvey gathered(reading_for(profile).keys);
  std::vector<Error> unread;
  std::vector<std::string> warnings;
  const std::string prefix = directory + (directory.ends_with('/') ? "" : "/");
  Progress progress(request.progress);
  std::size_t done = 0;
  for (const std::string& name : names) {
    progress.count("Auditing hosts", done++, names.size());
    request.root = prefix + name;
    auto report = make_report(request);
    if (!report) {
      unread.push_back(report.error());
      continue;
    }
    for (const std::string& warning : report->warnings) {
      warnings.push_back(fmt::format("{}: {}", name, warning));
    }
    report->next_command = next_command(*report, how.invocation, how.manner.style.charset);
    auto page = how.pages ? write_page(name, *report, *how.pages) : Result<std::string>();
    if (!page) return tl::unexpected(page.error());
    gathered.add(name, *report, std::move(*page));
  }
  FleetReport result = gathered.finish();
  result.directory = directory;
  if (profile != nullptr) {
    result.profile = *profile;
    result.profile_sha256 = request.profile->sha256;
  }
  result.unread = std::move(unread);
  result.warnings = std::move(warnings);
  result.generated_at = now();
  return result;
}

enum class Printed { nothing, document };

Outcome outcome_of(const FleetReport& report, Threshold threshold, const Manner& manner,
                   Printed printed = Printed::document) {
  Summary all = report.summary();
  // A host that could not be read was not judged.
  all.unknown += static_cast<int>(report.unread.size());
  Outcome outcome{.status = status_of(all, threshold)};
  if (manner.json) {
    outcome.out = render::fleet_json(report, kVersion);
    return outcome;
  }
  if (printed == Printed::document) {
    outcome.out = manner.format == "html" ? render::fleet_html(report, kVersion)
                                          : render::fleet_text(report, manner.style);
  }
  for (const std::string& warning : report.warnings) outcome.messages += "tuner: " + warning + "\n";
  for (const Error& error : report.unread) outcome.messages += "tuner: " + error.message() + ".\n";
  return outcome;
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto threshold = threshold_of(invocation);
  if (!threshold) return tl::unexpected(threshold.error());
  Survey how{.invocation = invocation, .manner = manner};
  how.request.progress = is_for_people(manner);
  auto profile = profile_of(invocation);
  if (!profile) return tl::unexpected(profile.error());
  how.request.profile = std::move(*profile);
  auto former = former_fleet_of(invocation);
  if (!former) return tl::unexpected(former.error());
  const std::string& directory = invocation.words.front();
  const auto names = hosts_in(directory);
  if (!names) return tl::unexpected(names.error());
  auto pages = pages_for(invocation, manner);
  if (!pages) return tl::unexpected(pages.error());
  how.pages = std::move(*pages);
  auto report = survey(directory, *names, how);
  if (!report) return tl::unexpected(report.error());
  report->former = std::move(*former);
  report->audit_command =
      follow_up("audit", invocation, {"profile", "input"}, manner.style.charset);
  if (report->hosts.empty()) return tl::unexpected(report->unread.front());
  if (how.pages) {
    const auto written = write_index(*report, *how.pages);
    if (!written) return tl::unexpected(written.error());
    return outcome_of(*report, *threshold, manner, Printed::nothing);
  }
  return delivered(outcome_of(*report, *threshold, manner), invocation);
}

}  // namespace

extern const Command command;

const Command command{
    .name = "fleet",
    .summary = "Summarise findings and differences across many hosts",
    .examples =
        "  tuner snapshot -o snapshots/web01           on each host, then gather\n"
        "  tuner fleet snapshots --profile web         all of them at once\n"
        "  tuner fleet snapshots --since last.json     what changed since that one\n"
        "  tuner fleet snapshots --format html -o fleet.html\n"
        "  tuner fleet snapshots --format html -o report/    and a page for each host\n",
    .options = kOptions,
    .min_words = 1,
    .max_words = 1,
    .run = run,
    .words = "DIR",
};

}  // namespace tuner::commands::fleet
