#include <doctest/doctest.h>

#include "judge/findings.hpp"
#include "judge/fleet.hpp"

namespace tuner {
namespace {

Finding about(const char* id, std::string subject, std::optional<std::string> key = {},
              Severity severity = Severity::warning) {
  Finding finding = judge::failed(severity, std::move(subject), {});
  finding.id = id;
  finding.key = std::move(key);
  return finding;
}

std::string shown(const FleetFinding& finding) {
  return finding.id + '|' + finding.key + '|' + finding.subject + '|' +
         std::to_string(finding.hosts.size());
}

std::vector<std::string> rows_of(FindingCensus& census) {
  std::vector<std::string> rows;
  for (const FleetFinding& finding : census.finish()) rows.push_back(shown(finding));
  return rows;
}

using Rows = std::vector<std::string>;

TEST_CASE("findings are counted by key, once for each host") {
  FindingCensus census;
  for (std::uint32_t host = 0; host < 3; ++host) {
    census.add(about("value-below-profile", "a.b", "a.b"), host);
    if (host != 1) census.add(about("value-below-profile", "c.d", "c.d"), host);
    // Two queues, one key.
    for (const char* const queue : {"0.0.0.0:80", "0.0.0.0:443"}) {
      if (host == 2) census.add(about("listen-queue-overflow", queue, "net.core.somaxconn"), host);
    }
  }
  census.add(about("value-below-profile", "c.d", "c.d", Severity::error), 1);
  CHECK(rows_of(census) == Rows{"value-below-profile|c.d||1", "value-below-profile|a.b||3",
                                "value-below-profile|c.d||2",
                                "listen-queue-overflow|net.core.somaxconn||1"});
}

TEST_CASE("what each host has a name of its own for is one row") {
  FindingCensus census;
  for (std::uint32_t host = 0; host < 9; ++host) {
    const std::string number = std::to_string(host);
    census.add(about("ephemeral-ports-near-exhaustion", "10.0.0.1 -> 10.0.1." + number + ":80"),
               host);
    census.add(about("udp-receive-errors", "[2001:db8::" + number + "]:53"), host);
    census.add(about("initcwnd-below-ten", "default via 192.0.2." + number + " dev eth0"), host);
    census.add(about("reverse-path-drops", {}, "net.ipv4.conf.veth" + number + ".rp_filter"), host);
    census.add(about("reverse-path-drops", {}, "net.ipv4.conf.all.rp_filter"), host);
    census.add(about("listen-backlog-small-in-application", "0.0.0.0:443"), host);
    census.add(about("open-file-limit-near", host < 4 ? "nginx" : "envoy"), host);
  }
  CHECK(rows_of(census) == Rows{"ephemeral-ports-near-exhaustion|||9", "initcwnd-below-ten|||9",
                                "listen-backlog-small-in-application||0.0.0.0:443|9",
                                "reverse-path-drops|net.ipv4.conf.*.rp_filter||9",
                                "reverse-path-drops|net.ipv4.conf.all.rp_filter||9",
                                "udp-receive-errors|||9", "open-file-limit-near||envoy|5",
                                "open-file-limit-near||nginx|4"});
}

TEST_CASE("names without end do not make rows without end") {
  FindingCensus census;
  for (std::uint32_t host = 0; host < 1000; ++host) {
    for (const char* const suffix : {"a", "b"}) {
      census.add(about("close-wait-leak", "worker-" + std::to_string(host) + suffix), host);
      census.add(about("key-removed-from-kernel", {}, "x." + std::to_string(host) + suffix), host);
    }
  }
  CHECK(rows_of(census) == Rows{"close-wait-leak|||1000", "key-removed-from-kernel|||1000"});
}

}  // namespace
}  // namespace tuner
