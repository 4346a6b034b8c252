#include "cli/all_networks.hpp"

#include <fmt/core.h>

#include "cli/read_tree.hpp"
#include "core/parse/number.hpp"
#include "core/parse/record.hpp"
#include "os/child.hpp"
#include "os/network_namespace.hpp"
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

/// What the child tells: a line of numbers, and one for each failure.
std::string told_by(const Report& report) {
  const Summary summary = report.summary();
  std::string text = "summary";
  for (const Count& count : kCounts)
    text += fmt::format(" {}={}", count.name, summary.*count.field);
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

std::string audit_in(const os::Network& network, AuditRequest request) {
  request.process = network.pid;
  const auto entered = os::enter_network(network.open);
  if (!entered) return problem_line(entered.error());
  const auto report = make_report(request);
  return report ? told_by(*report) : problem_line(report.error());
}

void take_line(std::string_view line, NetworkRow& row) {
  const parse::Record record(line);
  if (record.word(0) == "problem")
    row.problem = parse::many_words(record.text("text").value_or(""));
  if (record.word(0) == "warning") {
    row.warnings.push_back(parse::many_words(record.text("text").value_or("")));
  }
  if (record.word(0) == "summary") {
    if (record.number<int>("initial").value_or(0) == 1) row.name = "the host";
    row.summary.emplace();
    for (const Count& count : kCounts) {
      *row.summary.*count.field = record.number<int>(count.name).value_or(0);
    }
  }
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
                 .processes = network.processes};
  const auto told = os::in_child([&] { return audit_in(network, request); });
  if (!told) {
    row.problem = told.error().message();
    return row;
  }
  for (const std::string_view line : parse::lines(*told)) take_line(line, row);
  return row;
}

}  // namespace

Result<NetworkReport> audit_all_networks(const AuditRequest& request) {
  NetworkReport report{.generated_at = now()};
  for (const os::Network& network : os::list_networks()) {
    report.networks.push_back(row_of(network, request));
  }
  if (!report.networks.empty()) return report;
  return fail({.kind = ErrorKind::permission,
               .subject = "--all-netns",
               .detail = "this user may not see the network namespace of any process",
               .way_out = "Run it as root."});
}

}  // namespace tuner::cli
