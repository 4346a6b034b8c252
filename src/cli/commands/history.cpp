#include <algorithm>
#include <array>

#include "change/standing.hpp"
#include "cli/change_session.hpp"
#include "cli/command.hpp"
#include "cli/read_tree.hpp"
#include "render/transaction.hpp"

namespace tuner::commands::history {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"format", "", "text|json", "output format (default: text)"},
});

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto here = os::read_surroundings();
  if (!here) return tl::unexpected(here.error());
  auto history = os::read_history(here->place);
  if (!history) return tl::unexpected(history.error());
  render::HistoryReport report{.generated_at = now(),
                               .transactions = std::move(history->transactions),
                               .damaged = std::move(history->damaged),
                               .foreign = std::move(history->foreign)};
  for (const Transaction& one : report.transactions) {
    report.standings.push_back(standing_of(one, report.transactions));
    report.standings.back().elsewhere =
        !belongs_here(one, *here) && !outlived(one.plan.place, here->place);
  }
  std::reverse(report.transactions.begin(), report.transactions.end());
  std::reverse(report.standings.begin(), report.standings.end());
  if (!invocation.words.empty()) {
    const std::string& id = invocation.words.front();
    const auto found = std::find_if(report.transactions.begin(), report.transactions.end(),
                                    [&id](const Transaction& one) { return one.plan.id == id; });
    if (found == report.transactions.end()) return unknown_transaction(id, report.transactions);
    report.standings = {
        report.standings[static_cast<std::size_t>(found - report.transactions.begin())]};
    report.transactions = {std::vector<Transaction>{*found}};
    report.details = true;
  }
  return Outcome{.status = report.damaged.empty() ? ExitStatus::as_wanted : ExitStatus::incomplete,
                 .out = manner.json ? render::history_json(report, kVersion)
                                    : render::history_text(report, manner.style)};
}

}  // namespace

extern const Command command;

const Command command{
    .name = "history",
    .summary = "List changes: when, by whom, and their outcome",
    .examples =
        "  tuner history                        every change, the newest first\n"
        "  tuner history 20260131-120000-1a2b   one change with its values\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 1,
    .run = run,
    .words = "ID",
};

}  // namespace tuner::commands::history
