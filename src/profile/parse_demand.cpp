#include "profile/parse_demand.hpp"

#include <fmt/core.h>

#include "knowledge/facts.hpp"
#include "model/number.hpp"
#include "profile/amount.hpp"
#include "read/port_list.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

namespace {

struct KindName {
  std::string_view name;
  Demand::Kind kind;
};

constexpr KindName kKinds[] = {
    {"exactly", Demand::Kind::exactly}, {"at_least", Demand::Kind::at_least},
    {"at_most", Demand::Kind::at_most}, {"covers", Demand::Kind::covers},
    {"one_of", Demand::Kind::one_of},   {"untouched", Demand::Kind::untouched},
    {"never", Demand::Kind::never},
};

constexpr std::string_view kChoose =
    "Give one of exactly, at_least, at_most, covers, one_of, untouched or never.";

/// The field that says what is demanded; an error unless there is exactly one.
Result<const KindName*> find_kind(const Fields& fields) {
  const KindName* found = nullptr;
  for (const KindName& candidate : kKinds) {
    const parse::TomlValue* const value = fields.content().find(candidate.name);
    if (value == nullptr) continue;
    if (found != nullptr) {
      return fields.error(
          value->position,
          "both " + std::string(found->name) + " and " + std::string(candidate.name) + " are given",
          std::string(kChoose));
    }
    found = &candidate;
  }
  if (found != nullptr) return found;
  return fields.error(fields.content().position, "no condition on its value", std::string(kChoose));
}

std::optional<KernelVersion> parse_version(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto major = parse::integer<int>(text.substr(0, dot));
  const auto minor = parse::integer<int>(text.substr(dot + 1));
  if (!major || !minor) return std::nullopt;
  return KernelVersion{*major, *minor};
}

std::optional<Condition> parse_condition(std::string_view text) {
  const auto words = parse::words(text);
  if (words.size() == 2 && words[0] == "has") {
    const auto key = SysctlKey::parse(words[1]);
    if (!key || find_fact(key->text()) == nullptr) return std::nullopt;
    return Condition{.kind = Condition::Kind::has_key, .key = key->text()};
  }
  if (words.size() != 3 || words[0] != "kernel") return std::nullopt;
  const auto version = parse_version(words[2]);
  if (!version) return std::nullopt;
  if (words[1] == ">=")
    return Condition{.kind = Condition::Kind::kernel_at_least, .version = *version};
  if (words[1] == "<")
    return Condition{.kind = Condition::Kind::kernel_before, .version = *version};
  return std::nullopt;
}

Result<void> read_condition(const Fields& fields, Demand& demand) {
  const auto text = fields.text("when");
  if (!text) return tl::unexpected(text.error());
  if (!*text) return {};
  demand.when = parse_condition(**text);
  if (demand.when) return {};
  return fields.error(fields.content().find("when")->position,
                      "\"" + **text + "\" is not a condition",
                      "Write \"has KEY\" with a key that tuner knows, \"kernel >= 4.18\" or "
                      "\"kernel < 4.18\".");
}

/// "listening ports", ports such as "8080,9100-9110", or a list of both.
Result<void> read_reserve(const Fields& fields, Demand& demand) {
  const parse::TomlValue* const value = fields.content().find("reserve");
  if (value == nullptr) return {};
  const auto refused = [&](Position position) {
    return fields.error(position,
                        "reserve takes \"listening ports\" and ports, and requires covers",
                        "Write reserve = \"listening ports\", or a list such as "
                        "[\"listening ports\", \"8080,9100-9110\"].");
  };
  const auto* const list = value->as<parse::TomlArray>();
  const parse::TomlArray single{*value};
  for (const parse::TomlValue& element : list == nullptr ? single : *list) {
    const auto* const text = element.as<std::string>();
    if (text == nullptr || demand.kind != Demand::Kind::covers) return refused(element.position);
    if (*text == "listening ports") {
      demand.reserve_listening_ports = true;
      continue;
    }
    const auto ports = parse::port_list(*text);
    if (!ports || ports->empty()) return refused(element.position);
    demand.reserve = united(std::move(demand.reserve), *ports);
  }
  return {};
}

Result<void> read_texts(const Fields& fields, Demand& demand) {
  auto why = fields.required_text("why");
  if (!why) return tl::unexpected(why.error());
  demand.why = std::move(*why);
  auto source = fields.text("source");
  if (!source) return tl::unexpected(source.error());
  demand.source = source->value_or("");
  auto cost = fields.text("cost");
  if (!cost) return tl::unexpected(cost.error());
  demand.cost = cost->value_or("");
  return {};
}

/// untouched and never are flags; all other kinds have a value that fits the key.
Result<void> read_value(const Fields& fields, const KindName& kind, Demand& demand) {
  const parse::TomlValue& value = *fields.content().find(kind.name);
  if (demand.area != Area::sysctl && kind.kind != Demand::Kind::at_least) {
    return fields.error(value.position, "limits and routes take only at_least",
                        "Write " + demand.key + " = { at_least = ..., why = \"...\" }.");
  }
  const bool names = demand.fact != nullptr && !demand.fact->holds_numbers();
  if (kind.kind == Demand::Kind::never && names) {
    return fields.error(value.position, "never is for flags, and the key holds names",
                        "Use exactly or one_of.");
  }
  if (kind.kind == Demand::Kind::untouched || kind.kind == Demand::Kind::never) {
    const auto* const flag = value.as<bool>();
    if (flag != nullptr && *flag) return {};
    return fields.error(value.position, std::string(kind.name) + " takes only true",
                        "Write " + std::string(kind.name) + " = true.");
  }
  const bool range = demand.fact != nullptr && demand.fact->unit == Unit::ports &&
                     demand.fact->element_count() == 2;
  if (kind.kind == Demand::Kind::covers && !range) {
    return fields.error(value.position, "covers is only for port ranges",
                        "Use exactly, at_least or at_most.");
  }
  const bool ordered = kind.kind == Demand::Kind::at_least || kind.kind == Demand::Kind::at_most;
  if (ordered && demand.fact != nullptr && !demand.fact->holds_numbers()) {
    return fields.error(value.position,
                        std::string(kind.name) + " needs numbers, and the key holds names",
                        "Use exactly or one_of.");
  }
  if (demand.fact != nullptr && demand.fact->write == Write::read_only) {
    return fields.error(value.position, "this key is read-only",
                        "Remove it; see tuner explain " + demand.key + ".");
  }
  return read_amount(fields, value, demand);
}

}  // namespace

std::string condition_text(const Condition& condition) {
  if (condition.kind == Condition::Kind::has_key) return "has " + condition.key;
  const bool at_least = condition.kind == Condition::Kind::kernel_at_least;
  return fmt::format("kernel {} {}.{}", at_least ? ">=" : "<", condition.version.major,
                     condition.version.minor);
}

std::string_view demand_kind_name(Demand::Kind kind) {
  for (const KindName& candidate : kKinds) {
    if (candidate.kind == kind) return candidate.name;
  }
  return {};
}

Result<Demand> parse_demand(const Fields& fields, Demand demand) {
  const auto known =
      fields.expect_only({"exactly", "at_least", "at_most", "covers", "one_of", "untouched",
                          "never", "why", "source", "cost", "when", "reserve"});
  if (!known) return tl::unexpected(known.error());
  const auto kind = find_kind(fields);
  if (!kind) return tl::unexpected(kind.error());
  demand.kind = (*kind)->kind;
  demand.position = fields.content().find((*kind)->name)->position;
  for (const auto& step : {read_value(fields, **kind, demand), read_texts(fields, demand),
                           read_condition(fields, demand), read_reserve(fields, demand)}) {
    if (!step) return tl::unexpected(step.error());
  }
  return demand;
}

}  // namespace tuner
