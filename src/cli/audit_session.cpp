#include "cli/audit_session.hpp"

#include "cli/load_profile.hpp"
#include "cli/progress.hpp"
#include "cli/read_tree.hpp"
#include "judge/check.hpp"
#include "judge/difference.hpp"
#include "judge/parse_waivers.hpp"
#include "judge/reading.hpp"
#include "judge/recommend.hpp"
#include "os/place.hpp"
#include "os/process_table.hpp"
#include "os/read_boot.hpp"
#include "os/read_flows.hpp"
#include "os/read_host.hpp"
#include "os/root_directory.hpp"
#include "tuner/apply.hpp"
#include "tuner/reading.hpp"
#include "tuner/recommendation.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::cli {

namespace {

Result<std::vector<Waiver>> read_waivers(os::FileSource& files, const std::string& root) {
  const std::string path = "etc/tuner/waivers.toml";
  const std::string shown = root + (root.ends_with('/') ? "" : "/") + path;
  const auto text = files.read(path);
  if (text) return parse_waivers(*text, shown);
  if (text.error().why == Unread::Why::absent) return std::vector<Waiver>();
  return fail({.kind = ErrorKind::configuration,
               .subject = shown,
               .detail = unread_text(text.error()),
               .hint = "Make it readable, or run as a user who may read it."});
}

/// What came since the last audit. Counters that went backwards, as in a namespace that took the
/// number of one that is gone, count from the beginning.
HostSnapshot since_last(os::FileSource& files, const HostSnapshot& host, const std::string& reader,
                        std::vector<std::string>& warnings) {
  const auto kept = os::load_counters(reader);
  const auto present = os::read_counter_files(files, host);
  // Without them there is still an audit: whoever waits for one gets it.
  if (!kept) {
    warnings.push_back("cannot save counters; judging since boot: " + kept.error().message());
    return os::with_counters(host, present);
  }
  auto result = os::with_counters(host, present);
  if (*kept) {
    result = difference(os::with_counters(host, **kept), result, present.taken - (*kept)->taken);
    result.since_last_audit = true;
  }
  if (!*kept || !result.netstat || !result.snmp) {
    warnings.emplace_back("no saved counters; judging since boot");
    result = os::with_counters(host, present);
  }
  const auto saved = os::keep_counters(present, reader);
  if (!saved) warnings.push_back("cannot save counters: " + saved.error().message());
  return result;
}

using std::chrono::milliseconds;

/// Takes a sample: connections are watched all the time, and counters read again at its end. The
/// time that it really took.
milliseconds take_sample(os::RootDirectory& root, const AuditRequest& request, HostSnapshot& host) {
  Progress progress(request.progress);
  const auto table = os::process_table(root, root.kernel());
  const auto show = [&progress](milliseconds passed, milliseconds all) {
    progress.sampled(passed, all);
  };
  host.flows = os::watch_flows(*table, {.time = *request.sample, .progress = show});
  // Without netlink nothing was waited for.
  if (!host.flows) return progress.sample(*request.sample);
  return std::max(milliseconds(1), std::chrono::duration_cast<milliseconds>(host.flows->time));
}

Result<HostSnapshot> read_snapshot(os::RootDirectory& root, const AuditRequest& request,
                                   const Reading& for_boot, std::vector<std::string>& warnings) {
  auto reading = reading_for(request.profile ? &request.profile->profile : nullptr);
  reading.congestion_modules |= for_boot.congestion_modules;
  reading.limits_of = request.process;
  reading.interfaces = request.interfaces == AuditRequest::Interfaces::read;
  constexpr milliseconds kShort{500};
  const bool sampled = request.sample || request.earlier;
  if (reading.flows.count() == 0 && request.watches && !sampled) reading.flows = kShort;
  if (request.sample) reading.flows = milliseconds(0);
  auto host = read_tree(root, request.root, reading);
  if (!host) return host;
  if (request.since == AuditRequest::Since::last_audit) {
    return since_last(root, *host, request.format, warnings);
  }
  if (request.earlier && request.later) {
    return difference(os::with_counters(*host, *request.earlier),
                      os::with_counters(*host, *request.later),
                      request.later->taken - request.earlier->taken);
  }
  if (!request.sample) return host;
  const auto taken = take_sample(root, request, *host);
  return difference(*host, os::read_counters_again(root, root.kernel(), *host), taken);
}

/// Such a container applies its own files to its own network.
bool is_booting_container(const HostSnapshot& host, const InstalledReaders& readers) {
  return host.root == "/" && !readers.assumed &&
         !os::is_borrowed(std::string(kApplyDirectories[0]));
}

}  // namespace

Result<Report> make_report(const AuditRequest& request) {
  auto root = os::RootDirectory::open(request.root);
  if (!root) return tl::unexpected(root.error());
  const auto waivers = read_waivers(*root, request.root);
  if (!waivers) return tl::unexpected(waivers.error());
  Report report;
  os::BootFiles files(*root, root->kernel(), {});
  auto host = read_snapshot(*root, request, files.reading(), report.warnings);
  if (!host) return tl::unexpected(host.error());
  host->network_name = request.network;
  report.host = std::make_shared<HostSnapshot>(std::move(*host));
  if (request.recommends) {
    const Recommendation recommendation = recommend(*report.host);
    if (recommendation.profile) report.recommendation = recommendation.line();
  }
  if (request.profile) {
    auto fitted = fitted_to(request.profile->profile, *report.host);
    if (!fitted) return tl::unexpected(fitted.error());
    report.profile = std::move(*fitted);
    report.profile_sha256 = request.profile->sha256;
  }
  report.generated_at = now();
  report.former = request.former;
  report.boot = files.view(*report.host);
  if (is_booting_container(*report.host, report.boot->readers)) {
    report.boot->for_this_network = true;
  }
  if (!report.boot->waiting.empty()) {
    report.warnings.emplace_back("a change is waiting for confirmation: see tuner status");
  }
  const AuditInput input{.host = *report.host,
                         .profile = report.profile ? &*report.profile : nullptr,
                         .boot = &*report.boot};
  report.findings = check(input);
  const auto today = std::chrono::floor<std::chrono::days>(report.generated_at);
  for (std::string& warning : apply_waivers(report.findings, *waivers, today)) {
    report.warnings.push_back(std::move(warning));
  }
  return report;
}

}  // namespace tuner::cli
