#include <doctest/doctest.h>

#include <set>

#include "knowledge/constraints.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/key_name.hpp"

namespace tuner {
namespace {

using namespace constraints;

TEST_CASE("each constraint has a name, keys that are known, a sentence and a source") {
  std::set<std::string_view> names;
  for (const Constraint* const one : all_constraints()) {
    CAPTURE(one->name);
    CHECK(names.insert(one->name).second);
    CHECK(one->what.ends_with('.'));
    CHECK(one->source.find("()") != std::string_view::npos);
    CHECK_FALSE(one->keys.empty());
    for (const std::string_view key : one->keys) {
      const std::string whole =
          key.starts_with("net.") ? std::string(key) : "net.ipv4.neigh.default." + std::string(key);
      CHECK(find_fact(whole) != nullptr);
    }
  }
  CHECK(names.size() >= 6);
}

TEST_CASE("a constraint tells values that work together from those that do not") {
  CHECK(kRangeForward.holds_for({1024, 1024}));
  CHECK_FALSE(kRangeForward.holds_for({1025, 1024}));
  CHECK(kRangeUnprivileged.holds_for({1024, 1024}));
  CHECK_FALSE(kRangeUnprivileged.holds_for({1023, 1024}));
  CHECK(kThresholdsRise.holds_for({1, 1, 2}));
  CHECK_FALSE(kThresholdsRise.holds_for({1, 3, 2}));
  CHECK(kBucketsSuffice.holds_for({4 * 1024 + 3, 1024}));
  CHECK_FALSE(kBucketsSuffice.holds_for({5 * 1024, 1024}));
  CHECK(kReuseHasStamps.holds_for({2, 0}));
  CHECK_FALSE(kReuseHasStamps.holds_for({1, 0}));
  CHECK(kMaximumIsReached.holds_for({1}));
  CHECK_FALSE(kMaximumIsReached.holds_for({0}));
}

TEST_CASE("what has to rise is told by the names of its elements") {
  CHECK(must_rise(*find_fact("net.ipv4.tcp_rmem")));
  CHECK(must_rise(*find_fact("net.ipv4.tcp_mem")));
  CHECK(must_rise(*find_fact(kPortRange)));
  CHECK_FALSE(must_rise(*find_fact("net.core.somaxconn")));
  const std::int64_t falls[] = {1, 5, 4, 3};
  CHECK(first_fall(falls) == 1);
  CHECK_FALSE(first_fall(std::span(falls).first(2)));
  CHECK_FALSE(first_fall({}));
}

}  // namespace
}  // namespace tuner
