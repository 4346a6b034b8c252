#include <array>

#include "cli/command.hpp"
#include "cli/load_profile.hpp"
#include "core/suggest.hpp"
#include "os/profile_store.hpp"
#include "render/explain.hpp"
#include "render/json.hpp"

namespace tuner::commands {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"resolved", "", "", "show: with the included profiles merged in"},
    {"format", "", "text|json", "what to print (default: text)"},
});

tl::unexpected<Error> usage(std::string subject, std::string detail, std::string way_out) {
  return fail({.kind = ErrorKind::usage,
               .subject = std::move(subject),
               .detail = std::move(detail),
               .way_out = std::move(way_out)});
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
                            : render::profile_list_text(profiles, manner.style.charset);
  return outcome;
}

Result<Outcome> show(const std::string& name, bool resolved, const Manner& manner) {
  const auto loaded = load_profile(name);
  if (!loaded) return tl::unexpected(loaded.error());
  if (manner.json) return Outcome{.out = render::profile_json(loaded->profile)};
  return Outcome{.out = resolved ? render::profile_toml(loaded->profile) : loaded->text};
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
    return usage("--resolved", "it goes with show alone",
                 "Write tuner profile show NAME --resolved.");
  }
  if (verb == "list" && named) {
    return usage(invocation.words[1], "this word is one too many", "Write tuner profile list.");
  }
  if (verb == "list") return list(manner);
  if (verb != "show" && verb != "validate") {
    constexpr std::string_view kVerbs[] = {"list", "show", "validate"};
    std::string way_out = did_you_mean(verb, kVerbs);
    if (way_out.empty()) way_out = "Write list, show NAME or validate FILE.";
    return usage(verb, "tuner profile does not know this word", std::move(way_out));
  }
  if (!named) {
    return usage(
        verb, "a name is missing",
        verb == "show" ? "Write tuner profile show NAME." : "Write tuner profile validate FILE.");
  }
  if (verb == "show") return show(invocation.words[1], invocation.has("resolved"), manner);
  return validate(invocation.words[1], manner);
}

std::string failure(const Error& error) { return render::failure_json("profile", {&error, 1}); }

}  // namespace

extern const Command profile;

const Command profile{
    .name = "profile",
    .summary = "List, show or check profiles",
    .usage =
        "list | show NAME [--resolved] | validate FILE\n"
        "                     [--format text|json]",
    .examples =
        "  tuner profile list                     the profiles and what they are for\n"
        "  tuner profile show proxy --resolved    all demands, with their reasons\n"
        "  tuner profile validate ./mine.toml     whether a profile can be used\n",
    .options = kOptions,
    .min_words = 1,
    .max_words = 2,
    .run = run,
    .failure = failure,
};

}  // namespace tuner::commands
