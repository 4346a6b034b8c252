#include <fmt/core.h>

#include "render/json_parts.hpp"
#include "render/lint.hpp"

namespace tuner::render {

namespace {

/// A path as a URI reference (RFC 3986): what is neither unreserved nor a slash is escaped.
std::string uri_of(const std::string& path) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char character : path) {
    if (kPlain.find(character) != std::string_view::npos) {
      uri += character;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(character));
    }
  }
  return uri;
}

Json text_object(std::string_view text) { return Object().with("text", text).json(); }

Json rule_object(const LintName& name) {
  return Object()
      .with("id", name.id)
      .with("shortDescription", text_object(name.what))
      .with("fullDescription", text_object(name.why))
      .with("help", text_object(name.fix))
      .json();
}

std::string_view level_of(Severity severity) {
  constexpr std::string_view kLevels[] = {"note", "warning", "error"};
  return kLevels[static_cast<std::size_t>(severity)];
}

Json region_object(const LintFinding& finding) {
  return Object()
      .with("startLine", finding.line)
      .with("startColumn", finding.column)
      .with("endColumn", finding.end_column)
      .with("snippet", text_object(finding.text))
      .json();
}

Json location_object(const std::string& path, const LintFinding& finding) {
  const Json physical = Object()
                            .with("artifactLocation", Object().with("uri", uri_of(path)).json())
                            .with("region", region_object(finding))
                            .json();
  return Object().with("physicalLocation", physical).json();
}

Json result_object(const std::string& path, const LintFinding& finding) {
  Object result;
  std::string message = finding.message;
  if (!finding.fix.empty()) message += ' ' + finding.fix;
  result.with("ruleId", finding.id)
      .with("level", level_of(finding.severity))
      .with("message", text_object(message))
      .with("locations", Json{'[' + location_object(path, finding).text + ']'})
      .with("properties", Object().with("subject", finding.subject).json());
  if (finding.allowed) {
    const Json one =
        Object().with("kind", "inSource").with("justification", *finding.allowed).json();
    result.with("suppressions", Json{'[' + one.text + ']'});
  }
  return result.json();
}

class Sarif : public LintWriter {
 public:
  explicit Sarif(LintContext context) : context_(std::move(context)) {}

  std::string begin() override {
    const Json driver = Object()
                            .with("name", "tuner")
                            .with("version", context_.version)
                            .with("rules", list_of(all_lint_names(), rule_object))
                            .json();
    std::string text =
        "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
        "  \"version\": \"2.1.0\",\n  \"runs\": [{\n  \"tool\": ";
    text += Object().with("driver", driver).json().text;
    return text + ",\n  \"columnKind\": \"unicodeCodePoints\",\n  \"results\": [";
  }

  std::string file(const std::string& path, const LintResult& result) override {
    std::string text;
    for (const LintFinding& finding : result.findings) {
      text += any_ ? ",\n    " : "\n    ";
      text += result_object(path, finding).text;
      any_ = true;
    }
    return text;
  }

  std::string end(const LintSummary& summary) override {
    const Json invocation = Object()
                                .with("executionSuccessful", summary.unreadable.empty())
                                .with("toolExecutionNotifications",
                                      list_of(summary.unreadable,
                                              [](const Error& error) {
                                                return Object()
                                                    .with("level", "error")
                                                    .with("message", text_object(error.message()))
                                                    .json();
                                              }))
                                .json();
    return std::string(any_ ? "\n  ]" : "]") + ",\n  \"invocations\": [" + invocation.text +
           "]\n  }]\n}\n";
  }

 private:
  LintContext context_;
  bool any_ = false;
};

}  // namespace

std::unique_ptr<LintWriter> lint_sarif(const LintContext& context) {
  return std::make_unique<Sarif>(context);
}

}  // namespace tuner::render
