#include "read/same_value.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "knowledge/facts.hpp"
#include "model/number.hpp"
#include "read/port_list.hpp"
#include "tuner/fact.hpp"

namespace tuner {

namespace {

/// The longest tick of Linux: HZ=100. A time in milliseconds is kept in ticks, rounded up.
constexpr std::int64_t kLongestTickMs = 10;

/// Milliseconds by their unit, or by a name of a key that no fact is known of.
bool is_rounded(std::string_view key, const Fact* fact) {
  return fact == nullptr ? key.ends_with("_ms") : fact->unit == Unit::milliseconds;
}

bool same_word(std::string_view left, std::string_view right, bool rounded) {
  if (left == right) return true;
  const auto a = parse::integer(left);
  const auto b = parse::integer(right);
  if (!a || !b) return false;
  if (*a == *b) return true;
  return rounded && *a >= 0 && *b >= 0 && std::abs(*a - *b) < kLongestTickMs;
}

}  // namespace

bool same_sysctl(std::string_view key, std::string_view left, std::string_view right) {
  const Fact* const fact = find_fact(key);
  if (fact != nullptr && holds_ports(*fact)) {
    const auto a = parse::port_list(parse::trim(left));
    const auto b = parse::port_list(parse::trim(right));
    if (a && b) return *a == *b;
  }
  const auto a = parse::words(left);
  const auto b = parse::words(right);
  const bool rounded = is_rounded(key, fact);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [rounded](std::string_view one, std::string_view other) {
                      return same_word(one, other, rounded);
                    });
}

bool same_value(const Step& step, const std::optional<std::string>& left,
                const std::optional<std::string>& right) {
  if (!left || !right || step.kind == Step::Kind::file) return left == right;
  if (step.kind == Step::Kind::sysctl) return same_sysctl(step_name(step), *left, *right);
  return parse::words(*left) == parse::words(*right);
}

bool is_mix(const Step& step, const std::optional<std::string>& live) {
  if (step.kind != Step::Kind::sysctl || !live || !step.original || !step.wanted) return false;
  const auto now = parse::words(*live);
  const auto before = parse::words(*step.original);
  const auto after = parse::words(*step.wanted);
  if (now.size() != before.size() || now.size() != after.size()) return false;
  for (std::size_t index = 0; index < now.size(); ++index) {
    if (!same_word(now[index], before[index], false) &&
        !same_word(now[index], after[index], false)) {
      return false;
    }
  }
  return true;
}

}  // namespace tuner
