#include "render/boot.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "render/host_line.hpp"

namespace tuner::render {

namespace {

constexpr std::size_t kIndent = 2;

std::string place(const std::string& file, int line) {
  return line == 0 ? file : fmt::format("{}:{}", file, line);
}

std::string shown(const std::string& value) { return value.empty() ? "empty" : value; }

/// "30 (FILE:LINE)", or why there is no value.
std::string value_text(const BootValue& value) {
  const std::string where = place(value.file, value.line);
  if (value.value) return fmt::format("{} ({})", shown(*value.value), where);
  return fmt::format("not set by {}: {}", where, value.error);
}

std::string reader_text(const Reader& reader, const std::string& installed) {
  if (installed.empty()) return fmt::format("{} (not found here)", reader.name);
  return fmt::format("{} (installed: {})", reader.name, installed);
}

/// One line where both readers agree, else one for each.
std::string values_text(const BootKey& key) {
  const auto line = [](std::string_view who, const std::optional<BootValue>& value) {
    if (!value) return wrapped(fmt::format("{}: it sets nothing", who), kIndent);
    return wrapped(fmt::format("{}: {}", who, value_text(*value)), kIndent);
  };
  if (!key.systemd && !key.procps) return wrapped("No file sets it.", kIndent);
  const bool same = key.systemd && key.procps && key.systemd->value == key.procps->value &&
                    key.systemd->file == key.procps->file && key.systemd->line == key.procps->line;
  if (same) return wrapped(value_text(*key.systemd), kIndent);
  return line("systemd", key.systemd) + line("procps", key.procps);
}

std::string key_text(const BootView& view, const BootKey& key) {
  std::string text = key.key + '\n' + values_text(key);
  for (const Shadowed& loser : key.shadowed) {
    std::string line =
        fmt::format("overruled: {} ({})", shown(loser.value), place(loser.file, loser.line));
    if (!loser.by.empty()) line += fmt::format(", hidden by {}", loser.by);
    text += wrapped(line, kIndent);
  }
  if (!key.agree()) text += wrapped("The readers disagree.", kIndent);
  if (view.differs_from_running(key)) {
    text += wrapped(fmt::format("Running now: {}.", shown(*key.running)), kIndent);
  }
  if (!key.late.empty()) text += wrapped(key.late, kIndent);
  return text;
}

std::string problems_text(const BootView& view) {
  std::vector<std::string> lines;
  for (const ReaderRun& run : view.runs) {
    for (const BootProblem& problem : run.problems) {
      std::string line = fmt::format("{}: {}.", place(problem.file, problem.line), problem.message);
      if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
    }
  }
  std::string text;
  for (const std::string& line : lines) text += wrapped(line, 0);
  return text.empty() ? text : text + '\n';
}

std::string plural(std::ptrdiff_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string verdict(const BootView& view, const std::vector<BootKey>& keys) {
  const auto set = std::count_if(keys.begin(), keys.end(), [](const BootKey& key) {
    return key.systemd.has_value() || key.procps.has_value();
  });
  const auto differing = std::count_if(keys.begin(), keys.end(), [&view](const BootKey& key) {
    return view.differs_from_running(key);
  });
  const auto disputed =
      std::count_if(keys.begin(), keys.end(), [](const BootKey& key) { return !key.agree(); });
  if (set == 0) return "No file sets a key.\n";
  std::string text = "Files set " + plural(set, "key", "keys");
  if (differing > 0) text += fmt::format(", {} to another value than runs", differing);
  if (disputed > 0) text += fmt::format(", {} with two outcomes", disputed);
  return wrapped(text + '.', 0);
}

}  // namespace

std::vector<BootKey> keys_of(const BootReport& report) {
  if (report.only.empty()) return report.view.keys;
  std::vector<BootKey> keys;
  keys.reserve(report.only.size());
  for (const std::string& name : report.only) {
    const BootKey* const found = report.view.find(name);
    BootKey unset{.key = name,
                  .running = report.host.sysctl(name).map(
                      [](const SysctlValue& value) { return value.text; })};
    unset.fact = find_fact(name);
    keys.push_back(found == nullptr ? std::move(unset) : *found);
  }
  return keys;
}

std::string boot_text(const BootReport& report, const Style& style) {
  const BootView& view = report.view;
  const auto keys = keys_of(report);
  std::string text;
  if (style.detail != Detail::verdict_only) {
    text = host_line(report.host, nullptr);
    text += wrapped(fmt::format("{} applies the files at boot. Shown: {}, {}.",
                                view.readers.at_boot == ReaderFamily::systemd ? "systemd-sysctl"
                                                                              : "procps sysctl",
                                reader_text(*view.readers.systemd, view.readers.systemd_version),
                                reader_text(*view.readers.procps, view.readers.procps_version)),
                    0);
    text += '\n';
    for (const BootKey& key : keys) text += key_text(view, key) + '\n';
    text += problems_text(view);
  }
  return clean(text + verdict(view, keys), style.charset);
}

}  // namespace tuner::render
