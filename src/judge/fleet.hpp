#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/report.hpp"

namespace tuner {

/// Hosts by their place in FleetReport::hosts, in rising order.
using HostNumbers = std::vector<std::uint32_t>;

/// One host of many, in short.
struct FleetHost {
  std::string name{};      ///< of its directory
  std::string hostname{};  ///< as it says itself; empty where it does not
  std::string kernel{};    ///< its release; empty where it is not known
  Summary summary{};
  Summary shown{};                     ///< the same in blocks, as its own page counts them
  std::string next_command{};          ///< of its report
  std::string page{};                  ///< the file of its own page, beside that of the fleet
  std::vector<std::string> differs{};  ///< keys in which it is not like the rest, sorted
};

/// A check that failed on one thing, and where.
struct FleetFinding {
  std::string id{};
  Severity severity = Severity::info;
  std::string key{};      ///< "net.ipv4.conf.*.rp_filter" for that of any interface
  std::string subject{};  ///< where there is no key; empty where each host has its own
  HostNumbers hosts{};
  std::string fix{};  ///< as the hosts say it; empty where they do not say the same
};

/// What sets the values that some hosts need.
struct FleetStep {
  std::string command{};
  HostNumbers hosts{};
};

/// Failures of many hosts by finding and key, else by finding and subject. A subject of which every
/// host has its own, such as the address of a peer, is left out, and so are all of a finding where
/// they are too many to be read.
class FindingCensus {
 public:
  void add(const Finding& finding, std::uint32_t host);
  /// The worst first, then by the number of hosts. Moves everything out.
  [[nodiscard]] std::vector<FleetFinding> finish();

 private:
  struct Row {
    HostNumbers hosts{};
    std::string fix{};
    bool one_fix = true;
  };
  using Rows = std::map<std::string, Row, std::less<>>;
  struct Counted {
    Rows keys{};
    Rows subjects{};
    Row alone{};
    bool many_keys = false;
    bool many_subjects = false;
  };
  static void put(Row& row, const std::string& fix, std::uint32_t host);
  static void fold(Rows& rows, Row& into);

  std::map<std::pair<std::string, Severity>, Counted> counted_;
};

/// A value that some hosts have and most do not.
struct FleetValue {
  std::string value{};
  HostNumbers hosts{};
};

/// A key in which hosts differ from the rest.
struct FleetKey {
  std::string key{};
  /// What more than half of the hosts have; where most have what their own kernel chose, one such.
  std::string usual{};
  bool usual_is_default = false;
  std::int64_t hosts = 0;            ///< that have the key
  std::int64_t usual_hosts = 0;      ///< of these: like the rest
  std::vector<FleetValue> others{};  ///< the most frequent first
};

/// Many hosts at once.
struct FleetReport {
  std::string directory{};
  std::optional<Profile> profile{};  ///< that they were held against
  std::string profile_sha256{};
  std::chrono::sys_seconds generated_at{};
  std::vector<FleetHost> hosts{};        ///< in the order in which they were read
  std::vector<FleetFinding> findings{};  ///< the worst first, then by the number of hosts
  std::vector<FleetKey> keys{};          ///< sorted by name
  std::vector<FleetStep> steps{};        ///< that of the most hosts first
  std::vector<FleetFinding> by_hand{};   ///< of the findings: what no sysctl fixes
  std::vector<std::string> warnings{};
  std::optional<FormerFleet> former{};  ///< the collection that this one is compared with
  std::string audit_command{};          ///< what shows one of them in full, but for --root
  std::vector<Error> unread{};          ///< directories that are no host, or could not be read

  /// Hosts whose worst failure is of this severity.
  [[nodiscard]] std::int64_t count(Severity worst) const;
  /// Hosts without a failure: where some checks could not be evaluated, and where all could.
  [[nodiscard]] std::int64_t incomplete() const;
  [[nodiscard]] std::int64_t clean() const;
  /// All hosts' checks, added up.
  [[nodiscard]] Summary summary() const;
  /// All hosts, the one that most is wrong with first: errors, then warnings, then notes.
  [[nodiscard]] HostNumbers worst_first() const;
};

/// The worst failure of a host; no value where nothing failed.
std::optional<Severity> worst_severity(const Summary& summary);

/// Gathers hosts one by one and keeps little of each: a number for each key.
class FleetSurvey {
 public:
  /// `keys` are compared, but for numbers that the kernel only shows; where a host does not have
  /// one, it takes no part in it.
  explicit FleetSurvey(std::vector<std::string> keys);

  /// `page`: the file of the host's own page, where it has one.
  void add(std::string name, const Report& report, std::string page = {});

  /// Who differs from the rest. Moves everything out.
  [[nodiscard]] FleetReport finish();

 private:
  /// What one key is on all hosts: values by number, and which of them the kernel chose itself.
  struct Column {
    std::string key{};
    const Fact* fact = nullptr;
    std::map<std::string, std::uint32_t, std::less<>> numbers{};
    std::vector<std::uint32_t> values{};  ///< by host; kNone where it has no such key
    std::vector<bool> is_default{};       ///< by host
  };
  struct Majority {
    std::uint32_t value = 0;
    std::int64_t hosts = 0;
  };
  /// The value that most hosts have, or most of those with their kernel's choice.
  static Majority most_frequent(const Column& column, bool defaults_alone);
  static void add_value(Column& column, const HostSnapshot& host);
  [[nodiscard]] std::optional<FleetKey> compare(const Column& column);
  [[nodiscard]] std::vector<FleetStep> steps();

  std::vector<Column> columns_;
  FindingCensus findings_;
  FindingCensus beyond_;  ///< failures that no sysctl fixes
  FleetReport report_{};
};

}  // namespace tuner
