#pragma once

#include <string>
#include <string_view>

#include "render/style.hpp"
#include "tuner/report.hpp"
#include "tuner/threshold.hpp"

/// An audit for other programs: tables, build servers, monitoring.
namespace tuner::render {

/// RFC 4180 with lines that end in a newline: a header, and a row for each finding in the order of
/// the JSON document.
std::string audit_csv(const Report& report);

/// A test case for each finding. It fails where the finding counts for the exit status; a check
/// that could not be evaluated is an error, so that it is never taken for a pass.
std::string audit_junit(const Report& report, Threshold threshold);
/// The same of a run that failed: one test case with an error.
std::string failure_junit(const Error& error);

/// The text exposition format 0.0.4, as node_exporter's textfile collector reads it: gauges, no
/// timestamps of samples. Without a host, what can be told.
std::string audit_prometheus(const Report& report, std::string_view version);

/// What a monitoring plugin is to return.
enum class PluginState { ok = 0, warning = 1, critical = 2, unknown = 3 };

/// Output of a monitoring plugin: the state and its reason, performance data, and a line for each
/// of the worst findings.
struct PluginOutput {
  PluginState state = PluginState::ok;
  std::string text{};
};
PluginOutput audit_nagios(const Report& report, Threshold threshold, Charset charset);
/// The same of a run that failed.
PluginOutput failure_nagios(const Error& error);

/// One page without scripts and without anything fetched from elsewhere. `index`: the page of all
/// hosts, as it is seen from this one; empty where there is none.
std::string audit_html(const Report& report, std::string_view version, std::string_view index = {});

}  // namespace tuner::render
