#include "os/journal_text.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace tuner::os {

namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

std::string bytes_of(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  const std::string digits = json.at("hex").get<std::string>();
  std::string bytes;
  for (std::size_t index = 0; index + 1 < digits.size(); index += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(index, 2), nullptr, 16));
  }
  return bytes;
}

/// Throws for what is not a whole number of that type, as the library does for another type: it
/// would convert 1e80.
template <class Integer>
Integer integer_of(const Json& json) {
  if (json.is_number_unsigned()) {
    const auto number = json.get<std::uint64_t>();
    if (std::in_range<Integer>(number)) return static_cast<Integer>(number);
  } else if (json.is_number_integer()) {
    const auto number = json.get<std::int64_t>();
    if (std::in_range<Integer>(number)) return static_cast<Integer>(number);
  }
  throw std::invalid_argument("not a whole number");
}

std::optional<std::string> optional_bytes_of(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(bytes_of(json));
}

std::optional<milliseconds> time_of(const Json& json) {
  return json.is_null() ? std::nullopt
                        : std::optional(milliseconds(integer_of<std::int64_t>(json)));
}

Actor actor_of(const Json& json) {
  return {.user = bytes_of(json.at("user")), .command = bytes_of(json.at("command"))};
}

/// Throws for a name that is not in the list, as the library does for what it misses.
template <class Enum, std::size_t Size>
Enum named(const char* const (&names)[Size], const Json& json) {
  const auto name = json.get<std::string>();
  for (std::size_t index = 0; index < Size; ++index) {
    if (name == names[index]) return static_cast<Enum>(index);
  }
  throw std::invalid_argument("an unknown name");
}

Step step_of(const Json& json) {
  return {.kind = named<Step::Kind>(journal_form::kKinds, json.at("kind")),
          .part = named<Step::Part>(journal_form::kParts, json.at("part")),
          .target = bytes_of(json.at("target")),
          .original = optional_bytes_of(json.at("original")),
          .wanted = optional_bytes_of(json.at("wanted")),
          .follows = json.at("follows").get<bool>(),
          .moved = json.at("moved").get<bool>(),
          .mode = integer_of<std::uint32_t>(json.at("mode")),
          .interface_index = integer_of<std::int64_t>(json.at("interface_index")),
          .why = bytes_of(json.at("why"))};
}

Place place_of(const Json& json) {
  return {.machine = bytes_of(json.at("machine")),
          .boot = bytes_of(json.at("boot")),
          .network_namespace = bytes_of(json.at("network_namespace")),
          // Journals of earlier versions have none.
          .network_cookie = json.contains("network_cookie")
                                ? integer_of<std::uint64_t>(json.at("network_cookie"))
                                : 0,
          .first_process =
              json.contains("first_process") ? bytes_of(json.at("first_process")) : std::string(),
          .first_namespace = json.at("first_namespace").get<bool>()};
}

TransactionPlan plan_of(const Json& json) {
  if (integer_of<int>(json.at("journal")) != journal_form::kVersion)
    throw std::invalid_argument("another version");
  TransactionPlan plan{
      .id = bytes_of(json.at("id")),
      .number = integer_of<std::int64_t>(json.at("number")),
      .created = std::chrono::sys_seconds(
          std::chrono::seconds(integer_of<std::int64_t>(json.at("created")))),
      .actor = actor_of(json.at("actor")),
      .place = place_of(json.at("place")),
      .profile = bytes_of(json.at("profile")),
      .profile_sha256 = bytes_of(json.at("profile_sha256")),
      .version = bytes_of(json.at("version")),
      .confirm_within = time_of(json.at("confirm_within_ms")),
      .newest_interface = json.contains("newest_interface")
                              ? integer_of<std::int64_t>(json.at("newest_interface"))
                              : 0};
  for (const Json& step : json.at("steps")) plan.steps.push_back(step_of(step));
  return plan;
}

Record record_of(const Json& json) {
  const auto state = state_named(json.at("state").get<std::string>());
  if (!state) throw std::invalid_argument("an unknown state");
  Record record{
      .state = *state,
      .at = std::chrono::sys_seconds(std::chrono::seconds(integer_of<std::int64_t>(json.at("at")))),
      .actor = actor_of(json.at("actor")),
      .reason = bytes_of(json.at("reason")),
      .confirm_by = time_of(json.at("confirm_by_ms")),
      .timer = bytes_of(json.at("timer"))};
  for (const Json& pair : json.at("followed")) {
    record.followed.emplace(bytes_of(pair.at(0)), bytes_of(pair.at(1)));
  }
  for (const Json& conflict : json.at("conflicts")) record.conflicts.push_back(bytes_of(conflict));
  // Journals of earlier versions have none.
  if (json.contains("notes")) {
    for (const Json& one : json.at("notes")) record.notes.push_back(bytes_of(one));
    for (const Json& target : json.at("left")) record.left.push_back(bytes_of(target));
  }
  return record;
}

}  // namespace

Result<DecodedJournal> decode_journal(std::string_view text, const std::string& path) {
  DecodedJournal journal;
  int number = 0;
  const auto damaged = [&](const std::string& detail) {
    return fail({.subject = path,
                 .detail = "line " + std::to_string(number) + " " + detail,
                 .hint = "Compare the host with the file by hand, then move its directory away."});
  };
  while (journal.length < text.size()) {
    ++number;
    const std::string_view rest = text.substr(journal.length);
    const auto end = rest.find('\n');
    // Only the last line can be torn: each one was on the disk before the next was begun.
    if (end == std::string_view::npos) break;
    const std::string_view line = rest.substr(0, end);
    const std::string sum(checksum_of(line));
    const std::string_view body = line.substr(std::min(line.size(), sum.size() + 1));
    if (line.substr(sum.size(), 1) != " " || chained_checksum(journal.chain, body) != sum) {
      const bool last = journal.length + end + 1 == text.size();
      if (last && number > 1 && line.find('\0') != std::string_view::npos) break;
      return damaged("was changed since tuner wrote it: its checksum differs");
    }
    try {
      const Json json = Json::parse(body);
      if (number == 1) {
        journal.transaction.plan = plan_of(json);
      } else {
        journal.transaction.records.push_back(record_of(json));
      }
    } catch (const std::exception&) {
      return damaged("has a form that this version does not know");
    }
    journal.length += end + 1;
    journal.chain = sum;
  }
  if (journal.length == 0) {
    number = 1;
    return damaged("is incomplete");
  }
  return journal;
}

}  // namespace tuner::os
