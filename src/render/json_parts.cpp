#include "render/json_parts.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

Json text_or_null(const std::string& text) {
  return text.empty() ? json_of(nullptr) : json_of(text);
}

Json error_object(const Error& error) {
  const bool placed = error.position.line > 0;
  return Object()
      .with("message", error.message())
      .with("file", error.subject)
      .with("line", placed ? json_of(error.position.line) : json_of(nullptr))
      .with("column", placed ? json_of(error.position.column) : json_of(nullptr))
      .with("key", error.key)
      .with("way_out", error.hint)
      .json();
}

Json host_object(const HostSnapshot& host) {
  const bool child = host.network_namespace == NetworkNamespace::child;
  return Object()
      .with("hostname", host.hostname ? json_of(*host.hostname) : json_of(nullptr))
      .with("kernel", host.kernel ? json_of(host.kernel->text) : json_of(nullptr))
      .with("architecture",
            host.architecture.empty() ? json_of(nullptr) : json_of(host.architecture))
      .with("page_size",
            host.page_size ? json_of(host.page_size->bytes().count()) : json_of(nullptr))
      .with("memory_bytes", host.memory ? json_of(host.memory->count()) : json_of(nullptr))
      .with("cpus", host.softnet ? json_of(host.softnet->processors) : json_of(nullptr))
      .with("uptime_seconds", host.uptime ? json_of(host.uptime->count()) : json_of(nullptr))
      .with("sample_ms", host.sampled_for ? json_of(host.sampled_for->count()) : json_of(nullptr))
      .with("since_last_audit", host.since_last_audit)
      .with("netns", child ? "child" : "init")
      .with("container", host.container)
      .with("root", host.root)
      .json();
}

Json evidence_object(const Evidence& evidence) {
  return Object()
      .with("source", evidence.source)
      .with("name", evidence.name)
      .with("value", evidence.value)
      .with("meaning", evidence.meaning)
      .json();
}

Json measured_object(const Input& input) {
  return Object()
      .with("value", input.written)
      .with("measured", Object()
                            .with("at", text::timestamp(input.measured_at))
                            .with("connections", input.measured_on)
                            .with("how", input.measured)
                            .json())
      .json();
}

Json inputs_object(const Profile& profile) {
  Object inputs;
  for (const Input& input : profile.inputs) {
    if (input.measured.empty()) {
      inputs.with(quantity_name(input.quantity), input.written);
    } else {
      inputs.with(quantity_name(input.quantity), measured_object(input));
    }
  }
  return inputs.json();
}

Json profile_used(const Profile& profile, std::string_view sha256) {
  if (profile.name.empty()) return json_of(nullptr);
  return Object()
      .with("name", profile.name)
      .with("path", profile.path)
      .with("sha256", sha256)
      .with("inputs", inputs_object(profile))
      .json();
}

Json tool_object(std::string_view version) {
  return Object().with("name", "tuner").with("version", version).json();
}

Json summary_object(const Summary& summary) {
  return Object()
      .with("checks", summary.checks)
      .with("status", Object()
                          .with("pass", summary.pass)
                          .with("fail", summary.fail)
                          .with("unknown", summary.unknown)
                          .with("skipped", summary.skipped)
                          .json())
      .with("severity", Object()
                            .with("error", summary.errors)
                            .with("warning", summary.warnings)
                            .with("info", summary.infos)
                            .json())
      .with("waived", summary.waived)
      .json();
}

}  // namespace tuner::render
