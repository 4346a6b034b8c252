#include "profile/parse_profile.hpp"

#include <unordered_map>

#include "knowledge/facts.hpp"
#include "profile/fields.hpp"
#include "profile/inputs.hpp"
#include "profile/parse_demand.hpp"
#include "text/suggest.hpp"
#include "tuner/profile.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

namespace {

std::string stem_of(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  if (path.ends_with(".toml")) path.remove_suffix(5);
  return std::string(path);
}

Result<void> check_schema(const Fields& fields) {
  const parse::TomlValue* const value = fields.content().find("schema");
  const auto* const number = value == nullptr ? nullptr : value->as<std::int64_t>();
  if (number != nullptr && *number == 1) return {};
  return fields.error(value == nullptr ? Position{1, 1} : value->position,
                      "schema is missing or not 1", "Write schema = 1 on the first line.");
}

tl::unexpected<Error> unknown_key(const Fields& fields, Position position, const std::string& key) {
  std::vector<std::string_view> candidates;
  for (const Fact* const fact : all_facts()) candidates.push_back(fact->key);
  std::string hint = did_you_mean(key, candidates);
  if (key.find('*') != std::string::npos) {
    hint = "Name the interface, or all: net.ipv4.conf.all.rp_filter.";
  } else if (key.find('.') == std::string::npos) {
    hint = "Write the whole key in quotes: [sysctl.\"net.core.somaxconn\"].";
  } else if (hint.empty()) {
    hint = "tuner does not know this key's unit and range, so it cannot judge it.";
  }
  return fields.error(position, "unknown sysctl key", std::move(hint));
}

/// The key in its one form, and its fact. A row for all interfaces needs a name for its star.
Result<Demand> identify_sysctl(const Fields& fields, Position position, const std::string& name) {
  const auto key = SysctlKey::parse(name);
  const Fact* const fact = key ? find_fact(key->text()) : nullptr;
  if (fact == nullptr || fact->scope == Scope::process || name.find('*') != std::string::npos) {
    return unknown_key(fields, position, name);
  }
  return Demand{.area = Area::sysctl, .key = key->text(), .fact = fact};
}

/// Reads the demands of one section with the same treatment for each entry.
template <class Identify>
Result<void> read_section(const Fields& fields, std::string_view section, Identify identify,
                          Profile& profile) {
  const auto table = fields.table(section);
  if (!table) return tl::unexpected(table.error());
  if (*table == nullptr) return {};
  for (const parse::TomlValue& value : (*table)->entries) {
    const std::string& name = value.name;
    const parse::TomlTable none;
    const auto* const content = value.as<parse::TomlTable>();
    const Fields entry(fields.file(), name, content == nullptr ? none : *content);
    auto demand = identify(entry, value.position, name);
    if (!demand) return tl::unexpected(demand.error());
    if (content == nullptr) {
      return entry.error(value.position,
                         "it is " + std::string(value.type_name()) + ", not a table",
                         "Write " + name + " = { at_least = ..., why = \"...\" }.");
    }
    auto parsed = parse_demand(entry, std::move(*demand));
    if (!parsed) return tl::unexpected(parsed.error());
    parsed->profile = profile.name;
    parsed->file = profile.path;
    profile.demands.push_back(std::move(*parsed));
  }
  return {};
}

/// For sections that know a single name.
auto only(Area area, std::string_view known) {
  return [area, known](const Fields& fields, Position position,
                       const std::string& name) -> Result<Demand> {
    if (name == known) return Demand{.area = area, .key = name};
    return fields.error(position, "unknown field \"" + name + "\"",
                        "Known here: " + std::string(known) + ".");
  };
}

Result<void> read_header(const Fields& fields, Profile& profile) {
  auto name = fields.required_text("name");
  if (!name) return tl::unexpected(name.error());
  if (*name != stem_of(profile.path)) {
    return fields.error(
        fields.content().find("name")->position,
        "name is \"" + *name + "\", but the file is called \"" + stem_of(profile.path) + ".toml\"",
        "Give both the same name.");
  }
  profile.name = std::move(*name);
  auto summary = fields.required_text("summary");
  if (!summary) return tl::unexpected(summary.error());
  profile.summary = std::move(*summary);
  auto includes = fields.texts("include");
  if (!includes) return tl::unexpected(includes.error());
  profile.includes = std::move(*includes);
  if (profile.includes.empty()) return {};
  profile.include_position = fields.content().find("include")->position;
  for (const std::string& included : profile.includes) {
    if (included.find('/') == std::string::npos) continue;
    return fields.error(profile.include_position, "include \"" + included + "\" is a path",
                        "Include profiles by their names.");
  }
  return {};
}

/// TOML tells `a.b` from `a/b`; for a sysctl they are one key.
Result<void> check_twice(const Fields& fields, const Profile& profile) {
  std::unordered_map<std::string, int> lines;
  for (const Demand& demand : profile.demands) {
    const std::string name = std::to_string(static_cast<int>(demand.area)) + demand.key;
    const auto [first, fresh] = lines.emplace(name, demand.position.line);
    if (fresh) continue;
    return Fields(fields.file(), demand.key, fields.content())
        .error(demand.position, "duplicate key, first on line " + std::to_string(first->second),
               "Keep one of the two.");
  }
  return {};
}

}  // namespace

Result<Profile> parse_profile(std::string_view text, const std::string& path) {
  const auto document = parse::toml(text, path);
  if (!document) return tl::unexpected(document.error());
  Profile profile{.path = path};
  const Fields fields(path, "", *document);
  auto checked = check_schema(fields);
  if (checked) checked = read_header(fields, profile);
  if (checked) {
    checked = fields.expect_only(
        {"schema", "name", "summary", "include", "inputs", "sysctl", "limits", "route"});
  }
  if (checked) checked = read_inputs(fields, profile);
  if (checked) checked = read_section(fields, "sysctl", identify_sysctl, profile);
  if (checked) checked = read_section(fields, "limits", only(Area::limit, "nofile"), profile);
  if (checked) checked = read_section(fields, "route", only(Area::route, "initcwnd"), profile);
  if (checked) checked = check_twice(fields, profile);
  if (!checked) return tl::unexpected(checked.error());
  return profile;
}

}  // namespace tuner
