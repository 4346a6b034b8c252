#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "tuner/result.hpp"
#include "tuner/transaction.hpp"

/// The form of a journal: a line for the plan and one for each record, each behind the SHA-256 of
/// the line before it and itself.
namespace tuner::os {

/// What encoder and decoder have to agree on.
namespace journal_form {
constexpr int kVersion = 1;
constexpr const char* kKinds[] = {"sysctl", "file", "route", "limit"};  ///< of Step::Kind
constexpr const char* kParts[] = {"pending", "live", "keep"};           ///< of Step::Part
}  // namespace journal_form

/// The checksum that a line with `text` begins with, after a line with the checksum `chain`.
std::string chained_checksum(std::string_view chain, std::string_view text);

/// A line, with its newline. `chain` is the checksum of the line before; empty for the first.
std::string encode_plan(const TransactionPlan& plan);
std::string encode_record(const Record& record, std::string_view chain);

/// The checksum at the beginning of a line.
inline std::string_view checksum_of(std::string_view line) {
  constexpr std::size_t kLength = 64;
  return line.substr(0, kLength);
}

struct DecodedJournal {
  Transaction transaction{};
  std::size_t length = 0;  ///< of what is whole: a torn last line is left out
  std::string chain{};     ///< the checksum of the last whole line
};

/// Reads a journal. A last line that was torn is ignored. Errors: a line that is not what was
/// written, with its number.
Result<DecodedJournal> decode_journal(std::string_view text, const std::string& path);

}  // namespace tuner::os
