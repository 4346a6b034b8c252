#include "profile/settings.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "knowledge/facts.hpp"
#include "knowledge/key_name.hpp"
#include "model/number.hpp"
#include "profile/amount.hpp"
#include "profile/parse_demand.hpp"
#include "read/measure.hpp"
#include "read/sysctl.hpp"
#include "text/suggest.hpp"
#include "tuner/profile.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

namespace {

tl::unexpected<Error> refused(std::string subject, std::string detail, std::string hint) {
  return fail({.kind = ErrorKind::usage,
               .subject = std::move(subject),
               .detail = std::move(detail),
               .hint = std::move(hint)});
}

/// A number of a key that counts bytes or KiB may stand bare here, as in a sysctl file; a profile
/// asks for its unit.
std::string with_unit(std::string_view word, Unit unit) {
  std::string text(word);
  if (!parse::integer(word)) return text;
  if (unit == Unit::bytes) return text + " B";
  return unit == Unit::kibibytes ? text + " KiB" : text;
}

/// The value as the profile's reader takes it: an array for keys of several numbers.
parse::TomlValue value_of(const Setting& setting, const Fact& fact) {
  parse::TomlValue value{.name = "exactly"};
  if (!fact.holds_numbers()) {
    value.content = setting.value;
    return value;
  }
  parse::TomlArray elements;
  for (const std::string_view word : parse::words(setting.value)) {
    elements.push_back({.content = with_unit(word, fact.unit)});
  }
  value.content = std::move(elements);
  return value;
}

Result<Demand> demand_of(const AskedSetting& asked, const std::string& subject,
                         std::string_view option) {
  const Setting& setting = asked.setting;
  const Fact* const fact = find_fact(setting.key);
  if (fact == nullptr || fact->scope == Scope::process ||
      setting.key.find('*') != std::string::npos) {
    std::vector<std::string_view> known;
    for (const Fact* const one : all_facts()) known.push_back(one->key);
    std::string hint = did_you_mean(setting.key, known);
    if (hint.empty()) {
      hint = "tuner sets only keys whose unit and range it knows.";
    }
    return refused(subject, "unknown key", std::move(hint));
  }
  if (fact->write != Write::allowed) {
    return refused(subject, "tuner never writes it", std::string(first_note(*fact)));
  }
  for (const std::string_view word : parse::words(setting.value)) {
    if (fact->unit == Unit::pages && parse::integer(word)) {
      return refused(subject, "the key counts pages, and a bare number may be meant as bytes",
                     "Give sizes such as 128MiB; they are turned into pages.");
    }
    const bool known =
        !fact->holds_numbers() || word == "-" || parse::integer(word) || parse::measure(word);
    if (known) continue;
    const bool short_unit = word.size() > 1 && parse::integer(word.substr(0, word.size() - 1)) &&
                            std::string_view("KMGT").find(word.back()) != std::string_view::npos;
    return refused(subject, "\"" + std::string(word) + "\" is not a valid value for this key",
                   short_unit ? "Write " + std::string(word) + "iB, or the number of bytes."
                              : "See tuner explain " + setting.key + " for valid values.");
  }
  parse::TomlTable table;
  table.entries.push_back(value_of(setting, *fact));
  table.entries.push_back({.name = "why", .content = asked.why});
  const Fields fields(subject, "", table);
  auto demand = parse_demand(fields, {.area = Area::sysctl, .key = setting.key, .fact = fact});
  if (!demand) return refused(subject, demand.error().detail, demand.error().hint);
  demand->written = setting.value;
  demand->file = option;
  demand->source = "the command line";
  demand->reserve_listening_ports = setting.key == kPortRange;
  return demand;
}

}  // namespace

Result<Setting> parse_setting(std::string_view text) {
  const auto equals = text.find('=');
  const auto key = equals == std::string_view::npos
                       ? std::nullopt
                       : SysctlKey::parse(parse::trim(text.substr(0, equals)));
  if (!key) {
    return refused("--set " + std::string(text), "not in the form KEY=VALUE",
                   "Write it like --set net.core.somaxconn=8192.");
  }
  const auto words = parse::words(text.substr(equals + 1));
  std::string value;
  for (const std::string_view word : words) value.append(value.empty() ? "" : " ").append(word);
  std::string whole;
  if (fact_of(key->text(), whole) == nullptr) whole = key->text();
  return Setting{.key = std::move(whole), .value = std::move(value)};
}

Result<void> give_settings(std::span<const AskedSetting> settings, std::string_view option,
                           Profile& profile) {
  for (const AskedSetting& asked : settings) {
    const Setting& setting = asked.setting;
    const std::string subject = std::string(option) + ' ' + setting.key + '=' + setting.value;
    auto demand = demand_of(asked, subject, option);
    if (!demand) return tl::unexpected(demand.error());
    const auto given =
        std::find_if(profile.demands.begin(), profile.demands.end(), [&](const Demand& other) {
          return other.area == Area::sysctl && other.key == setting.key;
        });
    if (given == profile.demands.end()) {
      profile.demands.push_back(std::move(*demand));
    } else if (given->file == option && given->written != setting.value) {
      return refused(subject, "the key is set to " + given->written + " too", "Keep one of them.");
    } else {
      *given = std::move(*demand);
    }
  }
  return {};
}

}  // namespace tuner
