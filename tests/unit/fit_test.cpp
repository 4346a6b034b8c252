#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>

#include "cases.hpp"
#include "judge/demand.hpp"
#include "knowledge/kernel_default.hpp"
#include "profile/fit.hpp"
#include "profile/inputs.hpp"
#include "profile/parse_profile.hpp"
#include "profile/resolve.hpp"
#include "read/sysctl.hpp"
#include "render/profile.hpp"

namespace tuner {
namespace {

using test::kShipped;
using test::shipped;

Profile given(Profile profile, const std::vector<std::string>& inputs) {
  const auto taken = give_inputs(inputs, profile);
  if (!taken) FAIL(taken.error().message());
  return profile;
}

/// Everything that a fitted profile says, as text.
std::string told(const Profile& profile, const HostSnapshot& host) {
  return render::profile_toml(profile, host);
}

const Demand& demand_on(const Profile& profile, const std::string& key) {
  return *std::find_if(profile.demands.begin(), profile.demands.end(),
                       [&key](const Demand& demand) { return demand.key == key; });
}

/// A path up to 400 Gbit/s and 1 s, on a machine with up to 16 TiB.
struct Situation {
  std::vector<std::string> inputs{};
  HostSnapshot host{};
};

Situation any_situation() {
  const auto rate = *rc::gen::inRange<std::int64_t>(1, 400000001);  // kbit/s
  const auto time = *rc::gen::inRange<std::int64_t>(1, 1000001);    // us
  const auto memory =
      *rc::gen::inRange<std::int64_t>(std::int64_t{1} << 26, (std::int64_t{1} << 44) + 1);
  Situation situation{
      .inputs = {fmt::format("bandwidth={}kbit", rate), fmt::format("rtt={}us", time)},
      .host = test::read_captured(*rc::gen::elementOf(test::kHosts))};
  situation.host.memory = Bytes(memory);
  return situation;
}

TEST_CASE("every shipped profile resolves on every captured host") {
  for (const std::string& name : kShipped) {
    for (const std::string& host_name : test::kHosts) {
      CAPTURE(name);
      CAPTURE(host_name);
      for (const Demand& demand :
           fit_profile(shipped(name), test::read_captured(host_name)).demands) {
        CAPTURE(demand.key);
        CHECK(demand.formulas.empty());
        CHECK_FALSE(demand.unfitted.has_value());
      }
    }
  }
}

TEST_CASE("resolving is deterministic and changes nothing the second time") {
  CHECK(rc::check("fit", [] {
    const Situation situation = any_situation();
    const Profile profile =
        given(shipped(*rc::gen::element<std::string>("bulk", "web", "proxy")), situation.inputs);
    const Profile once = fit_profile(profile, situation.host);
    RC_ASSERT(told(fit_profile(profile, situation.host), situation.host) ==
              told(once, situation.host));
    RC_ASSERT(told(fit_profile(once, situation.host), situation.host) ==
              told(once, situation.host));
  }));
}

TEST_CASE("what is written is inside the kernel's range and never below its own choice") {
  CHECK(rc::check("wanted", [] {
    const Situation situation = any_situation();
    const Profile profile = fit_profile(given(shipped("bulk"), situation.inputs), situation.host);
    for (const Demand& demand : profile.demands) {
      if (demand.area != Area::sysctl || demand.kind != Demand::Kind::at_least) continue;
      const auto judgement = judge::judge(demand, situation.host);
      if (judgement.verdict != judge::Verdict::unmet) continue;
      const auto wanted = parse::sysctl_value(judgement.wanted).numbers;
      const Range range = judge::range_of(*demand.fact, situation.host);
      const auto comparison = judge::compare_with_default(*demand.fact, wanted, situation.host);
      for (const std::int64_t number : wanted) RC_ASSERT(range.contains(number));
      RC_ASSERT(!(comparison.judged && comparison.below));
    }
  }));
}

TEST_CASE("no formula wraps: more of the path is never less of the buffer") {
  CHECK(rc::check("monotony", [] {
    const Situation situation = any_situation();
    const auto buffer = [&situation](const std::vector<std::string>& inputs) {
      const Profile profile = fit_profile(given(shipped("bulk"), inputs), situation.host);
      return demand_on(profile, "net.ipv4.tcp_rmem").numbers[2].value();
    };
    const auto number = buffer(situation.inputs);
    RC_ASSERT(number >= 131072);
    RC_ASSERT(number <= kIntMax);
    RC_ASSERT(buffer({"bandwidth=400Gbit", situation.inputs[1]}) >= number);
    RC_ASSERT(buffer({situation.inputs[0], "rtt=1s"}) >= number);
  }));
}

Result<Profile> parsed(const std::string& text) {
  return parse_profile("schema = 1\nname = \"mine\"\nsummary = \"x\"\n" + text, "mine.toml");
}

Result<Profile> resolved(const std::string& text) {
  auto profile = parsed(text);
  if (!profile) return profile;
  const auto load = [](const std::string&) -> Result<Profile> { return fail({}); };
  return resolve_profile(std::move(*profile), load);
}

Error refused(const std::string& text) {
  const auto profile = resolved(text);
  CAPTURE(text);
  REQUIRE_FALSE(profile.has_value());
  CHECK(profile.error().kind == ErrorKind::configuration);
  CHECK(profile.error().position.line > 0);
  CHECK_FALSE(profile.error().hint.empty());
  return profile.error();
}

std::string demand(const std::string& key, const std::string& value) {
  return "[sysctl.\"" + key + "\"]\nat_least = " + value + "\nwhy = \"x\"\n";
}

bool says(const Error& error, const std::string& part) {
  return (error.message() + " " + error.hint).find(part) != std::string::npos;
}

TEST_CASE("a formula of the wrong unit is refused when the profile is read") {
  const auto packets = refused(demand("net.core.rmem_max", "\"2 * 1000 packets\""));
  CHECK(says(packets, "yields packets, and the key counts bytes"));
  CHECK(packets.position.line == 5);
  CHECK(packets.position.column == 12);
  CHECK(packets.key == "net.core.rmem_max");
  CHECK(says(refused(demand("net.core.somaxconn", "\"2 * bdp\"")),
             "yields bytes, and the key counts connections"));
  CHECK(says(refused(demand("net.core.rmem_max", "\"bdp / 1500B\"")), "yields a plain number"));
  CHECK(says(refused(demand("net.core.netdev_max_backlog", "\"2 * connections\"")),
             "yields connections, and the key counts packets"));
  CHECK(says(refused(demand("net.ipv4.tcp_mem", "[\"-\", \"-\", \"cpus * 100\"]")),
             "the key counts pages"));
  const auto token = refused(demand("net.core.rmem_max", "\"2 * bpd\""));
  CHECK(says(token, "Did you mean \"bdp\""));
  CHECK(token.position.column == 17);
}

TEST_CASE("a formula's inputs have to be declared") {
  CHECK(says(refused(demand("net.core.rmem_max", "\"2 * bdp\"")),
             "uses the input bandwidth, which no profile declares"));
  CHECK(resolved("[inputs.bandwidth]\ndefault = \"1Gbit\"\nwhy = \"x\"\n"
                 "[inputs.rtt]\ndefault = \"1ms\"\nwhy = \"x\"\n" +
                 demand("net.core.rmem_max", "\"2 * bdp\""))
            .has_value());
}

TEST_CASE("bad inputs name the place and the hint") {
  CHECK(says(refused("[inputs.rrt]\ndefault = \"1ms\"\nwhy = \"x\"\n"), "Did you mean \"rtt\""));
  CHECK(says(refused("[inputs.rtt]\nwhy = \"x\"\n"), "default is missing"));
  CHECK(says(refused("[inputs.rtt]\ndefault = \"1ms\"\n"), "why is missing"));
  CHECK(says(refused("[inputs.rtt]\ndefault = \"1Gbit\"\nwhy = \"x\"\n"), "a time such as 80ms"));
  CHECK(says(refused("[inputs.rtt]\ndefault = \"0s\"\nwhy = \"x\"\n"), "a time such as 80ms"));
  CHECK(says(refused("[inputs.rtt]\ndefault = \"1h\"\nwhy = \"x\"\n"), "a time such as 80ms"));
  CHECK(says(refused("[inputs.bandwidth]\ndefault = 5\nwhy = \"x\"\n"), "a bandwidth such as"));
  CHECK(says(refused("[inputs.connections]\ndefault = 0\nwhy = \"x\"\n"), "a whole number"));
  CHECK(says(refused("[inputs.memory_share]\ndefault = \"101%\"\nwhy = \"x\"\n"), "25%"));
  CHECK(says(refused("[inputs.memory_share]\ndefault = \"0.2\"\nwhy = \"x\"\n"), "25%"));
  CHECK(says(refused("[inputs]\nrtt = \"1ms\"\n"), "not a table"));
}

TEST_CASE("inputs of the command line are checked as those of a file") {
  const auto error_of = [](const std::vector<std::string>& inputs) {
    Profile profile = shipped("bulk");
    const auto taken = give_inputs(inputs, profile);
    REQUIRE_FALSE(taken.has_value());
    CHECK(taken.error().kind == ErrorKind::usage);
    CHECK_FALSE(taken.error().hint.empty());
    return taken.error();
  };
  CHECK(says(error_of({"rtt"}), "NAME=VALUE"));
  CHECK(says(error_of({"rrt=1ms"}), "Did you mean \"rtt\""));
  CHECK(says(error_of({"memory_share=5%"}), "It takes bandwidth, rtt, connections"));
  CHECK(says(error_of({"rtt=5"}), "a time such as"));
  CHECK(says(error_of({"rtt=1ms", "rtt=2ms"}), "twice"));
}

TEST_CASE("at_most rounds down, at_least up, and time goes by the key's tick") {
  const auto host = test::read_captured("debian12-6.1-x86_64-1g");
  const auto number_of = [&host](const std::string& text, const std::string& key) {
    const auto profile = resolved(text);
    if (!profile) FAIL(profile.error().message());
    return demand_on(fit_profile(*profile, host), key).numbers[0].value();
  };
  CHECK(number_of(demand("net.core.rmem_max", "\"1MiB / 3\""), "net.core.rmem_max") == 349526);
  CHECK(number_of("[sysctl.\"net.core.rmem_max\"]\nat_most = \"1MiB / 3\"\nwhy = \"x\"\n",
                  "net.core.rmem_max") == 349525);
  CHECK(number_of(demand("net.core.rmem_max", "\"3 * (1MiB / 3)\""), "net.core.rmem_max") ==
        1048576);
  CHECK(number_of(demand("net.ipv4.tcp_fin_timeout", "\"2 * 30s\""), "net.ipv4.tcp_fin_timeout") ==
        60);
  CHECK(number_of("[inputs.connections]\ndefault = 30000\nwhy = \"x\"\n[limits]\n"
                  "nofile = { at_least = \"2 * connections + 100\", why = \"x\" }\n",
                  "nofile") == 60100);
}

TEST_CASE("a formula that divides by nothing, or comes to less than nothing, has no value") {
  const auto host = test::read_captured("debian12-6.1-x86_64-1g");
  for (const char* const formula : {"memory / (cpus - cpus)", "memory - 2 * memory"}) {
    CAPTURE(formula);
    const auto profile = resolved(demand("net.core.rmem_max", "\"" + std::string(formula) + "\""));
    const Profile fitted = fit_profile(profile.value(), host);
    CHECK(fitted.demands.front().unfitted.has_value());
    CHECK_FALSE(fitted.demands.front().formulas.empty());
  }
}

TEST_CASE("a choice is one value of a key with one element") {
  const auto choice = [](const std::string& key, const std::string& values) {
    return refused("[sysctl.\"" + key + "\"]\none_of = " + values + "\nwhy = \"x\"\n");
  };
  CHECK(says(choice("net.ipv4.tcp_mem", "[\"1 GiB\", \"2 GiB\"]"), "keys of one element"));
  CHECK(says(choice("net.ipv4.tcp_sack", "[\"-\", 1]"), "\"-\" is not a choice"));
}

TEST_CASE("a list of ports is a list of ports") {
  const auto list = [](const std::string& text) {
    return "[sysctl.\"net.ipv4.ip_local_reserved_ports\"]\nexactly = \"" + text +
           "\"\nwhy = \"x\"\n";
  };
  for (const char* const text : {"abc", "70000", "10-5", "8080 9090", "8080, 9090", "-"}) {
    CAPTURE(text);
    CHECK(says(refused(list(text)), "not a list of ports"));
  }
  CHECK(resolved(list(""))->demands.front().words.front().empty());
  CHECK(resolved(list("8081,8080"))->demands.front().words.front() == "8080-8081");
  CHECK(says(refused("[sysctl.\"net.ipv4.tcp_congestion_control\"]\nnever = true\nwhy = \"x\"\n"),
             "never is for flags"));
}

TEST_CASE("what the limits of the kernel leave is what a profile may hold") {
  const auto host = test::read_captured("debian12-6.1-x86_64-1g");
  const auto profile = resolved(
      "[inputs.connections]\ndefault = 30000\nwhy = \"\"\"two\nlines\"\"\"\n[limits]\n"
      "nofile = { at_least = \"connections * 1000000000\", why = \"x\" }\n" +
      demand("net.core.somaxconn", "\"0005\""));
  const Profile fitted = fit_profile(profile.value(), host);
  CHECK(demand_on(fitted, "nofile").numbers[0] == 2147483584);
  const auto read = parse_profile(told(fitted, host), "mine.toml");
  if (!read) FAIL(read.error().message());
  CHECK(read->inputs.front().why == "two\nlines");
  CHECK(demand_on(*read, "net.core.somaxconn").numbers[0] == 5);
}

/// A loader of profiles by name.
ProfileLoader from(const std::map<std::string, std::string>& texts) {
  return [texts](const std::string& name) {
    return parse_profile("schema = 1\nname = \"" + name + "\"\nsummary = \"x\"\n" + texts.at(name),
                         name + ".toml");
  };
}

TEST_CASE("who includes wins over all that is below, then who is included last") {
  const std::string key = "net.core.somaxconn";
  const auto load = from({{"top", "include = [\"left\", \"right\"]\n"},
                          {"left", "include = [\"low\"]\n" + demand(key, "2")},
                          {"right", "include = [\"low\"]\n"},
                          {"low", demand(key, "1") + demand("net.core.optmem_max", "\"1 B\"")}});
  const Profile top = resolve_profile(load("top").value(), load).value();
  REQUIRE(top.demands.size() == 2);
  // "right" comes last and brings low with it, which is also what left overrides.
  CHECK(demand_on(top, key).profile == "left");
  const Profile left = resolve_profile(load("left").value(), load).value();
  CHECK(demand_on(left, key).profile == "left");
  CHECK(demand_on(left, key).replaces == std::vector<std::string>{"low"});
  CHECK(demand_on(left, "net.core.optmem_max").chain == std::vector<std::string>{"left", "low"});
  const auto side = from({{"top", "include = [\"one\", \"other\"]\n"},
                          {"one", demand(key, "1")},
                          {"other", demand(key, "2")}});
  CHECK(demand_on(resolve_profile(side("top").value(), side).value(), key).profile == "other");
}

TEST_CASE("a lattice of includes is loaded once per profile") {
  std::map<std::string, std::string> texts{{"p0", demand("net.core.somaxconn", "1")}};
  std::string below = "p0";
  for (int level = 1; level <= 40; ++level) {
    const std::string name = "p" + std::to_string(level);
    const std::string twin = "q" + std::to_string(level);
    texts[name] = "include = [\"" + below + "\", \"q" + std::to_string(level) + "\"]\n";
    texts[twin] = "include = [\"" + below + "\"]\n";
    below = name;
  }
  int loads = 0;
  const auto load = [inner = from(texts), &loads](const std::string& name) {
    ++loads;
    return inner(name);
  };
  const auto profile = resolve_profile(load("p40").value(), load);
  REQUIRE(profile.has_value());
  CHECK(profile->demands.size() == 1);
  CHECK(loads == 81);
}

TEST_CASE("a resolved profile is a profile, and stays what it is") {
  for (const std::string& name : kShipped) {
    for (const std::string& host_name : test::kHosts) {
      CAPTURE(name);
      CAPTURE(host_name);
      const auto host = test::read_captured(host_name);
      const Profile before = fit_profile(shipped(name), host);
      const auto read = parse_profile(told(before, host), name + ".toml");
      if (!read) FAIL(read.error().message());
      const auto load = [](const std::string&) -> Result<Profile> { return fail({}); };
      const Profile after = fit_profile(resolve_profile(*read, load).value(), host);
      REQUIRE(after.demands.size() == before.demands.size());
      REQUIRE(after.inputs.size() == before.inputs.size());
      for (const Demand& one : before.demands) {
        CAPTURE(one.key);
        const Demand& same = demand_on(after, one.key);
        CHECK(same.kind == one.kind);
        CHECK(same.numbers == one.numbers);
        CHECK(same.words == one.words);
        CHECK(same.why == one.why);
        CHECK(same.reserve == one.reserve);
        CHECK(same.reserve_listening_ports == one.reserve_listening_ports);
      }
    }
  }
}

}  // namespace
}  // namespace tuner
