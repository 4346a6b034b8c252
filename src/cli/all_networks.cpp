#include "cli/all_networks.hpp"

#include <fmt/core.h>

#include "cli/progress.hpp"
#include "cli/read_tree.hpp"
#include "judge/group.hpp"
#include "model/number.hpp"
#include "os/child.hpp"
#include "os/network_namespace.hpp"
#include "os/read_evidence.hpp"
#include "os/read_links.hpp"
#include "os/root_directory.hpp"
#include "read/record.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::cli {

namespace {

/// One number of a summary, by the name that goes through the pipe.
struct Count {
  std::string_view name;
  int Summary::*field;
};

constexpr Count kCounts[] = {
    {"checks", &Summary::checks},     {"pass", &Summary::pass},       {"fail", &Summary::fail},
    {"unknown", &Summary::unknown},   {"skipped", &Summary::skipped}, {"errors", &Summary::errors},
    {"warnings", &Summary::warnings}, {"infos", &Summary::infos},     {"waived", &Summary::waived},
};

std::string problem_line(const Error& error) {
  return "problem text=" + parse::one_word(error.message()) + '\n';
}

std::string counts_line(std::string_view word, const Summary& summary) {
  std::string line(word);
  for (const Count& count : kCounts) {
    line += fmt::format(" {}={}", count.name, summary.*count.field);
  }
  return line;
}

/// What the child tells: lines of numbers, and one for each failure.
std::string told_by(const Report& report) {
  const Summary summary = report.summary();
  std::string text = counts_line("shown", as_shown(summary, group_failures(report.findings))) +
                     '\n' + counts_line("summary", summary);
  const bool initial = report.host && report.host->network_namespace == NetworkNamespace::initial;
  text += initial ? " initial=1\n" : "\n";
  for (const std::string& warning : report.warnings) {
    text += "warning text=" + parse::one_word(warning) + '\n';
  }
  for (const Finding* const finding : worst_first(report.findings)) {
    if (finding->status != Status::fail) break;
    text += fmt::format("failure severity={} finding={} subject={}\n",
                        static_cast<int>(finding->severity), finding->id,
                        parse::one_word(finding->subject));
  }
  return text;
}

Result<void> enter(const os::Network& network) {
  if (network.inode == os::own_network()) return {};  // that takes no right
  const auto opened = os::open_listed(network);
  return opened ? os::enter_network(*opened) : tl::unexpected(opened.error());
}

/// The counters of a namespace as they are now; nothing where it cannot be entered, which its audit
/// will tell.
std::string count_in(const os::Network& network, const AuditRequest& request) {
  if (!enter(network)) return {};
  auto root = os::RootDirectory::open(request.root);
  if (!root) return {};
  HostSnapshot host;
  if (request.interfaces == AuditRequest::Interfaces::read) {
    host.interfaces = os::read_interface_drops();
  }
  return os::counter_files_text(os::read_counter_files(*root, host));
}

std::string audit_in(const os::Network& network, AuditRequest request) {
  request.process = network.pid;
  const auto entered = enter(network);
  if (!entered) return problem_line(entered.error());
  request.watches = false;
  const auto report = make_report(request);
  return report ? told_by(*report) : problem_line(report.error());
}

Summary counts_in(const parse::RecordLine& record) {
  Summary summary;
  for (const Count& count : kCounts) {
    summary.*count.field = record.number<int>(count.name).value_or(0);
  }
  return summary;
}

void take_line(std::string_view line, NetworkRow& row) {
  const parse::RecordLine record(line);
  if (record.word(0) == "problem")
    row.problem = parse::many_words(record.text("text").value_or(""));
  if (record.word(0) == "warning") {
    row.warnings.push_back(parse::many_words(record.text("text").value_or("")));
  }
  if (record.word(0) == "summary") {
    if (record.number<int>("initial").value_or(0) == 1) row.name = "the host";
    row.summary = counts_in(record);
  }
  if (record.word(0) == "shown") row.shown = counts_in(record);
  if (record.word(0) == "failure") {
    const auto severity = record.number<int>("severity").value_or(0);
    row.failures.push_back({static_cast<Severity>(severity),
                            std::string(record.text("finding").value_or("")),
                            parse::many_words(record.text("subject").value_or(""))});
  }
}

NetworkRow row_of(const os::Network& network, const AuditRequest& request) {
  NetworkRow row{.inode = network.inode,
                 .name = network.name.empty() ? network.comm : network.name,
                 .pid = network.pid,
                 .processes = network.processes,
                 .own = network.inode == os::own_network()};
  const auto told = os::in_child([&] { return audit_in(network, request); });
  if (!told) {
    row.problem = told.error().message();
    return row;
  }
  for (const std::string_view line : parse::lines(*told)) take_line(line, row);
  return row;
}

using CountersOfEach = std::vector<std::optional<os::CounterFiles>>;

/// What each namespace counts, one after the other in a quick pass.
CountersOfEach count_all(const std::vector<os::Network>& networks, const AuditRequest& request,
                         Progress& progress) {
  CountersOfEach counters;
  counters.reserve(networks.size());
  for (const os::Network& network : networks) {
    progress.count("Reading counters of network namespaces", counters.size(), networks.size());
    const auto told = os::in_child([&] { return count_in(network, request); });
    counters.push_back(told ? os::counters_in(*told) : std::nullopt);
  }
  return counters;
}

}  // namespace

Result<NetworkReport> audit_all_networks(const AuditRequest& request) {
  const auto networks = os::list_networks();
  if (!networks) return tl::unexpected(networks.error());
  NetworkReport report{.unseen = networks->unseen, .generated_at = now()};
  if (networks->unread_names) report.errors.push_back(*networks->unread_names);
  Progress progress(request.progress);
  CountersOfEach earlier(networks->seen.size());
  CountersOfEach later(networks->seen.size());
  if (request.sample) {
    // The same pass twice, so that the time between is the same for each of them.
    earlier = count_all(networks->seen, request, progress);
    (void)progress.sample(*request.sample);  // the counters carry the time at which they were read
    later = count_all(networks->seen, request, progress);
  }
  for (std::size_t index = 0; index < networks->seen.size(); ++index) {
    progress.count("Auditing network namespaces", index, networks->seen.size());
    AuditRequest own = request;
    own.sample.reset();  // its time has expired
    own.earlier = std::move(earlier[index]);
    own.later = std::move(later[index]);
    NetworkRow row = row_of(networks->seen[index], own);
    if (request.sample && !(own.earlier && own.later) && row.problem.empty()) {
      row.problem = "its counters could not be read during the sample";
      row.summary.reset();
      row.shown.reset();
    }
    report.networks.push_back(std::move(row));
  }
  if (!report.networks.empty()) return report;
  return fail({.kind = ErrorKind::permission,
               .subject = "--all-netns",
               .detail = "this user may not see the network namespace of any process",
               .hint = "Run it as root."});
}

}  // namespace tuner::cli
