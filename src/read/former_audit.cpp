#include "read/former_audit.hpp"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace tuner::parse {

namespace {

using Json = nlohmann::json;

// What reads a member throws what the library throws where it is missing or of another type.

Severity severity_of(const Json& object) {
  const auto& name = object.at("severity").get_ref<const std::string&>();
  if (name == "error") return Severity::error;
  return name == "warning" ? Severity::warning : Severity::info;
}

std::string text_or_empty(const Json& member) {
  return member.is_null() ? std::string() : member.get<std::string>();
}

/// The member `name` of an object that may be null.
std::string text_below(const Json& object, const char* name) {
  return object.is_null() ? std::string() : text_or_empty(object.at(name));
}

FormerAudit audit_of(const Json& document) {
  FormerAudit audit{.generated_at = document.at("generated_at").get<std::string>(),
                    .hostname = text_below(document.at("host"), "hostname"),
                    .profile = text_below(document.at("profile"), "name")};
  for (const Json& finding : document.at("findings")) {
    if (finding.at("status").get_ref<const std::string&>() != "fail") continue;
    audit.failures.push_back({.id = finding.at("id").get<std::string>(),
                              .subject = finding.at("subject").get<std::string>(),
                              .severity = severity_of(finding)});
  }
  return audit;
}

FormerFleet fleet_of(const Json& document) {
  FormerFleet fleet{.generated_at = document.at("generated_at").get<std::string>(),
                    .profile = text_below(document.at("profile"), "name")};
  for (const Json& host : document.at("hosts")) {
    fleet.hosts.push_back(host.at("name").get<std::string>());
  }
  for (const Json& finding : document.at("findings")) {
    std::string about = text_or_empty(finding.at("key"));
    if (about.empty()) about = text_or_empty(finding.at("subject"));
    fleet.findings.push_back({.id = finding.at("id").get<std::string>(),
                              .about = std::move(about),
                              .severity = severity_of(finding),
                              .hosts = finding.at("names").get<std::vector<std::string>>()});
  }
  return fleet;
}

template <class Former>
Result<Former> read_document(std::string_view text, const std::string& subject,
                             std::string_view command, Former (*reader)(const Json&)) {
  const auto refused = [&](std::string detail) {
    return fail({.kind = ErrorKind::usage,
                 .subject = subject,
                 .detail = std::move(detail),
                 .hint = fmt::format("Give a file written by tuner {} --json -o FILE.", command)});
  };
  try {
    const Json document = Json::parse(text);
    const auto schema = document.is_object() ? document.find("schema") : document.end();
    if (schema == document.end() || *schema != fmt::format("tuner/{}/1", command)) {
      return refused(fmt::format("not a JSON document of tuner {}", command));
    }
    return reader(document);
  } catch (const Json::parse_error& error) {
    return refused(fmt::format("not JSON, at byte {}", error.byte));
  } catch (const Json::exception&) {
    return refused(fmt::format("not a complete JSON document of tuner {}", command));
  }
}

}  // namespace

Result<FormerAudit> former_audit(std::string_view text, const std::string& subject) {
  return read_document(text, subject, "audit", audit_of);
}

Result<FormerFleet> former_fleet(std::string_view text, const std::string& subject) {
  return read_document(text, subject, "fleet", fleet_of);
}

}  // namespace tuner::parse
