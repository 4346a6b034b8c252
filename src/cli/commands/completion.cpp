#include "cli/completion.hpp"

#include <algorithm>
#include <array>

#include "cli/change_session.hpp"
#include "cli/command.hpp"
#include "os/root_directory.hpp"
#include "text/suggest.hpp"

namespace tuner::commands::completion {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"list", "", "ids|units|namespaces", "print names from this host for the shell"},
});

constexpr std::string_view kShells[] = {"bash", "zsh", "fish"};
constexpr std::string_view kLists[] = {"ids", "units", "namespaces"};

using Names = std::vector<std::string>;

/// The newest first. A user who may not read them gets none.
Names change_ids() {
  Names names;
  const auto here = os::read_surroundings();
  const auto history = here ? os::read_history(here->place) : tl::unexpected(here.error());
  if (!history) return names;
  for (const Transaction& change : history->transactions) names.push_back(change.plan.id);
  std::reverse(names.begin(), names.end());
  return names;
}

Names names_in(std::initializer_list<const char*> directories, std::string_view end) {
  Names names;
  auto root = os::RootDirectory::open("/");
  if (!root) return names;
  for (const char* const directory : directories) {
    for (std::string& name : root->list(directory).value_or(Names())) {
      if (name.ends_with(end)) names.push_back(std::move(name));
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<Outcome> list(const std::string& what) {
  Names names;
  if (what == "ids") {
    names = change_ids();
  } else if (what == "units") {
    names = names_in({"etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system",
                      "lib/systemd/system"},
                     ".service");
  } else if (what == "namespaces") {
    names = names_in({"run/netns"}, "");
  } else {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--list",
                 .detail = "\"" + what + "\" cannot be listed",
                 .hint = choose_from(what, kLists)});
  }
  Outcome outcome;
  for (const std::string& name : names) outcome.out += name + '\n';
  return outcome;
}

Result<Outcome> run(const Invocation& invocation, const Manner& /*manner*/) {
  if (const auto what = invocation.value("list")) return list(*what);
  const std::string shell = invocation.words.empty() ? "" : invocation.words.front();
  if (shell == "bash") return Outcome{.out = bash_completion()};
  if (shell == "zsh") return Outcome{.out = zsh_completion()};
  if (shell == "fish") return Outcome{.out = fish_completion()};
  return fail({.kind = ErrorKind::usage,
               .subject = shell.empty() ? "completion" : shell,
               .detail = shell.empty() ? "missing shell" : "unsupported shell",
               .hint = choose_from(shell, kShells)});
}

}  // namespace

extern const Command command;

const Command command{
    .name = "completion",
    .summary = "Print shell completion code",
    .examples =
        "  source <(tuner completion bash)        in this shell\n"
        "  tuner completion zsh > ~/.zfunc/_tuner    in a directory of fpath\n"
        "  tuner completion fish | source         in this shell\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 1,
    .run = run,
    .words = "bash|zsh|fish",
};

}  // namespace tuner::commands::completion
