#include "render/apply.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "read/same_value.hpp"
#include "render/host_line.hpp"
#include "render/plan.hpp"
#include "render/transaction.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"

namespace tuner::render {

namespace {

std::string value_text(const std::string& value) { return value.empty() ? "empty" : value; }

/// A key that only the file is to have.
std::string later_text(const Change& change) {
  const std::string running = value_text(change.running);
  if (!same_sysctl(change.key, change.running, change.wanted)) {
    return fmt::format("{}: {} at the next boot; {} is running", change.key,
                       value_text(change.wanted), running);
  }
  const std::string kept =
      fmt::format("{}: {} is running, and the file will keep it", change.key, running);
  return change.boot
             ? fmt::format("{}; without it the next boot sets {}", kept, value_text(*change.boot))
             : kept;
}

std::string key_text(const PlannedKey& key, const Style& style) {
  const Change& change = key.change;
  std::string text = key.live ? fmt::format("{}: {} -> {}", change.key, value_text(change.running),
                                            value_text(change.wanted))
                              : later_text(change);
  if (change.source == kTunerHistory) text += ", its value before tuner";
  text = wrapped(text, 0, style);
  return style.detail == Detail::everything ? text + reasons_text(change, style) : text;
}

std::string other_text(const PlannedOther& other, const Style& style) {
  return wrapped(fmt::format("{}: {} -> {}", other.subject, other.running, other.wanted), 0,
                 style) +
         wrapped(other.note, kIndent, style);
}

/// The file of tuner's that goes, since another one wins over its name; empty where none does.
std::string outgoing_file(const ApplyPlan& plan) {
  for (const Step& step : plan.steps) {
    const bool goes = step.kind == Step::Kind::file && step.part == Step::Part::keep &&
                      !step.wanted && plan.fragment && step.target != plan.fragment->path;
    if (goes) return step.target;
  }
  return {};
}

std::string plan_part(const ApplyReport& report, const Style& style) {
  const ApplyPlan& plan = report.plan;
  std::string text = host_line(*report.host, &report.profile, style) + '\n';
  for (const Refusal& refusal : plan.refusals) {
    text += wrapped(fmt::format("Refused: {}: {}.", refusal.subject, refusal.reason), 0, style);
    if (!refusal.hint.empty()) text += wrapped(refusal.hint, kIndent, style);
  }
  if (!plan.refusals.empty()) text += '\n';
  for (const RunReport& run : report.finished) text += wrapped(finished_line(run), 0, style);
  if (!plan.replaces.empty() && plan.changes_anything()) {
    text += wrapped("It replaces " + text::joined(plan.replaces, ", ") + ".", 0, style);
  }
  const std::string outgoing = outgoing_file(plan);
  if (!outgoing.empty()) {
    text += wrapped(
        fmt::format("{} replaces {}, which another file overrides.", plan.fragment->path, outgoing),
        0, style);
  }
  for (const PlannedKey& key : plan.keys) text += key_text(key, style);
  for (const PlannedOther& other : plan.others) text += other_text(other, style);
  if (!plan.keys.empty() || !plan.others.empty()) text += '\n';
  for (const Obstacle& skipped : plan.skipped) {
    text += wrapped(fmt::format("Skipped: {}: {}", skipped.key, skipped.reason), 0, style);
  }
  for (const std::string& warning : plan.warnings) text += wrapped("Warning: " + warning, 0, style);
  const bool notes = !plan.skipped.empty() || !plan.warnings.empty();
  return text + (notes ? "\n" : "");
}

std::string counted_keys(std::ptrdiff_t number) { return text::plural(number, "key", "keys"); }

std::ptrdiff_t live_keys(const ApplyPlan& plan) {
  return std::count_if(plan.keys.begin(), plan.keys.end(),
                       [](const PlannedKey& key) { return key.live; });
}

/// Keys that only the file is to have, where others are set too.
std::ptrdiff_t keys_left_to_the_file(const ApplyPlan& plan) {
  const std::ptrdiff_t live = live_keys(plan);
  return live == 0 ? 0 : static_cast<std::ptrdiff_t>(plan.keys.size()) - live;
}

/// "24 keys and 1 other setting": all that is set, or, where nothing is, all that the file keeps.
std::string amount(const ApplyPlan& plan) {
  std::string text;
  const auto keys = static_cast<std::ptrdiff_t>(plan.keys.size()) - keys_left_to_the_file(plan);
  if (keys > 0) text = counted_keys(keys);
  if (plan.others.empty()) return text;
  if (!text.empty()) text += " and ";
  return text + text::plural(static_cast<std::int64_t>(plan.others.size()), "other setting",
                             "other settings");
}

/// Where no value changes: tuner's file, under another name or with other lines.
std::string file_alone(const ApplyPlan& plan) {
  return plan.fragment ? plan.fragment->path : "The sysctl.d file";
}

/// Whether anything that runs is set, or only what the next boot reads.
bool sets_live(const ApplyPlan& plan) {
  return std::any_of(plan.steps.begin(), plan.steps.end(),
                     [](const Step& step) { return step.part == Step::Part::live; });
}

bool keeps_fragment(const ApplyPlan& plan) {
  return plan.fragment && std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
           return step.part == Step::Part::keep;
         });
}

/// Where nothing was done.
std::string idle_outcome(const ApplyReport& report) {
  const ApplyPlan& plan = report.plan;
  if (!plan.refusals.empty()) return "Refused; nothing was changed.";
  if (report.error) return "Nothing was changed.";
  if (!plan.changes_anything()) {
    return plan.skipped.empty()
               ? "Nothing to change: this host already matches."
               : "Nothing to change except what is skipped; the rest already matches.";
  }
  if (!report.dry_run) return {};
  if (amount(plan).empty()) {
    return file_alone(plan) + " would be written. Dry run: nothing was changed.";
  }
  const std::ptrdiff_t left = keys_left_to_the_file(plan);
  return fmt::format(
      "{} would be {}{}. Dry run: nothing was changed.", amount(plan),
      sets_live(plan) || plan.steps.empty() ? "set" : "set at the next boot",
      left == 0 ? "" : fmt::format(", and {} kept for the next boot", counted_keys(left)));
}

std::string kept_outcome(const ApplyPlan& plan) {
  const std::string file = keeps_fragment(plan) ? " in " + plan.fragment->path : "";
  if (amount(plan).empty()) return file_alone(plan) + " is written";
  if (!sets_live(plan)) return fmt::format("{} kept for the next boot{}", amount(plan), file);
  const std::ptrdiff_t left = keys_left_to_the_file(plan);
  if (left > 0) {
    return fmt::format("{} set and verified, {} kept for the next boot{}", amount(plan),
                       counted_keys(left), file);
  }
  return fmt::format("{} set and verified{}{}", amount(plan), file.empty() ? "" : ", kept", file);
}

std::string outcome(const ApplyReport& report, const Style& style) {
  const std::string idle = idle_outcome(report);
  if (!idle.empty()) return wrapped(idle, 0, style);
  const RunReport& run = *report.run;
  const std::string& id = run.transaction.plan.id;
  switch (run.transaction.state()) {
    case State::confirmed:
      return leading_to("tuner rollback" + report.place + " " + id,
                        kept_outcome(report.plan) + ". To undo it:", style);
    case State::applied:
      return leading_to(
          "tuner confirm" + report.place,
          fmt::format("{} set and verified. It will be rolled back in {} unless you run:",
                      amount(report.plan),
                      text::short_span(std::chrono::ceil<std::chrono::seconds>(
                          *run.transaction.plan.confirm_within))),
          style);
    case State::reverted:
      return wrapped(fmt::format("It failed and was rolled back. {}.", run.trouble), 0, style);
    default:
      break;
  }
  return leading_to(
      "tuner history " + id,
      fmt::format("It failed and could be rolled back only in part. {}. See:", run.trouble), style);
}

}  // namespace

bool ApplyReport::changed() const {
  if (dry_run) return plan.changes_anything();
  if (!run) return false;
  const State state = run->transaction.state();
  return state == State::confirmed || state == State::applied || state == State::conflict;
}

std::string apply_text(const ApplyReport& report, const Style& style) {
  std::string text;
  if (style.detail != Detail::verdict_only) text = plan_part(report, style);
  text += outcome(report, style);
  const bool set = report.run && report.changed();
  for (const std::string& one : report.then) {
    if (set || report.dry_run) text += wrapped(one, 0, style);
  }
  return clean(text, style.charset);
}

}  // namespace tuner::render
