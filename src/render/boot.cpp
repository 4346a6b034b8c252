#include "render/boot.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/readers.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "render/host_line.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

namespace {

std::string place(const std::string& file, int line) {
  return line == 0 ? file : fmt::format("{}:{}", file, line);
}

std::string shown(const std::string& value) { return value.empty() ? "empty" : value; }

/// "30 (FILE:LINE)", or why there is no value.
std::string value_text(const BootValue& value) {
  const std::string where = place(value.file, value.line);
  if (value.value) {
    const std::string through = value.through.empty() ? "" : ", through " + value.through;
    return fmt::format("{} ({}{})", shown(*value.value), where, through);
  }
  return fmt::format("not set by {}: {}", where, value.error);
}

std::string reader_text(const Reader& reader, const std::string& installed) {
  if (installed.empty()) return fmt::format("{} (not found here)", reader.name);
  return fmt::format("{} (installed: {})", reader.name, installed);
}

/// One line where both readers agree, else one for each.
std::string values_text(const BootKey& key, const Style& style) {
  const auto line = [&key, &style](std::string_view who, const std::optional<BootValue>& value) {
    if (!value && who == "systemd" && key.excluded) {
      return wrapped(fmt::format("systemd: {} keeps it from being set",
                                 place(key.excluded->file, key.excluded->line)),
                     kIndent, style);
    }
    if (!value) return wrapped(fmt::format("{}: sets nothing", who), kIndent, style);
    return wrapped(fmt::format("{}: {}", who, value_text(*value)), kIndent, style);
  };
  if (!key.systemd && !key.procps) {
    return wrapped(key.shadowed.empty() ? "No file sets it." : "Nothing sets it.", kIndent, style);
  }
  const bool same = key.systemd && key.procps && key.systemd->value == key.procps->value &&
                    key.systemd->file == key.procps->file && key.systemd->line == key.procps->line;
  if (same) return wrapped(value_text(*key.systemd), kIndent, style);
  return line("systemd", key.systemd) + line("procps", key.procps);
}

/// What a program makes of the key after the files were applied.
std::string owner_text(const BootView& view, const BootKey& key, const Style& style) {
  const KeyOwner* const owner = view.owner_of(key.key);
  if (owner == nullptr) return {};
  const auto value = owner->values.find(key.key);
  const std::string what = value == owner->values.end()
                               ? ""
                               : fmt::format(" to {} ({})", shown(value->second.value),
                                             place(value->second.file, value->second.line));
  std::string text =
      wrapped(fmt::format("{} sets it{} after that.", owner->name, what), kIndent, style);
  if (key.running)
    text += wrapped(fmt::format("Running now: {}.", shown(*key.running)), kIndent, style);
  return text + wrapped(owner->hint, kIndent, style);
}

std::string key_text(const BootView& view, const BootKey& key, const Style& style) {
  std::string text = key.key + '\n' + values_text(key, style);
  for (const Shadowed& loser : key.shadowed) {
    std::string line =
        fmt::format("overruled: {} ({})", shown(loser.value), place(loser.file, loser.line));
    if (!loser.by.empty()) line += fmt::format(", hidden by {}", loser.by);
    text += wrapped(line, kIndent, style);
  }
  if (!key.agree()) text += wrapped("The readers disagree.", kIndent, style);
  text += owner_text(view, key, style);
  if (view.differs_from_running(key)) {
    text += wrapped(fmt::format("Running now: {}.", shown(*key.running)), kIndent, style);
  }
  if (!key.late.empty()) text += wrapped(key.late, kIndent, style);
  return text;
}

/// What is wrong with files and lines: once where both readers say it, else with the reader.
std::string problems_text(const BootView& view, const Style& style) {
  std::vector<std::pair<std::string, std::string>> lines;  // and who says it
  for (const ReaderRun& run : view.runs) {
    for (const BootProblem& problem : run.problems) {
      std::string line = fmt::format("{}: {}.", place(problem.file, problem.line), problem.message);
      const auto known = std::find_if(lines.begin(), lines.end(),
                                      [&line](const auto& one) { return one.first == line; });
      const std::string who = std::string(family_name(run.reader->family)) + ": ";
      if (known == lines.end()) {
        lines.emplace_back(std::move(line), who);
      } else if (known->second != who) {
        known->second.clear();
      }
    }
  }
  std::string text;
  for (const auto& [line, who] : lines) text += wrapped(who + line, 0, style);
  return text.empty() ? text : text + '\n';
}

std::string unapplied_text(const BootView& view, const Style& style) {
  std::string text;
  for (const UnappliedFile& file : view.unapplied) {
    text += wrapped(fmt::format("{} is not applied at boot. {} {}",
                                place(file.path, file.first_line), file.why, file.hint),
                    0, style);
  }
  return text.empty() ? text : text + '\n';
}

/// The files in the order in which each reader takes them.
std::string files_text(const BootView& view) {
  std::string text;
  for (const ReaderRun& run : view.runs) {
    text += fmt::format("{} reads, and exits with status {}:\n", run.reader->name, run.status);
    for (const std::string& file : run.files) text += fmt::format("  {}\n", file);
  }
  return text + '\n';
}

std::string verdict(const BootView& view, const std::vector<BootKey>& keys, const Style& style) {
  const auto is_set = [](const BootKey& key) {
    return (key.systemd && key.systemd->value) || (key.procps && key.procps->value);
  };
  const auto set = std::count_if(keys.begin(), keys.end(), is_set);
  const auto vain = std::count_if(keys.begin(), keys.end(), [&is_set](const BootKey& key) {
    return !is_set(key) && (key.systemd || key.procps);
  });
  const auto differing = std::count_if(keys.begin(), keys.end(), [&view](const BootKey& key) {
    return view.differs_from_running(key);
  });
  const auto disputed =
      std::count_if(keys.begin(), keys.end(), [](const BootKey& key) { return !key.agree(); });
  if (set + vain == 0) return "No file sets a key.\n";
  std::vector<std::string> parts;
  const auto add = [&parts](std::ptrdiff_t number, std::string_view one, std::string_view many) {
    if (number > 0) parts.push_back(fmt::format("{} {}", number, number == 1 ? one : many));
  };
  add(differing, "differs from the running value", "differ from the running value");
  add(disputed, "depends on the reader", "depend on the reader");
  std::string text = "Files set " + text::plural(set, "key", "keys");
  if (!parts.empty()) text += ": " + text::joined(parts, ", ");
  if (vain > 0)
    text += fmt::format("; {} without effect", text::plural(vain, "key is", "keys are"));
  return wrapped(text + '.', 0, style);
}

}  // namespace

namespace {

std::string boot_line(const BootView& view) {
  const std::string who =
      view.readers.at_boot == ReaderFamily::systemd ? "systemd-sysctl" : "procps sysctl";
  const std::string fact =
      view.readers.assumed
          ? fmt::format("Neither reader is installed here; assuming that {} applies the files.",
                        who)
          : fmt::format("{} applies the files at boot.", who);
  return fmt::format("{} Shown: {}, {}.", fact,
                     reader_text(*view.readers.systemd, view.readers.systemd_version),
                     reader_text(*view.readers.procps, view.readers.procps_version));
}

}  // namespace

std::vector<BootKey> keys_of(const BootReport& report) {
  if (report.only.empty()) return report.view.keys;
  std::vector<BootKey> keys;
  keys.reserve(report.only.size());
  for (const std::string& name : report.only) {
    if (const BootKey* const found = report.view.find(name)) {
      keys.push_back(*found);
      continue;
    }
    keys.push_back({.key = name,
                    .fact = find_fact(name),
                    .running = report.host->sysctl(name).map(
                        [](const SysctlValue& value) { return value.text; })});
  }
  return keys;
}

std::string boot_text(const BootReport& report, const Style& style) {
  const BootView& view = report.view;
  const auto keys = keys_of(report);
  std::string text;
  if (style.detail != Detail::verdict_only) {
    text = host_line(*report.host, nullptr, style);
    text += wrapped(boot_line(view), 0, style);
    text += '\n';
    for (const BootKey& key : keys) text += key_text(view, key, style) + '\n';
    if (style.detail == Detail::everything) text += files_text(view);
    text += problems_text(view, style) + unapplied_text(view, style);
  }
  return clean(text + verdict(view, keys, style), style.charset);
}

}  // namespace tuner::render
