#include "change/limits.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "change/fragment.hpp"
#include "change/origins.hpp"
#include "change/routes.hpp"
#include "model/number.hpp"
#include "profile/fit.hpp"
#include "text/path.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
/// Of a service that nothing is said of: DefaultLimitNOFILE= of systemd since 240.
constexpr std::int64_t kManagerSoft = 1024;
constexpr std::int64_t kManagerHard = 524288;

std::optional<std::int64_t> limit_number(std::string_view text) {
  if (text == "unlimited" || text == "infinity" || text == "-1") return kUnlimited;
  return parse::integer(text);
}

std::string limit_text(std::optional<std::int64_t> limit) {
  if (!limit) return "not set";
  return *limit == kUnlimited ? "unlimited" : std::to_string(*limit);
}

std::string pair_text(const FileLimit& limit) {
  return fmt::format("soft {}, hard {}", limit_text(limit.soft), limit_text(limit.hard));
}

/// "65535", "infinity" or "1024:524288".
void take_systemd_value(std::string_view value, FileLimit& limit) {
  const auto colon = value.find(':');
  const auto soft = limit_number(value.substr(0, colon));
  const auto hard = colon == std::string_view::npos ? soft : limit_number(value.substr(colon + 1));
  if (!soft || !hard) return;
  limit = {soft, hard};
}

void take_systemd_file(std::string_view text, std::string_view name, FileLimit& limit) {
  for (const std::string_view line : parse::lines(text)) {
    const std::string_view trimmed = parse::trim(line);
    if (!trimmed.starts_with(name)) continue;
    const std::string_view rest = parse::trim(trimmed.substr(name.size()));
    if (rest.starts_with('=')) take_systemd_value(parse::trim(rest.substr(1)), limit);
  }
}

const Demand* limit_demand(const Profile& profile, const HostSnapshot& host) {
  for (const Demand& demand : profile.demands) {
    const bool here = demand.area == Area::limit && demand.key == "nofile" &&
                      !demand.numbers.empty() && demand.numbers.front() &&
                      (!demand.when || holds(*demand.when, host));
    if (here) return &demand;
  }
  return nullptr;
}

const TextFile* file_of(const std::vector<TextFile>& files, std::string_view path) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [path](const TextFile& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

Step file_step(std::string path, const TextFile* present, std::optional<std::string> wanted) {
  constexpr unsigned kUsual = 0644;
  return {.kind = Step::Kind::file,
          .part = Step::Part::keep,
          .target = std::move(path),
          .original = present == nullptr ? std::nullopt : std::optional(present->text),
          .wanted = std::move(wanted),
          .mode = present == nullptr ? kUsual : present->mode};
}

bool is_own(const TextFile& file) { return file.text.starts_with(kFragmentHeader); }

/// Whether a file of tuner's says the same already, be it for another profile.
bool says_the_same(const TextFile* present, const std::optional<std::string>& text) {
  if (present == nullptr || !text) return present == nullptr && !text;
  const auto body = [](std::string_view file) {
    while (file.starts_with('#'))
      file.remove_prefix(std::min(file.find('\n'), file.size() - 1) + 1);
    return file;
  };
  return is_own(*present) && body(present->text) == body(*text);
}

/// A file of tuner's name that somebody else made or edited is not tuner's to replace.
bool refuse_foreign(const TextFile* present, const std::vector<Transaction>& history,
                    ApplyPlan& plan) {
  if (present == nullptr) return false;
  if (is_own(*present) && !is_edited(history, present->path, present->text)) return false;
  plan.refusals.push_back(
      {.subject = present->path,
       .reason = "it has tuner's file name, but was made or edited by someone else",
       .hint = "Move its contents to a file with another name."});
  return true;
}

/// The lines for one domain: soft and hard where they are below, or where nothing is said. A hard
/// limit that tuner has written stays: what the caller inherited may come from it.
std::string pam_lines(const std::vector<TextFile>& files, std::string_view domain,
                      std::int64_t wanted, std::optional<std::int64_t> inherited) {
  std::string text;
  const FileLimit present = pam_limit(files, domain);
  if (!present.soft || *present.soft < wanted) {
    text += fmt::format("{:<5} soft nofile {}\n", domain, wanted);
  }
  // What nothing is said of is inherited, and that may be more.
  const auto hard = present.hard ? present.hard : inherited;
  if (!hard || *hard < wanted) text += fmt::format("{:<5} hard nofile {}\n", domain, wanted);
  return text;
}

void plan_sessions(std::string_view profile, const Demand& demand, std::int64_t wanted,
                   const HostSnapshot& host, const ApplySurvey& survey, ApplyPlan& plan) {
  const TextFile* const present = file_of(survey.limit_files, kLimitsFile);
  const bool wrote_hard =
      present != nullptr && present->text.find(" hard nofile ") != std::string::npos;
  const auto inherited = host.own_limit && !wrote_hard ? host.own_limit->hard.value_or(kUnlimited)
                                                       : std::optional<std::int64_t>();
  std::string lines;
  std::string before;
  for (const std::string_view domain : {"*", "root"}) {
    lines += pam_lines(survey.limit_files, domain, wanted, inherited);
    before += fmt::format("{}{}: {}", before.empty() ? "" : "; ", domain,
                          pair_text(pam_limit(survey.limit_files, domain, Own::counts)));
  }
  std::optional<std::string> text;
  if (!lines.empty()) {
    text = fmt::format("{} for the profile {}. To undo: tuner rollback.\n# {}\n{}", kFragmentHeader,
                       on_one_line(profile), on_one_line(demand.why), lines);
  }
  if (says_the_same(present, text)) return;
  if (refuse_foreign(present, survey.history, plan)) return;
  for (const TextFile& file : survey.limit_files) {
    if (text::base_name(file.path) <= text::base_name(kLimitsFile) || lines.empty() ||
        !file.path.starts_with("/etc/security/limits.d/")) {
      continue;
    }
    const FileLimit later = pam_limit({file}, "*");
    if (later.soft && *later.soft < wanted) {
      plan.warnings.push_back(fmt::format("{} is read after {} and gives sessions {} open files.",
                                          file.path, kLimitsFile, *later.soft));
    }
  }
  plan.others.push_back(
      {.subject = std::string(kLimitsFile),
       .running = before,
       .wanted = text ? fmt::format("nofile {}", wanted) : "no such file",
       .why = demand.why,
       .note = "Sessions get it at their next login; for a service add --service UNIT.",
       .step = file_step(std::string(kLimitsFile), present, text)});
}

/// A profile that asks for no limit, after one that did.
void forget_sessions(const ApplySurvey& survey, ApplyPlan& plan) {
  const TextFile* const present = file_of(survey.limit_files, kLimitsFile);
  if (present == nullptr || !is_own(*present) || refuse_foreign(present, survey.history, plan)) {
    return;
  }
  plan.others.push_back({.subject = std::string(kLimitsFile),
                         .running = "written by tuner",
                         .wanted = "no such file",
                         .why = "The profile sets no limit on open files",
                         .note = "Sessions get their old limit back at their next login.",
                         .step = file_step(std::string(kLimitsFile), present, std::nullopt)});
}

void plan_service(std::string_view profile, const Demand& demand, std::int64_t wanted,
                  const ServiceFiles& service, const ApplySurvey& survey, ApplyPlan& plan) {
  const std::string path = drop_in_path(service.unit);
  const TextFile* const present = file_of(service.files, path);
  const FileLimit limit = service_limit(service, survey.manager_files);
  std::optional<std::string> text;
  if (limit.soft.value_or(kManagerSoft) < wanted) {
    const auto hard = std::max(limit.hard.value_or(kManagerHard), wanted);
    const std::string value =
        hard == wanted
            ? std::to_string(wanted)
            : fmt::format("{}:{}", wanted, hard == kUnlimited ? "infinity" : std::to_string(hard));
    text = fmt::format(
        "{} for the profile {}. To undo: tuner rollback.\n# "
        "{}\n[Service]\nLimitNOFILE={}\n",
        kFragmentHeader, on_one_line(profile), on_one_line(demand.why), value);
  }
  if (says_the_same(present, text) || refuse_foreign(present, survey.history, plan)) return;
  for (const TextFile& file : service.files) {
    FileLimit later;
    take_systemd_file(file.text, "LimitNOFILE", later);
    const bool wins = file.path.find(".service.d/") != std::string::npos &&
                      text::base_name(file.path) > text::base_name(path) && later.soft;
    if (wins && text && *later.soft < wanted) {
      plan.warnings.push_back(fmt::format("{} is read after {} and gives {} {} open files.",
                                          file.path, path, service.unit, *later.soft));
    }
  }
  plan.others.push_back(
      {.subject = path,
       .running = pair_text(limit),
       .wanted = text ? fmt::format("LimitNOFILE {}", wanted) : "no such file",
       .why = demand.why,
       .note = fmt::format("It takes effect after: systemctl daemon-reload && systemctl restart "
                           "{}. The same applies after a rollback.",
                           service.unit),
       .step = file_step(path, present, text)});
}

void plan_process(const Demand& demand, std::int64_t wanted, const RunningProcess& process,
                  ApplyPlan& plan) {
  const auto words = parse::words(process.limit);
  const auto soft = words.empty() ? std::nullopt : limit_number(words[0]);
  const auto hard = words.size() < 2 ? std::nullopt : limit_number(words[1]);
  if (!soft || !hard || *soft >= wanted) return;
  const std::string limit = fmt::format("{} {}", wanted, limit_text(std::max(*hard, wanted)));
  plan.others.push_back(
      {.subject = "process " + process.target,
       .running = process.limit,
       .wanted = limit,
       .why = demand.why,
       .note = "It lasts until the process ends; many programs read the limit only at start.",
       .step = {.kind = Step::Kind::limit,
                .target = process.target,
                .original = process.limit,
                .wanted = limit}});
}

}  // namespace

FileLimit pam_limit(const std::vector<TextFile>& files, std::string_view domain, Own own) {
  FileLimit limit;
  for (const TextFile& file : files) {
    if (own == Own::left_out && file.path == kLimitsFile && is_own(file)) continue;
    for (const std::string_view line : parse::lines(file.text)) {
      const auto words = parse::words(line.substr(0, line.find('#')));
      if (words.size() < 4 || words[0] != domain || words[2] != "nofile") continue;
      const auto number = limit_number(words[3]);
      if (!number) continue;
      if (words[1] != "hard") limit.soft = number;
      if (words[1] != "soft") limit.hard = number;
    }
  }
  return limit;
}

FileLimit service_limit(const ServiceFiles& service, const std::vector<TextFile>& manager) {
  FileLimit limit;
  for (const TextFile& file : manager) take_systemd_file(file.text, "DefaultLimitNOFILE", limit);
  for (const TextFile& file : service.files) {
    const bool own = file.path == drop_in_path(service.unit) && is_own(file);
    if (!own) take_systemd_file(file.text, "LimitNOFILE", limit);
  }
  return limit;
}

std::string drop_in_path(std::string_view unit) {
  return fmt::format("/etc/systemd/system/{}.d/90-tuner.conf", unit);
}

void plan_limits(const Profile& profile, const HostSnapshot& future, const ApplySurvey& survey,
                 const ApplyOptions& options, ApplyPlan& plan) {
  const Demand* const demand = limit_demand(profile, future);
  const bool files =
      options.parts != ApplyOptions::Parts::runtime && !survey.is_borrowed(kLimitsFile);
  const auto is_kept = [&](const ServiceFiles& service) {
    return options.parts != ApplyOptions::Parts::runtime &&
           !survey.is_borrowed(drop_in_path(service.unit));
  };
  if (demand == nullptr) {
    if (files) forget_sessions(survey, plan);
    return;
  }
  const std::int64_t wanted = *demand->numbers.front();
  const auto most = future.number("fs.nr_open");
  if (most && *most < wanted) {
    plan.skipped.push_back(
        {.key = "limit nofile",
         .reason = fmt::format("{} is above fs.nr_open, {}: sessions could no longer be opened.",
                               wanted, *most)});
    return;
  }
  if (files) plan_sessions(profile.name, *demand, wanted, future, survey, plan);
  for (const ServiceFiles& service : survey.services) {
    if (is_kept(service)) plan_service(profile.name, *demand, wanted, service, survey, plan);
  }
  if (options.parts == ApplyOptions::Parts::files) return;
  for (const RunningProcess& process : survey.processes) {
    plan_process(*demand, wanted, process, plan);
  }
}

}  // namespace tuner
