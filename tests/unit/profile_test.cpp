#include <doctest/doctest.h>

#include "cases.hpp"
#include "judge/demand.hpp"
#include "knowledge/kernel_default.hpp"
#include "profile/fit.hpp"
#include "profile/parse_profile.hpp"
#include "profile/resolve.hpp"
#include "read/sysctl.hpp"
#include "tuner/profile.hpp"

namespace tuner {
namespace {

using test::kShipped;
using test::shipped;

/// A profile of one demand; the demand's first line is line 5.
std::string with_demand(const std::string& key, const std::string& demand) {
  return "schema = 1\nname = \"mine\"\nsummary = \"a test\"\n[sysctl.\"" + key + "\"]\n" + demand +
         "\nwhy = \"because\"\n";
}

Error error_of(const std::string& text) {
  const auto profile = parse_profile(text, "dir/mine.toml");
  CAPTURE(text);
  REQUIRE_FALSE(profile.has_value());
  CHECK(profile.error().kind == ErrorKind::configuration);
  CHECK(profile.error().subject == "dir/mine.toml");
  CHECK_FALSE(profile.error().hint.empty());
  return profile.error();
}

bool says(const Error& error, const std::string& part) {
  return (error.message() + " " + error.hint).find(part) != std::string::npos;
}

TEST_CASE("the shipped profiles are complete: every demand has why, source and cost") {
  for (const std::string& name : kShipped) {
    const os::ProfileStore store({TUNER_SOURCE_DIR "/profiles"});
    CHECK(store.names() == kShipped);
    for (const Demand& demand : shipped(name).demands) {
      CAPTURE(name);
      CAPTURE(demand.key);
      CHECK_FALSE(demand.why.empty());
      CHECK_FALSE(demand.source.empty());
      CHECK_FALSE(demand.cost.empty());
    }
  }
}

/// A demand that would lower an element which gives room, on a host that was never tuned.
bool lowers(const Demand& demand, const HostSnapshot& host) {
  if (demand.area != Area::sysctl || demand.fact->more != More::is_more_room) return false;
  const auto running = host.numbers(demand.key);
  if (!running) return false;
  const auto judgement = judge::judge(demand, host);
  const auto wanted = parse::sysctl_value(judgement.wanted).numbers;
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    if (wanted[index] < (*running)[index]) return true;
  }
  return false;
}

TEST_CASE("no profile lowers what any captured kernel starts with") {
  for (const std::string& name : kShipped) {
    const Profile profile = shipped(name);
    for (const std::string& host_name : test::kHosts) {
      const auto host = test::read_captured(host_name);
      for (const Demand& demand : fit_profile(profile, host).demands) {
        CAPTURE(name);
        CAPTURE(host_name);
        CAPTURE(demand.key);
        CHECK_FALSE(lowers(demand, host));
        const bool room = demand.fact != nullptr && demand.fact->more == More::is_more_room;
        if (room) CHECK(demand.kind == Demand::Kind::at_least);
      }
    }
  }
}

TEST_CASE("the source document's values are all in toast-2015") {
  const Profile profile = shipped("toast-2015");
  const auto written = [&profile](const std::string& key) -> std::string {
    for (const Demand& demand : profile.demands) {
      if (demand.key == key) return demand.written;
    }
    return "missing";
  };
  CHECK(written("net.core.rmem_default") == "253952 B");
  CHECK(written("net.core.wmem_max") == "16777216 B");
  CHECK(written("net.ipv4.tcp_rmem") == "253952 B 253952 B 16777216 B");
  CHECK(written("net.ipv4.tcp_wmem") == "253952 B 253952 B 16777216 B");
  CHECK(written("net.core.netdev_max_backlog") == "30000");
  CHECK(written("net.core.somaxconn") == "1024");
  CHECK(written("net.ipv4.tcp_max_syn_backlog") == "1024");
  CHECK(written("net.ipv4.tcp_max_tw_buckets") == "1800000");
  CHECK(written("net.ipv4.ip_local_port_range") == "1024 65535");
  CHECK(written("net.ipv4.tcp_tw_reuse") == "1");
  CHECK(written("nofile") == "65535");
}

TEST_CASE("bad input names file, line, key and the hint") {
  const auto unit = error_of(with_demand("net.core.rmem_max", "at_least = \"10Gbit\""));
  CHECK(unit.position.line == 5);
  CHECK(unit.key == "net.core.rmem_max");
  CHECK(says(unit, "counts bytes"));
  CHECK(says(error_of(with_demand("net.core.somaxconn", "at_least = \"16MiB\"")),
             "counts connections"));
  const auto bare = error_of(with_demand("net.core.rmem_max", "at_least = 16777216"));
  CHECK(says(bare, "bare number 16777216"));
  CHECK(says(bare, "16777216 B"));
  CHECK(says(error_of(with_demand("net.ipv4.tcp_mem", "at_least = [\"-\", \"-\", 8388608]")),
             "bare number 8388608"));
  CHECK(says(error_of(with_demand("net.ipv4.tcp_rmem", "at_least = \"253952 B\"")),
             "1 elements, the key has 3"));
  CHECK(says(error_of(with_demand("net.core.somaxcon", "at_least = 1")),
             "Did you mean \"net.core.somaxconn\""));
  CHECK(says(error_of(with_demand("net.core.somaxconn", "atleast = 1")),
             "Did you mean \"at_least\""));
  CHECK(says(error_of(with_demand("net.core.somaxconn", "at_least = 1\nexactly = 2")), "both"));
  CHECK(says(error_of(with_demand("net.core.somaxconn", "")), "no condition on its value"));
  CHECK(says(error_of(with_demand("net.ipv4.tcp_tw_reuse", "exactly = 3")), "outside the range"));
  CHECK(says(error_of(with_demand("net.ipv4.tcp_tw_reuse", "covers = \"1 2\"")),
             "only for port ranges"));
  CHECK(says(error_of(with_demand("net.ipv4.tcp_congestion_control", "at_least = 1")), "names"));
  CHECK(says(error_of(with_demand("net.ipv4.tcp_mem", "untouched = false")), "only true"));
  CHECK(says(error_of(with_demand("net.core.somaxconn", "at_least = 1\nwhen = \"kernel > 4\"")),
             "not a condition"));
}

TEST_CASE("bad files name the place too") {
  CHECK(says(error_of("name = \"mine\"\n"), "schema"));
  CHECK(says(error_of("schema = 1\nname = \"other\"\nsummary = \"x\"\n"), "same name"));
  CHECK(says(error_of("schema = 1\nname = \"mine\"\nsummary = \"x\"\nincludes = []\n"),
             "Did you mean \"include\""));
  CHECK(says(error_of("schema = 1\nname = \"mine\"\nsummary = \"x\"\n[sysctl.net]\nx = 1\n"),
             "whole key in quotes"));
  CHECK(says(error_of("schema = 1\nname = \"mine\"\nsummary = \"x\"\n[limits]\nnofile = 3\n"),
             "not a table"));
  CHECK(error_of("schema = 1\nname = \"mine\"\nsummary = \"\xff\"\n").position.line == 3);
  CHECK(error_of("schema = 1\n[\b").position.line == 2);
  CHECK(says(error_of("schema = 1\nname = \"mine\"\nsummary = \"x\"\n"
                      "[sysctl.\"net.core.somaxconn\"]\nat_least = 1\nwhy = \"x\"\n"
                      "[sysctl.\"net/core/somaxconn\"]\nat_least = 2\nwhy = \"x\"\n"),
             "duplicate key, first on line 5"));
}

TEST_CASE("profiles that include each other are an error that shows the loop") {
  const auto load = [](const std::string& name) {
    const std::string other = name == "a" ? "b" : "a";
    return parse_profile(
        "schema = 1\nname = \"" + name + "\"\nsummary = \"x\"\ninclude = [\"" + other + "\"]\n",
        name + ".toml");
  };
  const auto resolved = resolve_profile(load("a").value(), load);
  REQUIRE_FALSE(resolved.has_value());
  CHECK(says(resolved.error(), "a -> b -> a"));
}

TEST_CASE("a profile's own demand replaces an included one") {
  const auto load = [](const std::string&) {
    return parse_profile(
        "schema = 1\nname = \"low\"\nsummary = \"x\"\n"
        "[sysctl.\"net.core.somaxconn\"]\nat_least = 1\nwhy = \"low\"\n",
        "low.toml");
  };
  const auto top = parse_profile(
      "schema = 1\nname = \"mine\"\nsummary = \"x\"\ninclude = [\"low\"]\n"
      "[sysctl.\"net.core.somaxconn\"]\nat_least = 2\nwhy = \"high\"\n",
      "mine.toml");
  const Profile resolved = resolve_profile(top.value(), load).value();
  REQUIRE(resolved.demands.size() == 1);
  CHECK(resolved.demands.front().why == "high");
}

}  // namespace
}  // namespace tuner
