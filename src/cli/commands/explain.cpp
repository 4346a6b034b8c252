#include <array>

#include "cli/command.hpp"
#include "cli/load_profile.hpp"
#include "judge/advice.hpp"
#include "judge/check.hpp"
#include "judge/congestion.hpp"
#include "knowledge/counter_use.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/key_name.hpp"
#include "knowledge/myths.hpp"
#include "lint/lint.hpp"
#include "os/profile_store.hpp"
#include "os/read_host.hpp"
#include "os/root_directory.hpp"
#include "read/sysctl.hpp"
#include "render/explain.hpp"
#include "render/json.hpp"
#include "text/suggest.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::commands::explain {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"root", "", "DIR", "show the value from a captured tree"},
    {"format", "", "text|json", "output format (default: text)"},
});

tl::unexpected<Error> unknown_name(const std::string& name) {
  std::vector<std::string_view> candidates;
  for (const Rule* const rule : rules::kAll) candidates.push_back(rule->id);
  for (const LintName& lint : lint_names()) candidates.push_back(lint.id);
  for (const Fact* const fact : all_facts()) candidates.push_back(fact->key);
  std::string hint;
  for (const char* const prefix : kKeyPrefixes) {
    if (hint.empty()) hint = did_you_mean(prefix + name, candidates);
  }
  if (hint.empty()) {
    hint =
        "Give a finding of tuner audit, a sysctl key that tuner knows, or a counter such as "
        "TcpExt.ListenDrops.";
  }
  return fail({.kind = ErrorKind::usage,
               .subject = name,
               .detail = "unknown finding, key or counter",
               .hint = std::move(hint)});
}

/// Those that can be read; what is wrong with the others, tuner profile validate says.
std::vector<Profile> known_profiles() {
  std::vector<Profile> profiles;
  for (const std::string& name : os::ProfileStore().names()) {
    if (auto loaded = load_profile(name)) profiles.push_back(std::move(loaded->profile));
  }
  return profiles;
}

Result<Outcome> explain_fact(const Fact& fact, const std::string& key, const std::string& path,
                             const Manner& manner) {
  auto root = os::RootDirectory::open(path);
  if (!root) return tl::unexpected(root.error());
  const auto live = root->is_live() ? std::optional(os::read_live_system()) : std::nullopt;
  Reading reading{.keys = {key, "net.ipv4.tcp_ehash_entries"}};
  if (key == judge::kCongestionControl) {
    reading.keys.emplace_back(judge::kAvailableControls);
    reading.keys.emplace_back(judge::kAllowedControls);
    reading.congestion_modules = true;
  }
  const auto host = os::read_host(*root, path, live, reading);
  const render::KeyHere here{
      .key = key, .host = host, .advice = judge::advice_on(fact, known_profiles())};
  return Outcome{.out = manner.json ? render::fact_json(fact, here)
                                    : render::fact_text(fact, here, manner.style)};
}

/// The value of a key that exists and that no fact is known about: shown, and nothing guessed.
std::optional<Outcome> show_unknown_key(const std::string& name, const std::string& path,
                                        const Manner& manner) {
  const auto key = SysctlKey::parse(name);
  auto root = os::RootDirectory::open(path);
  if (!key || !root) return std::nullopt;
  const auto text = root->read("proc/sys/" + key->path());
  if (!text) return std::nullopt;
  const auto value = parse::sysctl_value(*text);
  return Outcome{.out = manner.json ? render::unknown_key_json(key->text(), value)
                                    : render::unknown_key_text(key->text(), value, manner.style)};
}

Result<Outcome> explain_counter(const CounterUse& use, const std::string& counter,
                                const std::string& path, const Manner& manner) {
  auto root = os::RootDirectory::open(path);
  if (!root) return tl::unexpected(root.error());
  const auto live = root->is_live() ? std::optional(os::read_live_system()) : std::nullopt;
  const auto number = os::read_host(*root, path, live, {}).counter(counter);
  return Outcome{.out = manner.json ? render::counter_json(use, counter, number)
                                    : render::counter_text(use, counter, number, manner.style)};
}

/// By the name that audit and lint give it, with or without the finding in front.
std::optional<Outcome> explain_belief(std::string_view name, const Manner& manner) {
  constexpr std::string_view kFinding = "folklore-setting:";
  if (name.starts_with(kFinding)) name.remove_prefix(kFinding.size());
  const auto myths = judge::myths();
  const auto myth = std::find_if(myths.begin(), myths.end(),
                                 [name](const judge::Myth& one) { return one.id == name; });
  if (myth == myths.end()) return std::nullopt;
  const std::string id = std::string(kFinding).append(name);
  const std::string key(myth->key);
  const std::string what = "A value of " + key + " follows a common belief that is not so.";
  const std::string why = std::string(myth->truth) + ".";
  const std::string fix = "Take " + key + " out of the sysctl files, or know why it is there.";
  const Rule rule{.id = id, .what = what, .why = why, .fix = fix, .source = myth->source};
  return Outcome{.out =
                     manner.json ? render::rule_json(rule) : render::rule_text(rule, manner.style)};
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  std::string name = invocation.words.front();
  if (auto belief = explain_belief(name, manner)) return std::move(*belief);
  // Lint names a belief behind the finding: folklore-setting:disable_sack.
  if (name.starts_with("folklore-setting:")) name.resize(name.find(':'));
  if (const Rule* const rule = find_rule(name)) {
    return Outcome{.out = manner.json ? render::rule_json(*rule)
                                      : render::rule_text(*rule, manner.style)};
  }
  if (const LintName* const lint = find_lint_name(name)) {
    const Rule rule{.id = lint->id,
                    .what = lint->what,
                    .why = lint->why,
                    .fix = lint->fix,
                    .source = lint->source};
    return Outcome{.out = manner.json ? render::rule_json(rule)
                                      : render::rule_text(rule, manner.style)};
  }
  std::string key;
  const Fact* const fact = fact_of(name, key);
  const std::string root = invocation.value("root").value_or("/");
  if (fact != nullptr) return explain_fact(*fact, key, root, manner);
  if (const CounterUse* const use = find_counter_use(name)) {
    return explain_counter(*use, name, root, manner);
  }
  auto shown = show_unknown_key(name, root, manner);
  if (shown) return std::move(*shown);
  return unknown_name(name);
}

}  // namespace

extern const Command command;

const Command command{
    .name = "explain",
    .summary = "Explain a sysctl key, a finding or a counter",
    .examples =
        "  tuner explain net.ipv4.tcp_mem         what it is, and whether to touch it\n"
        "  tuner explain -v somaxconn             and all that is known of it\n"
        "  tuner explain listen-queue-overflow    why it matters and how to fix it\n"
        "  tuner explain TcpExt.ListenDrops       which finding judges it, if any\n",
    .options = kOptions,
    .min_words = 1,
    .max_words = 1,
    .run = run,
    .words = "KEY|FINDING|COUNTER",
};

}  // namespace tuner::commands::explain
