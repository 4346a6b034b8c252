#include <array>

#include "cli/command.hpp"
#include "cli/load_profile.hpp"
#include "cli/read_tree.hpp"
#include "judge/reading.hpp"
#include "os/profile_store.hpp"
#include "profile/fit.hpp"
#include "profile/inputs.hpp"
#include "render/json.hpp"
#include "render/profile.hpp"
#include "text/suggest.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::commands::profile {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"resolved", "", "", "show its values for this host"},
    {"input", "", kInputOption.argument, kInputOption.help, true, {}, "resolved"},
    {"root", "", "DIR", "read a snapshot of a host, not this host", false, {}, "resolved"},
    {"format", "", "text|json", "output format (default: text)"},
});

tl::unexpected<Error> usage(std::string subject, std::string detail, std::string hint) {
  return fail({.kind = ErrorKind::usage,
               .subject = std::move(subject),
               .detail = std::move(detail),
               .hint = std::move(hint)});
}

/// A profile that cannot be read is said, and does not hide the others.
Result<Outcome> list(const Manner& manner) {
  const os::ProfileStore store;
  std::vector<Profile> profiles;
  Outcome outcome;
  for (const std::string& name : store.names()) {
    auto profile = store.load(name);
    if (profile) {
      profiles.push_back(std::move(*profile));
      continue;
    }
    outcome.messages += "tuner: " + profile.error().message() + ".\n";
    outcome.status = ExitStatus::configuration;
  }
  outcome.out = manner.json ? render::profile_list_json(profiles)
                            : render::profile_list_text(profiles, manner.style);
  return outcome;
}

/// The file as it is, or what the profile becomes on a host.
Result<Outcome> show(const Invocation& invocation, const Manner& manner) {
  auto loaded = load_profile(invocation.words[1]);
  if (!loaded) return tl::unexpected(loaded.error());
  Profile& profile = loaded->profile;
  if (!invocation.has("resolved")) {
    return Outcome{.out = manner.json ? render::profile_json(profile) : loaded->text};
  }
  const auto given = give_inputs(invocation.values("input"), profile);
  if (!given) return tl::unexpected(given.error());
  const auto host = read_tree_at(invocation.value("root").value_or("/"), plan_reading_for(profile));
  if (!host) return tl::unexpected(host.error());
  auto fitted = fitted_to(std::move(profile), *host);
  if (!fitted) return tl::unexpected(fitted.error());
  profile = std::move(*fitted);
  return Outcome{.out = manner.json ? render::profile_json(profile)
                                    : render::profile_toml(profile, *host)};
}

Result<Outcome> validate(const std::string& file, const Manner& manner) {
  const auto loaded = load_profile(file.find('/') == std::string::npos ? "./" + file : file);
  if (!loaded) return tl::unexpected(loaded.error());
  if (manner.json) return Outcome{.out = render::profile_json(loaded->profile)};
  return Outcome{
      .out = file + ": valid, demands: " + std::to_string(loaded->profile.demands.size()) + "\n"};
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const std::string& verb = invocation.words.front();
  const bool named = invocation.words.size() == 2;
  if (invocation.has("resolved") && verb != "show") {
    return usage("--resolved", "conflicts with " + verb,
                 "Write tuner profile show NAME --resolved.");
  }
  if (verb == "list" && named) {
    return usage(invocation.words[1], "unexpected argument", "Write tuner profile list.");
  }
  if (verb == "list") return list(manner);
  if (verb != "show" && verb != "validate") {
    constexpr std::string_view kVerbs[] = {"list", "show", "validate"};
    std::string hint = did_you_mean(verb, kVerbs);
    if (hint.empty()) hint = "Write list, show NAME or validate FILE.";
    return usage(verb, "unknown subcommand", std::move(hint));
  }
  if (!named) {
    return usage(
        verb, "missing name",
        verb == "show" ? "Write tuner profile show NAME." : "Write tuner profile validate FILE.");
  }
  if (verb == "show") return show(invocation, manner);
  return validate(invocation.words[1], manner);
}

}  // namespace

extern const Command command;

const Command command{
    .name = "profile",
    .summary = "List, show or check profiles",
    .examples =
        "  tuner profile list                     the profiles and their purpose\n"
        "  tuner profile list --quiet             their names, for scripts\n"
        "  tuner profile show proxy --resolved    what it becomes on this host\n"
        "  tuner profile validate ./mine.toml     whether a profile is valid\n",
    .options = kOptions,
    .min_words = 1,
    .max_words = 2,
    .run = run,
    .words = "list|show|validate PROFILE|FILE",
};

}  // namespace tuner::commands::profile
