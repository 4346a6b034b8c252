#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tuner/result.hpp"

namespace tuner::parse {

class TomlValue;
using TomlArray = std::vector<TomlValue>;

/// A table with its entries in the order of the file.
class TomlTable {
 public:
  std::vector<TomlValue> entries;
  Position position;

  /// Null where there is no such entry.
  [[nodiscard]] const TomlValue* find(std::string_view name) const;
};

/// A value of a TOML document, its name in its table, and where it stands.
class TomlValue {
 public:
  using Date = std::chrono::year_month_day;
  std::string name{};  ///< empty in an array
  std::variant<bool, std::int64_t, double, std::string, Date, TomlArray, TomlTable> content{};
  Position position{};        ///< of its name; in an array, of itself
  Position value_position{};  ///< of its first character behind the equals sign

  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&content);
  }
  /// "an integer", "a table" and so on, for messages.
  [[nodiscard]] std::string_view type_name() const;
};

/// Reads a TOML document. `file` is named in errors (ErrorKind::configuration).
Result<TomlTable> toml(std::string_view text, const std::string& file);

}  // namespace tuner::parse
