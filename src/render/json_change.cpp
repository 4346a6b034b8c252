#include "render/json_change.hpp"

#include "judge/findings.hpp"
#include "read/sysctl.hpp"
#include "render/json_parts.hpp"

namespace tuner::render {

namespace {

/// A default that is not exact is no value of /proc.
Json default_of(const Change& change) {
  const bool exact = change.default_text && change.default_text->find("..") == std::string::npos;
  return exact ? json_of(*change.default_text) : json_of(nullptr);
}

Json size_list(const Change& change, const std::string& value, const HostSnapshot& host) {
  return list_of(parse::sysctl_value(value).numbers, [&](std::int64_t number) {
    return change.fact == nullptr ? json_of(nullptr)
                                  : json_of(judge::with_size(*change.fact, number, host));
  });
}

}  // namespace

Json change_object(const Change& change, const HostSnapshot& host, const ChangeOutcome& outcome) {
  const std::string_view unit = change.fact == nullptr ? "" : unit_name(*change.fact);
  return Object()
      .with("key", change.key)
      .with("unit", unit.empty() ? json_of(nullptr) : json_of(unit))
      .with("default", default_of(change))
      .with("default_text", change.default_text.value_or(""))
      .with("boot", change.boot)
      .with("running", change.running)
      .with("wanted", change.wanted)
      .with("sizes", Object()
                         .with("running", size_list(change, change.running, host))
                         .with("wanted", size_list(change, change.wanted, host))
                         .json())
      .with("result", outcome.result)
      .with("why", change.why)
      .with("derivation", change.derivation)
      .with("source", change.source)
      .with("cost", change.cost)
      .with("profile", change.profile)
      .with("file", text_or_null(outcome.file))
      .with("runtime", text_or_null(std::string(outcome.runtime)))
      .with("persisted", text_or_null(std::string(outcome.persisted)))
      .with("error", text_or_null(outcome.error))
      .json();
}

Json obstacle_object(const Obstacle& obstacle) {
  return Object()
      .with("key", obstacle.key)
      .with("reason", obstacle.reason)
      .with("differs", obstacle.differs)
      .with("unread", obstacle.unread)
      .json();
}

}  // namespace tuner::render
