#include "lint/outcome.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "knowledge/readers.hpp"
#include "lint/file.hpp"
#include "text/joined.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::lint {

namespace {

std::string linted_path(const std::string& path) {
  std::string result;
  for (const char character : path) {
    if (character == '/' && (result.empty() || result.back() == '/')) continue;
    result += character;
  }
  return result;
}

/// "procps", where all of its versions do the same, and "systemd 252, 257" otherwise.
std::string who(const LineOutcome& outcome) {
  std::vector<std::string> names;
  for (const ReaderFamily family : {ReaderFamily::systemd, ReaderFamily::procps}) {
    const auto prefix = std::string(family_name(family)) + '-';
    std::vector<std::string_view> versions;
    for (const std::string_view name : outcome.readers) {
      if (name.starts_with(prefix)) versions.push_back(name.substr(prefix.size()));
    }
    const auto all = std::count_if(all_readers().begin(), all_readers().end(),
                                   [family](const Reader& one) { return one.family == family; });
    if (versions.empty()) continue;
    const bool some = static_cast<std::ptrdiff_t>(versions.size()) < all;
    names.push_back(some ? fmt::format("{} {}", family_name(family), text::joined(versions, ", "))
                         : std::string(family_name(family)));
  }
  return text::joined(names, " and ");
}

std::string meaning(const LineOutcome& outcome) {
  using Kind = boot::SettingLine::Kind;
  if (outcome.abandons) return "stops reading";
  if (outcome.lines.empty()) return "skips it";
  constexpr std::size_t kShown = 3;
  std::vector<std::string> parts;
  for (const boot::SettingLine& line : outcome.lines) {
    if (parts.size() == kShown) {
      parts.push_back(fmt::format("{} more", outcome.lines.size() - kShown));
      break;
    }
    if (line.kind == Kind::malformed) parts.emplace_back("warns and skips it");
    if (line.kind == Kind::exclusion) parts.push_back(fmt::format("keeps \"{}\" out", line.path));
    if (line.kind == Kind::setting) {
      parts.push_back(fmt::format("sets \"{}\" to \"{}\"", line.path, shown_line(line.value)));
    }
  }
  return text::joined(parts, ", then ");
}

}  // namespace

std::vector<LineOutcome> outcomes_of(std::string_view line) {
  const std::string text = std::string(line) + '\n';
  std::vector<LineOutcome> outcomes;
  for (const Reader& reader : all_readers()) {
    LineOutcome outcome{.readers = {reader.name}};
    const auto lines = boot::split(reader, text);
    outcome.abandons = lines.too_long > 0;
    for (const boot::TextLine& one : lines.lines) {
      auto understood = boot::understand(reader, one);
      // How a path is spelt does not matter here, only where it leads.
      understood.path = linted_path(understood.path);
      if (understood.kind != boot::SettingLine::Kind::nothing) {
        outcome.lines.push_back(std::move(understood));
      }
    }
    const auto known = std::find_if(outcomes.begin(), outcomes.end(),
                                    [&](const LineOutcome& other) { return other.same(outcome); });
    if (known == outcomes.end()) {
      outcomes.push_back(std::move(outcome));
    } else {
      known->readers.push_back(reader.name);
    }
  }
  return outcomes;
}

const LineOutcome& most_likely(const std::vector<LineOutcome>& outcomes) {
  const auto sensible =
      std::find_if(outcomes.begin(), outcomes.end(), [](const LineOutcome& outcome) {
        return std::any_of(outcome.lines.begin(), outcome.lines.end(), [](const auto& line) {
          return is_top_directory(std::string_view(line.path).substr(0, line.path.find('/')));
        });
      });
  return sensible == outcomes.end() ? outcomes.front() : *sensible;
}

std::string outcomes_text(const std::vector<LineOutcome>& outcomes) {
  std::string message;
  for (const LineOutcome& outcome : outcomes) {
    if (!message.empty()) message += "; ";
    message += fmt::format("{} {}", who(outcome), meaning(outcome));
  }
  return message;
}

}  // namespace tuner::lint
