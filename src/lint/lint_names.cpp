#include <algorithm>
#include <array>

#include "judge/check.hpp"
#include "lint/lint.hpp"
#include "tuner/rule.hpp"

namespace tuner {

namespace {

constexpr std::string_view kMeasured =
    "measured with systemd 252, 257, 262 and procps 4.0.2, 4.0.4, 4.0.7 on Linux 6.18";

constexpr auto kNames = std::to_array<LintName>({
    {"allowance-unused", "A comment allows a finding that does not exist.",
     "It would hide the finding if it came back for another reason.",
     "Remove the comment, or correct the name in it.", "tuner(8)"},
    {"duplicate-setting", "A file sets one key twice, to different values.",
     "The later line wins, and the earlier one misleads its readers. systemd-sysctl never writes "
     "the earlier value, procps writes both.",
     "Keep one of the lines.", kMeasured},
    {"element-count", "A value has fewer or more numbers than the key.",
     "The kernel changes only the leading elements and reports no error; extra numbers are "
     "ignored.",
     "Give every element.", "kernel/sysctl.c do_proc_dointvec(); measured on Linux 6.18"},
    {"file-form", "The file begins with a byte order mark.",
     "No reader knows it: it becomes part of the first line, which is then neither a comment nor a "
     "key.",
     "Save the file as plain UTF-8, without the mark.", kMeasured},
    {"inline-comment", "A comment follows a value.",
     "In sysctl files a comment needs its own line: here the text is part of the value. A number "
     "is still read, since the kernel stops at the space; a word is not.",
     "Put the comment on a line of its own.", kMeasured},
    {"key-newer-than-kernel", "A line uses a key or a value that was added in a later kernel.",
     "The target kernel does not have it, unless its vendor backported it: the line sets nothing "
     "there, and the reader may report an error.",
     "Lint for the kernel that the file is for (--kernel), or remove the line.",
     "the kernels named by tuner explain KEY"},
    {"key-unknown", "A line names a key that no kernel has.",
     "systemd-sysctl skips it with a warning that nobody reads; sysctl -p exits with status 1.",
     "Correct the name, or remove the line.", kMeasured},
    {"line-malformed", "A line is neither an assignment nor a comment.",
     "It sets nothing, and makes systemd-sysctl exit with status 1.",
     "Write \"key = value\", or begin the line with #.", kMeasured},
    {"not-a-sysctl-file", "The file is not in the format of sysctl files.",
     "No reader of sysctl files accepts it as it is; another program applies what it sets.",
     "Lint what that program writes.", kMeasured},
    {"port-range-overlaps-listeners", "The local port range includes service ports.",
     "An outgoing connection may take such a port; then the service cannot be restarted as long as "
     "that connection lasts, and for 60 s of TIME_WAIT.",
     "List service ports in net.ipv4.ip_local_reserved_ports.",
     "net/ipv4/inet_hashtables.c __inet_hash_connect(); Documentation/networking/ip-sysctl.rst "
     "ip_local_reserved_ports; measured on Linux 6.18"},
    {"readers-differ", "Programs that apply sysctl files treat a line differently.",
     "What it sets depends on whether systemd-sysctl or procps reads it, and on the version.",
     "Write \"key = value\" with # for comments, and a slash for a dot in an interface's name.",
     kMeasured},
    {"unit-suspect", "A number looks as if it were meant in another unit.",
     "The kernel accepts it silently, and the setting is off by a factor of a thousand or more.",
     "Give the number in the unit of the key: tuner explain KEY.",
     "the unit of the key in Documentation/networking/ip-sysctl.rst"},
    {"value-refused", "The kernel refuses a value.",
     "A write outside the range, or of text that is not a number, is refused: the key keeps its "
     "value, except for numbers before the refused one.",
     "Give a value that the kernel accepts: tuner explain KEY.",
     "kernel/sysctl.c proc_dointvec_minmax(); measured on Linux 6.18"},
});

/// Names of the audit that a line of a file can have as well.
constexpr std::string_view kOfTheAudit[] = {"contradictory-settings",
                                            "folklore-setting",
                                            "fragment-shadowed",
                                            "key-removed-from-kernel",
                                            "key-without-effect",
                                            "port-range-narrow",
                                            "tcp-max-tw-buckets-lowered",
                                            "tcp-mem-changed",
                                            "tcp-mem-in-bytes",
                                            "tcp-tw-recycle-enabled",
                                            "tcp-tw-reuse-without-timestamps",
                                            "timestamps-off",
                                            "value-below-kernel-default",
                                            "window-scaling-off"};

}  // namespace

std::span<const LintName> lint_names() { return kNames; }

const LintName* find_lint_name(std::string_view id) {
  const auto* const found = std::find_if(kNames.begin(), kNames.end(),
                                         [id](const LintName& name) { return name.id == id; });
  return found == kNames.end() ? nullptr : found;
}

std::vector<LintName> all_lint_names() {
  std::vector<LintName> names(kNames.begin(), kNames.end());
  for (const std::string_view id : kOfTheAudit) {
    if (const Rule* const rule = find_rule(id)) {
      names.push_back({rule->id, rule->what, rule->why, rule->fix, rule->source});
    }
  }
  std::sort(names.begin(), names.end(),
            [](const LintName& left, const LintName& right) { return left.id < right.id; });
  return names;
}

std::string_view LintFinding::why_text() const {
  if (!why.empty()) return why;
  if (const LintName* const name = find_lint_name(id)) return name->why;
  const Rule* const rule = find_rule(id);
  return rule == nullptr ? std::string_view() : rule->why;
}

std::string_view LintFinding::source_text() const {
  if (!source.empty()) return source;
  if (const LintName* const name = find_lint_name(id)) return name->source;
  const Rule* const rule = find_rule(id);
  return rule == nullptr ? std::string_view() : rule->source;
}

}  // namespace tuner
