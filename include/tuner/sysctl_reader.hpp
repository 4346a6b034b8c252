#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tuner {

/// Which program applies the sysctl files.
enum class ReaderFamily { systemd, procps };

constexpr ReaderFamily other(ReaderFamily family) {
  return family == ReaderFamily::systemd ? ReaderFamily::procps : ReaderFamily::systemd;
}

/// One implementation that was measured, and all in which it differs from the others. What a whole
/// family has in common besides is in systemd.cpp and procps.cpp.
struct Reader {
  std::string_view name{};  ///< "systemd-257"
  ReaderFamily family = ReaderFamily::systemd;
  int version[3] = {0, 0, 0};         ///< the first version that behaves so
  bool split_lib = false;             ///< reads /lib/sysctl.d too
  bool hidden_files = false;          ///< reads names that begin with a dot
  bool sysctl_conf = false;           ///< reads /etc/sysctl.conf, last
  bool semicolon_comments = false;    ///< a line that begins with ';' is a comment
  bool braces_in_globs = false;       ///< {a,b} in a key that has *, ? or [ as well
  bool exclusion_patterns = false;    ///< -key.* keeps matching keys out of globs; * crosses '/'
  bool drops_leading_parent = false;  ///< "/../net/x" is "net/x"
  bool skips_unreachable = false;     ///< a link that goes in circles hides nothing
  bool searches_relative = false;  ///< "./x" as an argument is searched in the directories as well
  bool fails_on_not_writable = false;  ///< exit 1 for a read-only key, or a directory
  bool dash_covers_refusal = false;    ///< "-key = value" that the kernel refuses is no failure
  bool dash_is_stdin = false;          ///< the file argument "-"
};

}  // namespace tuner
