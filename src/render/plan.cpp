#include "render/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "judge/findings.hpp"
#include "model/number.hpp"
#include "read/sysctl.hpp"
#include "render/host_line.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"

namespace tuner::render {

namespace {

constexpr std::size_t kPlanLabel = 16;
constexpr std::size_t kCell = 12;
constexpr std::string_view kUnknown = "unknown";

using Cells = std::array<std::string, 4>;  // default, boot, running, wanted

std::string row(std::string_view label, const Cells& cells, std::string_view note) {
  std::string line = fmt::format("{:{}}{:<{}}", "", kIndent, label, kPlanLabel);
  for (const std::string& cell : cells) line += fmt::format("{:>{}}", cell, kCell);
  if (!note.empty()) line += fmt::format("  {}", note);
  return line + '\n';
}

std::string or_unknown(std::string_view text) {
  return std::string(text.empty() ? kUnknown : text);
}

std::string or_empty(std::string_view text) { return std::string(text.empty() ? "empty" : text); }

/// The size of a number of bytes, KiB or pages, as "47.7 MiB"; empty for other units.
std::string size_note(const Fact& fact, std::int64_t number, const HostSnapshot& host) {
  const std::string text = judge::with_size(fact, number, host);
  const auto open = text.find('(');
  return open == std::string::npos ? "" : text.substr(open + 1, text.size() - open - 2);
}

std::string label_of(const Fact& fact, std::size_t element) {
  const std::string_view unit = unit_name(fact);
  if (fact.elements.empty()) return std::string(unit.empty() ? "value" : unit);
  return unit.empty() ? std::string(fact.elements[element])
                      : fmt::format("{}, {}", fact.elements[element], unit);
}

bool fits(const Cells& cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](const std::string& cell) { return cell.size() < kCell; });
}

/// A line for each element that differs; empty where a value is not a number or too long for a
/// column.
std::string numeric_rows(const Change& change, const HostSnapshot& host) {
  if (change.fact == nullptr || !change.fact->holds_numbers()) return {};
  const auto running = parse::words(change.running);
  const auto wanted = parse::words(change.wanted);
  const std::string chosen_text = change.default_text.value_or("");
  const auto chosen = parse::words(chosen_text);
  const std::string boot = change.boot.value_or("");
  const auto booted = parse::words(boot);
  if (running.size() != wanted.size() || wanted.empty()) return {};
  std::string rows;
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    if (running[index] == wanted[index]) continue;
    const Cells cells{or_unknown(index < chosen.size() ? chosen[index] : ""),
                      or_unknown(index < booted.size() ? booted[index] : ""),
                      std::string(running[index]), std::string(wanted[index])};
    if (!fits(cells)) return {};
    const auto number = parse::integer(wanted[index]);
    rows += row(label_of(*change.fact, index), cells,
                number ? size_note(*change.fact, *number, host) : "");
  }
  return rows;
}

/// One below the other.
std::string listed(const Change& change, const Style& style) {
  std::string text;
  const auto add = [&text, &style](std::string_view label, std::string_view value) {
    text += wrapped(fmt::format("{}: {}", label, value), kIndent, style);
  };
  add("default", change.default_text ? or_empty(*change.default_text) : kUnknown);
  add("boot", change.boot ? or_empty(*change.boot) : kUnknown);
  add("running", or_empty(change.running));
  add("wanted", or_empty(change.wanted));
  return text;
}

std::string change_text(const Change& change, const HostSnapshot& host, const Style& style) {
  std::string text = change.key + '\n';
  const std::string rows = numeric_rows(change, host);
  text += rows.empty() ? listed(change, style) : rows;
  if (style.detail == Detail::everything) text += reasons_text(change, style);
  return text;
}

std::string memory_text(const MemoryNeed& need, const Style& style) {
  std::string text = fmt::format("Memory: a connection with full buffers holds up to {}",
                                 text::size(need.per_connection));
  if (need.worst_case) {
    text += fmt::format(", {} of them {}", text::grouped(need.connections->count()),
                        text::size(*need.worst_case));
  }
  text += '.';
  if (need.tcp_limit) text += fmt::format(" tcp_mem stops TCP at {}.", text::size(*need.tcp_limit));
  if (need.memory) text += fmt::format(" The host has {}.", text::size(*need.memory));
  return wrapped(text, 0, style);
}

std::string counted(std::ptrdiff_t count, std::string_view what) {
  return fmt::format("{} {} {}", count, count == 1 ? "key" : "keys", what);
}

std::string verdict(const Plan& plan, const Style& style) {
  const auto number = [&plan](bool Obstacle::*flag) {
    return std::count_if(plan.obstacles.begin(), plan.obstacles.end(),
                         [flag](const Obstacle& obstacle) { return obstacle.*flag; });
  };
  const auto changes = static_cast<std::ptrdiff_t>(plan.changes.size());
  const auto other = number(&Obstacle::differs);
  const auto unread = number(&Obstacle::unread);
  std::vector<std::string> parts;
  if (changes > 0) parts.push_back(counted(changes, changes == 1 ? "differs" : "differ"));
  if (other > 0) {
    parts.push_back(counted(
        other, other == 1 ? "differs and cannot be set here" : "differ and cannot be set here"));
  }
  if (unread > 0) parts.push_back(counted(unread, "could not be judged"));
  if (parts.empty()) return "Nothing differs.\n";
  return wrapped(
      fmt::format("{}.{}", text::joined(parts, ", "), changes > 0 ? " Reasons: -v." : ""), 0,
      style);
}

std::string body(const PlanReport& report, const Style& style) {
  const Plan& plan = report.plan;
  std::string text = host_line(*report.host, &report.profile, style) + '\n';
  if (!plan.changes.empty()) text += row("", {"default", "boot", "running", "wanted"}, "");
  for (const Change& change : plan.changes) text += change_text(change, *report.host, style);
  if (!plan.changes.empty()) text += '\n';
  for (const Obstacle& obstacle : plan.obstacles) {
    text += wrapped((obstacle.unread ? "Not judged: " : "Cannot be set here: ") + obstacle.key, 0,
                    style) +
            wrapped(obstacle.reason, kIndent, style);
  }
  if (!plan.obstacles.empty()) text += '\n';
  if (plan.memory) text += memory_text(*plan.memory, style);
  for (const std::string& warning : plan.warnings) text += wrapped("Warning: " + warning, 0, style);
  if (!plan.changes.empty()) {
    text += leading_to(report.apply_command,
                       fmt::format("To apply them{}, with rollback:",
                                   report.captured ? " on the host itself" : ""),
                       style);
  }
  return text + '\n';
}

}  // namespace

std::string reasons_text(const Change& change, const Style& style) {
  std::string text;
  const auto add = [&text, &style](std::string_view label, const std::string& reason) {
    if (!reason.empty()) text += wrapped(fmt::format("{}: {}", label, reason), kIndent, style);
  };
  add("Why", change.why);
  add("Derivation", change.derivation);
  add("Source", change.source);
  add("Cost", change.cost);
  add("From", change.line == 0
                  ? change.file
                  : fmt::format("profile {}, {}:{}", change.profile, change.file, change.line));
  return text;
}

std::string plan_text(const PlanReport& report, const Style& style) {
  std::string text;
  if (style.detail != Detail::verdict_only) text = body(report, style);
  return clean(text + verdict(report.plan, style), style.charset);
}

}  // namespace tuner::render
