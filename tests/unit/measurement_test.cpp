#include "knowledge/measurements.hpp"

#include <doctest/doctest.h>

#include <string>

#include "knowledge/facts.hpp"
#include "tuner/fact.hpp"

using namespace tuner;

TEST_CASE("what the lab measured is about keys that are known") {
  CHECK_FALSE(lab::kAll.empty());
  for (const Measurement& each : lab::kAll) {
    CAPTURE(std::string(each.key));
    CHECK(find_fact(each.key) != nullptr);
    CHECK_FALSE(each.effect.empty());
    CHECK_FALSE(each.kernel.empty());
    CHECK(each.date.size() == 10);
  }
}

TEST_CASE("a key has its own measurements and no others") {
  const auto found = measurements_of("net.ipv4.tcp_wmem");
  REQUIRE_FALSE(found.empty());
  for (const Measurement& each : found) CHECK(each.key == "net.ipv4.tcp_wmem");
  CHECK(measurements_of("net.ipv4.tcp_wme").empty());
  CHECK(measurements_of("").empty());
}
