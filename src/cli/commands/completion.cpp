#include "cli/completion.hpp"
#include "cli/command.hpp"
#include "core/suggest.hpp"

namespace tuner::commands::completion {

namespace {

using namespace cli;

constexpr std::string_view kShells[] = {"bash", "zsh", "fish"};

Result<Outcome> run(const Invocation& invocation, const Manner& /*manner*/) {
  const std::string& shell = invocation.words.front();
  if (shell == "bash") return Outcome{.out = bash_completion()};
  if (shell == "zsh") return Outcome{.out = zsh_completion()};
  if (shell == "fish") return Outcome{.out = fish_completion()};
  std::string way_out = did_you_mean(shell, kShells);
  if (way_out.empty()) way_out = "Write tuner completion bash, zsh or fish.";
  return fail({.kind = ErrorKind::usage,
               .subject = shell,
               .detail = "there are no completions for this shell",
               .way_out = std::move(way_out)});
}

}  // namespace

extern const Command command;

const Command command{
    .name = "completion",
    .summary = "Print what a shell completes tuner's command lines with",
    .usage = "bash|zsh|fish",
    .examples =
        "  source <(tuner completion bash)        in this shell\n"
        "  tuner completion zsh > ~/.zfunc/_tuner    in a folder of fpath\n"
        "  tuner completion fish | source         in this shell\n",
    .options = {},
    .min_words = 1,
    .max_words = 1,
    .run = run,
    .words = "bash|zsh|fish",
};

}  // namespace tuner::commands::completion
