#include "profile/fit.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "knowledge/kernel_default.hpp"
#include "knowledge/share.hpp"
#include "model/formula_names.hpp"
#include "profile/amount.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"
#include "tuner/path.hpp"
#include "tuner/profile.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

using Number = std::optional<std::int64_t>;

constexpr std::int64_t kKibi = 1024;

/// What formulas can be worked out with on one host.
struct FitInput {
  Quantities quantities{};
  BufferFactors factors{};
  CarryingShare receive{};
  CarryingShare send{};
};

double factor_of(const CarryingShare& share) {
  return static_cast<double>(share.reckoned.denominator) /
         static_cast<double>(share.reckoned.numerator);
}

double number_of(const Input& input) {
  if (const auto* const rate = std::get_if<BitsPerSecond>(&input.value)) {
    return formula_number(*rate);
  }
  if (const auto* const time = std::get_if<std::chrono::microseconds>(&input.value)) {
    return static_cast<double>(time->count());
  }
  if (const auto* const count = std::get_if<Connections>(&input.value)) {
    return static_cast<double>(count->count());
  }
  return std::get<Input::Share>(input.value).part;
}

FitInput setting_of(const Profile& profile, const HostSnapshot& host) {
  FitInput setting{.receive = receive_share(host), .send = send_share()};
  setting.factors = {.receive = factor_of(setting.receive), .send = factor_of(setting.send)};
  const auto set = [&setting](Quantified quantity, double value) {
    setting.quantities.at(static_cast<std::size_t>(quantity)) = value;
  };
  for (const Input& input : profile.inputs) set(input.quantity, number_of(input));
  if (const auto path = profile.path_to_peers()) {
    set(Quantified::bdp, static_cast<double>(bandwidth_delay_product(*path).count()));
  }
  if (host.memory) set(Quantified::memory, static_cast<double>(host.memory->count()));
  if (host.page_size) {
    set(Quantified::page_size, static_cast<double>(host.page_size->bytes().count()));
  }
  if (host.softnet) set(Quantified::cpus, host.softnet->processors);
  return setting;
}

/// Why a formula has no value here: a fact of the host is missing, or it divides by nothing.
Unread missing_in(const Formula& formula, const HostSnapshot& host) {
  if (formula.uses(Quantified::memory) && !host.memory) return host.memory.error();
  if (formula.uses(Quantified::page_size) && !host.page_size) return host.page_size.error();
  if (formula.uses(Quantified::cpus) && !host.softnet) return host.softnet.error();
  return {.why = Unread::Why::malformed, .detail = "the formula does not yield a size or count"};
}

/// The tick in which a key counts time, in microseconds; 1 for everything else.
double tick_of(const Demand& demand) {
  if (demand.fact == nullptr) return 1;
  if (demand.fact->unit == Unit::seconds) return 1e6;
  return demand.fact->unit == Unit::milliseconds ? 1e3 : 1;
}

/// What the kernel takes, in the numbers of a demand: bytes for keys that count pages or KiB.
Range range_in_demand(const Demand& demand, const HostSnapshot& host) {
  if (demand.fact == nullptr) return range_of_demand(demand);
  const Range range = judge::range_of(*demand.fact, host);
  std::int64_t scale = demand.fact->unit == Unit::kibibytes ? kKibi : 1;
  if (demand.fact->unit == Unit::pages && host.page_size) scale = host.page_size->bytes().count();
  const auto largest = checked_multiply(Bytes(range.max), scale);
  const auto smallest = checked_multiply(Bytes(range.min), scale);
  return {smallest ? smallest->count() : range.min, largest ? largest->count() : kLongMax};
}

/// To the side that keeps the demand: up for at_least, down for at_most. What differs from a whole
/// number by less than arithmetic loses counts as that number.
double rounded(double value, Demand::Kind kind) {
  const double nearest = std::round(value);
  if (std::abs(value - nearest) <= std::abs(value) * 1e-12) return nearest;
  // Something never becomes nothing.
  if (kind == Demand::Kind::at_least || (value > 0 && value < 1)) return std::ceil(value);
  return kind == Demand::Kind::at_most ? std::floor(value) : nearest;
}

/// Inside the range, whatever the formula came to: 2^63 and more have no int64.
std::int64_t inside(double value, Range range) {
  if (value >= static_cast<double>(range.max)) return range.max;
  if (value <= static_cast<double>(range.min)) return range.min;
  return static_cast<std::int64_t>(value);
}

bool counts_bytes(const Demand& demand) {
  return demand.fact != nullptr && counts_bytes(demand.fact->unit);
}

std::string shown(const Demand& demand, std::int64_t number) {
  constexpr std::int64_t kMebi = kKibi * kKibi;
  if (!counts_bytes(demand)) return std::to_string(number);
  const bool round = number > 0 && number % kMebi == 0;
  return round ? fmt::format("{}MiB", number / kMebi) : fmt::format("{} B", number);
}

/// How the numbers came about, for people: "2 * bdp is 50 MB".
class Derivation {
 public:
  void add(const std::string& sentence) {
    if (text_.find(sentence) != std::string::npos) return;
    if (!text_.empty()) text_ += "; ";
    text_ += sentence;
  }

  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

/// "rtt was measured at 2026-12-01T03:00:00Z: 95th percentile of ..."
void tell_measured(const Input* input, Derivation& derivation) {
  if (input == nullptr || input->measured.empty()) return;
  derivation.add(fmt::format("{} was measured at {}: {}", quantity_name(input->quantity),
                             text::timestamp(input->measured_at), input->measured));
}

void explain_inputs(const Formula& formula, const Profile& profile, const FitInput& setting,
                    Derivation& derivation) {
  const auto path = profile.path_to_peers();
  if (formula.uses(Quantified::bdp) && path) {
    derivation.add(fmt::format(
        "bdp is {}, {} for {}", text::decimal_size(bandwidth_delay_product(*path)),
        profile.input(Quantified::bandwidth)->written, profile.input(Quantified::rtt)->written));
    tell_measured(profile.input(Quantified::bandwidth), derivation);
    tell_measured(profile.input(Quantified::rtt), derivation);
  }
  for (const Quantified quantity : {Quantified::bandwidth, Quantified::rtt, Quantified::connections,
                                    Quantified::memory_share}) {
    const Input* const input = profile.input(quantity);
    if (input == nullptr || !formula.uses(quantity)) continue;
    derivation.add(fmt::format("{} is {}", quantity_name(quantity), input->written));
    tell_measured(input, derivation);
  }
  if (formula.uses(Formula::Kind::receive_buffer)) derivation.add(setting.receive.because);
  if (formula.uses(Formula::Kind::send_buffer)) derivation.add(setting.send.because);
}

/// What was measured goes wherever the reason goes: to the plan, the sysctl file and the history.
std::string measured_for(const Demand& demand, const Profile& profile) {
  std::string text;
  for (const Input& input : profile.inputs) {
    if (input.measured.empty()) continue;
    const bool path = input.quantity != Quantified::connections;
    const bool used = std::any_of(
        demand.formulas.begin(), demand.formulas.end(), [&](const std::optional<Formula>& formula) {
          return formula &&
                 (formula->uses(input.quantity) || (path && formula->uses(Quantified::bdp)));
        });
    if (!used) continue;
    text +=
        fmt::format(". {} {}, measured at {} on {}: {}", quantity_name(input.quantity),
                    input.written, text::timestamp(input.measured_at),
                    text::plural(input.measured_on, "connection", "connections"), input.measured);
  }
  return text;
}

/// A demand with numbers for its formulas.
class Fitting {
 public:
  Fitting(const Profile& profile, const HostSnapshot& host)
      : profile_(profile), host_(host), setting_(setting_of(profile, host)) {}

  void fit(Demand& demand) const {
    Demand fitted = demand;
    Derivation derivation;
    for (std::size_t index = 0; index < demand.formulas.size(); ++index) {
      if (!demand.formulas[index]) continue;
      const bool worked = fit_element(fitted, index, derivation);
      if (worked) continue;
      demand.unfitted = missing_in(*demand.formulas[index], host_);
      return;
    }
    fitted.why += measured_for(demand, profile_);
    fitted.formulas.clear();
    raise_in_order(fitted, derivation);
    fitted.written = text::joined(fitted.elements, " ");
    fitted.derivation = std::move(derivation).text();
    demand = std::move(fitted);
  }

 private:
  [[nodiscard]] bool fit_element(Demand& demand, std::size_t index, Derivation& derivation) const {
    const Formula& formula = *demand.formulas[index];
    const auto value = evaluate(formula, setting_.quantities, setting_.factors);
    // Infinite where it divides by zero; nothing that a formula can speak of is below zero.
    if (!value || !std::isfinite(*value) || *value < 0) return false;
    const double ticks = formula.dimension.time == 1 ? *value / tick_of(demand) : *value;
    const double whole = rounded(ticks, demand.kind);
    const Range range = range_in_demand(demand, host_);
    const std::int64_t number = inside(whole, range);
    if (formula.steps.size() > 1) {
      const std::int64_t exact = inside(whole, {0, kLongMax});
      derivation.add(fmt::format("{} is {}", demand.elements[index], described(demand, exact)));
    }
    explain_inputs(formula, profile_, setting_, derivation);
    if (whole > static_cast<double>(range.max)) derivation.add("the kernel accepts no more");
    if (whole < static_cast<double>(range.min)) derivation.add("the kernel accepts no less");
    demand.numbers[index] = number;
    demand.elements[index] = shown(demand, number);
    return true;
  }

  static std::string described(const Demand& demand, std::int64_t number) {
    if (number == kLongMax) return "more than can be counted";
    if (counts_bytes(demand)) return text::size(Bytes(number));
    return std::to_string(number);
  }

  /// A maximum below the default helps nobody: the elements of a vector rise.
  static void raise_in_order(Demand& demand, Derivation& derivation) {
    if (demand.kind == Demand::Kind::one_of || demand.kind == Demand::Kind::at_most) return;
    Number before;
    for (std::size_t index = 0; index < demand.numbers.size(); ++index) {
      Number& number = demand.numbers[index];
      if (number && before && *number < *before) {
        number = before;
        demand.elements[index] = shown(demand, *number);
        derivation.add("raised to the element before it");
      }
      if (number) before = number;
    }
  }

  const Profile& profile_;
  const HostSnapshot& host_;
  FitInput setting_;
};

/// A demand whose condition does not hold here gives way to what it would have replaced.
void give_way(Demand& demand, const HostSnapshot& host) {
  while (demand.when && !demand.otherwise.empty() && !holds(*demand.when, host)) {
    Demand other = std::move(demand.otherwise.front());
    demand = std::move(other);
  }
}

}  // namespace

bool holds(const Condition& condition, const HostSnapshot& host) {
  if (condition.kind == Condition::Kind::has_key) return host.sysctl(condition.key).has_value();
  if (!host.kernel) return false;
  const bool at_least = host.kernel->version >= condition.version;
  return condition.kind == Condition::Kind::kernel_at_least ? at_least : !at_least;
}

Profile fit_profile(Profile profile, const HostSnapshot& host) {
  std::vector<Demand> demands = std::move(profile.demands);
  const Fitting fitting(profile, host);
  for (Demand& demand : demands) {
    give_way(demand, host);
    if (!demand.formulas.empty()) fitting.fit(demand);
  }
  profile.demands = std::move(demands);
  return profile;
}

}  // namespace tuner
