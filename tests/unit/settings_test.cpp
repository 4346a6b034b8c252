#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "profile/settings.hpp"
#include "tuner/profile.hpp"

namespace tuner {

namespace {

/// The demand that a text comes to; null, with the error's words, where it is refused.
const Demand* demand_of(const std::string& text, Profile& profile, std::string& refusal) {
  const auto setting = parse_setting(text);
  const AskedSetting asked{.setting = setting.value_or(Setting()), .why = "Asked for"};
  const auto given = setting ? give_settings({&asked, 1}, "--set", profile)
                             : Result<void>(tl::unexpected(setting.error()));
  if (given) return &profile.demands.back();
  CHECK(given.error().kind == ErrorKind::usage);
  refusal = given.error().message() + ' ' + given.error().hint;
  return nullptr;
}

}  // namespace

TEST_CASE("a setting is read as a sysctl file would be, or with units") {
  struct Case {
    const char* text;
    const char* key;
    std::vector<std::optional<std::int64_t>> numbers;
  };
  const Case cases[] = {
      {"somaxconn=9000", "net.core.somaxconn", {9000}},
      {" net/core/somaxconn = 9000 ", "net.core.somaxconn", {9000}},
      {"net.core.rmem_max=16777216", "net.core.rmem_max", {16777216}},
      {"rmem_max=16MiB", "net.core.rmem_max", {16777216}},
      {"tcp_rmem=4096 131072\t32MiB", "net.ipv4.tcp_rmem", {4096, 131072, 33554432}},
      {"tcp_rmem=- - 32MiB", "net.ipv4.tcp_rmem", {{}, {}, 33554432}},
      {"tcp_keepalive_time=2h", "net.ipv4.tcp_keepalive_time", {7200}},
  };
  for (const Case& given : cases) {
    CAPTURE(given.text);
    Profile profile;
    std::string refusal;
    const Demand* const demand = demand_of(given.text, profile, refusal);
    REQUIRE_MESSAGE(demand != nullptr, refusal);
    CHECK(demand->key == given.key);
    CHECK(demand->numbers == given.numbers);
    CHECK(demand->kind == Demand::Kind::exactly);
  }
}

TEST_CASE("a setting takes the place of the profile's demand, and settings do not contradict") {
  Profile profile;
  std::string refusal;
  profile.demands.push_back({.key = "net.core.somaxconn", .kind = Demand::Kind::at_least});
  REQUIRE(demand_of("somaxconn=9000", profile, refusal) != nullptr);
  CHECK(profile.demands.size() == 1);
  CHECK(demand_of("somaxconn=9001", profile, refusal) == nullptr);
  CHECK(refusal.find("9000") != std::string::npos);
  REQUIRE(demand_of("ip_local_port_range=1024 65000", profile, refusal) != nullptr);
  CHECK(profile.demands.back().reserve_listening_ports);
}

TEST_CASE("whatever is written behind --set, it is taken or refused in words") {
  rc::check("settings", [](const std::string& value) {
    static const std::vector<std::string> kKeys = {
        "somaxconn=", "net.ipv4.tcp_rmem=", "tcp_congestion_control=", "tcp_mem=", "", "x="};
    const auto index = *rc::gen::inRange<std::size_t>(0, kKeys.size());
    Profile profile;
    std::string refusal;
    const Demand* const demand = demand_of(kKeys[index] + value, profile, refusal);
    RC_ASSERT(demand != nullptr || !refusal.empty());
  });
}

}  // namespace tuner
