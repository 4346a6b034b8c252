#include "boot/outcome.hpp"

#include <algorithm>

#include "boot/kernel_write.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "model/number.hpp"
#include "read/sysctl.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"
#include "tuner/boot.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

namespace {

/// The numbers as the kernel prints them, so that 0x10 and 16 are one value; other text with single
/// blanks.
std::string printed(const std::string& value) {
  const auto words = parse::words(value).size();
  const auto written = boot::written_numbers(value, words, {-kLongMax, kLongMax});
  if (!written.refused.empty()) return parse::sysctl_value(value).text;
  return text::joined(written.numbers, " ");
}

bool is_read(const BootView& view, const std::string& file) {
  return std::any_of(view.runs.begin(), view.runs.end(), [&](const ReaderRun& run) {
    return run.reader->family == view.readers.at_boot &&
           std::find(run.files.begin(), run.files.end(), file) != run.files.end();
  });
}

/// What a package brings is meant to be overruled; what somebody wrote on this host is not.
/// Ubuntu's procps has its files below /etc.
bool is_of_this_host(const std::string& file) {
  constexpr std::string_view kUbuntu[] = {"bufferbloat",      "console-messages", "ipv6-privacy",
                                          "kernel-hardening", "magic-sysrq",      "map-count",
                                          "network-security", "ptrace",           "zeropage"};
  constexpr std::string_view kPrefix = "/etc/sysctl.d/10-";
  const bool packaged = file.starts_with(kPrefix) &&
                        std::any_of(std::begin(kUbuntu), std::end(kUbuntu), [&](auto name) {
                          return file.substr(kPrefix.size()) == std::string(name) + ".conf";
                        });
  if (packaged) return false;
  return file.starts_with("/etc/") || file.starts_with("/run/") || file.starts_with("/usr/local/");
}

}  // namespace

bool is_vendor_file(const std::string& file) {
  return file.starts_with("/usr/lib/") || file.starts_with("/lib/");
}

std::string copy_of_vendor_file(const std::string& file) {
  return "Copy " + file + " to /etc/sysctl.d/" + file.substr(file.rfind('/') + 1);
}

std::vector<const Shadowed*> misleading(const BootView& view, const BootKey& key) {
  std::vector<const Shadowed*> lines;
  const BootValue* const winner = key.by(view.readers.at_boot);
  if (winner == nullptr || !winner->value) return lines;
  for (const Shadowed& loser : key.shadowed) {
    const bool other_file = loser.file != winner->file && is_read(view, loser.file);
    if (!loser.by.empty() || loser.pattern || !other_file || !is_of_this_host(loser.file)) continue;
    if (printed(loser.value) != printed(*winner->value)) lines.push_back(&loser);
  }
  return lines;
}

std::string other_lines(const BootView& view, std::string_view key) {
  const BootKey* const found = view.find(key);
  const BootValue* const winner = found == nullptr ? nullptr : found->by(view.readers.at_boot);
  if (winner == nullptr) return {};
  std::vector<std::string> own;
  std::string text;
  const auto add = [&](const std::string& file, int line) {
    if (is_vendor_file(file)) {
      text +=
          ' ' + copy_of_vendor_file(file) + " and remove line " + std::to_string(line) + " there.";
    } else {
      own.push_back(file + ':' + std::to_string(line));
    }
  };
  for (const Shadowed& line : found->shadowed) {
    if (is_read(view, line.file)) add(line.file, line.line);
  }
  if (winner->through.empty()) add(winner->file, winner->line);
  return (own.size() > 1 ? " It is set in " + text::joined(own, " and ") + '.' : "") + text;
}

namespace {

/// The last line of the reader that applies the files that sets a key and is one of `wanted`.
template <class Predicate>
const Assignment* last_line(const BootView& view, std::string_view key, Predicate wanted) {
  for (const ReaderRun& run : view.runs) {
    if (run.reader->family != view.readers.at_boot) continue;
    const auto found =
        std::find_if(run.assignments.rbegin(), run.assignments.rend(), [&](const Assignment& one) {
          const auto name = SysctlKey::from_path(one.path);
          return wanted(one) && (name ? name->text() : one.path) == key;
        });
    if (found != run.assignments.rend()) return &*found;
  }
  return nullptr;
}

}  // namespace

const Assignment* line_at_boot(const BootView& view, std::string_view key) {
  const BootValue* const value = view.at_boot(key);
  if (value == nullptr) return nullptr;
  return last_line(view, key, [value](const Assignment& one) {
    return one.file == value->file && one.line == value->line;
  });
}

const Assignment* decides_without(const BootView& view, std::string_view key,
                                  const std::string& file, int line) {
  return last_line(view, key,
                   [&](const Assignment& one) { return one.file != file || one.line != line; });
}

std::optional<std::string> value_at_boot(const BootView& view, std::string_view key,
                                         const HostSnapshot& host) {
  if (const KeyOwner* const owner = view.owner_of(key)) {
    const auto value = owner->values.find(std::string(key));
    if (value == owner->values.end()) return std::nullopt;
    return value->second.value;
  }
  if (const BootKey* const found = view.find(key)) {
    const BootValue* const value = found->by(view.readers.at_boot);
    if (value != nullptr) return value->value;
  }
  const Fact* const fact = find_fact(key);
  return fact == nullptr ? std::nullopt : judge::exact_default(*fact, host);
}

}  // namespace tuner
