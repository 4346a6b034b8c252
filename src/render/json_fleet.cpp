#include "render/fleet.hpp"
#include "render/fleet_since.hpp"
#include "render/json_parts.hpp"
#include "text/human.hpp"

namespace tuner::render {

namespace {

class Writer {
 public:
  Writer(const FleetReport& report, std::string_view version)
      : report_(report), version_(version) {}

  [[nodiscard]] std::string document() const {
    return Document()
        .with("schema", "tuner/fleet/1")
        .with("tool", tool_object(version_))
        .with("generated_at", text::timestamp(report_.generated_at))
        .with("directory", report_.directory)
        .with("profile", report_.profile ? profile_used(*report_.profile, report_.profile_sha256)
                                         : json_of(nullptr))
        .with("complete", report_.unread.empty() && report_.summary().unknown == 0)
        .with("summary", summary())
        .with_list("findings", report_.findings,
                   [this](const FleetFinding& finding) { return finding_object(finding); })
        .with_list("keys", report_.keys, [this](const FleetKey& key) { return key_object(key); })
        .with_list("hosts", report_.hosts, host_object)
        .with("since", fleet_since_object(report_))
        .with("warnings", list_of(report_.warnings))
        .with_list("errors", report_.unread, error_object)
        .text();
  }

 private:
  [[nodiscard]] Json summary() const {
    return Object()
        .with("hosts", report_.hosts.size())
        .with("with_error", report_.count(Severity::error))
        .with("with_warning", report_.count(Severity::warning))
        .with("with_info", report_.count(Severity::info))
        .with("incomplete", report_.incomplete())
        .with("clean", report_.clean())
        .with("unread", report_.unread.size())
        .with("waived_findings", report_.summary().waived)
        .json();
  }

  [[nodiscard]] Json names(const HostNumbers& hosts) const {
    return list_of(hosts, [this](std::uint32_t host) { return json_of(report_.hosts[host].name); });
  }

  [[nodiscard]] Json finding_object(const FleetFinding& finding) const {
    return Object()
        .with("id", finding.id)
        .with("severity", severity_name(finding.severity))
        .with("key", text_or_null(finding.key))
        .with("subject", text_or_null(finding.subject))
        .with("message", meaning_of(finding.id))
        .with("hosts", finding.hosts.size())
        .with("names", names(finding.hosts))
        .json();
  }

  [[nodiscard]] Json key_object(const FleetKey& key) const {
    const auto value_object = [this](const FleetValue& value) {
      return Object()
          .with("value", value.value)
          .with("hosts", value.hosts.size())
          .with("names", names(value.hosts))
          .json();
    };
    return Object()
        .with("key", key.key)
        .with("usual", key.usual)
        .with("usual_is_default", key.usual_is_default)
        .with("hosts", key.hosts)
        .with("usual_hosts", key.usual_hosts)
        .with("others", list_of(key.others, value_object))
        .json();
  }

  static Json host_object(const FleetHost& host) {
    return Object()
        .with("name", host.name)
        .with("hostname", text_or_null(host.hostname))
        .with("kernel", text_or_null(host.kernel))
        .with("severity", Object()
                              .with("error", host.summary.errors)
                              .with("warning", host.summary.warnings)
                              .with("info", host.summary.infos)
                              .json())
        .with("unknown", host.summary.unknown)
        .with("waived", host.summary.waived)
        .with("differs", list_of(host.differs))
        .with("next", text_or_null(host.next_command))
        .json();
  }

  const FleetReport& report_;
  std::string_view version_;
};

}  // namespace

std::string fleet_json(const FleetReport& report, std::string_view version) {
  return Writer(report, version).document();
}

}  // namespace tuner::render
