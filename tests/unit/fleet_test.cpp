#include "judge/fleet.hpp"
#include "tuner/snapshot.hpp"

#include <doctest/doctest.h>

#include "judge/findings.hpp"
#include "judge/gauges.hpp"
#include "read/proc.hpp"
#include "read/sysctl.hpp"
#include "tuner/gauge.hpp"

namespace tuner {
namespace {

constexpr const char* kKey = "net.core.somaxconn";

/// A host of this kernel with this value; none where it does not have the key.
Report host_with(const char* kernel, const char* value) {
  Report report;
  const auto host = std::make_shared<HostSnapshot>();
  host->kernel = parse::kernel_release(kernel).value();
  if (value == nullptr) {
    host->set_sysctl(kKey, absent());
  } else {
    host->set_sysctl(kKey, parse::sysctl_value(value));
  }
  report.host = host;
  return report;
}

FleetReport fleet_of(const std::vector<Report>& reports) {
  FleetSurvey survey({kKey});
  for (std::size_t index = 0; index < reports.size(); ++index) {
    survey.add("h" + std::to_string(index), reports[index]);
  }
  return survey.finish();
}

TEST_CASE("who is not like more than half of the others differs") {
  const auto fleet = fleet_of({host_with("6.1.0", "1000"), host_with("6.1.0", "1000"),
                               host_with("6.1.0", "128"), host_with("6.1.0", nullptr)});
  REQUIRE(fleet.keys.size() == 1);
  const FleetKey& key = fleet.keys.front();
  CHECK(key.usual == "1000");
  CHECK_FALSE(key.usual_is_default);
  CHECK(key.hosts == 3);
  CHECK(key.usual_hosts == 2);
  REQUIRE(key.others.size() == 1);
  CHECK(key.others.front().value == "128");
  CHECK(key.others.front().hosts == HostNumbers{2});
  CHECK(fleet.hosts[2].differs == std::vector<std::string>{kKey});
  CHECK(fleet.hosts[0].differs.empty());
}

TEST_CASE("half of the hosts are no rest to differ from") {
  CHECK(fleet_of({host_with("6.1.0", "1000"), host_with("6.1.0", "1000"), host_with("6.1.0", "128"),
                  host_with("6.1.0", "129")})
            .keys.empty());
  CHECK(fleet_of({host_with("6.1.0", "1000")}).keys.empty());
}

TEST_CASE("each kernel's own choice is one value") {
  // 128 until 5.3, 4096 since (Linux 5.4, 19f92a030ca6).
  const auto fleet = fleet_of({host_with("4.19.0", "128"), host_with("6.1.0", "4096"),
                               host_with("4.19.0", "128"), host_with("6.1.0", "1000")});
  REQUIRE(fleet.keys.size() == 1);
  CHECK(fleet.keys.front().usual_is_default);
  CHECK(fleet.keys.front().usual_hosts == 3);
  REQUIRE(fleet.keys.front().others.size() == 1);
  CHECK(fleet.keys.front().others.front().hosts == HostNumbers{3});
}

TEST_CASE("equal mistakes do not hide each other behind defaults that follow the memory") {
  const auto host_of = [](std::int64_t mib, const char* buckets) {
    Report report;
    const auto host = std::make_shared<HostSnapshot>();
    host->kernel = parse::kernel_release("6.1.0").value();
    host->memory = Bytes(mib << 20);
    host->page_size = PageSize::from(Bytes(4096)).value();
    host->set_sysctl("net.ipv4.tcp_ehash_entries", parse::sysctl_value(std::to_string(mib * 8)));
    host->set_sysctl("net.ipv4.tcp_max_tw_buckets", parse::sysctl_value(buckets));
    report.host = host;
    return report;
  };
  FleetSurvey survey({"net.ipv4.tcp_max_tw_buckets"});
  // Half of the buckets of the table of connections (tcp_sk_init(), since 3.6).
  survey.add("a", host_of(1024, "4096"));
  survey.add("b", host_of(2048, "8192"));
  survey.add("c", host_of(4096, "16384"));
  survey.add("bad1", host_of(1024, "5000"));
  survey.add("bad2", host_of(2048, "5000"));
  const auto fleet = survey.finish();
  REQUIRE(fleet.keys.size() == 1);
  CHECK(fleet.keys.front().usual_is_default);
  CHECK(fleet.keys.front().usual != "5000");
  REQUIRE(fleet.keys.front().others.size() == 1);
  CHECK(fleet.keys.front().others.front().hosts == HostNumbers{3, 4});
}

Finding finding(const char* id, Finding outcome) {
  outcome.id = id;
  return outcome;
}

TEST_CASE("a host that could not be judged is not clean") {
  Report unread = host_with("6.1.0", "4096");
  unread.findings.push_back(finding("listen-queue-overflow", judge::unknown({}, Unread{})));
  const auto fleet = fleet_of({unread, host_with("6.1.0", "4096")});
  CHECK(fleet.incomplete() == 1);
  CHECK(fleet.clean() == 1);
}

TEST_CASE("a host counts once, at its worst") {
  Report bad = host_with("6.1.0", "1000");
  for (const char* const subject : {"a", "b"}) {
    bad.findings.push_back(
        finding("listen-queue-overflow", judge::failed(Severity::warning, subject, {})));
  }
  bad.findings.push_back(finding("tcp-mem-in-bytes", judge::failed(Severity::error, {}, {})));
  const auto fleet = fleet_of({host_with("6.1.0", "1000"), bad});
  REQUIRE(fleet.findings.size() == 3);
  CHECK(fleet.findings.front().id == "tcp-mem-in-bytes");
  CHECK(fleet.findings[1].subject == "a");
  CHECK(fleet.findings.back().hosts == HostNumbers{1});
  CHECK(fleet.count(Severity::error) == 1);
  CHECK(fleet.count(Severity::warning) == 0);
  CHECK(fleet.clean() == 1);
  CHECK(fleet.incomplete() == 0);
  CHECK(fleet.summary().warnings == 2);
}

TEST_CASE("a bar is never empty where something is taken, and never above its end") {
  CHECK(Gauge{.used = 0, .limit = 1000}.percent() == 0);
  CHECK(Gauge{.used = 1, .limit = 1000}.percent() == 1);
  CHECK(Gauge{.used = 999, .limit = 1000}.percent() == 99);
  CHECK(Gauge{.used = 2000, .limit = 1000}.percent() == 100);
  CHECK_FALSE(fill_of(Gauge{.used = 500, .limit = 1000}));
  CHECK(fill_of(Gauge{.used = 990, .limit = 1000}) == Severity::error);
}

TEST_CASE("the fullest of each kind, against what limits it") {
  HostSnapshot host;
  host.set_sysctl("net.ipv4.tcp_max_tw_buckets", parse::sysctl_value("5000"));
  host.sockets = SocketStatistics{.tcp_time_wait = 4000};
  TcpSurvey survey;
  for (std::uint16_t port = 1; port <= 7; ++port) {
    survey.listeners.push_back({.port = port, .queued = port, .limit = 9});
  }
  survey.listeners.push_back({.port = 8, .queued = 9});  // whose limit is not known
  host.tcp = survey;
  const auto gauges = gauges_of(host);
  REQUIRE(gauges.size() == 6);
  CHECK(gauges[0].name == "TIME_WAIT");
  CHECK(gauges[0].percent() == 80);
  CHECK(fill_of(gauges[0]) == Severity::warning);
  CHECK(gauges[1].used == 7);
  CHECK(gauges[1].limit == 9);
  // The kernel takes one more than the limit of the queue.
  CHECK_FALSE(fill_of(gauges[1]));
  CHECK(gauges[5].used == 3);
}

}  // namespace
}  // namespace tuner
