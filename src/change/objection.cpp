#include "change/objection.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "knowledge/constraints.hpp"
#include "knowledge/kernel_default.hpp"
#include "read/sysctl.hpp"

namespace tuner {

std::optional<std::string> objection_to(const Change& change, const HostSnapshot& host) {
  if (change.wanted.size() >= kOneWrite) {
    return fmt::format("its value is {} bytes long, and the kernel accepts about 4 kB in one write",
                       change.wanted.size());
  }
  if (change.wanted.find_first_of(std::string_view("\n\0", 2)) != std::string::npos) {
    return "its value contains a newline or a NUL";
  }
  if (change.fact == nullptr || !change.fact->holds_numbers()) return std::nullopt;
  const auto numbers = parse::sysctl_value(change.wanted).numbers;
  if (numbers.size() != change.fact->element_count()) {
    return fmt::format("it has {} elements, and \"{}\" has {} numbers",
                       change.fact->element_count(), change.wanted, numbers.size());
  }
  const Range range = judge::widest_range(*change.fact, host);
  for (const std::int64_t number : numbers) {
    if (!range.contains(number)) {
      return fmt::format("{} is outside the range that the kernel accepts, {} to {}", number,
                         range.min, range.max);
    }
  }
  if (!must_rise(*change.fact)) return std::nullopt;
  const auto running = parse::sysctl_value(change.running).numbers;
  for (std::size_t index = 0; index + 1 < numbers.size(); ++index) {
    // With pages of 64 KiB the kernel itself begins with a minimum above the default.
    const bool as_it_is = running.size() == numbers.size() && running[index] == numbers[index] &&
                          running[index + 1] == numbers[index + 1];
    if (first_fall(std::span(numbers).subspan(index, 2)) && !as_it_is) {
      return fmt::format(
          "\"{}\" is not in ascending order, which the kernel would accept all the same",
          change.wanted);
    }
  }
  return std::nullopt;
}

/// net/ipv6/addrconf.c addrconf_disable_ipv6(): the addresses go, and do not come back with the
/// value.
bool is_one_way(std::string_view key) {
  return key.starts_with("net.ipv6.conf.") && key.ends_with(".disable_ipv6");
}

}  // namespace tuner
