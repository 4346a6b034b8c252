#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuner {

enum class Status {
  pass,
  fail,
  unknown,  ///< could not be read
  skipped,  ///< does not apply here
};

enum class Severity { info, warning, error };

/// What was counted or read, and where.
struct Evidence {
  std::string source{};
  std::string name{};
  std::string value{};
  std::string meaning{};
};

/// A sysctl and the value that it should have.
struct Setting {
  std::string key{};
  std::string value{};

  bool operator==(const Setting&) const = default;
};

struct Fix {
  enum class Kind { none, sysctl, limit, route, application };
  Kind kind = Kind::none;
  std::string text{};  ///< what else people have to do, or all of it where there is no setting
  bool takes_lines_out = false;     ///< every line of the sysctl files that sets the key
  std::vector<Setting> settings{};  ///< what `tuner apply --fix` sets here
  std::string remark{};             ///< on the settings: what they cost, where they come from
};

/// The whole fix in words: "net.netfilter.nf_conntrack_max = 524288, up to 320 MiB when full. What
/// needs no state can bypass it with notrack."
std::string fix_text(const Fix& fix);

/// An administrator's decision to live with a finding.
struct Waiver {
  std::string finding{};
  std::string subject{};  ///< empty: every subject
  std::string reason{};
  std::string until{};  ///< YYYY-MM-DD, the last day it holds; empty: for good
};

/// A line of a file.
struct Location {
  std::string file{};
  int line = 0;
};

/// The outcome of one check on one subject.
struct Finding {
  // In findings.cpp: twenty sources would compile its members' copies otherwise.
  Finding();
  Finding(const Finding&);
  Finding(Finding&&) noexcept;
  Finding& operator=(const Finding&);
  Finding& operator=(Finding&&) noexcept;
  ~Finding();

  std::string id{};
  Status status = Status::pass;
  Severity severity = Severity::info;  ///< of a failure; info otherwise
  std::string subject{};
  std::optional<std::string> key{};
  std::optional<std::string> running{};
  std::optional<std::string> boot{};  ///< the key's value after the next boot, where it is known
  std::optional<std::string> wanted{};
  std::optional<std::string> unit{};
  std::string message{};  ///< one plain sentence on the present state, or why it was not judged
  std::vector<Evidence> evidence{};
  std::string why{};     ///< empty: the rule's, see why_of()
  std::string source{};  ///< empty: the rule's, see source_of()
  std::string cost{};    ///< what the fix costs, where a profile says so
  Fix fix{};
  std::optional<Location> location{};  ///< of the line that it is about: else what decides at boot
  std::string_view follows{};          ///< the rule whose failure accounts for this one; else empty
  std::optional<Waiver> waiver{};      ///< set on a failure that was waived; its status is skipped
};

std::string_view status_name(Status status);
std::string_view severity_name(Severity severity);
/// As people read it: what JSON and other programs know as "info" is a note.
std::string_view severity_word(Severity severity);
std::string_view fix_kind_name(Fix::Kind kind);

}  // namespace tuner
