#include "render/explain.hpp"

#include <fmt/core.h>

#include "judge/congestion.hpp"
#include "judge/findings.hpp"
#include "knowledge/kernel_default.hpp"
#include "knowledge/key_name.hpp"
#include "knowledge/measurements.hpp"
#include "knowledge/purpose.hpp"
#include "model/number.hpp"
#include "render/names.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

constexpr std::size_t kExplainLabel = 14;

/// "Label:        text", with the text wrapped beside the label. Nothing for an empty text.
std::string entry(std::string_view label, std::string_view text, const Style& style) {
  if (text.empty()) return {};
  std::string lines = wrapped(text, kExplainLabel, style);
  lines.replace(0, kExplainLabel, fmt::format("{:<{}}", fmt::format("{}:", label), kExplainLabel));
  return lines;
}

std::string unit_text(const Fact& fact) {
  std::string text(unit_name(fact));
  if (!fact.elements.empty()) {
    text +=
        fmt::format("{}: {}", text.empty() ? "elements" : "", text::joined(fact.elements, ", "));
  }
  for (const ValueMeaning& value : fact.values) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", value.value, value.meaning);
  }
  return text;
}

std::string range_text(const Fact& fact, const HostSnapshot& host) {
  if (!fact.holds_numbers()) return {};
  const Range range = judge::range_of(fact, host);
  std::string text = range.min == kIntMin && range.max == kIntMax
                         ? "any 32-bit number"
                         : fmt::format("{} to {}", range.min, range.max);
  if (judge::outside_of(fact, host) == Outside::taken) {
    text += "; this kernel may accept others and not keep them";
  }
  return text;
}

std::string here_text(const Fact& fact, std::string_view key, const HostSnapshot& host) {
  if (fact.scope == Scope::process) {
    if (!host.own_limit) return unread_text(host.own_limit.error());
    const auto shown = [](std::optional<std::int64_t> limit) {
      return limit ? fmt::format("{}", *limit) : std::string("unlimited");
    };
    return fmt::format("soft {}, hard {}", shown(host.own_limit->soft),
                       shown(host.own_limit->hard));
  }
  const auto& value = host.sysctl(key);
  if (!value) return unread_text(value.error());
  if (value->numbers.empty()) return value->text.empty() ? "empty" : value->text;
  if (value->numbers.size() == 1 && !fact.values.empty()) return judge::with_meaning(fact, *value);
  if (fact.key == kPortRange) return value->text;
  std::vector<std::string> parts;
  for (const auto number : value->numbers) parts.push_back(judge::with_size(fact, number, host));
  return text::joined(parts, ", ");
}

/// What a congestion control can be set to on this host, and what that takes.
std::string offers_text(std::string_view key, const HostSnapshot& host) {
  if (key != judge::kCongestionControl) return {};
  std::vector<std::string> parts;
  for (const std::string& name : judge::known_controls(host)) {
    parts.push_back(fmt::format("{}: {}", name, offer_text(judge::congestion_offer(name, host))));
  }
  return text::joined(parts, "; ");
}

std::string lifetime_text(const Fact& fact) {
  std::string text = fact.since.empty() ? "" : "since Linux " + std::string(fact.since);
  if (!fact.removed.empty()) {
    text += (text.empty() ? "removed: " : "; removed in ") + std::string(fact.removed);
  }
  if (fact.without_effect_since > KernelVersion{}) {
    text += fmt::format("; without effect since {}.{}", fact.without_effect_since.major,
                        fact.without_effect_since.minor);
  }
  return text;
}

std::string write_text(const Fact& fact) {
  if (fact.write == Write::never) return "tuner never writes it";
  return fact.write == Write::read_only ? "read-only" : "";
}

}  // namespace

namespace {

/// What a first look leaves out.
std::string details_of(const Fact& fact, const HostSnapshot& host, const Style& style) {
  std::string text = entry("Effect", fact.effect_note, style);
  text += entry("Defaults", fact.default_text, style);
  text += entry("Unit", unit_text(fact), style);
  text += entry("Range", range_text(fact, host), style);
  text += entry("Write", write_text(fact), style);
  text += entry(
      "Scope",
      fmt::format("{}; a child namespace: {}", scope_name(fact.scope), child_name(fact.child)),
      style);
  text += entry("IPv6", ipv6_name(fact.ipv6), style);
  text += entry("Caps", fact.caps, style);
  text += entry("Kernels", lifetime_text(fact), style);
  for (const std::string_view change : parse::lines(fact.changes))
    text += entry("Changed", change, style);
  for (const std::string_view note : parse::lines(fact.notes)) text += entry("Note", note, style);
  return text + entry("Source", fact.source, style);
}

}  // namespace

std::string fact_text(const Fact& fact, const KeyHere& here, const Style& style) {
  std::string text = fmt::format("{}\n\n", here.key);
  text += entry("What", purpose_of(fact), style);
  text += entry("Here", here_text(fact, here.key, here.host), style);
  text += entry("Offered", offers_text(here.key, here.host), style);
  const auto chosen = judge::default_text(fact, here.host);
  text += entry("Default", chosen ? *chosen : std::string(fact.default_text), style);
  text += entry("Advice", here.advice, style);
  text += entry("Takes effect", effect_name(fact.effect), style);
  text += entry("Capped by", fact.capped_by, style);
  for (const Measurement& each : measurements_of(here.key)) {
    text += entry("Measured", fmt::format("{} (Linux {}, {})", each.effect, each.kernel, each.date),
                  style);
  }
  text += style.detail == Detail::everything
              ? details_of(fact, here.host, style)
              : wrapped("Units, ranges, changes by kernel, notes and sources: -v", 0, style);
  return clean(text, style.charset);
}

std::string unknown_key_text(std::string_view key, const SysctlValue& value, const Style& style) {
  std::string text = fmt::format("{}\n\n", key);
  text += entry("Here", value.text.empty() ? "empty" : value.text, style);
  text += entry("Unknown",
                "tuner knows nothing about this key: neither unit nor default nor effect.", style);
  return clean(text, style.charset);
}

std::string counter_text(const CounterUse& use, std::string_view counter,
                         const Observed<std::int64_t>& number, const Style& style) {
  std::string text = fmt::format("{}\n\n", counter);
  text += entry("Here", number ? std::to_string(*number) : "not counted by this kernel", style);
  if (!use.rule.empty()) {
    text += entry(use.reason.empty() ? "Judged by" : "Shown by",
                  fmt::format("{} (tuner explain {})", use.rule, use.rule), style);
  }
  text += entry(use.rule.empty() ? "Not judged" : "Note", use.reason, style);
  return clean(text, style.charset);
}

std::string rule_text(const Rule& rule, const Style& style) {
  std::string text = fmt::format("{}\n\n", rule.id);
  text += entry("What", rule.what, style);
  text += entry("Why", rule.why, style);
  text += entry("Fix", rule.fix, style);
  text += entry("Source", rule.source, style);
  return clean(text, style.charset);
}

}  // namespace tuner::render
