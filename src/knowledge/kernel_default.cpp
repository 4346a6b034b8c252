#include "knowledge/kernel_default.hpp"
#include "tuner/snapshot.hpp"

#include <fmt/core.h>

#include <cstdlib>

namespace tuner::judge {

DefaultComparison compare_with_default(const Fact& fact, const std::vector<std::int64_t>& running,
                                       const HostSnapshot& host) {
  if (fact.default_rule == nullptr) return {};
  return compare(fact, running, fact.default_rule(host.traits()), host);
}

bool is_unlimited(const Fact& fact, std::int64_t number, const HostSnapshot& host) {
  if (number < 0) return fact.negative == Negative::is_unlimited;
  return number == 0 && host.kernel && host.kernel->version < fact.zero_is_unlimited_before;
}

DefaultComparison compare(const Fact& fact, const std::vector<std::int64_t>& running,
                          std::optional<ExpectedDefault> expected, const HostSnapshot& host) {
  DefaultComparison result;
  if (!expected || expected->elements.size() != running.size()) return result;
  result.judged = true;
  for (std::size_t index = 0; index < running.size(); ++index) {
    const auto& interval = expected->elements[index];
    const bool unlimited = is_unlimited(fact, running[index], host);
    result.below = result.below || (running[index] < interval.low && !unlimited);
    result.above = result.above || running[index] > interval.high;
  }
  result.expected = std::move(*expected);
  return result;
}

namespace {

/// The kernel counts a time in ticks, as an int (proc_dointvec_jiffies); HZ is 100 to 1000.
Range range_with(std::int64_t ticks, const Fact& fact, const HostSnapshot& host) {
  const bool full = fact.range.min == kIntMin && fact.range.max == kIntMax;
  if (fact.unit == Unit::seconds && full) return {kIntMin / ticks, kIntMax / ticks};
  return fact.range_rule == nullptr ? fact.range : fact.range_rule(host.traits());
}

}  // namespace

Range range_of(const Fact& fact, const HostSnapshot& host) {
  constexpr std::int64_t kMostTicks = 1000;
  return range_with(kMostTicks, fact, host);
}

Range widest_range(const Fact& fact, const HostSnapshot& host) {
  constexpr std::int64_t kFewestTicks = 100;
  return range_with(kFewestTicks, fact, host);
}

Outside outside_of(const Fact& fact, const HostSnapshot& host) {
  return fact.outside_rule == nullptr ? Outside::refused : fact.outside_rule(host.traits());
}

std::optional<std::string> default_text(const Fact& fact, const HostSnapshot& host) {
  if (fact.default_rule == nullptr) return std::nullopt;
  const auto expected = fact.default_rule(host.traits());
  if (!expected) return std::nullopt;
  std::string text;
  for (const auto& [low, high] : expected->elements) {
    if (!text.empty()) text += ' ';
    text += low == high ? std::to_string(low) : fmt::format("{}..{}", low, high);
  }
  return text;
}

std::optional<std::string> exact_default(const Fact& fact, const HostSnapshot& host) {
  auto text = default_text(fact, host);
  if (text && text->find("..") != std::string::npos) text.reset();
  return text;
}

Unread missing_for_default(const HostSnapshot& host) {
  if (!host.memory) return host.memory.error();
  if (!host.page_size) return host.page_size.error();
  return {.why = Unread::Why::absent, .source = "the architecture in capture.toml"};
}

bool exceeds_memory(std::string_view key, const HostSnapshot& host) {
  const auto pages = host.numbers(key);
  return pages && pages_exceed_memory(*pages, host);
}

bool pages_exceed_memory(const std::vector<std::int64_t>& pages, const HostSnapshot& host) {
  if (!host.page_size || !host.memory) return false;
  const auto limit = to_bytes(Pages(pages.back()), *host.page_size);
  return !limit || *limit > Bytes(host.memory->count() / 10 * 9);
}

bool has_boot_shape(const std::vector<std::int64_t>& pages) {
  constexpr std::int64_t kRounding = 3;
  if (pages.size() != 3) return false;
  return std::abs(pages[0] - pages[1] / 4 * 3) <= kRounding && pages[2] == pages[0] * 2;
}

}  // namespace tuner::judge
