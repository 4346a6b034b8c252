#include "os/journal_text.hpp"

#include <nlohmann/json.hpp>

#include "os/sha256.hpp"

namespace tuner::os {

namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

/// Files and names hold any bytes, and JSON holds UTF-8: what is none is written in hexadecimal.
Json bytes_json(const std::string& bytes) {
  Json text(bytes);
  try {
    (void)text.dump();
    return text;
  } catch (const Json::exception&) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string digits;
    for (const char byte : bytes) {
      const auto code = static_cast<unsigned char>(byte);
      digits += {kDigits[code >> 4U], kDigits[code & 0xFU]};
    }
    return Json{{"hex", digits}};
  }
}

Json optional_bytes(const std::optional<std::string>& bytes) {
  return bytes ? bytes_json(*bytes) : Json(nullptr);
}

Json time_json(const std::optional<milliseconds>& time) {
  return time ? Json(time->count()) : Json(nullptr);
}

Json actor_json(const Actor& actor) {
  return {{"user", bytes_json(actor.user)}, {"command", bytes_json(actor.command)}};
}

Json step_json(const Step& step) {
  return {{"kind", journal_form::kKinds[static_cast<std::size_t>(step.kind)]},
          {"part", journal_form::kParts[static_cast<std::size_t>(step.part)]},
          {"target", bytes_json(step.target)},
          {"original", optional_bytes(step.original)},
          {"wanted", optional_bytes(step.wanted)},
          {"follows", step.follows},
          {"moved", step.moved},
          {"mode", step.mode},
          {"interface_index", step.interface_index},
          {"why", bytes_json(step.why)}};
}

Json place_json(const Place& place) {
  return {{"machine", bytes_json(place.machine)},
          {"boot", bytes_json(place.boot)},
          {"network_namespace", bytes_json(place.network_namespace)},
          {"network_cookie", place.network_cookie},
          {"first_process", bytes_json(place.first_process)},
          {"first_namespace", place.first_namespace}};
}

std::string line_of(const Json& json, std::string_view chain) {
  const std::string text = json.dump(-1, ' ', true);
  return chained_checksum(chain, text) + ' ' + text + '\n';
}

}  // namespace

std::string chained_checksum(std::string_view chain, std::string_view text) {
  return sha256(std::string(chain).append(text));
}

std::string encode_plan(const TransactionPlan& plan) {
  Json steps = Json::array();
  for (const Step& step : plan.steps) steps.push_back(step_json(step));
  return line_of({{"journal", journal_form::kVersion},
                  {"id", bytes_json(plan.id)},
                  {"number", plan.number},
                  {"created", plan.created.time_since_epoch().count()},
                  {"actor", actor_json(plan.actor)},
                  {"place", place_json(plan.place)},
                  {"profile", bytes_json(plan.profile)},
                  {"profile_sha256", bytes_json(plan.profile_sha256)},
                  {"version", bytes_json(plan.version)},
                  {"confirm_within_ms", time_json(plan.confirm_within)},
                  {"newest_interface", plan.newest_interface},
                  {"steps", std::move(steps)}},
                 {});
}

std::string encode_record(const Record& record, std::string_view chain) {
  Json followed = Json::array();
  for (const auto& [target, value] : record.followed) {
    followed.push_back(Json::array({bytes_json(target), bytes_json(value)}));
  }
  Json left = Json::array();
  for (const std::string& target : record.left) left.push_back(bytes_json(target));
  Json notes = Json::array();
  for (const std::string& one : record.notes) notes.push_back(bytes_json(one));
  Json conflicts = Json::array();
  for (const std::string& conflict : record.conflicts) conflicts.push_back(bytes_json(conflict));
  return line_of({{"state", std::string(state_name(record.state))},
                  {"at", record.at.time_since_epoch().count()},
                  {"actor", actor_json(record.actor)},
                  {"reason", bytes_json(record.reason)},
                  {"confirm_by_ms", time_json(record.confirm_by)},
                  {"timer", bytes_json(record.timer)},
                  {"followed", std::move(followed)},
                  {"conflicts", std::move(conflicts)},
                  {"left", std::move(left)},
                  {"notes", std::move(notes)}},
                 chain);
}

}  // namespace tuner::os
