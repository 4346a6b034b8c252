#include "render/networks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "render/columns.hpp"
#include "render/json_parts.hpp"
#include "render/shell.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

std::string worst_of(const NetworkRow& row) {
  if (!row.summary) return row.problem;
  if (row.failures.empty()) return "-";
  return row.failures.front().finding;
}

std::vector<std::string> cells_of(const NetworkRow& row) {
  const auto number = [&row](int Summary::*field) {
    return row.shown ? std::to_string(*row.shown.*field) : std::string("?");
  };
  return {row.name,
          std::to_string(row.pid),
          std::to_string(row.processes),
          number(&Summary::errors),
          number(&Summary::warnings),
          number(&Summary::infos),
          worst_of(row)};
}

Json summary_json(const std::optional<Summary>& summary) {
  return summary ? summary_object(*summary) : Json{"null"};
}

Json failure_object(const NetworkFailure& failure) {
  return Object()
      .with("severity", severity_name(failure.severity))
      .with("id", failure.finding)
      .with("subject", failure.subject)
      .json();
}

Json network_object(const NetworkRow& row) {
  return Object()
      .with("name", row.name)
      .with("inode", row.inode)
      .with("pid", row.pid)
      .with("processes", row.processes)
      .with("summary", summary_json(row.summary))
      .with("failures", list_of(row.failures, failure_object))
      .with("error", text_or_null(row.problem))
      .json();
}

/// The row that most is wrong with first; of equals, as they were found. One that could not be
/// audited stands before those with nothing wrong: nobody knows that of it.
std::vector<const NetworkRow*> worst_rows(const NetworkReport& report) {
  const auto weight = [](const NetworkRow& row) {
    const Summary summary = row.summary.value_or(Summary{});
    return std::tuple(summary.errors, summary.warnings, summary.infos, row.summary ? 0 : 1);
  };
  std::vector<const NetworkRow*> rows;
  for (const NetworkRow& row : report.networks) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(),
                   [&weight](const NetworkRow* one, const NetworkRow* other) {
                     return weight(*one) > weight(*other);
                   });
  return rows;
}

}  // namespace

std::string networks_text(const NetworkReport& report, const Style& style) {
  const auto order = worst_rows(report);
  std::vector<std::vector<std::string>> rows;
  rows.reserve(order.size());
  for (const NetworkRow* const row : order) rows.push_back(cells_of(*row));
  std::string text =
      columns({"NAMESPACE", ">PID", ">PROCESSES", ">ERRORS", ">WARNINGS", ">NOTES", "WORST"},
              std::move(rows));
  const auto failed = std::count_if(report.networks.begin(), report.networks.end(),
                                    [](const NetworkRow& row) { return !row.summary; });
  if (failed > 0) {
    text +=
        '\n' + wrapped(fmt::format("{} of {} could not be audited.", text::grouped(failed),
                                   text::plural(static_cast<std::int64_t>(report.networks.size()),
                                                "namespace", "namespaces")),
                       0, style);
  }
  if (report.unseen > 0) {
    text += '\n' + wrapped(fmt::format("This user cannot see the {} of {}: run it with sudo.",
                                       report.unseen == 1 ? "namespace" : "namespaces",
                                       text::plural(report.unseen, "process", "processes")),
                           0, style);
  }
  if (style.detail != Detail::verdict_only && !report.networks.empty()) {
    const NetworkRow& row = *order.front();
    const std::string place = row.own       ? ""
                              : row.pid > 0 ? " --pid " + std::to_string(row.pid)
                                            : " --netns " + shell_word(row.name, style.charset);
    text += '\n' + leading_to(report.audit_command + place, "One of them in full:", style);
  }
  return clean(text, style.charset);
}

std::string networks_json(const NetworkReport& report, std::string_view version) {
  return Document()
      .with("schema", "tuner/namespaces/1")
      .with("tool", tool_object(version))
      .with("generated_at", text::timestamp(report.generated_at))
      .with_list("namespaces", report.networks, network_object)
      .with("unseen_processes", report.unseen)
      .with_list("errors", report.errors, error_object)
      .text();
}

}  // namespace tuner::render
