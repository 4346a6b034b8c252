#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "hosts.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/later_keys.hpp"
#include "read/proc.hpp"
#include "tuner/fact.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {
namespace {

using test::kHosts;

bool within(const std::vector<std::int64_t>& numbers, const ExpectedDefault& expected) {
  if (numbers.size() != expected.elements.size()) return false;
  for (std::size_t index = 0; index < numbers.size(); ++index) {
    const auto& interval = expected.elements[index];
    if (numbers[index] < interval.low || interval.high < numbers[index]) return false;
  }
  return true;
}

/// Every fact and value of a captured tree, files of a `*` row one by one.
template <class Check>
void for_each_fact_in(const std::string& host, Check check) {
  const auto snapshot = test::read_captured(host);
  for (const Fact* const fact : all_facts()) {
    if (fact->scope == Scope::process || fact->key.find('*') != std::string_view::npos) continue;
    const auto& value = snapshot.sysctl(fact->key);
    CAPTURE(host);
    CAPTURE(fact->key);
    check(snapshot, *fact, value);
  }
}

TEST_CASE("no fact contradicts what a real kernel printed") {
  for (const std::string& host : kHosts) {
    int judged = 0;
    for_each_fact_in(host, [&](const HostSnapshot& snapshot, const Fact& fact, const auto& value) {
      if (!value || fact.default_rule == nullptr) return;
      const auto expected = fact.default_rule(snapshot.traits());
      REQUIRE(expected.has_value());
      CAPTURE(value->text);
      CHECK(within(value->numbers, *expected));
      ++judged;
    });
    CHECK(judged > 70);
  }
}

TEST_CASE("values are inside the range that the fact gives, and have as many elements") {
  for (const std::string& host : kHosts) {
    for_each_fact_in(host, [](const HostSnapshot& snapshot, const Fact& fact, const auto& value) {
      if (!value || !fact.holds_numbers()) return;
      CAPTURE(value->text);
      CHECK(value->numbers.size() == fact.element_count());
      const Range range =
          fact.range_rule != nullptr ? fact.range_rule(snapshot.traits()) : fact.range;
      if (fact.write == Write::read_only) return;
      for (const auto number : value->numbers) CHECK(range.contains(number));
    });
  }
}

TEST_CASE("machine-wide keys are absent or read-only in a child namespace, as their facts say") {
  for_each_fact_in("linux-6.18-x86_64-24g-child-netns",
                   [](const HostSnapshot&, const Fact& fact, const auto& value) {
                     if (fact.child == Child::absent) CHECK_FALSE(value.has_value());
                   });
  for_each_fact_in("linux-6.18-x86_64-24g",
                   [](const HostSnapshot&, const Fact& fact, const auto& value) {
                     if (fact.child == Child::absent) CHECK(value.has_value());
                     if (fact.child == Child::read_only) CHECK(value.has_value());
                   });
}

TEST_CASE("no kernel has a key that the facts call removed before it") {
  for (const std::string& host : kHosts) {
    for_each_fact_in(host, [](const HostSnapshot& snapshot, const Fact& fact, const auto& value) {
      const auto removed = parse::kernel_release(fact.removed);
      if (removed && snapshot.kernel->version >= removed->version) CHECK_FALSE(value.has_value());
    });
  }
}

TEST_CASE("tcp_mem and udp_mem keep their ratios on every kernel") {
  for (const std::string& host : kHosts) {
    const auto snapshot = test::read_captured(host);
    for (const char* const key : {"net.ipv4.tcp_mem", "net.ipv4.udp_mem"}) {
      const auto numbers = snapshot.numbers(key);
      if (!numbers) {
        CHECK(snapshot.network_namespace == NetworkNamespace::child);
        continue;
      }
      CAPTURE(host);
      const auto& pages = *numbers;
      CHECK(std::abs(pages[0] - pages[1] / 4 * 3) <= 3);
      CHECK(pages[2] == pages[0] * 2);
    }
  }
}

TEST_CASE("every row is complete, and no key has two rows") {
  std::set<std::string_view> keys;
  for (const Fact* const fact : all_facts()) {
    CAPTURE(fact->key);
    CHECK(keys.insert(fact->key).second);
    CHECK_FALSE(fact->source.empty());
    CHECK_FALSE(fact->default_text.empty());
    CHECK(fact->range.min <= fact->range.max);
    if (fact->unit == Unit::count && fact->removed.empty()) CHECK_FALSE(fact->counted.empty());
    if (fact->write == Write::never) CHECK_FALSE(fact->notes.empty());
  }
  CHECK(keys.size() > 140);
}

TEST_CASE("ranges are those of the kernel, and of none that is not known") {
  const auto range_on = [](std::string_view key, KernelVersion version) {
    const Fact* const fact = find_fact(key);
    HostTraits host;
    host.kernel = version;
    const Range range = fact->range_rule == nullptr ? fact->range : fact->range_rule(host);
    return std::pair(range.min, range.max);
  };
  constexpr auto kAny = std::pair(kIntMin, kIntMax);
  CHECK(range_on("net.ipv4.tcp_ecn", {5, 10}) == kAny);
  CHECK(range_on("net.ipv4.tcp_ecn", {6, 18}) == std::pair<std::int64_t, std::int64_t>(0, 2));
  CHECK(range_on("net.ipv4.tcp_ecn", {7, 2}) == std::pair<std::int64_t, std::int64_t>(0, 5));
  CHECK(range_on("net.ipv4.tcp_ecn", {}) == std::pair<std::int64_t, std::int64_t>(0, 2));
  CHECK(range_on("net.ipv4.tcp_rmem", {6, 18}).first == 1);
  CHECK(range_on("net.ipv4.tcp_rmem", {7, 2}).first == 4096);
  CHECK(range_on("net.ipv4.tcp_rmem", {}).first == 1);
  CHECK(range_on("net.core.optmem_max", {6, 1}) == kAny);
  CHECK(range_on("net.core.optmem_max", {6, 8}).first == 0);
}

TEST_CASE("the table of connections is whole pages") {
  const auto buckets = [](std::int64_t page) {
    HostTraits host;
    host.kernel = {6, 1};
    host.page_size = PageSize::from(Bytes(page));
    host.memory = Bytes(996624 * std::int64_t{1024});
    return facts::conntrack_buckets(host)->elements.front().low;
  };
  CHECK(buckets(4096) == 8192);  // 7786 by memory alone; what Debian's 6.1 has
  CHECK(buckets(65536) == 8192);
}

TEST_CASE("a key that came later is in the kernels that have it, and in none before") {
  const std::map<std::string, KernelVersion> kernels = {{"debian11-5.10-x86_64-1g", {5, 10}},
                                                        {"debian12-6.1-x86_64-1g", {6, 1}},
                                                        {"debian13-6.12-x86_64-4g", {6, 12}},
                                                        {"debian-sid-7.2-x86_64-4g", {7, 2}}};
  std::set<std::string_view> seen;
  for (const LaterKey& later : later_keys()) {
    CAPTURE(later.key);
    CHECK(seen.insert(later.key).second);
    CHECK(find_fact(later.key) == nullptr);
    std::string path(later.key);
    std::replace(path.begin(), path.end(), '.', '/');
    std::replace(path.begin(), path.end(), '*', 'l');
    if (const auto at = path.find("/l/"); at != path.npos) path.replace(at, 3, "/lo/");
    CHECK(find_later_key(SysctlKey::from_path(path)->text()) == &later);
    KernelVersion newest_without{};
    KernelVersion oldest_with{99, 0};
    for (const auto& [host, version] : kernels) {
      if (std::filesystem::exists(test::host_path(host) + "/proc/sys/" + path)) {
        if (version < oldest_with) oldest_with = version;
      } else if (newest_without < version) {
        newest_without = version;
      }
    }
    CHECK(newest_without == later.absent);
    CHECK(oldest_with == later.present);
  }
  CHECK(find_later_key("net.core.somaxconn") == nullptr);
}

TEST_CASE("a row with a star stands for one part of a key") {
  REQUIRE(find_fact("net.ipv4.conf.eth0.rp_filter") != nullptr);
  CHECK(find_fact("net.ipv4.conf.eth0/100.rp_filter") != nullptr);
  CHECK(find_fact("net.ipv4.conf.eth0.100.rp_filter") == nullptr);
  CHECK(find_fact("net.ipv6.tcp_rmem") != nullptr);
  CHECK(find_fact("net.ipv4.no_such_key") == nullptr);
}

}  // namespace
}  // namespace tuner
