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
  std::string name{};      ///< of its folder
  std::string hostname{};  ///< as it says itself; empty where it does not
  std::string kernel{};    ///< its release; empty where it is not known
  Summary summary{};
  std::vector<std::string> differs{};  ///< keys in which it is not like the rest, sorted
};

/// A check that failed, and where.
struct FleetFinding {
  std::string id{};
  Severity severity = Severity::info;
  HostNumbers hosts{};
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
  std::string folder{};
  std::optional<Profile> profile{};  ///< that they were held against
  std::string profile_sha256{};
  std::chrono::sys_seconds generated_at{};
  std::vector<FleetHost> hosts{};        ///< in the order in which they were read
  std::vector<FleetFinding> findings{};  ///< the worst first, then by the number of hosts
  std::vector<FleetKey> keys{};          ///< sorted by name
  std::vector<std::string> warnings{};
  std::string audit_command{};  ///< what shows one of them in full, but for --root
  std::vector<Error> unread{};  ///< folders that are no host, or could not be read

  /// Hosts whose worst failure is of this severity.
  [[nodiscard]] std::int64_t count(Severity worst) const;
  /// Hosts without a failure: where some checks could not be evaluated, and where all could.
  [[nodiscard]] std::int64_t incomplete() const;
  [[nodiscard]] std::int64_t clean() const;
  /// All hosts' checks, added up.
  [[nodiscard]] Summary summary() const;
};

/// The worst failure of a host; no value where nothing failed.
std::optional<Severity> worst_of(const Summary& summary);

/// Gathers hosts one by one and keeps little of each: a number for each key.
class FleetSurvey {
 public:
  /// `keys` are compared, but for numbers that the kernel only shows; where a host does not have
  /// one, it takes no part in it.
  explicit FleetSurvey(std::vector<std::string> keys);

  void add(std::string name, const Report& report);

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

  std::vector<Column> columns_;
  std::map<std::pair<std::string, Severity>, HostNumbers> findings_;
  FleetReport report_{};
};

}  // namespace tuner
