#include "render/transaction.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "render/json_parts.hpp"
#include "render/next_boot.hpp"
#include "render/shell.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"

namespace tuner::render {

namespace {

std::string shown_value(const std::optional<std::string>& value) {
  if (!value) return "no such file";
  std::string text = *value;
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text.empty() ? "empty" : text;
}

std::string time_left(const Transaction& transaction, std::chrono::milliseconds since_boot) {
  const auto& by = transaction.records.back().confirm_by;
  if (!by) return "no time limit";
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(*by - since_boot);
  if (*by <= since_boot) return "its time has expired";
  if (left.count() == 0) return "less than 1 s left";
  return text::short_span(left) + " left";
}

std::string step_lines(const Step& step, bool reasons, const Style& style) {
  if (step.follows) return {};
  if (step.kind == Step::Kind::file) {
    const char* const what = !step.original ? "written" : !step.wanted ? "removed" : "replaced";
    return wrapped(fmt::format("{}: {}", step.target, what), kIndent, style);
  }
  const std::string line =
      wrapped(fmt::format("{}: {} -> {}", step_name(step), shown_value(step.original),
                          shown_value(step.wanted)),
              kIndent, style);
  return reasons && !step.why.empty() ? line + wrapped("Why: " + step.why, kIndent * 2, style)
                                      : line;
}

std::string details_of(const Transaction& transaction, bool reasons, const Style& style) {
  std::string text;
  // A change that nobody confirmed never came to its files.
  const bool confirmed =
      std::any_of(transaction.records.begin(), transaction.records.end(), [](const Record& record) {
        return record.state == State::confirming || record.state == State::confirmed;
      });
  for (const Step& step : transaction.plan.steps) {
    if (step.part == Step::Part::keep && !confirmed) continue;
    text += step_lines(step, reasons, style);
  }
  text += '\n';
  for (const Record& record : transaction.records) {
    std::string line = fmt::format("{}  {}  by {}", moment(record.at), state_name(record.state),
                                   record.actor.user);
    if (!record.reason.empty()) line += ": " + record.reason;
    text += wrapped(line, kIndent, style);
    for (const std::string& conflict : record.conflicts)
      text += wrapped(conflict, kIndent * 2, style);
    for (const std::string& one : record.notes) text += wrapped(one, kIndent * 2, style);
  }
  return text;
}

/// "in force", and what of it later changes left.
std::string state_words(const Transaction& transaction, const Standing* standing) {
  std::string words(words_for(transaction.state()));
  if (standing != nullptr && standing->elsewhere) words += ", in another network namespace";
  const bool stands = transaction.state() == State::confirmed && standing != nullptr;
  if (!stands || standing->own == standing->keys) return words;
  const std::string by = text::joined(standing->later, ", ");
  if (standing->own == 0) return "replaced by " + by;
  return fmt::format("{} for {} of them; {} has since set the others", words, standing->own, by);
}

std::string heading(const Transaction& transaction, const Standing* standing) {
  const TransactionPlan& plan = transaction.plan;
  return fmt::format("{}  {}  {}, {}: {}", plan.id, moment(plan.created), asked_for(plan),
                     key_count(plan), state_words(transaction, standing));
}

}  // namespace

std::string_view words_for(State state) {
  switch (state) {
    case State::applied:
      return "waiting for tuner confirm";
    case State::planned:
    case State::armed:
    case State::applying:
    case State::confirming:
    case State::reverting:
      return "interrupted; the next tuner recover finishes it";
    case State::confirmed:
      return "in force";
    case State::reverted:
      return "rolled back";
    case State::conflict:
      break;
  }
  return "rolled back in part";
}

std::string asked_for(const TransactionPlan& plan) {
  if (!plan.profile.empty()) return "profile " + plan.profile;
  constexpr std::size_t kNamed = 2;
  std::vector<std::string> keys;
  std::size_t more = 0;
  for (const Step& step : plan.steps) {
    if (step.kind != Step::Kind::sysctl || step.follows) continue;
    if (keys.size() < kNamed)
      keys.push_back(step_name(step));
    else
      ++more;
  }
  if (keys.empty()) return "single keys";
  return text::joined(keys, ", ") + (more == 0 ? "" : fmt::format(" and {} more", more));
}

std::string key_count(const TransactionPlan& plan) {
  const auto keys = std::count_if(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
    return step.kind == Step::Kind::sysctl && !step.follows;
  });
  return text::plural(keys, "key", "keys");
}

std::string moment(std::chrono::sys_seconds time) {
  std::string text = text::timestamp(time);
  text.replace(text.find('T'), 1, " ");
  text.replace(text.find('Z'), 1, " UTC");
  return text;
}

namespace {

/// Of another machine-id; what was rolled back is over.
std::string foreign_text(const std::vector<Transaction>& foreign, const Style& style) {
  std::string text;
  for (const Transaction& change : foreign) {
    if (change.state() == State::reverted) continue;
    text += leading_to("tuner rollback --adopt " + change.plan.id,
                       fmt::format("{} ({}) was made under another machine-id and is ignored. If "
                                   "this host is a clone of that one, roll it back with:",
                                   change.plan.id, asked_for(change.plan)),
                       style);
  }
  return text;
}

/// The newest first.
std::string in_force_text(const StatusReport& report, const Style& style) {
  std::string text;
  for (auto at = report.in_force.rbegin(); at != report.in_force.rend(); ++at) {
    const auto& [change, standing] = *at;
    const std::string keys =
        standing.keys == 0 ? "for the next boot"
        : standing.own == standing.keys
            ? key_count(change.plan)
            : fmt::format("{} of its {}", standing.own, key_count(change.plan));
    text += wrapped(fmt::format("{} is in force: {}, {}, since {}.", change.plan.id,
                                asked_for(change.plan), keys, moment(change.plan.created)),
                    0, style);
  }
  const bool sound = report.drift.empty() && report.damaged.empty();
  return text.empty() || !sound ? text : text + "Nothing has drifted.\n";
}

std::string drift_sentence(const Drift& drift) {
  if (drift.is_file && drift.applied == "no such file") {
    return fmt::format("{} exists again; {} had removed it.", drift.subject, drift.id);
  }
  if (drift.is_file) {
    return fmt::format("{} {} since {} wrote it.", drift.subject,
                       drift.running == "edited" ? "was edited" : "is gone", drift.id);
  }
  return fmt::format("{} is now {}; {} had set {}.", drift.subject, drift.running, drift.id,
                     drift.applied);
}

std::string drift_text(const Drift& drift, const std::string& place, const Style& style) {
  if (!drift.is_sysctl) return wrapped(drift_sentence(drift), 0, style);
  return leading_to(fmt::format("tuner apply{} --set {}", place,
                                shell_word(drift.subject + '=' + drift.applied, style.charset)),
                    drift_sentence(drift) + " To set it again:", style);
}

std::string unfinished_text(const StatusReport& report, const Style& style) {
  std::string text;
  for (const Transaction& transaction : report.unfinished) {
    if (report.at_work && transaction.plan.id == report.unfinished.back().plan.id) {
      text += wrapped(transaction.plan.id + ": a tuner process is working on it.", 0, style);
      continue;
    }
    text += leading_to("tuner recover",
                       fmt::format("{} was interrupted ({}). To finish it:", transaction.plan.id,
                                   state_name(transaction.state())),
                       style);
  }
  return text;
}

}  // namespace

std::string status_text(const StatusReport& report, const Style& style) {
  std::string text;
  if (report.waiting && report.values_back) {
    text += leading_to(
        "tuner recover",
        report.waiting->plan.id + ": its values are rolled back, which is not recorded yet. Run:",
        style);
  } else if (report.waiting) {
    const std::string& id = report.waiting->plan.id;
    text += wrapped(
        fmt::format("{} ({}, by {}) is waiting for confirmation: {}. To keep it: tuner "
                    "confirm{}. To undo it: tuner rollback{}.",
                    id, asked_for(report.waiting->plan), report.waiting->plan.actor.user,
                    time_left(*report.waiting, report.since_boot), report.place, report.place),
        0, style);
    if (!report.timer_runs) {
      text += wrapped("Its timer is no longer running: tuner recover arms it again.", 0, style);
    }
  }
  text += unfinished_text(report, style);
  for (const Transaction& transaction : report.conflicts) {
    text += leading_to("tuner history " + transaction.plan.id,
                       transaction.plan.id + " was rolled back in part; see:", style);
  }
  for (const Drift& drift : report.drift) text += drift_text(drift, report.place, style);
  for (const Error& error : report.damaged) {
    text += wrapped(error.message() + ". " + error.hint, 0, style);
  }
  text += in_force_text(report, style);
  for (const std::string& sentence : next_boot_sentences(report.next_boot)) {
    text += wrapped(sentence, 0, style);
  }
  if (report.expired) {
    text += wrapped(
        fmt::format("{} ({}) was rolled back on {}: {}.", report.expired->plan.id,
                    asked_for(report.expired->plan), moment(report.expired->records.back().at),
                    report.expired->records.back().reason),
        0, style);
  }
  for (const Transaction& change : report.elsewhere) {
    text += wrapped(fmt::format("{} ({}) belongs to another network namespace, and {}. Run "
                                "tuner there.",
                                change.plan.id, asked_for(change.plan), words_for(change.state())),
                    0, style);
  }
  text += foreign_text(report.foreign, style);
  if (text.empty()) text = "No change is in force or pending.\n";
  return clean(text, style.charset);
}

std::string history_text(const HistoryReport& report, const Style& style) {
  std::string text;
  for (std::size_t index = 0; index < report.transactions.size(); ++index) {
    const Transaction& transaction = report.transactions[index];
    const bool known = index < report.standings.size();
    const std::string line = heading(transaction, known ? &report.standings[index] : nullptr);
    // Wrapping takes the columns away.
    text += line.size() <= style.columns ? line + '\n' : wrapped(line, 0, style);
    if (!report.details && style.detail != Detail::everything) continue;
    const Actor& actor = transaction.plan.actor;
    text += wrapped(fmt::format("by {}: {}", actor.user, actor.command), kIndent, style);
    const bool reasons = report.details && style.detail == Detail::everything;
    text += details_of(transaction, reasons, style) + '\n';
  }
  text += foreign_text(report.foreign, style);
  for (const Error& error : report.damaged) {
    text += wrapped(error.message() + ". " + error.hint, 0, style);
  }
  if (text.empty()) text = "No change has been applied here.\n";
  return clean(text, style.charset);
}

}  // namespace tuner::render
