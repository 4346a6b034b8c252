#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "knowledge/facts.hpp"
#include "knowledge/later_keys.hpp"
#include "lint/file.hpp"
#include "model/number.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::lint {

namespace {

std::string version_text(KernelVersion version) {
  return fmt::format("{}.{}", version.major, version.minor);
}

/// "4.12" of a fact; no value for "never existed".
std::optional<KernelVersion> version_of(std::string_view text) {
  const auto dot = text.find('.');
  const auto major = parse::integer<int>(text.substr(0, dot));
  const auto minor = dot == std::string_view::npos ? 0 : parse::integer<int>(text.substr(dot + 1));
  if (!major || !minor) return std::nullopt;
  return KernelVersion{*major, *minor};
}

/// What names of keys and interfaces are made of, and patterns.
constexpr std::string_view kKeyCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./*?[]!^{},\\:@+";

/// A congestion control or queueing discipline, and the kernel that brought it.
struct Newcomer {
  std::string_view key;
  std::string_view value;
  std::string_view what;
  std::string_view since;
};

constexpr std::string_view kControl = "net.ipv4.tcp_congestion_control";
constexpr std::string_view kDiscipline = "net.core.default_qdisc";
constexpr Newcomer kNewcomers[] = {
    {kControl, "bbr", "congestion control", "4.9"},
    {kControl, "dctcp", "congestion control", "3.18"},
    {kControl, "cdg", "congestion control", "4.2"},
    {kControl, "nv", "congestion control", "4.8"},
    {kDiscipline, "fq", "queueing discipline", "3.12"},
    {kDiscipline, "pie", "queueing discipline", "3.14"},
    {kDiscipline, "cake", "queueing discipline", "4.19"},
    {kDiscipline, "fq_pie", "queueing discipline", "5.6"},
};

/// Judges the names that a file sets: whether a kernel has them, and looks at them.
class Keys {
 public:
  Keys(FileView& file, Linter& linter) : file_(file), target_(linter.target()) {}

  void check() {
    for (FileSetting& setting : file_.settings) {
      if (setting.excludes) continue;
      const std::string_view top = std::string_view(setting.key).substr(0, setting.key.find('.'));
      const Fact* const fact = setting.known->fact;
      if (setting.key.find_first_not_of(kKeyCharacters) != std::string::npos) {
        setting.sets_nothing = true;
        strange_key(setting);
      } else if (top.find_first_of("*?[") != std::string_view::npos) {
        continue;  // a pattern names what is there
      } else if (!is_top_directory(top)) {
        setting.sets_nothing = true;
        unknown_key(setting, top);
      } else if (fact == nullptr) {
        if (!dotted_interface(setting) && !later_key(setting)) misspelt(setting);
      } else if (is_gone(setting, *fact)) {
        setting.sets_nothing = true;
      } else {
        idle_key(setting, *fact);
        newer_key(setting, *fact);
      }
    }
  }

 private:
  void add(LintFinding finding) { file_.findings.push_back(std::move(finding)); }

  /// A blank or a byte of another alphabet, which looks like one.
  void strange_key(const FileSetting& setting) {
    add(on_key(setting, "key-unknown", Severity::error,
               "The name contains a character that no key has: it sets nothing."));
  }

  void unknown_key(const FileSetting& setting, std::string_view top) {
    std::string directory(top);
    std::replace(directory.begin(), directory.end(), '/',
                 '.');  // a slash stands for a dot in a name
    LintFinding finding = on_key(
        setting, "key-unknown", Severity::error,
        directory.empty() ? std::string("It names no key: it sets nothing.")
                          : fmt::format("No kernel has /proc/sys/{}: sets nothing.", directory));
    for (const char* const prefix : {"net.", "net.ipv4.", "net.core."}) {
      const std::string longer = prefix + setting.key;
      if (find_fact(longer) == nullptr) continue;
      finding.fix = fmt::format("Write {}.", longer);
      break;
    }
    add(std::move(finding));
  }

  /// net.ipv4.conf.eth0.100.rp_filter is a key of the interface eth0 with two more directories.
  bool dotted_interface(const FileSetting& setting) {
    for (const std::string_view family :
         {"net.ipv4.conf.", "net.ipv6.conf.", "net.ipv4.neigh.", "net.ipv6.neigh."}) {
      if (!setting.key.starts_with(family)) continue;
      const std::string rest = setting.key.substr(family.size());
      const auto last = rest.rfind('.');
      if (last == std::string::npos || rest.find('.') == last) return false;
      std::string name = rest.substr(0, last);
      std::replace(name.begin(), name.end(), '.', '/');
      LintFinding finding =
          on_key(setting, "key-unknown", Severity::error,
                 "Dots in the interface name are read as slashes: it sets nothing.");
      finding.fix = fmt::format("Write {}{}{}.", family, name, rest.substr(last));
      add(std::move(finding));
      return true;
    }
    return false;
  }

  void misspelt(const FileSetting& setting) {
    if (setting.known->meant.empty()) return;
    LintFinding finding =
        on_key(setting, "key-unknown", Severity::info, "Unknown key; a similar one exists.");
    finding.fix = fmt::format("Did you mean {}?", setting.known->meant);
    add(std::move(finding));
  }

  [[nodiscard]] KernelVersion kernel() const {
    return target_.kernel ? target_.kernel->version : KernelVersion{};
  }

  bool is_gone(const FileSetting& setting, const Fact& fact) {
    if (fact.removed.empty()) return false;
    const auto removed = version_of(fact.removed);
    if (removed && kernel() < *removed) {
      if (fact.key == "net.ipv4.tcp_tw_recycle") recycling(setting);
      return false;
    }
    std::string message = removed
                              ? fmt::format("Linux {} removed it: it sets nothing.", fact.removed)
                              : std::string("No kernel has it: it sets nothing.");
    LintFinding finding =
        on_key(setting, "key-removed-from-kernel", Severity::warning, std::move(message));
    finding.source = fact.source;
    if (!fact.notes.empty()) finding.why = first_note(fact);
    finding.fix = "Remove the line.";
    add(std::move(finding));
    return true;
  }

  void recycling(const FileSetting& setting) {
    if (parse::trim(setting.value) == "0") return;
    LintFinding finding = on_value(setting, "tcp-tw-recycle-enabled", Severity::error,
                                   "Clients behind one NAT address lose their connections.");
    finding.fix = "Remove the line; the key is gone since Linux 4.12.";
    add(std::move(finding));
  }

  /// Vendors backport, so it is a note.
  void newer(LintFinding finding, std::string_view what, std::string_view since) {
    finding.message = fmt::format(
        "Linux {} does not have this {}: it was added in {}. A vendor kernel may have it.",
        version_text(kernel()), what, since);
    add(std::move(finding));
  }

  /// A key of which no more is known than which captured kernels have it.
  bool later_key(const FileSetting& setting) {
    const LaterKey* const later = find_later_key(setting.key);
    if (later == nullptr) return false;
    if (target_.kernel && !(later->absent < kernel())) {
      LintFinding finding = on_key(setting, "key-newer-than-kernel", Severity::info, {});
      finding.message = fmt::format(
          "Linux {} does not have this key: it was added after {}, and {} has it. A vendor kernel "
          "may have it.",
          version_text(kernel()), version_text(later->absent), version_text(later->present));
      add(std::move(finding));
    }
    return true;
  }

  void newer_key(const FileSetting& setting, const Fact& fact) {
    if (!target_.kernel) return;
    const std::string_view since =
        fact.since.substr(0, fact.since.find_first_not_of("0123456789."));
    const auto first = version_of(since);
    if (first && kernel() < *first) {
      return newer(on_key(setting, "key-newer-than-kernel", Severity::info, {}), "key", since);
    }
    for (const Newcomer& name : kNewcomers) {
      if (name.key != setting.key || name.value != parse::trim(setting.value)) continue;
      const auto there = version_of(name.since);
      if (there && kernel() < *there) {
        newer(on_value(setting, "key-newer-than-kernel", Severity::info, {}), name.what,
              name.since);
      }
    }
    // net/netfilter/nf_conntrack_standalone.c: the mode was 0444 until commit 3183ab8997a4.
    if (setting.key == "net.netfilter.nf_conntrack_buckets" && kernel() < KernelVersion{4, 9}) {
      LintFinding finding = on_key(setting, "value-refused", Severity::info,
                                   "Before 4.9 the kernel may show it and refuse writes.");
      finding.fix = "Set the parameter hashsize of module nf_conntrack.";
      add(std::move(finding));
    }
  }

  void idle_key(const FileSetting& setting, const Fact& fact) {
    const KernelVersion since = fact.without_effect_since;
    if (since == KernelVersion{} || kernel() < since) return;
    LintFinding finding =
        on_key(setting, "key-without-effect", Severity::info,
               fmt::format("Nothing has used it since Linux {}.", version_text(since)));
    finding.source = fact.source;
    finding.fix = "Remove the line.";
    add(std::move(finding));
  }

  FileView& file_;
  const HostSnapshot& target_;
};

}  // namespace

void check_keys(FileView& file, Linter& linter) { Keys(file, linter).check(); }

}  // namespace tuner::lint
