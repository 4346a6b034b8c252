#include "knowledge/readers.hpp"
#include "render/boot.hpp"
#include "render/json_parts.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

Json value_object(const std::optional<BootValue>& value) {
  if (!value) return json_of(nullptr);
  return Object()
      .with("value", value->value)
      .with("file", value->file)
      .with("line", value->line)
      .with("error", text_or_null(value->error))
      .json();
}

Json shadowed_object(const Shadowed& loser) {
  return Object()
      .with("file", loser.file)
      .with("line", loser.line)
      .with("value", loser.value)
      .with("hidden_by", text_or_null(loser.by))
      .json();
}

Json key_object(const BootView& view, const BootKey& key) {
  return Object()
      .with("key", key.key)
      .with("running", key.running ? json_of(*key.running) : json_of(nullptr))
      .with("systemd", value_object(key.systemd))
      .with("procps", value_object(key.procps))
      .with("shadowed", list_of(key.shadowed, shadowed_object))
      .with("readers_agree", key.agree())
      .with("differs_from_running", view.differs_from_running(key))
      .with("excluded_by",
            key.excluded
                ? Object().with("file", key.excluded->file).with("line", key.excluded->line).json()
                : json_of(nullptr))
      .with("late", text_or_null(key.late))
      .json();
}

Json write_object(const BootWrite& write) {
  return Object()
      .with("path", write.path)
      .with("text", write.text)
      .with("result", write_result_name(write.result))
      .with("reason", text_or_null(write.reason))
      .with("file", write.file)
      .with("line", write.line)
      .json();
}

Json problem_object(const BootProblem& problem) {
  return Object()
      .with("file", problem.file)
      .with("line", problem.line)
      .with("message", problem.message)
      .json();
}

Json reader_run_object(const BootView& view, const ReaderRun& run) {
  const bool systemd = run.reader->family == ReaderFamily::systemd;
  return Object()
      .with("name", run.reader->name)
      .with("family", family_name(run.reader->family))
      .with("installed",
            text_or_null(systemd ? view.readers.systemd_version : view.readers.procps_version))
      .with("at_boot", run.reader->family == view.readers.at_boot)
      .with("assumed", view.readers.assumed)
      .with("status", run.status)
      .with("files", list_of(run.files))
      .with("writes", list_of(run.writes, write_object))
      .with("problems", list_of(run.problems, problem_object))
      .json();
}

std::vector<Error> missing_files(const BootView& view) {
  std::vector<Error> errors;
  errors.reserve(view.missing.size());
  for (const std::string& file : view.missing) {
    errors.push_back({.subject = file, .detail = "no such file"});
  }
  return errors;
}

}  // namespace

std::string boot_json(const BootReport& report, std::string_view version) {
  const BootView& view = report.view;
  return Document()
      .with("schema", "tuner/boot/1")
      .with("tool", tool_object(version))
      .with("generated_at", text::timestamp(report.generated_at))
      .with("host", host_object(*report.host))
      .with_list("readers", view.runs,
                 [&view](const ReaderRun& run) { return reader_run_object(view, run); })
      .with_list("keys", keys_of(report),
                 [&view](const BootKey& key) { return key_object(view, key); })
      .with("warnings", list_of(view.unreadable))
      .with_list("errors", missing_files(view), error_object)
      .text();
}

}  // namespace tuner::render
