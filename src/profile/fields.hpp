#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "read/toml.hpp"
#include "tuner/result.hpp"

namespace tuner {

/// Reads the fields of one TOML table and says what is wrong with them: file, line, column, the
/// key they belong to, and the hint.
class Fields {
 public:
  Fields(std::string file, std::string key, const parse::TomlTable& table)
      : file_(std::move(file)), key_(std::move(key)), table_(&table) {}

  /// An error at `position`, about this table's key.
  [[nodiscard]] tl::unexpected<Error> error(Position position, std::string detail,
                                            std::string hint) const;

  /// Fails on a field that is not in `known`.
  [[nodiscard]] Result<void> expect_only(std::initializer_list<std::string_view> known) const;

  /// A non-empty string; no value where the field is missing.
  [[nodiscard]] Result<std::optional<std::string>> text(std::string_view name) const;
  [[nodiscard]] Result<std::string> required_text(std::string_view name) const;
  [[nodiscard]] Result<std::vector<std::string>> texts(std::string_view name) const;

  /// The table of a field; null where it is missing.
  [[nodiscard]] Result<const parse::TomlTable*> table(std::string_view name) const;

  [[nodiscard]] const parse::TomlTable& content() const { return *table_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const std::string& key() const { return key_; }

 private:
  std::string file_;
  std::string key_;
  const parse::TomlTable* table_;
};

}  // namespace tuner
