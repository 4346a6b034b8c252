#include "tuner/recommendation.hpp"

#include <doctest/doctest.h>

#include <tuple>
#include <vector>

#include "cases.hpp"
#include "judge/recommend.hpp"

namespace tuner {
namespace {

constexpr const char* kRecommendHost = "debian12-6.1-x86_64-1g";

/// A host that opened and accepted so many connections, of so many segments in all.
struct Doings {
  std::int64_t opened = 0;
  std::int64_t accepted = 0;
  std::int64_t segments = 0;
  std::int64_t failed = 0;
};

HostSnapshot host_that(const Doings& did) {
  test::OverlaidFiles files(kRecommendHost);
  std::string snmp = files.read("proc/net/snmp").value();
  for (const auto& [name, number] : {std::pair{"ActiveOpens", did.opened},
                                     {"PassiveOpens", did.accepted},
                                     {"AttemptFails", did.failed},
                                     {"InSegs", did.segments}}) {
    snmp = test::with_counter(snmp, "Tcp", name, number);
  }
  files.set("proc/net/snmp", {snmp});
  files.set("proc/net/tcp", {std::string("header\n"
                                         "0: 00000000:0050 00000000:0000 0A 0:0 0:0 0 0 0 1\n"
                                         "1: 0A00000A:0050 0B00000A:D431 01 0:0 0:0 0 0 0 1\n"
                                         "2: 0A00000A:0050 0B00000A:D432 06 0:0 0:0 0 0 0 1\n"
                                         "3: 0A00000A:9C40 0C00000A:1F90 06 0:0 0:0 0 0 0 1\n"
                                         "4: 0100007F:9C41 0100007F:1F90 01 0:0 0:0 0 0 0 1\n")});
  return test::read_captured(files, kRecommendHost);
}

Recommendation for_doings(const Doings& did) { return recommend(host_that(did)); }

std::string evidence(const Recommendation& result, std::string_view name) {
  for (const Evidence& item : result.evidence) {
    if (item.name == name) return item.value;
  }
  return "missing";
}

HostSnapshot host_with(std::vector<std::tuple<const char*, const char*, std::int64_t>> counters) {
  test::OverlaidFiles files(kRecommendHost);
  std::string snmp = files.read("proc/net/snmp").value();
  for (const auto& [group, name, number] : counters) {
    snmp = test::with_counter(snmp, group, name, number);
  }
  files.set("proc/net/snmp", {snmp});
  return test::read_captured(files, kRecommendHost);
}

TEST_CASE("no profile is for what forwards, or lives on UDP") {
  const auto router = recommend(host_with({{"Ip", "InReceives", 90'000'000},
                                           {"Ip", "ForwDatagrams", 80'000'000},
                                           {"Tcp", "ActiveOpens", 300'000},
                                           {"Tcp", "PassiveOpens", 300'000}}));
  CHECK_FALSE(router.profile);
  CHECK(router.none_fits);
  CHECK(router.line().starts_with("No shipped profile fits this host: it forwards "));
  const auto datagrams = recommend(host_with({{"Udp", "InDatagrams", 90'000'000'000},
                                              {"Tcp", "InSegs", 9'000'000},
                                              {"Tcp", "ActiveOpens", 300'000},
                                              {"Tcp", "PassiveOpens", 300'000}}));
  CHECK_FALSE(datagrams.profile);
  CHECK(datagrams.line().find("its work is UDP") != std::string::npos);
  const auto lookups = recommend(host_with({{"Udp", "InDatagrams", 200'000},
                                            {"Tcp", "InSegs", 9'000'000},
                                            {"Tcp", "ActiveOpens", 300'000},
                                            {"Tcp", "PassiveOpens", 300'000}}));
  CHECK(lookups.profile == "proxy");
}

TEST_CASE("who opens the connections decides") {
  const auto web = for_doings({.opened = 2000, .accepted = 200000});
  CHECK(web.profile == "web");
  CHECK(web.confidence == Confidence::high);
  const auto proxy = for_doings({.opened = 9000, .accepted = 9000});
  CHECK(proxy.profile == "proxy");
  CHECK(proxy.confidence == Confidence::medium);
  CHECK(proxy.line() ==
        "Profile proxy fits this host (confidence medium): 50 % of its "
        "connections are outgoing, the others it accepts.");
  const auto client = for_doings({.opened = 200000, .accepted = 10});
  CHECK(client.profile == "proxy");
  CHECK(client.confidence == Confidence::medium);
}

TEST_CASE("large transfers are bulk") {
  const auto bulk = for_doings({.opened = 100, .accepted = 100, .segments = 200 * 30000});
  CHECK(bulk.profile == "bulk");
  CHECK(bulk.confidence == Confidence::low);
}

TEST_CASE("near a border it is less sure") {
  CHECK(for_doings({.opened = 19, .accepted = 99}).confidence == Confidence::low);
  CHECK(for_doings({.opened = 22000, .accepted = 100000}).confidence == Confidence::medium);
  CHECK(for_doings({.opened = 50000, .accepted = 60000}).confidence == Confidence::high);
}

TEST_CASE("attempts that failed are no connections") {
  const auto web = for_doings({.opened = 200000, .accepted = 90000, .failed = 199000});
  CHECK(web.profile == "web");
  CHECK(evidence(web, "Tcp.ActiveOpens") == "1000");
}

TEST_CASE("what could not be read is said") {
  test::OverlaidFiles files(kRecommendHost);
  files.set("proc/net/tcp", {std::string("header\nnonsense\n")});
  const auto result = recommend(test::read_captured(files, kRecommendHost));
  CHECK(evidence(result, "listening") == "unknown");
  CHECK(evidence(result, "connections") == "unknown");
}

TEST_CASE("too little, or nothing that can be read, cannot be told") {
  const auto idle = for_doings({.opened = 5, .accepted = 60});
  CHECK_FALSE(idle.profile.has_value());
  CHECK(idle.confidence == Confidence::none);
  CHECK(idle.line().find("Cannot tell which profile fits: it counts 65 TCP connections") !=
        std::string::npos);
  auto host = host_that({.opened = 5000, .accepted = 6000});
  host.snmp = absent();
  CHECK_FALSE(recommend(host).profile.has_value());
}

TEST_CASE("the sockets of the moment are evidence and decide nothing") {
  auto host = host_that({.opened = 9000, .accepted = 9000});
  const auto with = recommend(host);
  CHECK(evidence(with, "listening") == "1");
  CHECK(evidence(with, "established-in") == "1");
  CHECK(evidence(with, "time-wait-in") == "1");
  CHECK(evidence(with, "time-wait-out") == "1");
  CHECK(evidence(with, "loopback") == "1");
  host.tcp = absent();
  CHECK(recommend(host).line() == with.line());
}

}  // namespace
}  // namespace tuner
