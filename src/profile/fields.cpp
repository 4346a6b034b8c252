#include "profile/fields.hpp"

#include <algorithm>

#include "model/number.hpp"
#include "text/suggest.hpp"

namespace tuner {

tl::unexpected<Error> Fields::error(Position position, std::string detail, std::string hint) const {
  return fail({.kind = ErrorKind::configuration,
               .subject = file_,
               .detail = std::move(detail),
               .hint = std::move(hint),
               .position = position,
               .key = key_});
}

Result<void> Fields::expect_only(std::initializer_list<std::string_view> known) const {
  for (const parse::TomlValue& entry : table_->entries) {
    if (std::find(known.begin(), known.end(), entry.name) != known.end()) continue;
    std::string hint = did_you_mean(entry.name, {known.begin(), known.size()});
    if (hint.empty()) {
      hint = "Known here:";
      for (const std::string_view field : known) hint += ' ' + std::string(field);
      hint += '.';
    }
    return error(entry.position, "unknown field \"" + entry.name + "\"", std::move(hint));
  }
  return {};
}

Result<std::optional<std::string>> Fields::text(std::string_view name) const {
  const parse::TomlValue* const value = table_->find(name);
  if (value == nullptr) return std::nullopt;
  const auto* const content = value->as<std::string>();
  if (content == nullptr || parse::trim(*content).empty()) {
    return error(value->position, std::string(name) + " is not a string",
                 "Write " + std::string(name) + " = \"...\".");
  }
  return *content;
}

Result<std::string> Fields::required_text(std::string_view name) const {
  auto value = text(name);
  if (!value) return tl::unexpected(value.error());
  if (!*value) {
    return error(table_->position, std::string(name) + " is missing",
                 "Add " + std::string(name) + " = \"...\".");
  }
  return **value;
}

Result<std::vector<std::string>> Fields::texts(std::string_view name) const {
  std::vector<std::string> result;
  const parse::TomlValue* const value = table_->find(name);
  if (value == nullptr) return result;
  const auto* const array = value->as<parse::TomlArray>();
  const std::string hint = "Write " + std::string(name) + " = [\"...\", \"...\"].";
  if (array == nullptr) return error(value->position, std::string(name) + " is not an array", hint);
  for (const parse::TomlValue& element : *array) {
    const auto* const content = element.as<std::string>();
    if (content == nullptr) {
      return error(element.position, std::string(name) + " contains something other than strings",
                   hint);
    }
    result.push_back(*content);
  }
  return result;
}

Result<const parse::TomlTable*> Fields::table(std::string_view name) const {
  const parse::TomlValue* const value = table_->find(name);
  if (value == nullptr) return nullptr;
  const auto* const content = value->as<parse::TomlTable>();
  if (content == nullptr) {
    return error(value->position,
                 std::string(name) + " is " + std::string(value->type_name()) + ", not a table",
                 "Write [" + std::string(name) + "] on a line of its own.");
  }
  return content;
}

}  // namespace tuner
