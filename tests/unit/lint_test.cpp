#include <rapidcheck.h>

#include <filesystem>
#include <set>

#include "cases.hpp"
#include "lint/lint.hpp"
#include "read/proc.hpp"

/// A case is tests/lint/NAME.conf with NAME@KERNEL.expected: a line, a severity and a name for each
/// finding.
namespace tuner::test {

namespace {

namespace fs = std::filesystem;

Linter linter_for(const std::string& kernel) {
  return Linter(lint_target(parse::kernel_release(kernel).value(), PageSize::from(Bytes(4096))));
}

std::string listed(const LintResult& result) {
  std::string text;
  for (const LintFinding& finding : result.findings) {
    text += std::to_string(finding.line) + ' ';
    text += finding.allowed ? "allowed" : std::string(severity_name(finding.severity));
    text += ' ' + finding.id;
    if (finding.id == "folklore-setting") text += ':' + finding.subject;
    text += '\n';
  }
  return text;
}

std::vector<fs::path> expectations() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(TUNER_SOURCE_DIR "/tests/lint")) {
    if (entry.path().extension() == ".expected") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_for(const fs::path& expected) {
  const std::string stem = expected.filename().string();
  return slurp(expected.parent_path() / (stem.substr(0, stem.find('@')) + ".conf"));
}

}  // namespace

TEST_CASE("files of sysctl settings are judged as expected") {
  const auto files = expectations();
  CHECK(files.size() >= 8);
  for (const fs::path& expected : files) {
    CAPTURE(expected.string());
    const std::string stem = expected.stem().string();
    auto linter = linter_for(stem.substr(stem.find('@') + 1));
    CHECK(listed(linter.lint(text_for(expected))) == slurp(expected));
  }
}

TEST_CASE("every name of a finding on a file has a case, and says why") {
  std::set<std::string> seen;
  for (const fs::path& expected : expectations()) {
    const std::string text = slurp(expected);
    for (const std::string_view line : parse::lines(text)) {
      const auto words = parse::words(line);
      seen.emplace(words[2].substr(0, words[2].find(':')));
    }
  }
  for (const LintName& name : all_lint_names()) {
    CAPTURE(name.id);
    CHECK_FALSE(name.what.empty());
    CHECK_FALSE(name.why.empty());
    CHECK_FALSE(name.fix.empty());
    CHECK_FALSE(name.source.empty());
    // It takes several files: the command line tests have it.
    if (name.id != "fragment-shadowed") CHECK(seen.contains(std::string(name.id)));
  }
}

TEST_CASE("every finding on a file is a sentence with a place and a reason") {
  for (const fs::path& expected : expectations()) {
    const std::string text = text_for(expected);
    const auto lines = parse::lines(text).size();
    auto linter = linter_for("6.18");
    for (const LintFinding& finding : linter.lint(text).findings) {
      CAPTURE(finding.message);
      CHECK(finding.message.ends_with('.'));
      CHECK(finding.line >= 1);
      CHECK(static_cast<std::size_t>(finding.line) <= lines);
      CHECK(finding.column >= 1);
      CHECK(finding.end_column > finding.column);
      CHECK_FALSE(finding.why_text().empty());
      CHECK_FALSE(finding.source_text().empty());
    }
  }
}

TEST_CASE("no key of a captured kernel is taken for a mistake") {
  int keys = 0;
  for (const std::string& host : kHosts) {
    const fs::path root = host_path(host) + "/proc/sys";
    auto linter = linter_for("6.18");
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.is_directory()) continue;
      const auto key = SysctlKey::from_path(entry.path().lexically_relative(root).string());
      REQUIRE(key.has_value());
      ++keys;
      for (const LintFinding& finding : linter.lint(key->text() + " = 1\n").findings) {
        CAPTURE(finding.key);
        CHECK(finding.id != "key-unknown");
      }
    }
  }
  CHECK(keys > 4000);
}

TEST_CASE("a mistake is said") {
  auto linter = linter_for("6.18");
  for (const auto& [written, meant] : std::vector<std::pair<std::string, std::string>>{
           {"net.ipv4.tcp_fin_timeot", "net.ipv4.tcp_fin_timeout"},
           {"net.core.somaxcon", "net.core.somaxconn"},
           {"net.ipv4.somaxconn", "net.core.somaxconn"}}) {
    const auto result = linter.lint(written + " = 1\n");
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings.front().fix == "Did you mean " + meant + "?");
  }
}

TEST_CASE("any bytes are linted, and a finding that is allowed is no failure") {
  auto linter = linter_for("6.18");
  CHECK(rc::check("bytes", [&linter](const std::string& text) {
    const auto result = linter.lint(text);
    for (const LintFinding& finding : result.findings) {
      RC_ASSERT(finding.line >= 1);
      RC_ASSERT(finding.end_column > finding.column);
    }
  }));
  CHECK(rc::check("pieces of lines", [&linter] {
    const auto piece = rc::gen::element<std::string>(
        "net.ipv4.", "tcp_rmem", "net.core.somaxconn", "=", " ", "\t", "-", ";", "#", "1", "4096",
        "\n", "\r", "\xef\xbb\xbf", "*", "/", ".", "# tuner: allow ", "value-refused ", "0x10",
        std::string(1, '\0'), "99999999999999999999999");
    std::string text;
    for (const auto& part : *rc::gen::container<std::vector<std::string>>(piece)) text += part;
    const auto lines = parse::lines(text);
    for (const LintFinding& finding : linter.lint(text).findings) {
      RC_ASSERT(static_cast<std::size_t>(finding.line) <= lines.size());
      RC_ASSERT(finding.message.ends_with('.'));
      if (finding.allowed) RC_ASSERT(text.find(*finding.allowed) != std::string::npos);
    }
  }));
}

}  // namespace tuner::test
