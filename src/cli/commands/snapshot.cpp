#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "cli/command.hpp"
#include "cli/place_option.hpp"
#include "cli/read_tree.hpp"
#include "os/snapshot.hpp"
#include "render/json_snapshot.hpp"
#include "render/shell.hpp"
#include "text/human.hpp"

namespace tuner::commands::snapshot {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"output", "o", "DIR", "directory to write to: new or empty", false, {}, {}, true},
    {"anonymise", "", "", "replace host name and addresses"},
    kNetnsOption,
    kPidOption,
    {"format", "", "text|json", "output format (default: text)"},
});

std::string messages_of(const os::SnapshotSummary& summary) {
  std::string messages;
  if (summary.interfaces_left_out > 0) {
    messages = fmt::format("tuner: the keys of {} are omitted, beyond the first 64\n",
                           text::plural(summary.interfaces_left_out, "interface", "interfaces"));
  }
  constexpr std::size_t kMost = 20;  // JSON has all of them
  const std::size_t count = summary.unread.size();
  for (std::size_t index = 0; index < std::min(count, kMost); ++index) {
    messages += "tuner: not recorded: " + summary.unread[index] + "\n";
  }
  if (count > kMost) messages += fmt::format("tuner: not recorded: {} more\n", count - kMost);
  return messages;
}

std::string text_of(const render::SnapshotReport& report, const render::Style& style) {
  std::string text = render::leading_to(
      "tuner audit --root " + render::shell_word(report.directory, style.charset),
      fmt::format(
          "{} and {} written to {}. To audit them:", text::plural(report.files, "file", "files"),
          text::plural(report.sockets, "socket", "sockets"), report.directory),
      style);
  if (!report.anonymous) {
    text += render::wrapped(
        "They contain this host's name and addresses; --anonymise replaces them.", 0, style);
  }
  return render::clean(text, style.charset);
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto directory = invocation.value("output");
  const auto gone = go_to_place(invocation);
  if (!gone) return tl::unexpected(gone.error());
  auto root = os::RootDirectory::open("/");
  if (!root) return tl::unexpected(root.error());
  const bool anonymous = invocation.has("anonymise");
  const auto addresses = anonymous ? os::Addresses::replaced : os::Addresses::kept;
  const auto summary = os::write_snapshot(*root, *directory, addresses, std::string(kVersion));
  if (!summary) return tl::unexpected(summary.error());
  const render::SnapshotReport report{.directory = *directory,
                                      .anonymous = anonymous,
                                      .files = summary->files,
                                      .sockets = summary->sockets,
                                      .interfaces_left_out = summary->interfaces_left_out,
                                      .unread = summary->unread,
                                      .generated_at = now()};
  Outcome outcome{
      .status = summary->unread.empty() ? ExitStatus::as_wanted : ExitStatus::incomplete,
      .messages = messages_of(*summary)};
  if (manner.json) {
    outcome.out = render::snapshot_json(report, kVersion);
  } else if (manner.style.detail != render::Detail::verdict_only) {
    outcome.out = text_of(report, manner.style);
  }
  return outcome;
}

}  // namespace

extern const Command command;

const Command command{
    .name = "snapshot",
    .summary = "Capture what an audit reads, for bug reports",
    .examples =
        "  tuner snapshot -o web01                 this host, for --root\n"
        "  tuner snapshot -o web01 --anonymise     without its name and addresses\n"
        "  tuner audit --root web01                audit the capture\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
};

}  // namespace tuner::commands::snapshot
