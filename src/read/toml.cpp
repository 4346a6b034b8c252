#include "read/toml.hpp"

#include <toml++/toml.h>

#include <algorithm>

namespace tuner::parse {

namespace {

// toml++ promises UTF-8 errors and positions; this is the only place that knows the library.
Position position_of(const toml::node& node) {
  const auto& begin = node.source().begin;
  return {static_cast<int>(begin.line), static_cast<int>(begin.column)};
}

TomlTable convert_table(const toml::table& source);
TomlValue convert(const toml::node& node);

TomlArray convert_array(const toml::array& source) {
  TomlArray result;
  for (const toml::node& element : source) result.push_back(convert(element));
  return result;
}

TomlValue::Date date_of(const toml::date& source) {
  return {std::chrono::year(source.year), std::chrono::month(source.month),
          std::chrono::day(source.day)};
}

TomlValue convert(const toml::node& node) {
  TomlValue result{.position = position_of(node), .value_position = position_of(node)};
  if (const auto* table = node.as_table()) {
    result.content = convert_table(*table);
  } else if (const auto* array = node.as_array()) {
    result.content = convert_array(*array);
  } else if (const auto* text = node.as_string()) {
    result.content = text->get();
  } else if (const auto* integer = node.as_integer()) {
    result.content = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    result.content = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    result.content = flag->get();
  } else if (const auto* moment = node.as_date_time()) {
    result.content = date_of(moment->get().date);
  } else if (const auto* date = node.as_date()) {
    result.content = date_of(date->get());
  } else {
    result.content = std::string("a time");
  }
  return result;
}

TomlTable convert_table(const toml::table& source) {
  TomlTable result;
  result.position = position_of(source);
  for (const auto& [key, node] : source) {
    TomlValue entry = convert(node);
    entry.name = std::string(key.str());
    // A table that is opened by several headers has no place of its own: its name has.
    const auto& begin = key.source().begin;
    if (begin.line > 0) {
      entry.position = {static_cast<int>(begin.line), static_cast<int>(begin.column)};
    }
    result.entries.push_back(std::move(entry));
  }
  std::stable_sort(
      result.entries.begin(), result.entries.end(),
      [](const auto& left, const auto& right) { return left.position.line < right.position.line; });
  return result;
}

}  // namespace

const TomlValue* TomlTable::find(std::string_view name) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [name](const TomlValue& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

std::string_view TomlValue::type_name() const {
  constexpr std::string_view kNames[] = {"a boolean", "an integer", "a number with a point",
                                         "a string",  "a date",     "an array",
                                         "a table"};
  return kNames[content.index()];
}

Result<TomlTable> toml(std::string_view text, const std::string& file) {
  try {
    return convert_table(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    return fail({.kind = ErrorKind::configuration,
                 .subject = file,
                 .detail = std::string(error.description()),
                 .hint = "Correct the TOML syntax at this place.",
                 .position = {static_cast<int>(begin.line), static_cast<int>(begin.column)},
                 .key = {}});
  }
}

}  // namespace tuner::parse
