#include "judge/wanted.hpp"
#include "knowledge/constraints.hpp"
#include "knowledge/key_name.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "judge/demand.hpp"
#include "knowledge/kernel_default.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

namespace {

using Kind = Demand::Kind;
using Numbers = std::vector<std::int64_t>;

constexpr std::string_view kUnprivileged = "net.ipv4.ip_unprivileged_port_start";

/// One element: the running number where it is already on the right side.
std::int64_t wanted_number(const Demand& demand, std::int64_t running, std::int64_t demanded,
                           const HostSnapshot& host) {
  const bool unlimited = is_unlimited(*demand.fact, running, host);
  if (demand.kind == Kind::at_least) return unlimited ? running : std::max(running, demanded);
  if (demand.kind == Kind::at_most) return std::min(running, demanded);
  return demanded;
}

/// A change never leaves an element below what this kernel would have chosen.
void raise_to_default(const Fact& fact, const Numbers& running, const HostSnapshot& host,
                      Numbers& wanted) {
  if (fact.more != More::is_more_room || wanted == running) return;
  const auto comparison = compare_with_default(fact, running, host);
  if (!comparison.judged) return;
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    wanted[index] = std::max(wanted[index], comparison.expected.elements[index].low);
  }
}

/// The range that covers both the running and the demanded one. The kernel refuses one that begins
/// below the ports for which a program needs a right.
Numbers covering(const Demand& demand, const Numbers& running, const HostSnapshot& host) {
  Numbers wanted = running;
  if (const auto& low = demand.numbers[0]) {
    const std::int64_t floor = host.number(kUnprivileged).value_or(0);
    wanted[0] = std::min(running[0], std::max(*low, floor));
  }
  if (const auto& high = demand.numbers[1]) wanted[1] = std::max(running[1], *high);
  return wanted;
}

}  // namespace

std::optional<std::int64_t> in_key_unit(const Demand& demand, std::int64_t number,
                                        const HostSnapshot& host) {
  std::int64_t size = 1;
  if (demand.fact->unit == Unit::kibibytes) size = 1024;
  if (demand.fact->unit == Unit::pages) {
    if (!host.page_size) return std::nullopt;
    size = host.page_size->bytes().count();
  }
  if (size == 1) return number;
  const bool up = demand.kind == Kind::at_least && number % size > 0;
  const std::int64_t least = number > 0 ? 1 : 0;
  const Range range = range_of(*demand.fact, host);
  return std::clamp(std::max(number / size + (up ? 1 : 0), least), range.min, range.max);
}

std::optional<Numbers> wanted_numbers(const Demand& demand, const Numbers& running,
                                      const HostSnapshot& host) {
  if (demand.kind == Kind::covers) return covering(demand, running, host);
  Numbers wanted = running;
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    const auto& demanded = demand.numbers[index];
    if (!demanded) continue;
    const auto converted = in_key_unit(demand, *demanded, host);
    if (!converted) return std::nullopt;
    wanted[index] = wanted_number(demand, running[index], *converted, host);
  }
  if (demand.kind == Kind::at_least) raise_to_default(*demand.fact, running, host, wanted);
  return wanted;
}

std::string objection(const Demand& demand, const Numbers& running, const Numbers& wanted,
                      const HostSnapshot& host) {
  for (std::size_t index = 0; index + 1 < wanted.size(); ++index) {
    const bool falls = first_fall(std::span(wanted).subspan(index, 2)).has_value();
    if (!falls || running[index] > running[index + 1]) continue;
    return fmt::format("its {} would be {} and its {} {}: give both", demand.fact->elements[index],
                       wanted[index], demand.fact->elements[index + 1], wanted[index + 1]);
  }
  const auto first = host.number(kUnprivileged);
  const auto range = host.numbers(kPortRange);
  const auto clear = [](std::int64_t begin, std::int64_t unprivileged) {
    return constraints::kRangeUnprivileged.holds_for({begin, unprivileged});
  };
  if (demand.key == kPortRange && first && !clear(wanted[0], *first)) {
    return fmt::format("{} is {}, and the kernel refuses a range that starts below it",
                       kUnprivileged, *first);
  }
  if (demand.key == kUnprivileged && range && !clear((*range)[0], wanted[0])) {
    return fmt::format("{} starts at {}, and the kernel accepts no larger number here", kPortRange,
                       (*range)[0]);
  }
  return {};
}

}  // namespace tuner::judge
