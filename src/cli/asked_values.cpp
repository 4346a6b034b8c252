#include "cli/asked_values.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "cli/audit_session.hpp"
#include "judge/check.hpp"
#include "judge/group.hpp"
#include "judge/remedy.hpp"
#include "knowledge/myths.hpp"
#include "profile/settings.hpp"
#include "text/suggest.hpp"

namespace tuner::cli {

namespace {

bool has_equals(const std::string& word) { return word.find('=') != std::string::npos; }

/// The values of an option, and the words behind it: --set A=1 B=2.
std::vector<std::string> given(const Invocation& invocation, std::string_view option,
                               bool with_equals) {
  std::vector<std::string> all = invocation.values(option);
  if (!invocation.has(option)) return all;
  std::copy_if(invocation.words.begin(), invocation.words.end(), std::back_inserter(all),
               [with_equals](const std::string& word) { return has_equals(word) == with_equals; });
  return all;
}

/// Words say what they are by the option before them.
Result<void> check_words(const Invocation& invocation) {
  for (const std::string& word : invocation.words) {
    const std::string_view option = has_equals(word) ? "set" : "fix";
    if (invocation.has(option)) continue;
    return fail({.kind = ErrorKind::usage,
                 .subject = word,
                 .detail = "unexpected argument",
                 .hint = option == "set" ? "To set a key: --set " + word
                         : load_profile(word)
                             ? "For the profile of that name: --profile " + word
                             : "Give a profile with --profile and a finding with --fix."});
  }
  return {};
}

Result<void> check_findings(const std::vector<std::string>& names) {
  std::vector<std::string_view> known;
  for (const Rule* const rule : rules::kAll) known.push_back(rule->id);
  for (const judge::Myth& myth : judge::myths()) known.push_back(myth.id);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string hint = did_you_mean(name, known);
    if (hint.empty()) hint = "Finding names are shown by tuner audit.";
    return fail({.kind = ErrorKind::usage,
                 .subject = "--fix " + name,
                 .detail = "unknown finding",
                 .hint = std::move(hint)});
  }
  return {};
}

std::string heading(const Finding& finding) {
  return finding.subject.empty() ? finding.id : finding.id + ' ' + finding.subject;
}

/// By the name of its rule, or of the belief that it is about.
bool is_called(const Finding& finding, std::string_view name) {
  return finding.id == name || finding.subject == name;
}

/// Of the audit, the findings with one of the names; all errors and warnings where there is none.
std::vector<Finding> selected(std::vector<Finding> findings,
                              const std::vector<std::string>& names) {
  std::erase_if(findings, [&names](const Finding& finding) {
    return !names.empty() &&
           std::none_of(names.begin(), names.end(),
                        [&finding](const std::string& name) { return is_called(finding, name); });
  });
  return findings;
}

/// What a profile asks for may be wrong with it alone.
Result<void> check_profile(const std::string& name, bool has_profile) {
  const Rule* const rule = find_rule(name);
  if (has_profile || rule == nullptr || !rule->about_profile) return {};
  return fail({.kind = ErrorKind::usage,
               .subject = "--fix " + name,
               .detail = "nothing is wrong there without a profile",
               .hint = "Add the --profile that the audit was run with."});
}

/// The finding that first wants it, with what it says.
AskedSetting explained(const Setting& setting, const std::vector<Finding>& findings) {
  AskedSetting asked{.setting = setting, .why = "Asked for with --fix"};
  for (const Finding* const finding : worst_first(findings)) {
    const auto& wanted = finding->fix.settings;
    if (std::find(wanted.begin(), wanted.end(), setting) == wanted.end()) continue;
    asked.why += fmt::format(" {}: {}", finding->id, finding->message);
    break;
  }
  return asked;
}

bool is_set(const std::vector<Setting>& settings, const Finding& finding) {
  return std::any_of(settings.begin(), settings.end(),
                     [&finding](const Setting& setting) { return setting.key == finding.key; });
}

/// What an audit wants set; `asked` gets what it wants of people, and what is not wrong.
Result<std::vector<AskedSetting>> fixes(const AuditRequest& request,
                                        const std::vector<std::string>& names, AskedValues& asked) {
  const auto report = make_report(request);
  if (!report) return tl::unexpected(report.error());
  const auto findings = selected(report->findings, names);
  const Severity least = names.empty() ? Severity::warning : Severity::info;
  Remedy remedy = remedy_of(findings, least);
  auto& notes = asked.notes;
  for (const FindingGroup& group : group_failures(findings)) {
    const Finding& first = *group.findings.front();
    if (first.severity < least) continue;
    const std::string rest = heading(first) + ": " + first.fix.text;
    if (first.fix.settings.empty() && !is_set(remedy.settings, first)) {
      notes.push_back(heading(first) + ": no sysctl fixes this. " + first.fix.text);
    }
    if (!first.fix.settings.empty() && !first.fix.text.empty()) asked.then.push_back(rest);
  }
  for (const std::string& name : names) {
    const bool fails = std::any_of(findings.begin(), findings.end(), [&name](const Finding& one) {
      return is_called(one, name) && one.status == Status::fail;
    });
    if (fails) continue;
    const auto judged = check_profile(name, request.profile.has_value());
    if (!judged) return tl::unexpected(judged.error());
    notes.push_back(name + ": nothing is wrong there any more.");
  }
  std::vector<AskedSetting> settings;
  for (const Setting& setting : remedy.settings) settings.push_back(explained(setting, findings));
  if (!settings.empty() || names.empty() || remedy.beyond.empty()) return settings;
  const Finding& first = *remedy.beyond.front();
  return fail({.subject = "--fix " + first.id,
               .detail = "no sysctl fixes this",
               .hint = fix_text(first.fix)});
}

Result<std::vector<AskedSetting>> settings_of(const Invocation& invocation) {
  std::vector<AskedSetting> settings;
  for (const std::string& word : given(invocation, "set", true)) {
    auto setting = parse_setting(word);
    if (!setting) return tl::unexpected(setting.error());
    settings.push_back({.setting = std::move(*setting), .why = "Asked for with --set"});
  }
  return settings;
}

/// What an audit of the same profile wants, in the place of the profile's own values.
Result<void> give_fixes(const Invocation& invocation, AskedValues& asked) {
  const auto names = given(invocation, "fix", false);
  if (names.empty() && !invocation.has("fix-all")) return {};
  if (auto known = check_findings(names); !known) return known;
  AuditRequest request;
  if (!asked.alone) request.profile = asked.loaded;
  const auto wanted =
      fixes(request, invocation.has("fix-all") ? std::vector<std::string>() : names, asked);
  if (!wanted) return tl::unexpected(wanted.error());
  return give_settings(*wanted, kFixOption, asked.loaded.profile);
}

}  // namespace

Result<AskedValues> asked_values_of(const Invocation& invocation) {
  if (const auto words = check_words(invocation); !words) return tl::unexpected(words.error());
  auto loaded = profile_of(invocation);
  if (!loaded) return tl::unexpected(loaded.error());
  const bool single = invocation.has("set") || invocation.has("fix") || invocation.has("fix-all");
  if (!*loaded && !single) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "apply",
                 .detail = "nothing to set",
                 .hint = "Add --profile NAME (tuner recommend says which one fits), --set "
                         "KEY=VALUE, or --fix FINDING."});
  }
  AskedValues asked{.alone = !*loaded};
  if (*loaded) asked.loaded = std::move(**loaded);
  const auto settings = settings_of(invocation);
  if (!settings) return tl::unexpected(settings.error());
  if (const auto fixed = give_fixes(invocation, asked); !fixed) {
    return tl::unexpected(fixed.error());
  }
  const auto set = give_settings(*settings, kSetOption, asked.loaded.profile);
  if (!set) return tl::unexpected(set.error());
  return asked;
}

}  // namespace tuner::cli
