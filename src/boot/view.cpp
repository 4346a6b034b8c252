#include "boot/view.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "boot/late.hpp"
#include "boot/lines.hpp"
#include "boot/pattern.hpp"
#include "boot/run.hpp"
#include "boot/tuner_file.hpp"
#include "boot/unapplied.hpp"
#include "knowledge/facts.hpp"
#include "read/sysctl.hpp"
#include "tuner/boot.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

std::string name_of_path(const std::string& path) {
  const auto key = SysctlKey::from_path(path);
  return key ? key->text() : path;
}

std::string refusal(const BootWrite& write) {
  switch (write.result) {
    case BootWrite::Result::refused:
      return "the kernel does not take \"" + write.text + "\": " + write.reason;
    case BootWrite::Result::absent:
      return "no such key here";
    case BootWrite::Result::directory:
      return "it is a directory, not a key";
    case BootWrite::Result::outside:
      return "it leads outside /proc/sys";
    case BootWrite::Result::not_permitted:
      return "the key cannot be written";
    case BootWrite::Result::written:
    case BootWrite::Result::unchanged:
      break;
  }
  return {};
}

/// The later write of another key that changed this one along; null where none did.
const BootWrite* changed_along(const ReaderRun& run, const BootWrite& last) {
  const auto cause = run.followed.find(last.path);
  if (cause == run.followed.end()) return nullptr;
  const auto write =
      std::find_if(run.writes.rbegin(), run.writes.rend(), [&cause](const BootWrite& one) {
        return one.path == cause->second && one.result == BootWrite::Result::written;
      });
  return write != run.writes.rend() && &*write > &last ? &*write : nullptr;
}

/// What a run leaves under the key of its last write on it.
BootValue left_by(const ReaderRun& run, const BootWrite& last) {
  BootValue value{
      .error = refusal(last), .ignored = last.ignored, .file = last.file, .line = last.line};
  if (!value.error.empty()) return value;
  const KernelNode* const node = run.after.find(last.path);
  const bool known = node != nullptr && node->text;
  value.value = parse::sysctl_value(known ? *node->text : last.text).text;
  if (const BootWrite* const cause = changed_along(run, last)) {
    value.file = cause->file;
    value.line = cause->line;
    value.through = name_of_path(cause->path);
  }
  return value;
}

using Place = std::pair<std::string, int>;

/// An assignment, and the file that hides its own; empty where none does.
struct Candidate {
  const Assignment* assignment = nullptr;
  std::string by{};
};

/// By path, patterns apart, so that each key looks at few of them.
struct Candidates {
  std::map<std::string_view, std::vector<Candidate>> exact{};
  std::vector<Candidate> patterns{};

  void add(const Assignment& assignment, std::string by) {
    auto& place = boot::is_pattern(assignment.path) ? patterns : exact[assignment.path];
    place.push_back({&assignment, std::move(by)});
  }
};

/// Builds the keys of a view out of two runs.
class Viewer {
 public:
  Viewer(const BootView& view, const ConfigTree& files, const KernelTree& kernel,
         const LoadedModules& modules)
      : view_(view), files_(files), kernel_(kernel), modules_(modules) {}

  /// The keys that a reader sets.
  /// Each reader's last write to a path decides, and the readers are followed apart: they read the
  /// same files in different orders. A write that the kernel refuses takes nothing away, so procps,
  /// which writes line by line, leaves what an earlier line set, while systemd, which writes each
  /// key once, leaves what ran before. To take the last line alone would tell of values that no
  /// boot has.
  std::vector<BootKey> keys() {
    for (const ReaderRun& run : view_.runs) {
      for (const BootWrite& write : run.writes) {
        const BootWrite*& last = last_[write.path][run.reader->family];
        // procps writes each line in turn: one that is refused leaves what the line before it set.
        const bool stays = last != nullptr && refusal(*last).empty() && !refusal(write).empty();
        if (!stays) last = &write;
      }
    }
    std::vector<BootKey> keys;
    keys.reserve(last_.size());
    for (const auto& [path, writes] : last_) keys.push_back(key_of(path, writes));
    return sorted(std::move(keys));
  }

  /// The keys that lines name without effect, after keys().
  std::vector<BootKey> silent() {
    std::vector<BootKey> keys;
    for (const auto& [path, lines] : candidates().exact) {
      const std::string name(path);
      if (!last_.contains(name)) keys.push_back(key_of(name, {}));
    }
    return sorted(std::move(keys));
  }

 private:
  static std::vector<BootKey> sorted(std::vector<BootKey> keys) {
    std::sort(keys.begin(), keys.end(),
              [](const BootKey& left, const BootKey& right) { return left.key < right.key; });
    return keys;
  }

  using Writes = std::map<ReaderFamily, const BootWrite*>;

  BootKey key_of(const std::string& path, const Writes& writes) {
    BootKey key{.key = name_of_path(path)};
    key.fact = find_fact(key.key);
    if (const KernelNode* const node = kernel_.find(path)) {
      key.running =
          node->text ? Observed<std::string>(parse::sysctl_value(*node->text).text) : node->text;
    }
    std::set<Place> winners;
    for (const ReaderRun& run : view_.runs) {
      const auto found = writes.find(run.reader->family);
      if (found == writes.end()) continue;
      auto& place = run.reader->family == ReaderFamily::systemd ? key.systemd : key.procps;
      place = left_by(run, *found->second);
      winners.emplace(place->file, place->line);
    }
    key.shadowed = shadowed(path, winners);
    if (!key.systemd) key.excluded = exclusion_of(path);
    key.late = why_late(path, modules_);
    return key;
  }

  /// The last "-key" line that systemd-sysctl reads for a key.
  [[nodiscard]] std::optional<Assignment> exclusion_of(const std::string& path) const {
    for (const ReaderRun& run : view_.runs) {
      if (run.reader->family != ReaderFamily::systemd) continue;
      const auto found = std::find_if(run.exclusions.rbegin(), run.exclusions.rend(),
                                      [&path](const Assignment& one) { return one.path == path; });
      if (found != run.exclusions.rend()) return *found;
    }
    return std::nullopt;
  }

  /// Part by part, as glob(3) does.
  static bool matches_path(const std::string& pattern, const std::string& path) {
    const auto slashes = [](const std::string& text) {
      return std::count(text.begin(), text.end(), '/');
    };
    const auto alternatives = boot::braces(pattern);
    return std::any_of(alternatives.begin(), alternatives.end(), [&](const std::string& one) {
      return slashes(one) == slashes(path) && boot::part_matches(one, path);
    });
  }

  /// Assignments to the key that no reader ends with, in files that are read and in files that
  /// another of the same name hides.
  std::vector<Shadowed> shadowed(const std::string& path, const std::set<Place>& winners) {
    std::vector<Shadowed> result;
    std::set<Place> seen = winners;
    const auto look = [&](const Candidate& candidate) {
      const Assignment& one = *candidate.assignment;
      if (!seen.emplace(one.file, one.line).second) return;
      result.push_back({one.file, one.line, one.value, candidate.by, boot::is_pattern(one.path)});
    };
    const Candidates& all = candidates();
    if (const auto exact = all.exact.find(path); exact != all.exact.end()) {
      std::for_each(exact->second.begin(), exact->second.end(), look);
    }
    for (const Candidate& candidate : all.patterns) {
      if (matches_path(candidate.assignment->path, path)) look(candidate);
    }
    return result;
  }

  const Candidates& candidates() {
    if (candidates_) return *candidates_;
    candidates_.emplace();
    for (const ReaderRun& run : view_.runs) {
      for (const Assignment& one : run.assignments) candidates_->add(one, {});
    }
    find_hidden();
    for (const auto& [assignment, by] : hidden_) candidates_->add(assignment, by);
    return *candidates_;
  }

  /// The assignments of files that a stronger directory's file of the same name hides.
  void find_hidden() {
    std::map<std::string, std::string> strongest;
    for (const auto& directory : files_.directories) {
      for (const ConfigFile& file : directory) {
        const std::string base = file.path.substr(file.path.rfind('/') + 1);
        const auto [by, first] = strongest.emplace(base, file.path);
        if (!first && !files_.given) add_hidden(file, by->second);
      }
    }
  }

  void add_hidden(const ConfigFile& file, const std::string& by) {
    const Reader& reader = *view_.runs.front().reader;
    for (const boot::TextLine& line : boot::split(reader, file.text).lines) {
      const auto understood = boot::understand(reader, line);
      if (understood.kind != boot::SettingLine::Kind::setting) continue;
      hidden_.push_back({{understood.path, understood.value, file.path, line.number}, by});
    }
  }

  const BootView& view_;
  const ConfigTree& files_;
  const KernelTree& kernel_;
  const LoadedModules& modules_;
  std::map<std::string, Writes> last_{};
  std::vector<std::pair<Assignment, std::string>> hidden_{};
  std::optional<Candidates> candidates_{};
};

}  // namespace

BootView view_boot(const BootMaterial& material, const HostSnapshot& host) {
  BootView view{.readers = material.readers, .owners = material.owners};
  for (const Reader* const reader : {view.readers.systemd, view.readers.procps}) {
    view.runs.push_back(run_reader(*reader, material.files, material.kernel, host));
  }
  view.unreadable = material.files.unreadable();
  if (material.files.given) view.missing = material.files.given->missing;
  Viewer viewer(view, material.files, material.kernel, material.modules);
  view.keys = viewer.keys();
  view.silent = viewer.silent();
  view.unapplied = unapplied_files(material.files, view);
  view.waiting = waiting_values(material.files);
  view.for_this_network = host.network_namespace == NetworkNamespace::initial;
  return view;
}

}  // namespace tuner
