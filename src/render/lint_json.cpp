#include "render/json_parts.hpp"
#include "render/lint.hpp"

namespace tuner::render {

namespace {

Json finding_object(const std::string& path, const LintFinding& finding) {
  return Object()
      .with("id", finding.id)
      .with("status", finding.allowed ? "skipped" : "fail")
      .with("severity", severity_name(finding.severity))
      .with("subject", finding.subject)
      .with("key", text_or_null(finding.key))
      .with("value", finding.key.empty() ? json_of(nullptr) : json_of(finding.value))
      .with("message", finding.message)
      .with("why", finding.why_text())
      .with("source", finding.source_text())
      .with("fix", finding.fix)
      .with("location", Object()
                            .with("file", path)
                            .with("line", finding.line)
                            .with("column", finding.column)
                            .with("end_column", finding.end_column)
                            .json())
      .with("text", finding.text)
      .with("allowed", finding.allowed)
      .json();
}

class JsonWriter : public LintWriter {
 public:
  explicit JsonWriter(LintContext context) : context_(std::move(context)) {}

  std::string begin() override {
    std::string text = "{\n  \"schema\": \"tuner/lint/1\",\n  \"tool\": ";
    text += tool_object(context_.version).text;
    text += ",\n  \"generated_at\": " + json_of(context_.generated_at).text;
    text += ",\n  \"kernel\": " + json_of(context_.kernel).text;
    return text + ",\n  \"findings\": [";
  }

  std::string file(const std::string& path, const LintResult& result) override {
    std::string text;
    for (const LintFinding& finding : result.findings) {
      text += any_ ? ",\n    " : "\n    ";
      text += finding_object(path, finding).text;
      any_ = true;
    }
    return text;
  }

  std::string end(const LintSummary& summary) override {
    const Json counts = Object()
                            .with("files", summary.files)
                            .with("settings", summary.settings)
                            .with("severity", Object()
                                                  .with("error", summary.errors)
                                                  .with("warning", summary.warnings)
                                                  .with("info", summary.infos)
                                                  .json())
                            .with("allowed", summary.allowed)
                            .json();
    std::string text = any_ ? "\n  ]" : "]";
    text += ",\n  \"summary\": " + counts.text;
    text += ",\n  \"errors\": " + list_of(summary.unreadable, error_object).text;
    return text + "\n}\n";
  }

 private:
  LintContext context_;
  bool any_ = false;
};

}  // namespace

std::unique_ptr<LintWriter> lint_json(const LintContext& context) {
  return std::make_unique<JsonWriter>(context);
}

}  // namespace tuner::render
